//! The model's types as JSON writes them, and back. Members are named as the contract names them,
//! timestamps are Unix seconds. JSON has no infinity and no NaN: a value that is not finite fails
//! to serialize, instead of turning into null. What callers send may have no unknown member; what
//! servers answer may, so that contracts can grow.

mod calculator;
mod chat;
mod files;
mod greeter;
mod metrics;
mod numbers;
mod users;
mod usuarios;
mod whole;

pub use calculator::*;
pub use chat::*;
pub use files::*;
pub use greeter::*;
pub use metrics::*;
pub use numbers::*;
pub use users::*;
pub use usuarios::*;

use serde::de::Error as _;
use serde::ser::{Error as _, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use services::Error;

use whole::{present_whole, whole};

/// A result that is a single value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scalar<T> {
    /// The value.
    pub result: T,
}

/// The largest integer that every reader of JSON keeps exact: beyond it JavaScript's numbers, which
/// are doubles, have gaps.
pub const MAX_INTEGER: u64 = 1 << 53;

fn finite<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if !value.is_finite() {
        return Err(S::Error::custom(NOT_FINITE));
    }
    serializer.serialize_f64(*value)
}

fn finite_list<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(values.len()))?;
    for value in values {
        if !value.is_finite() {
            return Err(S::Error::custom(NOT_FINITE));
        }
        list.serialize_element(value)?;
    }
    list.end()
}

const NOT_FINITE: &str = "JSON has no infinity and no NaN: send finite numbers";

/// A member that may be left out, but is no null: serde would take one for the other.
fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// The same for an integer that every reader of JSON keeps exact.
fn present_integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let integer: u64 = whole(deserializer)?;
    if integer > MAX_INTEGER {
        return Err(D::Error::custom("an integer past 2^53: send a smaller one"));
    }
    Ok(Some(integer))
}

fn int32(name: &str, text: &str) -> Result<i32, Error> {
    let number = text.parse().ok().filter(|_| !text.starts_with('+'));
    number.ok_or_else(|| Error::invalid(name, text, "send an integer of 32 bits"))
}

/// A sequence number in a query or in `Last-Event-ID`.
///
/// # Errors
/// [`Error::InvalidArgument`], which names what was to be one.
pub fn integer(name: &str, text: &str) -> Result<u64, Error> {
    let number = text.parse().ok().filter(|_| !text.starts_with('+'));
    let number = number.filter(|number| *number <= MAX_INTEGER);
    number.ok_or_else(|| Error::invalid(name, text, "send an integer from 0 to 2^53"))
}
