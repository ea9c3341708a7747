//! Percent-encoding (RFC 3986 section 2.1) of path segments and of queries.

use std::fmt::Write;

use services::{Code, Error};

/// A text as a segment of a path, or as a value in a query: everything but the unreserved
/// characters of RFC 3986 section 2.3 is encoded. So are the dots of `.` and `..`, which would
/// mean other paths.
#[must_use]
pub fn encode(text: &str) -> String {
    let dots = matches!(text, "." | "..");
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'.' if dots => encoded.push_str("%2E"),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => write!(encoded, "%{byte:02X}").expect("a String grows"),
        }
    }
    encoded
}

/// A segment of a path as its text.
///
/// # Errors
/// [`Error::InvalidArgument`] for a `%` without two hexadecimal digits, or text that is not UTF-8.
pub fn decode(encoded: &str) -> Result<String, Error> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let Some((digits, after)) = rest.split_at_checked(2) else {
            return Err(malformed());
        };
        bytes.push(hex(digits[0])? << 4 | hex(digits[1])?);
        rest = after;
    }
    String::from_utf8(bytes).map_err(|_| malformed())
}

/// The values of a query that has to hold those names, each once, and no others.
///
/// # Errors
/// [`Error::InvalidArgument`], which names what is missing, repeated or unknown.
pub fn query<const N: usize>(query: &str, names: [&str; N]) -> Result<[String; N], Error> {
    let values = optional(query, names)?;
    if let Some(missing) = values.iter().position(Option::is_none) {
        let name = names[missing];
        return Err(wrong(format!(
            "query parameter {name} is missing: send {name}="
        )));
    }
    Ok(values.map(Option::unwrap_or_default))
}

/// The same where each may be missing.
///
/// # Errors
/// [`Error::InvalidArgument`], which names what is repeated or unknown.
pub fn optional<const N: usize>(
    query: &str,
    names: [&str; N],
) -> Result<[Option<String>; N], Error> {
    let mut values = [const { None }; N];
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = form_decode(name)?;
        let place = names.iter().position(|wanted| *wanted == name);
        let place = place.ok_or_else(|| unknown(&name, &names))?;
        if values[place].replace(form_decode(value)?).is_some() {
            return Err(wrong(format!(
                "query parameter {name} is there twice: send it once"
            )));
        }
    }
    Ok(values)
}

/// In a query a plus stands for a space, as forms write it.
fn form_decode(encoded: &str) -> Result<String, Error> {
    decode(&encoded.replace('+', " "))
}

fn hex(digit: u8) -> Result<u8, Error> {
    let value = char::from(digit).to_digit(16).ok_or_else(malformed)?;
    Ok(u8::try_from(value).expect("a hexadecimal digit is below 16"))
}

fn malformed() -> Error {
    wrong("the address is not percent-encoded UTF-8: encode it".into())
}

fn unknown(name: &str, names: &[&str]) -> Error {
    let known = names.join(", ");
    let wanted = if known.is_empty() {
        "send none".into()
    } else {
        format!("known are {known}")
    };
    Error::invalid("query parameter", name, &wanted)
}

fn wrong(text: String) -> Error {
    Error::new(Code::InvalidArgument, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_survives() {
        for text in [
            "",
            "cpu",
            "höst/a b?c=d&e#f%41",
            "..",
            ".",
            "...",
            "a+b",
            "日本\0\r\n",
            "\u{ffff}",
        ] {
            let encoded = encode(text);
            assert!(
                encoded.is_ascii() && !encoded.contains(['/', ' ', '+', '?']),
                "{encoded}"
            );
            assert_eq!(decode(&encoded).unwrap(), text);
            let [value] = query(&format!("hostname={encoded}"), ["hostname"]).unwrap();
            assert_eq!(value, text);
        }
        assert_eq!(encode("a b/ü.."), "a%20b%2F%C3%BC..");
        assert_eq!(encode(".."), "%2E%2E");
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for text in ["%", "%4", "%zz", "%+1", "a%C3", "%FF"] {
            assert_eq!(
                decode(text).unwrap_err().code(),
                Code::InvalidArgument,
                "{text}"
            );
        }
    }

    #[test]
    fn a_query_has_every_name_once_and_no_other() {
        let read = |text| query(text, ["start", "end"]).map_err(|error| error.to_string());
        assert_eq!(read("start=1&end=10"), Ok(["1".into(), "10".into()]));
        assert_eq!(
            read("&end=&&start=a+b%2B"),
            Ok(["a b+".into(), String::new()])
        );
        for (text, told) in [
            ("start=1", "query parameter end is missing: send end="),
            ("", "query parameter start is missing: send start="),
            (
                "start=1&start=1&end=1",
                "query parameter start is there twice: send it once",
            ),
            (
                "start=1&end=1&x=%1b",
                "query parameter is \"x\": known are start, end",
            ),
            (
                "start=%",
                "the address is not percent-encoded UTF-8: encode it",
            ),
        ] {
            assert_eq!(read(text), Err(told.into()), "{text}");
        }
    }
}
