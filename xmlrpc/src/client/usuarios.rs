//! Users as the Portuguese course's service names them.

use async_trait::async_trait;
use services::model::{NewUsuario, Usuario};
use services::{Context, Error, Usuarios};

use super::Client;
use crate::contract;
use crate::convert::{new_usuario_to_wire, usuario_from_wire, usuarios_from_wire};

#[async_trait]
impl Usuarios for Client {
    async fn criar_usuario(
        &self,
        context: &Context,
        usuario: &NewUsuario,
    ) -> Result<Usuario, Error> {
        let params = new_usuario_to_wire(usuario)?;
        self.call(context, contract::CRIAR_USUARIO, params, usuario_from_wire)
            .await
    }

    async fn obter_usuarios(&self, context: &Context) -> Result<Vec<Usuario>, Error> {
        self.call(
            context,
            contract::OBTER_USUARIOS,
            Vec::new(),
            usuarios_from_wire,
        )
        .await
    }
}
