//! Greetings.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::post;

use super::request::{Call, Json};
use super::{Answer, Room, Server, reply};
use crate::contract;
use crate::convert::{Pid, Scalar};

pub(super) fn routes() -> Router<Arc<Room>> {
    Router::new()
        .route(contract::SAY_HELLO.path, post(say_hello))
        .route(contract::SAY_HELLO_AGAIN.path, post(say_hello_again))
}

async fn say_hello(State(room): Server, Call(context): Call, Json(body): Json<Pid>) -> Answer {
    let result = room.backend.say_hello(&context, body.pid).await?;
    reply(&Scalar { result })
}

async fn say_hello_again(
    State(room): Server,
    Call(context): Call,
    Json(body): Json<Pid>,
) -> Answer {
    let result = room.backend.say_hello_again(&context, body.pid).await?;
    reply(&Scalar { result })
}
