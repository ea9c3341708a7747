//! The types of numbers.

use serde::{Deserialize, Serialize};
use services::model;

/// The parameters of `subscribe_stream_numbers`, by position.
#[must_use]
pub const fn number_range_to_wire(range: model::NumberRange) -> (i32, i32) {
    (range.start, range.end)
}

/// Parameters, as `#[rpc]` has decoded them, to a range.
#[must_use]
pub const fn number_range_from_wire(start: i32, end: i32) -> model::NumberRange {
    model::NumberRange { start, end }
}

/// An item of `stream_numbers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct NumberItem {
    pub number: i32,
    pub message: String,
}

/// A number to its object.
#[must_use]
pub fn number_item_to_wire(item: model::NumberItem) -> NumberItem {
    NumberItem {
        number: item.number,
        message: item.message,
    }
}

/// An object to its number.
#[must_use]
pub fn number_item_from_wire(item: NumberItem) -> model::NumberItem {
    model::NumberItem {
        number: item.number,
        message: item.message,
    }
}
