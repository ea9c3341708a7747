//! Arithmetic and text.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::post;

use super::request::{Call, Json};
use super::{Answer, Room, Server, reply};
use crate::contract;
use crate::convert::{Number, Operands, Scalar, Text};

pub(super) fn routes() -> Router<Arc<Room>> {
    Router::new()
        .route(contract::ADD.path, post(add))
        .route(contract::MULTIPLY.path, post(multiply))
        .route(contract::UPPERCASE.path, post(uppercase))
        .route(contract::CUBE.path, post(cube))
}

async fn add(State(room): Server, Call(context): Call, Json(body): Json<Operands>) -> Answer {
    let result = room.backend.add(&context, body.a, body.b).await?;
    reply(&Scalar { result })
}

async fn multiply(State(room): Server, Call(context): Call, Json(body): Json<Operands>) -> Answer {
    let result = room.backend.multiply(&context, body.a, body.b).await?;
    reply(&Scalar { result })
}

async fn uppercase(
    State(room): Server,
    Call(context): Call,
    Json(body): Json<Text<'static>>,
) -> Answer {
    let result = room.backend.uppercase(&context, &body.text).await?;
    reply(&Scalar { result })
}

async fn cube(State(room): Server, Call(context): Call, Json(body): Json<Number>) -> Answer {
    let result = room.backend.cube(&context, body.number).await?;
    reply(&Scalar { result })
}
