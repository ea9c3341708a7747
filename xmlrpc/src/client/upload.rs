//! A client stream, sent in numbered batches, one after the other: a batch is sent when the one
//! before it was acknowledged, so nothing can overtake anything.

use dxr::Value;
use futures::stream::Fuse;
use futures::{FutureExt, StreamExt};
use services::{Context, Error, Stream};

use super::{Client, readable, step, string};
use crate::codec::size;
use crate::contract::Step;

/// Most items of one batch.
const BATCH_ITEMS: usize = 100;

/// Most bytes of a batch of several items, roughly: half of what a server takes in a message.
const BATCH_BYTES: usize = 1024 * 1024;

/// Sends items until their stream ends, and gives the server's result. Where the stream breaks
/// off or this is dropped, the upload is cancelled at the server, so that it never counts as whole.
pub(super) async fn upload<R>(
    client: &Client,
    context: &Context,
    operation: &str,
    items: Stream<Value>,
    read: fn(Value) -> Result<R, Error>,
) -> Result<R, Error> {
    let method = Step::Open.method(operation);
    let id = step(&client.http, context, &method, Vec::new()).await?;
    let id = readable(string(id))?;
    let cancel = Step::Cancel.method(operation);
    let mut farewell = client.farewells.on_drop(cancel, id.clone());
    let result = send(client, context, operation, &id, items).await;
    let result = result.map_err(Error::from)?;
    farewell.disarm();
    readable(read(result))
}

/// Why not everything was sent.
pub(super) enum Unsent {
    /// The stream of items broke off.
    BySender(Error),
    /// The server did not take it.
    ByServer(Error),
}

impl From<Unsent> for Error {
    fn from(unsent: Unsent) -> Self {
        match unsent {
            Unsent::BySender(error) | Unsent::ByServer(error) => error,
        }
    }
}

/// Sends items to a stream that is open, and closes it: what the closing gives.
pub(super) async fn send(
    client: &Client,
    context: &Context,
    operation: &str,
    id: &str,
    items: Stream<Value>,
) -> Result<Value, Unsent> {
    let method = Step::Send.method(operation);
    let mut batches = Batches::new(items);
    let mut seq = 0;
    while let Some(batch) = batches.next().await {
        let params = vec![
            Value::String(id.into()),
            Value::Integer(seq),
            Value::Array(batch.map_err(Unsent::BySender)?),
        ];
        let sent = step(&client.http, context, &method, params).await;
        sent.map_err(Unsent::ByServer)?;
        seq += 1;
    }
    let close = Step::Close.method(operation);
    let closed = step(
        &client.http,
        context,
        &close,
        vec![Value::String(id.into())],
    )
    .await;
    closed.map_err(Unsent::ByServer)
}

/// Items as they are ready, as many as go into one message.
struct Batches {
    items: Fuse<Stream<Value>>,
    /// What found no room in the last batch.
    held: Option<Result<Value, Error>>,
}

impl Batches {
    fn new(items: Stream<Value>) -> Self {
        let items = items.fuse();
        Self { items, held: None }
    }

    async fn next(&mut self) -> Option<Result<Vec<Value>, Error>> {
        let first = match self.held.take() {
            Some(held) => held,
            None => self.items.next().await?,
        };
        Some(first.map(|first| self.filled(first)))
    }

    /// An item and those that are ready behind it. What came before an error is sent before it is
    /// told.
    fn filled(&mut self, first: Value) -> Vec<Value> {
        let mut bytes = size(&first);
        let mut batch = vec![first];
        while batch.len() < BATCH_ITEMS
            && let Some(Some(item)) = self.items.next().now_or_never()
        {
            bytes += item.as_ref().map_or(BATCH_BYTES, size);
            match item {
                Ok(item) if bytes < BATCH_BYTES => batch.push(item),
                held => {
                    self.held = Some(held);
                    break;
                }
            }
        }
        batch
    }
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use services::Code;

    use super::*;

    async fn sizes(items: Vec<Result<Value, Error>>) -> Vec<Result<usize, Code>> {
        let mut batches = Batches::new(stream::iter(items).boxed());
        let mut sizes = Vec::new();
        while let Some(batch) = batches.next().await {
            sizes.push(batch.map(|batch| batch.len()).map_err(|error| error.code()));
        }
        sizes
    }

    #[tokio::test]
    async fn a_batch_holds_so_many_items_and_bytes() {
        let ints = (0..250).map(|number| Ok(Value::Integer(number)));
        assert_eq!(sizes(ints.collect()).await, [Ok(100), Ok(100), Ok(50)]);
        let large = || Ok(Value::String("x".repeat(BATCH_BYTES * 2 / 5)));
        let small = || Ok(Value::Integer(1));
        let items = vec![large(), large(), large(), small()];
        assert_eq!(sizes(items).await, [Ok(2), Ok(2)]);
    }

    #[tokio::test]
    async fn what_came_before_an_error_goes_before_it() {
        let broken = Error::new(Code::Cancelled, "given up");
        let items = vec![Ok(Value::Integer(1)), Ok(Value::Integer(2)), Err(broken)];
        assert_eq!(sizes(items).await, [Ok(2), Err(Code::Cancelled)]);
    }
}
