//! The methods of the Portuguese course's users.

use jsonrpsee::proc_macros::rpc;

use super::Answer;
use crate::convert::{Senha, Usuario};

/// See [`services::Usuarios`].
#[rpc(server)]
pub trait Usuarios {
    /// See [`services::Usuarios::criar_usuario`].
    #[method(name = "criar_usuario", with_extensions)]
    async fn criar_usuario(
        &self,
        nome: String,
        email: String,
        senha: Senha,
        id: Option<String>,
    ) -> Answer<Usuario>;

    /// See [`services::Usuarios::obter_usuarios`].
    #[method(name = "obter_usuarios", with_extensions)]
    async fn obter_usuarios(&self) -> Answer<Vec<Usuario>>;
}
