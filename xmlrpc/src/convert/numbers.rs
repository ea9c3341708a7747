//! Numbers.

use dxr::Value;
use services::Error;
use services::model::{NumberItem, NumberRange};

use super::fields::{Members, int, record_to_wire, text, text_to_wire};
use super::params::params;

/// The parameters of `stream_numbers.open`.
#[must_use]
pub fn number_range_to_wire(range: NumberRange) -> Vec<Value> {
    vec![Value::Integer(range.start), Value::Integer(range.end)]
}

/// The reverse of [`number_range_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for other parameters.
pub fn number_range_from_wire(values: Vec<Value>) -> Result<NumberRange, Error> {
    let [start, end] = params(values, ["start", "end"])?;
    Ok(NumberRange {
        start: int("start", start)?,
        end: int("end", end)?,
    })
}

/// An item of `stream_numbers`.
///
/// # Errors
/// [`Error::InvalidArgument`] for text that XML cannot carry.
pub fn number_item_to_wire(item: &NumberItem) -> Result<Value, Error> {
    Ok(record_to_wire([
        ("number", Value::Integer(item.number)),
        ("message", text_to_wire("message", &item.message)?),
    ]))
}

/// The reverse of [`number_item_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn number_item_from_wire(value: Value) -> Result<NumberItem, Error> {
    let mut members = Members::of("number", value)?;
    Ok(NumberItem {
        number: members.take("number", int)?,
        message: members.take("message", text)?,
    })
}
