//! A stream of the backend as a subscription. The stream is polled only where there is room for its
//! next item, so that a reader who is slow is slow for the backend too.

use futures::StreamExt;
use jsonrpsee::core::SubscriptionResult;
use jsonrpsee::{Extensions, PendingSubscriptionSink, SubscriptionSink};
use serde::Serialize;
use serde_json::value::to_raw_value;
use services::{Error, Stream};

use crate::convert::{StreamItem, stream_item_to_wire};
use crate::error::to_wire;
use crate::transport::dispatch::Opening;

/// How the call that opens a stream is given up.
pub(super) fn opening(call: &Extensions) -> Opening {
    call.get().cloned().unwrap_or_default()
}

/// Answers a subscription, then sends its items until the stream ends, the caller unsubscribes, or
/// the connection is gone; the last two drop the stream. `opened` is `None` where the caller gave
/// the call up.
pub(super) async fn subscribed<T, W: Serialize>(
    pending: PendingSubscriptionSink,
    opened: Option<Result<Stream<T>, Error>>,
    item: fn(T) -> W,
) -> SubscriptionResult {
    let mut stream = match opened {
        None => return Ok(()),
        Some(Ok(stream)) => stream,
        Some(Err(error)) => {
            pending.reject(to_wire(&error)).await;
            return Ok(());
        }
    };
    let sink = pending.accept().await?;
    loop {
        let next = tokio::select! {
            () = sink.closed() => return Ok(()),
            next = stream.next() => next,
        };
        let last = !matches!(next, Some(Ok(_)));
        if !sent(&sink, stream_item_to_wire(next, item)).await || last {
            return Ok(());
        }
    }
}

/// Whether the subscription goes on. An item that JSON cannot write ends it with an error.
async fn sent<W: Serialize>(sink: &SubscriptionSink, item: StreamItem<W>) -> bool {
    match to_raw_value(&item) {
        Ok(text) => sink.send(text).await.is_ok(),
        Err(cause) => {
            let error = Error::internal("an item of the stream cannot be written as JSON", cause);
            let error = StreamItem::<()>::Error((&error).into());
            if let Ok(text) = to_raw_value(&error) {
                // Whether the caller is still there makes no difference: this is the end.
                let _ = sink.send(text).await;
            }
            false
        }
    }
}
