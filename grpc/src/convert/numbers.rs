//! Numbers ↔ wire types.

use services::model::{NumberItem, NumberRange};

use crate::contract::streaming::{StreamReply, StreamRequest};

/// A range of numbers as its message.
#[must_use]
pub fn number_range_to_wire(range: &NumberRange) -> StreamRequest {
    StreamRequest {
        start: range.start,
        end: range.end,
    }
}

/// A range of numbers from its message.
#[must_use]
pub fn number_range_from_wire(message: StreamRequest) -> NumberRange {
    NumberRange {
        start: message.start,
        end: message.end,
    }
}

/// A number of a stream as its message.
#[must_use]
pub fn number_item_to_wire(item: &NumberItem) -> StreamReply {
    StreamReply {
        number: item.number,
        message: item.message.clone(),
    }
}

/// A number of a stream from its message.
#[must_use]
pub fn number_item_from_wire(message: StreamReply) -> NumberItem {
    NumberItem {
        number: message.number,
        message: message.message,
    }
}
