//! The Portuguese course's users over the backend.

use jsonrpsee::Extensions;
use jsonrpsee::core::async_trait;

use super::{Room, context};
use crate::contract::Answer;
use crate::contract::usuarios::UsuariosServer;
use crate::convert::{Senha, Usuario, new_usuario_from_wire, usuario_to_wire};
use crate::error::to_wire;

#[async_trait]
impl UsuariosServer for Room {
    async fn criar_usuario(
        &self,
        call: &Extensions,
        nome: String,
        email: String,
        senha: Senha,
        id: Option<String>,
    ) -> Answer<Usuario> {
        let usuario = new_usuario_from_wire(nome, email, senha, id);
        match self.backend.criar_usuario(&context(call), &usuario).await {
            Ok(usuario) => Ok(usuario_to_wire(usuario)),
            Err(error) => Err(to_wire(&error)),
        }
    }

    async fn obter_usuarios(&self, call: &Extensions) -> Answer<Vec<Usuario>> {
        match self.backend.obter_usuarios(&context(call)).await {
            Ok(usuarios) => Ok(usuarios.into_iter().map(usuario_to_wire).collect()),
            Err(error) => Err(to_wire(&error)),
        }
    }
}
