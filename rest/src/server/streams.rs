//! Streams over HTTP/1.1: events down, lines up.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use futures::stream::{once, unfold};
use http::HeaderMap;
use serde::Serialize;
use services::model::Metric;
use services::{Code, Error, Stream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::Room;
use crate::codec::json;
use crate::codec::lines::LineReader;
use crate::contract::event;
use crate::convert::{UploadedMetric, uploaded_metric_from_wire};
use crate::error::to_wire;

/// How often a stream that is silent sends a comment, so that proxies, which give a silent answer
/// up after a minute, do not.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The items that a caller has seen already: `Last-Event-ID` of an `EventSource` that reconnects.
pub(super) fn seen(headers: &HeaderMap) -> Result<usize, Error> {
    let Some(id) = headers.get("last-event-id") else {
        return Ok(0);
    };
    let text = String::from_utf8_lossy(id.as_bytes());
    if text.is_empty() {
        return Ok(0);
    }
    let number = text.parse().ok();
    number.ok_or_else(|| Error::invalid("last-event-id", text, "send the id of an event"))
}

/// A stream as events, numbered from 1, without those that were seen: a stream is opened anew and
/// read past them. Dropping the answer drops the stream, which cancels it.
pub(super) fn events<T, W>(stream: Stream<T>, seen: usize, to_wire: fn(T) -> W) -> Response
where
    T: Send + 'static,
    W: Serialize + 'static,
{
    let numbered = stream.enumerate().map(|(index, item)| (index + 1, item));
    let fresh = numbered.filter(move |(number, item)| {
        let wanted = *number > seen || item.is_err();
        async move { wanted }
    });
    let items = fresh.map(move |(number, item)| item_event(number, item.map(to_wire)));
    let end = Event::default().event(event::END).data("{}");
    let ended = items.chain(once(async { Ok(end) }));
    let whole = ended.scan(false, |failed, event| {
        // A failure is the last event: no end comes after it.
        let over = *failed;
        *failed = event.is_err();
        async move { (!over).then(|| event.unwrap_or_else(|event| event)) }
    });
    let events = whole.map(Ok::<_, Infallible>);
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Sse::new(events).keep_alive(keep_alive).into_response()
}

/// The event of an item; `Err` is the event of a failure.
fn item_event(number: usize, item: Result<impl Serialize, Error>) -> Result<Event, Event> {
    let data = item.and_then(|item| json::to_bytes(&item).map_err(json::not_finite));
    match data {
        Ok(data) => Ok(Event::default()
            .id(number.to_string())
            .event(event::ITEM)
            .data(String::from_utf8_lossy(&data))),
        Err(error) => {
            let problem = serde_json::to_string(&to_wire(&error));
            let problem = problem.expect("a problem is numbers and texts");
            Err(Event::default().event(event::ERROR).data(problem))
        }
    }
}

/// An upload that is being read.
struct Upload {
    body: BodyDataStream,
    lines: LineReader,
    ended: bool,
    idle: Duration,
    broken: CancellationToken,
}

/// The readings of an upload. One that breaks off, stalls or has a bad line ends with an error;
/// `broken` is cancelled when it breaks off.
pub(super) fn uploaded(body: Body, room: &Arc<Room>, broken: CancellationToken) -> Stream<Metric> {
    let upload = Upload {
        body: body.into_data_stream(),
        lines: LineReader::new(room.message_bytes),
        ended: false,
        idle: room.stream_idle,
        broken,
    };
    let metrics = unfold(Some(upload), |upload| async {
        let mut upload = upload?;
        match upload.next_metric().await {
            Ok(Some(metric)) => Some((Ok(metric), Some(upload))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    });
    metrics.boxed()
}

impl Upload {
    async fn next_metric(&mut self) -> Result<Option<Metric>, Error> {
        loop {
            let line = match self.lines.next_line()? {
                None if self.ended => self.lines.last_line(),
                line => line,
            };
            if let Some((number, line)) = line {
                return metric(number, &line).map(Some);
            }
            if self.ended {
                return Ok(None);
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> Result<(), Error> {
        let idle = self.idle;
        let next = timeout(idle, self.body.next()).await.map_err(|_| {
            let text = format!("nothing was uploaded for {idle:?}: send items or end the upload");
            Error::new(Code::DeadlineExceeded, text)
        })?;
        match next {
            None => self.ended = true,
            Some(Ok(bytes)) => self.lines.push(&bytes),
            Some(Err(cause)) => {
                self.broken.cancel();
                let text = "the upload broke off before its end: send it again";
                return Err(Error::unavailable(text, cause));
            }
        }
        Ok(())
    }
}

fn metric(number: u64, line: &[u8]) -> Result<Metric, Error> {
    let read = json::request::<UploadedMetric>(line);
    read.map(uploaded_metric_from_wire).map_err(|error| {
        let text = format!("line {number} of the upload: {error}");
        Error::new(Code::InvalidArgument, text)
    })
}
