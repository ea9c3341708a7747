//! From calls, replies and values to bytes. Standard types only; text is escaped so that a reader
//! gets back what was sent, carriage returns too.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dxr::{Fault, MethodCall, Value};

use super::characters::{first_illegal, is_legal};
use super::error::EncodeError;
use super::number::push_double;

const PROLOG: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// Bytes of XML for one value of an array of doubles: a guess that spares most reallocations.
const BYTES_PER_VALUE: usize = 40;

/// Bytes of XML around the name and the value of a member.
const BYTES_PER_MEMBER: usize = "<member><name></name></member>".len();

/// Writes a `methodCall`.
///
/// # Errors
/// What XML-RPC cannot carry.
///
/// ```
/// use dxr::{MethodCall, Value};
/// let call = MethodCall { name: "cube".into(), params: vec![Value::Integer(3)] };
/// let bytes = xmlrpc::codec::write_call(&call)?;
/// assert_eq!(xmlrpc::codec::read_call(&bytes).expect("just written").params, call.params);
/// # Ok::<(), xmlrpc::codec::EncodeError>(())
/// ```
pub fn write_call(call: &MethodCall<'_>) -> Result<Vec<u8>, EncodeError> {
    let mut out = document(call.params.iter().map(values).sum());
    out.push_str("<methodCall><methodName>");
    push_text(&mut out, &call.name)?;
    out.push_str("</methodName><params>");
    for param in &call.params {
        out.push_str("<param>");
        push_value(&mut out, param)?;
        out.push_str("</param>");
    }
    out.push_str("</params></methodCall>");
    Ok(out.into_bytes())
}

/// Writes a `methodResponse` with a value.
///
/// # Errors
/// What XML-RPC cannot carry.
pub fn write_reply(value: &Value) -> Result<Vec<u8>, EncodeError> {
    let mut out = document(values(value));
    out.push_str("<methodResponse><params><param>");
    push_value(&mut out, value)?;
    out.push_str("</param></params></methodResponse>");
    Ok(out.into_bytes())
}

/// Writes a `methodResponse` with a fault. Characters of its text that XML cannot carry are
/// written as Rust escapes them: an error is told in any case.
#[must_use]
pub fn write_fault(fault: &Fault) -> Vec<u8> {
    let mut out = document(2);
    out.push_str(
        "<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>",
    );
    out.push_str(&fault.code().to_string());
    out.push_str("</int></value></member><member><name>faultString</name><value><string>");
    push_escaped(&mut out, &carriable(fault.string()));
    out.push_str("</string></value></member></struct></value></fault></methodResponse>");
    out.into_bytes()
}

fn document(values: usize) -> String {
    let mut out = String::with_capacity(256 + values.saturating_mul(BYTES_PER_VALUE));
    out.push_str(PROLOG);
    out
}

/// How many values there are in it, itself included, without looking deeper than one level.
fn values(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.len(),
        Value::Struct(members) => 1 + members.len(),
        _ => 1,
    }
}

fn push_value(out: &mut String, value: &Value) -> Result<(), EncodeError> {
    out.push_str("<value>");
    match value {
        Value::Double(number) if !number.is_finite() => return Err(EncodeError::NotFinite),
        Value::Double(number) => {
            out.push_str("<double>");
            push_double(out, *number);
            out.push_str("</double>");
        }
        Value::Integer(number) => push_plain(out, "int", &number.to_string()),
        Value::Boolean(flag) => push_plain(out, "boolean", if *flag { "1" } else { "0" }),
        Value::String(text) => {
            out.push_str("<string>");
            push_text(out, text)?;
            out.push_str("</string>");
        }
        Value::DateTime(time) => push_plain(out, "dateTime.iso8601", &time.to_string()),
        Value::Base64(bytes) => {
            out.push_str("<base64>");
            STANDARD.encode_string(bytes, out);
            out.push_str("</base64>");
        }
        Value::Array(items) => {
            out.push_str("<array><data>");
            items.iter().try_for_each(|item| push_value(out, item))?;
            out.push_str("</data></array>");
        }
        Value::Struct(members) => {
            out.push_str("<struct>");
            for (name, value) in members {
                push_member(out, name, value)?;
            }
            out.push_str("</struct>");
        }
        // dxr's i8 and nil, should another crate's features switch them on.
        _ => return Err(EncodeError::NotStandard),
    }
    out.push_str("</value>");
    Ok(())
}

fn push_member(out: &mut String, name: &str, value: &Value) -> Result<(), EncodeError> {
    out.push_str("<member><name>");
    push_text(out, name)?;
    out.push_str("</name>");
    push_value(out, value)?;
    out.push_str("</member>");
    Ok(())
}

/// An element whose text needs no escaping.
fn push_plain(out: &mut String, tag: &str, text: &str) {
    for piece in ["<", tag, ">", text, "</", tag, ">"] {
        out.push_str(piece);
    }
}

fn push_text(out: &mut String, text: &str) -> Result<(), EncodeError> {
    if let Some((_, character)) = first_illegal(text) {
        return Err(EncodeError::Character(character));
    }
    push_escaped(out, text);
    Ok(())
}

/// `>` is escaped everywhere, so `]]>` cannot appear; a raw carriage return would be read as a line
/// feed (XML 1.0, section 2.11).
fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(position) = rest.find(['<', '>', '&', '\r']) {
        out.push_str(&rest[..position]);
        out.push_str(match rest.as_bytes()[position] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            _ => "&#13;",
        });
        rest = &rest[position + 1..];
    }
    out.push_str(rest);
}

/// The same text with what XML cannot carry escaped as Rust does: for errors, which have to be told
/// in any case.
#[must_use]
pub fn carriable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_legal(character) {
            out.push(character);
        } else {
            out.extend(character.escape_default());
        }
    }
    out
}

/// The same text with U+FFFD, the replacement character, for each character that XML cannot carry:
/// for what people said on other protocols, which has to be told in any case.
///
/// ```
/// assert_eq!(xmlrpc::codec::replaced("a\u{1}b"), "a\u{FFFD}b");
/// ```
#[must_use]
pub fn replaced(text: &str) -> Cow<'_, str> {
    if first_illegal(text).is_none() {
        return Cow::Borrowed(text);
    }
    let shown = |character| {
        if is_legal(character) {
            character
        } else {
            char::REPLACEMENT_CHARACTER
        }
    };
    text.chars().map(shown).collect()
}

/// How many bytes a value takes in XML: text by what escaping makes of it, the rest roughly.
#[must_use]
pub fn size(value: &Value) -> usize {
    BYTES_PER_VALUE
        + match value {
            Value::String(text) => escaped_bytes(text),
            Value::Base64(bytes) => bytes.len().div_ceil(3) * 4,
            Value::Array(items) => items.iter().map(size).sum(),
            Value::Struct(members) => {
                let sizes = members.iter();
                sizes
                    .map(|(name, value)| BYTES_PER_MEMBER + escaped_bytes(name) + size(value))
                    .sum()
            }
            _ => 0,
        }
}

/// How many bytes [`push_escaped`] writes: up to five for one.
fn escaped_bytes(text: &str) -> usize {
    let added = text.bytes().map(|byte| match byte {
        b'<' | b'>' => "&lt;".len() - 1,
        b'&' | b'\r' => "&amp;".len() - 1,
        _ => 0,
    });
    text.len() + added.sum::<usize>()
}
