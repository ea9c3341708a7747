//! Streams of numbers.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::HeaderMap;

use super::request::{Address, Call};
use super::streams::{events, seen};
use super::{Answer, Room, Server};
use crate::{contract, convert};

pub(super) fn routes() -> Router<Arc<Room>> {
    Router::new().route(contract::STREAM_NUMBERS.path, get(stream_numbers))
}

async fn stream_numbers(
    State(room): Server,
    Call(context): Call,
    address: Address,
    headers: HeaderMap,
) -> Answer {
    let range = convert::number_range_from_wire(address.query())?;
    let seen = seen(&headers)?;
    let numbers = room.backend.stream_numbers(&context, range).await?;
    Ok(events(numbers, seen, convert::number_item_to_wire))
}
