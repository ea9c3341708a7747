//! Users as the Portuguese course's service names them.

use async_trait::async_trait;
use services::model::{NewUsuario, Usuario};
use services::{Context, Error, Usuarios};

use super::Client;
use crate::contract;
use crate::convert::{self, UsuarioCriado};

#[async_trait]
impl Usuarios for Client {
    async fn criar_usuario(
        &self,
        context: &Context,
        usuario: &NewUsuario,
    ) -> Result<Usuario, Error> {
        let body = convert::new_usuario_to_wire(usuario);
        let criado = self.post(context, &contract::CRIAR_USUARIO, body);
        let UsuarioCriado { usuario, .. } = criado.await?;
        Ok(convert::usuario_from_wire(usuario))
    }

    async fn obter_usuarios(&self, context: &Context) -> Result<Vec<Usuario>, Error> {
        let route = &contract::OBTER_USUARIOS;
        let convert::Usuarios { usuarios } = self.get(context, route, route.path).await?;
        let usuarios = usuarios.into_iter().map(convert::usuario_from_wire);
        Ok(usuarios.collect())
    }
}
