//! The Portuguese course's users.

use async_trait::async_trait;
use services::model::{NewUsuario, Usuario};
use services::{Context, Error, Usuarios};

use super::Client;
use crate::contract::usuarios::{CriarUsuarioRequest, ObterUsuariosRequest};
use crate::convert;

#[async_trait]
impl Usuarios for Client {
    async fn criar_usuario(
        &self,
        context: &Context,
        usuario: &NewUsuario,
    ) -> Result<Usuario, Error> {
        let mut stub = self.usuarios.clone();
        let message = CriarUsuarioRequest {
            usuario: Some(convert::new_usuario_to_wire(usuario)),
        };
        let call = async move |request| stub.criar_usuario(request).await;
        let created = self.unary(context, message, call).await?;
        Ok(convert::usuario_from_wire(
            created.usuario.unwrap_or_default(),
        ))
    }

    async fn obter_usuarios(&self, context: &Context) -> Result<Vec<Usuario>, Error> {
        let mut stub = self.usuarios.clone();
        let call = async move |request| stub.obter_usuarios(request).await;
        let kept = self.unary(context, ObterUsuariosRequest {}, call).await?;
        let usuarios = kept.usuarios.into_iter();
        Ok(usuarios.map(convert::usuario_from_wire).collect())
    }
}
