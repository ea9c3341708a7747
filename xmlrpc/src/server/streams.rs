//! Streams by polling: XML-RPC has no push.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use dxr::Value;
use futures::StreamExt;
use services::model::{Metric, MetricsSummary, UploadReport};
use services::{Context, Error, Operation, Stream};
use transport::sessions::{self, Opened, Upload};

use super::calls::written;
use super::chat::Participant;
use super::download::{Batch, Download};
use super::{Room, chat, files, metrics, numbers, users};
use crate::contract::{self, Step};
use crate::convert::{
    chat_line_from_wire, chunk_from_wire, int, list, metric_from_wire, metrics_summary_to_wire,
    only, params, record_to_wire, text, upload_report_to_wire,
};

/// The longest that `next` waits for an item, in milliseconds; from the contract.
const LONGEST_WAIT_MS: i32 = 20_000;

/// One open stream.
#[derive(Clone)]
pub(super) enum Session {
    Download(Arc<Download>),
    Metrics(Arc<Upload<Metric, MetricsSummary>>),
    File(Arc<Upload<Bytes, UploadReport>>),
    Chat(Arc<Participant>),
}

impl sessions::Session for Session {
    fn is_finished(&self) -> bool {
        match self {
            Self::Download(download) => download.is_finished(),
            Self::Metrics(upload) => upload.is_finished(),
            Self::File(upload) => upload.is_finished(),
            Self::Chat(participant) => participant.heard.is_finished(),
        }
    }
}

/// One step of a stream. The caller's deadline covers the step; an upload's covers all of it.
pub(super) async fn call(
    room: &Room,
    context: &Context,
    operation: &'static Operation,
    step: Step,
    values: Vec<Value>,
) -> Result<Value, Error> {
    match step {
        Step::Open => open(room, context, operation, values).await,
        Step::Next => context.within(next(room, context, operation, values)).await,
        Step::Send => context.within(send(room, context, operation, values)).await,
        Step::Close => {
            context
                .within(close(room, context, operation, values))
                .await
        }
        Step::Cancel => cancel(room, context, operation, values),
    }
}

/// A place is taken when the stream is there: what is wrong with a call is told at the limit too,
/// and makes no finished stream go.
async fn open(
    room: &Room,
    context: &Context,
    operation: &'static Operation,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let stream = match operation.name {
        contract::STREAM_METRICS => metrics::stream_metrics(room, context, values).await?,
        contract::RECORD_METRICS => metrics::record_metrics(room, context, values)?,
        contract::STREAM_NUMBERS => numbers::stream_numbers(room, context, values).await?,
        contract::LIST_USERS => users::list_users(room, context, values).await?,
        contract::UPLOAD_FILE => files::upload_file(room, context, values)?,
        contract::CHAT => chat::chat(room, context, values).await?,
        name => return Err(Error::unknown_operation(name)),
    };
    let place = room.sessions.place()?;
    let context = context.clone();
    let opened = Opened { context, stream };
    let id = room.sessions.insert(place, operation, opened)?;
    Ok(Value::String(id))
}

/// A server stream whose items are written as they are read.
pub(super) fn download<T: Send + 'static>(
    stream: Stream<T>,
    to_wire: fn(&T) -> Result<Value, Error>,
) -> Session {
    let values = stream.map(move |item| item.and_then(|item| written(to_wire(&item))));
    Session::Download(Arc::new(Download::new(values.boxed())))
}

async fn next(
    room: &Room,
    context: &Context,
    operation: &'static Operation,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let [id, cursor, wait_ms] = params(values, ["id", "cursor", "wait_ms"])?;
    let (id, cursor) = (text("id", id)?, int("cursor", cursor)?);
    let wait = wait(int("wait_ms", wait_ms)?)?;
    let lease = room.sessions.lease(operation, &id)?;
    lease.session.tell(context);
    let download = match &lease.session.stream {
        Session::Download(download) => download,
        Session::Chat(participant) => &participant.heard,
        Session::Metrics(_) | Session::File(_) => {
            return Err(Error::unknown_operation(operation.name));
        }
    };
    download.next(cursor, wait).await.map(batch_to_wire)
}

fn wait(wait_ms: i32) -> Result<Duration, Error> {
    match u64::try_from(wait_ms) {
        Ok(millis) if wait_ms <= LONGEST_WAIT_MS => Ok(Duration::from_millis(millis)),
        _ => Err(Error::invalid(
            "wait_ms",
            wait_ms,
            "send 0 to 20000 milliseconds",
        )),
    }
}

fn batch_to_wire(batch: Batch) -> Value {
    record_to_wire([
        ("items", Value::Array(batch.items)),
        ("cursor", Value::Integer(batch.cursor)),
        ("done", Value::Boolean(batch.done)),
    ])
}

async fn send(
    room: &Room,
    context: &Context,
    operation: &'static Operation,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let [id, seq, items] = params(values, ["id", "seq", "items"])?;
    let (id, seq) = (text("id", id)?, int("seq", seq)?);
    let items = list("items", items)?;
    let lease = room.sessions.lease(operation, &id)?;
    lease.session.tell(context);
    match &lease.session.stream {
        Session::Metrics(upload) => upload.send(seq, each(items, metric_from_wire)?).await?,
        Session::File(upload) => upload.send(seq, each(items, chunk_from_wire)?).await?,
        Session::Chat(participant) => {
            let lines = each(items, chat_line_from_wire)?;
            participant.send(seq, lines).await?;
        }
        Session::Download(_) => return Err(Error::unknown_operation(operation.name)),
    }
    Ok(Value::Boolean(true))
}

fn each<T>(items: Vec<Value>, read: fn(Value) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    items.into_iter().map(read).collect()
}

/// A chat stays open: what was said up to its participant's last line still comes down.
async fn close(
    room: &Room,
    context: &Context,
    operation: &'static Operation,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let id = only("id", values, text)?;
    if operation.name == contract::CHAT {
        let lease = room.sessions.lease(operation, &id)?;
        lease.session.tell(context);
        if let Session::Chat(participant) = &lease.session.stream {
            participant.close().await?;
        }
        return Ok(Value::Boolean(true));
    }
    let opened = room.sessions.remove(operation, &id)?;
    let result = finished(opened.stream.clone()).await;
    // Of an upload it is known only now.
    opened.tell(context);
    result
}

/// What a stream that was closed gives.
async fn finished(stream: Session) -> Result<Value, Error> {
    match stream {
        Session::Metrics(upload) => written(metrics_summary_to_wire(&upload.finish().await?)),
        Session::File(upload) => written(upload_report_to_wire(&upload.finish().await?)),
        stream => Ok(ended(stream)),
    }
}

fn cancel(
    room: &Room,
    context: &Context,
    operation: &'static Operation,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let id = only("id", values, text)?;
    let opened = room.sessions.remove(operation, &id)?;
    opened.tell(context);
    Ok(ended(opened.stream))
}

/// Ends a stream that was taken out, and who waits for it.
fn ended(session: Session) -> Value {
    match session {
        Session::Download(download) => download.close(),
        Session::Metrics(upload) => upload.cancel(),
        Session::File(upload) => upload.cancel(),
        Session::Chat(participant) => participant.heard.close(),
    }
    Value::Boolean(true)
}
