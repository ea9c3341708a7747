//! Server-sent events as a stream of items.

use futures::StreamExt;
use futures::stream::unfold;
use serde::de::DeserializeOwned;
use services::{Code, Error, Stream};
use transport::ReplyBody;

use crate::codec::events::{Event, EventReader};
use crate::codec::json;
use crate::contract::event;
use crate::error::{Problem, from_wire};

/// What is left to read.
struct Reading {
    body: ReplyBody,
    events: EventReader,
}

/// The items of a stream. One that stops without its last event has broken off, which is an error:
/// nothing is asked for again, since only the caller knows whether that is safe.
pub(super) fn items<R, T>(body: ReplyBody, limit_bytes: usize, item: fn(R) -> T) -> Stream<T>
where
    R: DeserializeOwned + 'static,
    T: Send + 'static,
{
    let reading = Reading {
        body,
        events: EventReader::new(limit_bytes),
    };
    let items = unfold(Some(reading), move |reading| async move {
        let mut reading = reading?;
        match reading.next_item().await {
            Ok(Some(read)) => Some((Ok(item(read)), Some(reading))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    });
    items.boxed()
}

impl Reading {
    async fn next_item<R: DeserializeOwned>(&mut self) -> Result<Option<R>, Error> {
        loop {
            let event = self.next_event().await?;
            match event.name.as_str() {
                event::ITEM => return json::reply(event.data.as_bytes()).map(Some),
                event::ERROR => {
                    let problem: Problem = json::reply(event.data.as_bytes())?;
                    return Err(from_wire(&problem));
                }
                event::END => {
                    self.finish().await;
                    return Ok(None);
                }
                // Of a newer server.
                _ => {}
            }
        }
    }

    async fn next_event(&mut self) -> Result<Event, Error> {
        loop {
            if let Some(event) = self.events.next_event()? {
                return Ok(event);
            }
            match self.body.next().await? {
                Some(bytes) => self.events.push(&bytes),
                None => return Err(broken_off()),
            }
        }
    }

    /// Reads the end of the body, so that the connection is free for other calls. Nothing that
    /// comes can change what the stream has given.
    async fn finish(&mut self) {
        while let Ok(Some(_)) = self.body.next().await {}
    }
}

fn broken_off() -> Error {
    let text = "the stream broke off before its end: open it again from the start";
    Error::new(Code::Unavailable, text)
}
