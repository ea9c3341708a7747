//! Streams of numbers.

use serde::{Deserialize, Serialize};
use services::{Error, model};

use super::int32;
use crate::codec::percent;

/// The query that asks for `stream_numbers`.
#[must_use]
pub fn number_range_to_wire(range: model::NumberRange) -> String {
    format!("start={}&end={}", range.start, range.end)
}

/// A query to its range.
///
/// # Errors
/// [`Error::InvalidArgument`] where it is malformed or a number does not fit in 32 bits.
pub fn number_range_from_wire(query: &str) -> Result<model::NumberRange, Error> {
    let [start, end] = percent::query(query, ["start", "end"])?;
    Ok(model::NumberRange {
        start: int32("start", &start)?,
        end: int32("end", &end)?,
    })
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
