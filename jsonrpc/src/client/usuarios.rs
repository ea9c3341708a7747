//! The Portuguese course's users over the wire.

use async_trait::async_trait;
use services::model::{NewUsuario, Usuario};
use services::operation::{CRIAR_USUARIO, OBTER_USUARIOS};
use services::{Context, Error, Usuarios};

use super::{Client, NOTHING};
use crate::convert::{self, new_usuario_to_wire, usuario_from_wire};

#[async_trait]
impl Usuarios for Client {
    async fn criar_usuario(
        &self,
        context: &Context,
        usuario: &NewUsuario,
    ) -> Result<Usuario, Error> {
        let params = new_usuario_to_wire(usuario);
        let usuario = self.call(context, CRIAR_USUARIO.name, params).await;
        usuario.map(usuario_from_wire)
    }

    async fn obter_usuarios(&self, context: &Context) -> Result<Vec<Usuario>, Error> {
        let usuarios = self.call(context, OBTER_USUARIOS.name, NOTHING).await;
        let usuarios: Vec<convert::Usuario> = usuarios?;
        Ok(usuarios.into_iter().map(usuario_from_wire).collect())
    }
}
