//! What the notifications of a stream hold.

use serde::{Deserialize, Serialize};
use services::Error;

use crate::error::{WireError, from_wire};

/// What a notification of a server stream holds. A stream that ends says so, because a
/// subscription by itself has no end that its reader could tell from a pause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamItem<T> {
    /// The next item.
    Item(T),
    /// The stream is over; the member's value is null.
    End(()),
    /// The stream has failed and is over.
    Error(WireError),
}

/// What a stream gives next, to what its notification holds.
pub fn stream_item_to_wire<T, W>(
    next: Option<Result<T, Error>>,
    item: impl FnOnce(T) -> W,
) -> StreamItem<W> {
    match next {
        Some(Ok(value)) => StreamItem::Item(item(value)),
        Some(Err(error)) => StreamItem::Error(WireError::from(&error)),
        None => StreamItem::End(()),
    }
}

/// What a notification holds, to what the stream gives next.
pub fn stream_item_from_wire<W, T>(
    received: StreamItem<W>,
    item: impl FnOnce(W) -> T,
) -> Option<Result<T, Error>> {
    match received {
        StreamItem::Item(wire) => Some(Ok(item(wire))),
        StreamItem::Error(error) => Some(Err(from_wire(&error))),
        StreamItem::End(()) => None,
    }
}
