//! Users as the Portuguese course's service names them.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::request::{Address, Call, Json};
use super::{Answer, Room, Server, created, reply};
use crate::codec::percent;
use crate::contract;
use crate::convert::{self, NewUsuario, Usuarios};

pub(super) fn routes() -> Router<Arc<Room>> {
    let all = get(obter_usuarios).post(criar_usuario);
    Router::new().route(contract::CRIAR_USUARIO.path, all)
}

async fn criar_usuario(
    State(room): Server,
    Call(context): Call,
    address: Address,
    Json(body): Json<NewUsuario<'static>>,
) -> Answer {
    let [] = percent::query(address.query(), [])?;
    let usuario = convert::new_usuario_from_wire(body);
    let usuario = room.backend.criar_usuario(&context, &usuario).await?;
    created(&convert::usuario_criado_to_wire(usuario))
}

async fn obter_usuarios(State(room): Server, Call(context): Call, address: Address) -> Answer {
    let [] = percent::query(address.query(), [])?;
    let usuarios = room.backend.obter_usuarios(&context).await?;
    let usuarios = usuarios.into_iter().map(convert::usuario_to_wire);
    reply(&Usuarios {
        usuarios: usuarios.collect(),
    })
}
