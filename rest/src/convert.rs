//! The model's types as JSON writes them, and back. Members are named as the contract names them,
//! timestamps are Unix seconds. JSON has no infinity and no NaN: a value that is not finite fails
//! to serialize, instead of turning into null. What callers send may have no unknown member; what
//! servers answer may, so that contracts can grow.

mod arguments;
mod results;

pub use arguments::*;
pub use results::*;

use serde::Serializer;
use serde::ser::{Error as _, SerializeSeq};

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
