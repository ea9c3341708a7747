//! Integers in what callers send: JSON has one kind of number, and for JSON Schema `5.0` is an
//! integer (draft 2020-12, section 6.1.1 of its validation), so it is one here.

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Unexpected, Visitor};

/// An integer, however it is written, within what that type holds.
pub(super) fn whole<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: TryFrom<i64> + TryFrom<u64>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(Whole(PhantomData))
}

/// The same for a member that may be left out, but is no null.
pub(super) fn present_whole<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: TryFrom<i64> + TryFrom<u64>,
    D: Deserializer<'de>,
{
    whole(deserializer).map(Some)
}

struct Whole<T>(PhantomData<T>);

impl<T: TryFrom<i64> + TryFrom<u64>> Visitor<'_> for Whole<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(type_name::<T>())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        let wrong = |_| E::invalid_value(Unexpected::Signed(value), &self);
        T::try_from(value).map_err(wrong)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        let wrong = |_| E::invalid_value(Unexpected::Unsigned(value), &self);
        T::try_from(value).map_err(wrong)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        // What a double cannot hold is cut, and is another number then. The two ends are also what
        // an integer past 64 bits is read as.
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "what is lost is seen by the comparison"
        )]
        let integer = Some(value as i64).filter(|integer| *integer as f64 == value);
        match integer {
            Some(integer) if !matches!(integer, i64::MIN | i64::MAX) => self.visit_i64(integer),
            _ => Err(E::invalid_type(Unexpected::Float(value), &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Member(#[serde(deserialize_with = "super::whole")] i64);

    #[test]
    fn an_integer_past_64_bits_is_refused_and_not_rounded() {
        let read = |text: &str| serde_json::from_str::<Member>(text).map(|Member(read)| read);
        for (text, wanted) in [
            ("-9223372036854775808", i64::MIN),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854774784.0", -9_223_372_036_854_774_784),
            ("-0.0", 0),
            ("1e3", 1_000),
        ] {
            assert_eq!(read(text).unwrap(), wanted, "{text}");
        }
        for text in [
            "-9223372036854775809",
            "9223372036854775808",
            "1e19",
            "0.5",
            "null",
            "\"1\"",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
