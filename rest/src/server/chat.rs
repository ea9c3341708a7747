//! The chat: what is said comes down as events, and goes up one POST a line. Who listens takes part
//! until its connection ends; with a name it is among the participants.
//!
//! A line that is posted again with the same id is answered with 201 as the first time, not with
//! 200: a backend gives the first one back without saying so.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use futures::StreamExt;
use futures::stream::pending;
use http::HeaderMap;

use super::request::{Address, Call, Json};
use super::streams::{last_event_id, messages};
use super::{Answer, Room, Server, created, reply};
use crate::codec::percent;
use crate::contract;
use crate::convert::{self, Participants, PostedMessage};

pub(super) fn routes() -> Router<Arc<Room>> {
    Router::new()
        .route(contract::CHAT.path, get(chat).post(post_message))
        .route(contract::LIST_PARTICIPANTS.path, get(list_participants))
}

async fn chat(
    State(room): Server,
    Call(context): Call,
    address: Address,
    headers: HeaderMap,
) -> Answer {
    let mut join = convert::join_from_wire(address.query())?;
    join.after = last_event_id(&headers)?.or(join.after);
    // What this participant says comes in other requests: here it has nothing to say, and stays.
    let silent = pending().boxed();
    let heard = room.backend.chat(&context, &join, silent).await?;
    Ok(messages(heard))
}

async fn post_message(
    State(room): Server,
    Call(context): Call,
    address: Address,
    Json(body): Json<PostedMessage<'static>>,
) -> Answer {
    let [] = percent::query(address.query(), [])?;
    let message = convert::posted_message_from_wire(body);
    let message = room.backend.post_message(&context, &message).await?;
    created(&convert::chat_message_to_wire(message))
}

async fn list_participants(State(room): Server, Call(context): Call, address: Address) -> Answer {
    let [] = percent::query(address.query(), [])?;
    let participants = room.backend.list_participants(&context).await?;
    reply(&Participants { participants })
}
