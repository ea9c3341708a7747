//! Arguments and results whose type is known at run time only, as text and as JSON.

mod assign;
mod convert;
mod json;
mod parse;
mod word;

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::print::printable;

pub use json::Json;
pub use parse::{Sender, arguments, operation, own_command};

/// A value of one of the [shapes](services::operation::Shape).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// An integer; counts may be past 32 bits.
    Integer(i64),
    /// A double.
    Double(f64),
    /// Text.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// Seconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
    /// Values of one shape.
    List(Vec<Self>),
    /// Named values, in the contract's order.
    Record(Vec<(&'static str, Self)>),
    /// What was left out.
    Absent,
}

impl Value {
    /// The value of that name in a record.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Self> {
        let Self::Record(fields) = self else {
            return None;
        };
        let mut named = fields.iter().filter(|(field, _)| *field == name);
        named.next().map(|(_, value)| value)
    }

    /// In lines: a record's fields below each other, a list's items.
    #[must_use]
    pub fn lines(&self) -> String {
        match self {
            Self::Record(fields) => {
                let width = fields.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
                let lines = fields.iter();
                let lines = lines.map(|(name, value)| format!("{name:width$}  {value}"));
                lines.collect::<Vec<_>>().join("\n")
            }
            Self::List(items) => {
                let lines = items.iter().map(Self::to_string);
                lines.collect::<Vec<_>>().join("\n")
            }
            plain => plain.to_string(),
        }
    }
}

/// On one line, fit for a terminal. A record is its values, without their names.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(integer) => write!(f, "{integer}"),
            Self::Double(double) => write!(f, "{double}"),
            Self::Text(text) => f.write_str(&printable(text)),
            Self::Boolean(boolean) => write!(f, "{boolean}"),
            Self::Timestamp(seconds) => f.write_str(&utc(*seconds)),
            Self::Absent => f.write_str("–"),
            Self::List(items) => f.write_str(&joined(items.iter(), " ")),
            Self::Record(fields) => {
                let values = fields.iter().map(|(_, value)| value);
                f.write_str(&joined(values, "  "))
            }
        }
    }
}

fn joined<'a>(values: impl Iterator<Item = &'a Value>, separator: &str) -> String {
    let values: Vec<String> = values.map(Value::to_string).collect();
    values.join(separator)
}

/// The time in RFC 3339 where it is one since 1970, else the plain seconds.
fn utc(seconds: i64) -> String {
    /// 9999-12-31T23:59:59Z: RFC 3339 has four digits for the year.
    const LAST: u64 = 253_402_300_799;
    let since_epoch = u64::try_from(seconds).ok().filter(|&since| since <= LAST);
    let time = since_epoch
        .and_then(|since| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(since)));
    time.map_or_else(
        || seconds.to_string(),
        |time| humantime::format_rfc3339_seconds(time).to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric() -> Value {
        Value::Record(vec![
            ("hostname", Value::Text("web\u{1b}1".into())),
            ("value", Value::Double(42.5)),
            ("timestamp", Value::Timestamp(1_763_703_000)),
        ])
    }

    #[test]
    fn a_record_is_printed_field_by_field() {
        insta::assert_snapshot!(metric().lines(), @r"
        hostname   web\u{1b}1
        value      42.5
        timestamp  2025-11-21T05:30:00Z
        ");
    }

    #[test]
    fn a_value_fits_on_a_line() {
        insta::assert_snapshot!(metric(), @r"web\u{1b}1  42.5  2025-11-21T05:30:00Z");
        let list = Value::List(vec![Value::Double(1.0), Value::Double(-0.5)]);
        assert_eq!(list.to_string(), "1 -0.5");
    }

    #[test]
    fn a_time_that_rfc_3339_does_not_know_is_plain_seconds() {
        assert_eq!(utc(0), "1970-01-01T00:00:00Z");
        assert_eq!(utc(253_402_300_799), "9999-12-31T23:59:59Z");
        assert_eq!([utc(-1), utc(i64::MAX)], ["-1", "9223372036854775807"]);
    }
}
