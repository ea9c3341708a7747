//! The Portuguese course's users.

use tonic::{Request, Response, Status};

use super::{Servicer, open, reply};
use crate::contract::usuarios::usuarios_server::Usuarios;
use crate::contract::usuarios::{
    CriarUsuarioRequest, CriarUsuarioResponse, ObterUsuariosRequest, ObterUsuariosResponse,
};
use crate::convert;

#[tonic::async_trait]
impl Usuarios for Servicer {
    async fn criar_usuario(
        &self,
        request: Request<CriarUsuarioRequest>,
    ) -> Result<Response<CriarUsuarioResponse>, Status> {
        let (context, CriarUsuarioRequest { usuario }) = open(request);
        // A message that is left out is one whose fields are: the service says what is missing.
        let usuario = convert::new_usuario_from_wire(usuario.unwrap_or_default());
        let usuario = self.0.criar_usuario(&context, &usuario).await;
        reply(usuario, |usuario| CriarUsuarioResponse {
            usuario: Some(convert::usuario_to_wire(&usuario)),
        })
    }

    async fn obter_usuarios(
        &self,
        request: Request<ObterUsuariosRequest>,
    ) -> Result<Response<ObterUsuariosResponse>, Status> {
        let (context, ObterUsuariosRequest {}) = open(request);
        let usuarios = self.0.obter_usuarios(&context).await;
        reply(usuarios, |usuarios| ObterUsuariosResponse {
            usuarios: usuarios.iter().map(convert::usuario_to_wire).collect(),
        })
    }
}
