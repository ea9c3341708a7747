//! JSON within this room's rules: an object at the top, no unknown or duplicate members (the wire
//! types see to that), no infinity or NaN, and no error that repeats the peer's text.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use services::{Code, Error};

/// Writes a value.
///
/// # Errors
/// [`Error::InvalidArgument`] for a double that is not finite: JSON has no text for it. At a
/// server that is [`not_finite`], for the value is its own.
pub fn to_bytes(value: &impl Serialize) -> Result<Bytes, Error> {
    let written = serde_json::to_vec(value).map(Bytes::from);
    written.map_err(|cause| Error::new(Code::InvalidArgument, cause.to_string()))
}

/// A result that JSON cannot carry: the server's fault, not the caller's.
pub fn not_finite(_: Error) -> Error {
    let text = "the result is not finite, which JSON cannot carry: tell who runs the server";
    Error::new(Code::Internal, text)
}

/// Reads what a caller sent.
///
/// # Errors
/// [`Error::InvalidArgument`] with the place and the reason.
pub fn request<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let invalid = |reason| Error::new(Code::InvalidArgument, reason);
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    // Where an object is wanted, serde would take an array too.
    if let Some(first) = first
        && *first != b'{'
    {
        return Err(invalid("the body is not a JSON object: send one".into()));
    }
    serde_json::from_slice(bytes).map_err(|error| invalid(reason(&error)))
}

/// Reads what a server answered.
///
/// # Errors
/// [`Error::Internal`] with the place and the reason.
pub fn reply<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|cause| {
        let text = format!("the reply cannot be read: {}", reason(&cause));
        Error::internal(text, cause)
    })
}

/// Why and where, without what serde quotes of the input: that follows the first colon, or is the
/// name of an unknown member.
fn reason(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let reason = match error.classify() {
        Category::Data if text.starts_with("unknown field") => {
            match text.rsplit_once("expected ") {
                Some((_, expected)) => format!("unknown member, expected {expected}"),
                None => "unknown member".into(),
            }
        }
        Category::Data => match (text.split_once(':'), text.rsplit_once("expected ")) {
            (Some((kind, _)), Some((_, expected))) => format!("{kind}, expected {expected}"),
            (Some((kind, _)), None) => kind.into(),
            (None, _) => text.replace(" field ", " member "),
        },
        _ => text.to_owned(),
    };
    format!("JSON at line {line}, column {column}: {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::{Operands, Scalar, Usage};

    fn refused<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
        let error = request::<T>(text.as_bytes()).unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument);
        error.to_string()
    }

    #[test]
    fn reasons_tell_the_place_and_never_the_input() {
        for (text, told) in [
            ("", "JSON at line 1, column 0: EOF while parsing a value"),
            (
                r#"{"a":5,"b":}"#,
                "JSON at line 1, column 12: expected value",
            ),
            (r#"{"a":5}"#, "JSON at line 1, column 7: missing member `b`"),
            (
                r#"{"a":5,"b":"secret"}"#,
                "JSON at line 1, column 19: invalid type, expected i32",
            ),
            (
                r#"{"a":5,"secret: x":3}"#,
                "JSON at line 1, column 18: unknown member, expected `a` or `b`",
            ),
            (
                r#"{"a":5,"a":3,"b":3}"#,
                "JSON at line 1, column 10: duplicate member `a`",
            ),
            (
                r#"{"a":5,"b":2147483648}"#,
                "JSON at line 1, column 21: invalid value, expected i32",
            ),
            (
                r#"{"a":5,"b":5.5}"#,
                "JSON at line 1, column 14: invalid type, expected i32",
            ),
            ("[5,3]", "the body is not a JSON object: send one"),
            ("secret", "the body is not a JSON object: send one"),
        ] {
            assert_eq!(refused::<Operands>(text), told, "{text}");
        }
        let nested = format!("{{\"cpu_usage\":{}", "[".repeat(1_000));
        assert!(!refused::<Usage<'static>>(&nested).contains("[["));
    }

    #[test]
    fn what_is_not_finite_is_never_null() {
        let usage = Usage {
            cpu_usage: vec![f64::INFINITY].into(),
            memory_usage: vec![].into(),
        };
        assert_eq!(to_bytes(&usage).unwrap_err().code(), Code::InvalidArgument);
        assert_eq!(to_bytes(&Scalar { result: 8 }).unwrap(), r#"{"result":8}"#);
    }

    #[test]
    fn an_integer_is_one_however_it_is_written() {
        for text in [r#"{"a":5.0,"b":-3}"#, r#"{"a":5e0,"b":-0.3e1}"#] {
            let operands: Operands = request(text.as_bytes()).unwrap();
            assert_eq!(operands, Operands { a: 5, b: -3 }, "{text}");
        }
        for text in ["2147483648.0", "1e18", "1e19", "-1e300", "0.1", "-0.5"] {
            let told = refused::<Operands>(&format!(r#"{{"a":{text},"b":3}}"#));
            assert!(told.contains("expected i32"), "{text}: {told}");
        }
    }

    #[test]
    fn integers_are_welcome_where_doubles_are_expected() {
        let usage: Usage<'_> = request(br#"{"cpu_usage":[45,-0],"memory_usage":[1e2]}"#).unwrap();
        assert_eq!(*usage.cpu_usage, [45.0, -0.0]);
        assert_eq!(*usage.memory_usage, [100.0]);
    }
}
