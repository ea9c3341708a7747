//! Streams by polling: XML-RPC has no push.

use std::sync::Arc;
use std::time::Duration;

use dxr::Value;
use futures::StreamExt;
use services::model::{Metric, MetricsSummary};
use services::{Context, Error, Operation, Stream};
use transport::sessions::{self, Upload};

use super::Room;
use super::calls::{only, written};
use super::download::{Batch, Download};
use crate::contract::{self, Step};
use crate::convert::{
    int, list, metric_from_wire, metric_request_from_wire, metric_to_wire, metrics_summary_to_wire,
    number_item_to_wire, number_range_from_wire, params, record_to_wire, text,
};

/// The longest that `next` waits for an item, in milliseconds; from the contract.
const LONGEST_WAIT_MS: i32 = 20_000;

/// One open stream.
#[derive(Clone)]
pub(super) enum Session {
    Download(Arc<Download>),
    Upload(Arc<Upload<Metric, MetricsSummary>>),
}

impl sessions::Session for Session {
    fn is_finished(&self) -> bool {
        match self {
            Self::Download(download) => download.is_finished(),
            Self::Upload(upload) => upload.is_finished(),
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
        Step::Next => context.within(next(room, operation, values)).await,
        Step::Send => context.within(send(room, operation, values)).await,
        Step::Close => context.within(close(room, operation, values)).await,
        Step::Cancel => cancel(room, operation, values),
    }
}

/// A place is taken after the parameters have been read: what is wrong with them is told at the
/// limit too, and makes no finished stream go.
async fn open(
    room: &Room,
    context: &Context,
    operation: &'static Operation,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let (sessions, backend) = (&room.sessions, &room.backend);
    let (place, session) = match operation.name {
        contract::STREAM_NUMBERS => {
            let range = number_range_from_wire(values)?;
            let place = sessions.place()?;
            let numbers = backend.stream_numbers(context, range).await?;
            (place, download(numbers, number_item_to_wire))
        }
        contract::STREAM_METRICS => {
            let request = metric_request_from_wire(values)?;
            let place = sessions.place()?;
            let metrics = backend.stream_metrics(context, &request).await?;
            (place, download(metrics, metric_to_wire))
        }
        contract::RECORD_METRICS => {
            let [] = params(values, [])?;
            (sessions.place()?, upload(room, context.clone()))
        }
        name => return Err(Error::unknown_operation(name)),
    };
    let id = sessions.insert(place, operation, session)?;
    Ok(Value::String(id))
}

fn download<T: Send + 'static>(
    stream: Stream<T>,
    to_wire: fn(&T) -> Result<Value, Error>,
) -> Session {
    let values = stream.map(move |item| item.and_then(|item| written(to_wire(&item))));
    Session::Download(Arc::new(Download::new(values.boxed())))
}

/// The context's deadline covers the upload whole.
fn upload(room: &Room, context: Context) -> Session {
    let backend = Arc::clone(&room.backend);
    let record = |metrics| async move { backend.record_metrics(&context, metrics).await };
    Session::Upload(Arc::new(Upload::start(room.closing.clone(), record)))
}

async fn next(
    room: &Room,
    operation: &'static Operation,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let [id, cursor, wait_ms] = params(values, ["id", "cursor", "wait_ms"])?;
    let (id, cursor) = (text("id", id)?, int("cursor", cursor)?);
    let wait = wait(int("wait_ms", wait_ms)?)?;
    let lease = room.sessions.lease(operation, &id)?;
    match &lease.session {
        Session::Download(download) => download.next(cursor, wait).await.map(batch_to_wire),
        Session::Upload(_) => Err(Error::unknown_operation(operation.name)),
    }
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
    operation: &'static Operation,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let [id, seq, items] = params(values, ["id", "seq", "items"])?;
    let (id, seq) = (text("id", id)?, int("seq", seq)?);
    let items = list("items", items)?.into_iter().map(metric_from_wire);
    let items: Vec<Metric> = items.collect::<Result<_, _>>()?;
    let lease = room.sessions.lease(operation, &id)?;
    match &lease.session {
        Session::Upload(upload) => upload.send(seq, items).await?,
        Session::Download(_) => return Err(Error::unknown_operation(operation.name)),
    }
    Ok(Value::Boolean(true))
}

async fn close(
    room: &Room,
    operation: &'static Operation,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let id = only("id", values, text)?;
    match room.sessions.remove(operation, &id)? {
        Session::Download(download) => {
            download.close();
            Ok(Value::Boolean(true))
        }
        Session::Upload(upload) => {
            let summary = upload.finish().await?;
            written(metrics_summary_to_wire(&summary))
        }
    }
}

fn cancel(room: &Room, operation: &'static Operation, values: Vec<Value>) -> Result<Value, Error> {
    let id = only("id", values, text)?;
    match room.sessions.remove(operation, &id)? {
        Session::Download(download) => download.close(),
        Session::Upload(upload) => upload.cancel(),
    }
    Ok(Value::Boolean(true))
}
