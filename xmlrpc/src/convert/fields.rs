//! Single fields: a value of XML-RPC for each, and errors that name them.

use std::collections::BTreeMap;

use dxr::Value;
use services::Error;

use crate::codec::{date_time_from_unix, first_illegal, replaced, unix_from_date_time};

/// The largest integer below which a double holds every one (IEEE 754, 53 bits).
const WHOLE: u64 = 1 << 53;

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

/// An integer from 0 to 2⁵³: an `int`, or a `double` where it needs more than 32 bits.
///
/// # Errors
/// [`Error::InvalidArgument`] for another type, a negative number and a fraction.
pub fn integer(field: &str, value: Value) -> Result<u64, Error> {
    let wanted = "send a whole number from 0 to 9007199254740992";
    let read = match &value {
        Value::Integer(number) => u64::try_from(*number).ok(),
        Value::Double(number) => whole(*number),
        _ => None,
    };
    read.ok_or_else(|| unfit(field, &value, wanted))
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is whole, not negative, and at most 2^53"
)]
fn whole(number: f64) -> Option<u64> {
    let fits = (0.0..=WHOLE as f64).contains(&number) && number.fract() == 0.0;
    fits.then_some(number as u64)
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

/// A `base64`.
///
/// # Errors
/// [`Error::InvalidArgument`] for another type.
pub fn bytes(field: &str, value: Value) -> Result<Vec<u8>, Error> {
    match value {
        Value::Base64(bytes) => Ok(bytes),
        other => Err(unfit(field, &other, "send base64")),
    }
}

/// An `array` of `string`s.
///
/// # Errors
/// [`Error::InvalidArgument`] for another type.
pub fn texts(field: &str, value: Value) -> Result<Vec<String>, Error> {
    let items = list(field, value)?.into_iter();
    items.map(|item| text(field, item)).collect()
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
        let what = self.what;
        self.take_optional(field, read)?
            .ok_or_else(|| Error::InvalidArgument(format!("the {what} has no {field}: send it")))
    }

    /// Takes a member that may be missing.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where it is of another type.
    pub fn take_optional<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&str, Value) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let value = self.members.remove(field);
        value.map(|value| read(field, value)).transpose()
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

/// An `array` of `string`s.
///
/// # Errors
/// As [`text_to_wire`].
pub fn texts_to_wire(field: &str, texts: &[String]) -> Result<Value, Error> {
    let values = texts.iter().map(|text| text_to_wire(field, text));
    values.collect::<Result<_, _>>().map(Value::Array)
}

/// A `string` of the server's, in which every character that XML cannot carry is U+FFFD, the
/// replacement character: people on other protocols may write such a one, and what they wrote is
/// told all the same.
#[must_use]
pub fn shown_to_wire(text: &str) -> Value {
    Value::String(replaced(text).into_owned())
}

/// An `int`, or where it needs more than 32 bits a `double`.
///
/// # Errors
/// [`Error::InvalidArgument`] past 2⁵³, which a double does not hold exactly.
pub fn integer_to_wire(field: &str, number: u64) -> Result<Value, Error> {
    #[allow(clippy::cast_precision_loss, reason = "a double holds it exactly")]
    match i32::try_from(number) {
        Ok(number) => Ok(Value::Integer(number)),
        Err(_) if number <= WHOLE => Ok(Value::Double(number as f64)),
        Err(_) => Err(Error::invalid(field, number, "XML-RPC carries up to 2^53")),
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
