//! From the text of a typed element to its value. White space around a value is what real peers
//! send (Python breaks base64 into lines, some indent), so it is not held against them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dxr::Value;

use super::time;

/// What is wrong, in words.
type Reason = &'static str;

fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

/// `int` and `i4`: 32 bits, signed.
pub(super) fn int(text: &str) -> Result<Value, Reason> {
    let number = trimmed(text).parse();
    number
        .map(Value::Integer)
        .map_err(|_| "an int is not a whole number of 32 bits")
}

/// `double`: decimal, with or without an exponent.
pub(super) fn double(text: &str) -> Result<Value, Reason> {
    finite(trimmed(text))
        .map(Value::Double)
        .ok_or("a double is not a finite decimal number")
}

/// A finite decimal number without white space. Rust would also read `inf` and `nan`.
pub(super) fn finite(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let first = unsigned.bytes().next()?;
    if !first.is_ascii_digit() && first != b'.' {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `boolean`: 0 or 1.
pub(super) fn boolean(text: &str) -> Result<Value, Reason> {
    match trimmed(text) {
        "0" => Ok(Value::Boolean(false)),
        "1" => Ok(Value::Boolean(true)),
        _ => Err("a boolean is neither 0 nor 1"),
    }
}

/// `dateTime.iso8601`.
pub(super) fn date_time(text: &str) -> Result<Value, Reason> {
    time::parse(trimmed(text))
        .map(Value::DateTime)
        .ok_or("a dateTime.iso8601 is not a date and time of the years 1 to 9999")
}

/// `base64`: RFC 4648 section 4, with its padding, and line breaks anywhere.
pub(super) fn base64(text: &str) -> Result<Value, Reason> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    // Most senders break no lines, and a chunk of a file is long.
    let decoded = if text.as_bytes().iter().any(is_blank) {
        let bytes = text.bytes().filter(|byte| !is_blank(byte));
        STANDARD.decode(bytes.collect::<Vec<u8>>())
    } else {
        STANDARD.decode(text)
    };
    decoded
        .map(Value::Base64)
        .map_err(|_| "a base64 value is malformed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ints_are_whole_and_of_32_bits() {
        assert_eq!(int(" -2147483648\n"), Ok(Value::Integer(i32::MIN)));
        assert_eq!(int("+7"), Ok(Value::Integer(7)));
        for text in ["", " ", "2147483648", "1.0", "0x1", "1 2", "--1"] {
            assert!(int(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn doubles_are_decimal_and_finite() {
        for (text, number) in [
            ("45.67", 45.67),
            (" -0.5 ", -0.5),
            ("+3", 3.0),
            ("1e3", 1_000.0),
            ("5.", 5.0),
            (".5", 0.5),
        ] {
            assert_eq!(double(text), Ok(Value::Double(number)), "{text:?}");
        }
        for text in [
            "",
            ".",
            "-",
            "NaN",
            "inf",
            "-infinity",
            "1e400",
            "1,5",
            "0x1",
        ] {
            assert!(double(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn booleans_are_one_digit() {
        assert_eq!(boolean(" 1 "), Ok(Value::Boolean(true)));
        for text in ["", "2", "true", "01"] {
            assert!(boolean(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn base64_is_strict_but_for_line_breaks() {
        assert_eq!(
            base64("8MrM\nGg==\n"),
            Ok(Value::Base64(vec![0xF0, 0xCA, 0xCC, 0x1A]))
        );
        assert_eq!(base64(""), Ok(Value::Base64(Vec::new())));
        for text in [
            "8MrMGg",
            "8MrMGg=",
            "8MrMGh==",
            "8MrM*g==",
            "=",
            "8MrMGg==8MrM",
        ] {
            assert!(base64(text).is_err(), "{text:?}");
        }
    }
}
