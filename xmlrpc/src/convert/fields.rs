//! Single fields: a value of XML-RPC for each, and errors that name them.

use std::collections::BTreeMap;

use dxr::Value;
use services::Error;

use crate::codec::{date_time_from_unix, first_illegal, unix_from_date_time};

/// The parameters of a call, which must be as many as their names.
///
/// # Errors
/// [`Error::InvalidArgument`], which tells the names.
pub fn params<const N: usize>(
    values: Vec<Value>,
    names: [&'static str; N],
) -> Result<[Value; N], Error> {
    values.try_into().map_err(|values: Vec<Value>| {
        let came = values.len();
        let names = if N == 0 {
            "none".into()
        } else {
            names.join(", ")
        };
        Error::InvalidArgument(format!("{came} parameters came: send {N} ({names})"))
    })
}

/// An `int`.
///
/// # Errors
/// [`Error::InvalidArgument`] for another type.
pub fn int(field: &str, value: Value) -> Result<i32, Error> {
    match value {
        Value::Integer(number) => Ok(number),
        other => Err(unfit(field, &other, "send an int")),
    }
}

/// A `double`, or an `int` in its place.
///
/// # Errors
/// [`Error::InvalidArgument`] for another type.
pub fn double(field: &str, value: Value) -> Result<f64, Error> {
    match value {
        Value::Double(number) => Ok(number),
        Value::Integer(number) => Ok(number.into()),
        other => Err(unfit(field, &other, "send a double or an int")),
    }
}

/// A `boolean`.
///
/// # Errors
/// [`Error::InvalidArgument`] for another type.
pub fn boolean(field: &str, value: Value) -> Result<bool, Error> {
    match value {
        Value::Boolean(flag) => Ok(flag),
        other => Err(unfit(field, &other, "send a boolean")),
    }
}

/// A `string`.
///
/// # Errors
/// [`Error::InvalidArgument`] for another type.
pub fn text(field: &str, value: Value) -> Result<String, Error> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(unfit(field, &other, "send a string")),
    }
}

/// A `dateTime.iso8601`, as seconds since 1970-01-01T00:00:00Z. An `int` of such seconds is read
/// too: it is what course programs send that have no type for time.
///
/// # Errors
/// [`Error::InvalidArgument`] for another type.
pub fn time(field: &str, value: Value) -> Result<i64, Error> {
    match value {
        Value::DateTime(time) => Ok(unix_from_date_time(&time)),
        Value::Integer(seconds) => Ok(seconds.into()),
        other => Err(unfit(field, &other, "send a dateTime.iso8601 in UTC")),
    }
}

/// An `array`.
///
/// # Errors
/// [`Error::InvalidArgument`] for another type.
pub fn list(field: &str, value: Value) -> Result<Vec<Value>, Error> {
    match value {
        Value::Array(items) => Ok(items),
        other => Err(unfit(field, &other, "send an array")),
    }
}

/// A `struct` that is being read. Members that nobody takes are passed over, so that a later
/// version may add some.
#[derive(Debug)]
pub struct Members {
    what: &'static str,
    members: BTreeMap<String, Value>,
}

impl Members {
    /// The members of a value, which the error calls `what`.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for another type.
    pub fn of(what: &'static str, value: Value) -> Result<Self, Error> {
        match value {
            Value::Struct(members) => Ok(Self { what, members }),
            other => Err(unfit(what, &other, "send a struct")),
        }
    }

    /// Takes a member, read by one of this module's functions.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where it is missing, or of another type.
    pub fn take<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&str, Value) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let value = self.members.remove(field).ok_or_else(|| {
            Error::InvalidArgument(format!("the {} has no {field}: send it", self.what))
        })?;
        read(field, value)
    }
}

/// A `struct` of those members.
#[must_use]
pub fn record_to_wire<const N: usize>(members: [(&'static str, Value); N]) -> Value {
    let members = members.into_iter();
    Value::Struct(members.map(|(name, value)| (name.into(), value)).collect())
}

/// A `string`.
///
/// # Errors
/// [`Error::InvalidArgument`] for a character that XML 1.0 cannot carry, escaped or not.
pub fn text_to_wire(field: &str, text: &str) -> Result<Value, Error> {
    match first_illegal(text) {
        None => Ok(Value::String(text.into())),
        Some((_, character)) => {
            let code = u32::from(character);
            let wanted = format!("XML cannot carry the character U+{code:04X}: leave it out");
            Err(Error::invalid(field, text, &wanted))
        }
    }
}

/// A `double`.
///
/// # Errors
/// [`Error::InvalidArgument`] for infinity and NaN, which XML-RPC does not know.
pub fn double_to_wire(field: &str, number: f64) -> Result<Value, Error> {
    if number.is_finite() {
        Ok(Value::Double(number))
    } else {
        Err(Error::invalid(field, number, "send a finite number"))
    }
}

/// A `dateTime.iso8601` in UTC of seconds since 1970-01-01T00:00:00Z.
///
/// # Errors
/// [`Error::InvalidArgument`] outside of the years 1 to 9999.
pub fn time_to_wire(field: &str, seconds: i64) -> Result<Value, Error> {
    date_time_from_unix(seconds)
        .map(Value::DateTime)
        .ok_or_else(|| Error::invalid(field, seconds, "XML-RPC carries the years 1 to 9999"))
}

fn unfit(field: &str, value: &Value, wanted: &str) -> Error {
    let shown = match value {
        Value::Integer(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Boolean(flag) => flag.to_string(),
        Value::String(text) => text.clone(),
        Value::DateTime(time) => time.to_string(),
        Value::Array(_) => "an array".into(),
        Value::Struct(_) => "a struct".into(),
        _ => "base64".into(),
    };
    Error::invalid(field, shown, wanted)
}
