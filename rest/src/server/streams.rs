//! Streams down over HTTP/1.1: server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use futures::stream::{iter, once};
use http::HeaderMap;
use serde::Serialize;
use services::model::ChatMessage;
use services::{Error, Stream};

use crate::codec::json;
use crate::contract::event;
use crate::convert::{self, chat_message_to_wire};
use crate::error::to_wire;

/// How often a stream that is silent sends a comment, so that proxies, which give a silent answer
/// up after a minute, do not.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How long an `EventSource` is asked to wait before it reconnects to the chat: a second is soon
/// enough for people, and spares a server that starts again.
const RETRY: Duration = Duration::from_secs(1);

/// The id of the last event that a caller has seen: of an `EventSource` that reconnects.
pub(super) fn last_event_id(headers: &HeaderMap) -> Result<Option<u64>, Error> {
    let id = headers.get("last-event-id").map(|id| id.as_bytes());
    match id.filter(|id| !id.is_empty()) {
        Some(id) => {
            let id = String::from_utf8_lossy(id);
            convert::integer("last-event-id", &id).map(Some)
        }
        None => Ok(None),
    }
}

/// How many items a caller has seen already.
pub(super) fn seen(headers: &HeaderMap) -> Result<u64, Error> {
    last_event_id(headers).map(Option::unwrap_or_default)
}

/// A stream as events, numbered from 1, without those that were seen: a stream is opened anew and
/// read past them. Dropping the answer drops the stream, which cancels it.
pub(super) fn events<T, W>(stream: Stream<T>, seen: u64, to_wire: fn(T) -> W) -> Response
where
    T: Send + 'static,
    W: Serialize + 'static,
{
    let numbered = iter(1..).zip(stream);
    let fresh = numbered.filter(move |(number, item)| {
        let wanted = *number > seen || item.is_err();
        async move { wanted }
    });
    answer(fresh.map(move |(number, item)| item_event(number, item.map(to_wire))))
}

/// Messages of the chat as events whose ids are their sequence numbers, so that a browser which
/// reconnects goes on after the last that it has seen.
pub(super) fn messages(messages: Stream<ChatMessage>) -> Response {
    let first = once(async { Ok(Event::default().retry(RETRY)) });
    let events = messages.map(|message| {
        let sequence = message.as_ref().map_or(0, |message| message.sequence);
        item_event(sequence, message.map(chat_message_to_wire))
    });
    answer(first.chain(events))
}

/// Those events with what shows that the stream is over; `Err` is the event of a failure.
fn answer(events: impl futures::Stream<Item = Result<Event, Event>> + Send + 'static) -> Response {
    let end = Event::default().event(event::END).data("{}");
    let ended = events.chain(once(async { Ok(end) }));
    let whole = ended.scan(false, |failed, event| {
        // A failure is the last event: no end comes after it.
        let over = *failed;
        *failed = event.is_err();
        async move { (!over).then(|| event.unwrap_or_else(|event| event)) }
    });
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    let events = Sse::new(whole.map(Ok::<_, Infallible>));
    events.keep_alive(keep_alive).into_response()
}

fn item_event(id: u64, item: Result<impl Serialize, Error>) -> Result<Event, Event> {
    let data = item.and_then(|item| json::to_bytes(&item).map_err(json::not_finite));
    match data {
        Ok(data) => Ok(Event::default()
            .id(id.to_string())
            .event(event::ITEM)
            .data(String::from_utf8_lossy(&data))),
        Err(error) => {
            let problem = serde_json::to_string(&to_wire(&error));
            let problem = problem.expect("a problem is numbers and texts");
            Err(Event::default().event(event::ERROR).data(problem))
        }
    }
}
