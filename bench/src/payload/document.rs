//! A JSON document, exactly: members in their order, integers of any length. `serde_json::Value`
//! would sort the one and round the other.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;
use thiserror::Error;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A text, decoded.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object: members in their order, each name once.
    Object(Vec<(String, Json)>),
}

/// A JSON number, in the smallest of these that holds it exactly.
#[derive(Debug, Clone, PartialEq)]
pub enum Number {
    /// An integer of 64 bits, signed.
    Signed(i64),
    /// An integer past 2⁶³.
    Unsigned(u64),
    /// An integer that no 64 bits hold, in its digits.
    Beyond(Box<RawNumber>),
    /// Written with a fraction or an exponent: an IEEE 754 double.
    Real(f64),
}

impl Number {
    /// Whether it is an integer that readers round whose only numbers are doubles (RFC 8259,
    /// section 6).
    #[must_use]
    pub fn is_past_doubles(&self) -> bool {
        match self {
            Self::Signed(number) => number.unsigned_abs() > 1 << 53,
            Self::Unsigned(_) | Self::Beyond(_) => true,
            Self::Real(_) => false,
        }
    }
}

/// The text of a number.
#[derive(Debug, Clone)]
pub struct RawNumber(Box<RawValue>);

impl RawNumber {
    /// Its digits.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for RawNumber {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

/// Levels of lists and objects: what `serde_json` reads of them, and more than protobuf's 100.
const MAX_DEPTH: usize = 127;

/// Why a text is not such a document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct BadJson {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub reason: String,
}

/// Reads a whole text.
///
/// # Errors
/// A text that is not JSON (RFC 8259), an object with a member twice, a number past a double's
/// range, or a nesting deeper than 127; with the place.
pub fn read(text: &str) -> Result<Json, BadJson> {
    let raw: &RawValue =
        serde_json::from_str(text).map_err(|error| of_serde(text, text, &error))?;
    of_raw(raw.get(), text, 0)
}

/// The elements of an array with the text of each, the only value of another text.
///
/// # Errors
/// As [`read`].
pub fn samples(text: &str) -> Result<Vec<(Json, &str)>, BadJson> {
    let raw: &RawValue =
        serde_json::from_str(text).map_err(|error| of_serde(text, text, &error))?;
    if !raw.get().starts_with('[') {
        return Ok(vec![(of_raw(raw.get(), text, 0)?, raw.get())]);
    }
    let elements: Vec<&RawValue> = nested(raw.get(), text)?;
    let elements = elements.into_iter().map(RawValue::get);
    elements
        .map(|raw| Ok((of_raw(raw, text, 1)?, raw)))
        .collect()
}

fn of_raw(raw: &str, text: &str, depth: usize) -> Result<Json, BadJson> {
    if depth > MAX_DEPTH {
        let reason = format!("nested deeper than {MAX_DEPTH}");
        return Err(at(text, offset(raw, text), reason));
    }
    Ok(match raw.as_bytes()[0] {
        b'n' => Json::Null,
        b't' => Json::Boolean(true),
        b'f' => Json::Boolean(false),
        b'"' => Json::Text(nested(raw, text)?),
        b'[' => {
            let elements: Vec<&RawValue> = nested(raw, text)?;
            let elements = elements
                .iter()
                .map(|raw| of_raw(raw.get(), text, depth + 1));
            Json::List(elements.collect::<Result<_, _>>()?)
        }
        b'{' => object(nested(raw, text)?, text, depth + 1)?,
        _ => Json::Number(number(raw, text)?),
    })
}

/// A value inside of the text, by serde; an error tells its place in the whole.
fn nested<'de, T: Deserialize<'de>>(raw: &'de str, text: &str) -> Result<T, BadJson> {
    serde_json::from_str(raw).map_err(|error| of_serde(raw, text, &error))
}

fn object(members: Members<'_>, text: &str, depth: usize) -> Result<Json, BadJson> {
    let mut object: Vec<(String, Json)> = Vec::with_capacity(members.0.len());
    let mut names = std::collections::HashSet::new();
    for (name, raw) in members.0 {
        if !names.insert(name.clone()) {
            let name = services::error::excerpt(&name);
            let reason = format!("the member {name} comes twice: which one is meant?");
            return Err(at(text, offset(raw.get(), text), reason));
        }
        object.push((name, of_raw(raw.get(), text, depth)?));
    }
    Ok(Json::Object(object))
}

fn number(raw: &str, text: &str) -> Result<Number, BadJson> {
    let is_integer = !raw.contains(['.', 'e', 'E']) && raw != "-0";
    if !is_integer {
        return real(raw, text).map(Number::Real);
    }
    if let Ok(signed) = raw.parse() {
        return Ok(Number::Signed(signed));
    }
    if let Ok(unsigned) = raw.parse() {
        return Ok(Number::Unsigned(unsigned));
    }
    // It is held as a double by some protocols.
    real(raw, text)?;
    let raw = RawValue::from_string(raw.to_owned());
    let raw = raw.map_err(|error| of_serde(text, text, &error))?;
    Ok(Number::Beyond(Box::new(RawNumber(raw))))
}

fn real(raw: &str, text: &str) -> Result<f64, BadJson> {
    let real: f64 = raw.parse().unwrap_or(f64::INFINITY);
    match real.is_finite() {
        true => Ok(real),
        false => {
            let reason = "a number past a double's range: write it as text".into();
            Err(at(text, offset(raw, text), reason))
        }
    }
}

/// How far into `text` its part `part` begins, in bytes.
fn offset(part: &str, text: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// serde's error of `part`, told by its place in the whole `text`.
pub(super) fn of_serde(part: &str, text: &str, error: &serde_json::Error) -> BadJson {
    let lines = part
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1));
    let line_start: usize = lines.map(str::len).sum();
    let place = offset(part, text) + line_start + error.column().saturating_sub(1);
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    at(text, place, reason.to_owned())
}

/// A place by the offset of its byte.
pub(super) fn at(text: &str, offset: usize, reason: String) -> BadJson {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = String::from_utf8_lossy(&before[line_start..])
        .chars()
        .count()
        + 1;
    BadJson {
        line,
        column,
        reason,
    }
}

/// The members of an object, in their order, whatever comes twice.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// As compact JSON.
impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Self::Number(Number::Signed(number)) => serializer.serialize_i64(*number),
            Self::Number(Number::Unsigned(number)) => serializer.serialize_u64(*number),
            Self::Number(Number::Real(number)) => serializer.serialize_f64(*number),
            Self::Number(Number::Beyond(number)) => number.0.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(elements) => serializer.collect_seq(elements),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

/// As a program without a schema reads it: what is timed. Integers past 64 bits become doubles.
impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyJson)
    }
}

struct AnyJson;

impl<'de> Visitor<'de> for AnyJson {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, boolean: bool) -> Result<Json, E> {
        Ok(Json::Boolean(boolean))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(Number::Signed(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        let signed = i64::try_from(number).map(Number::Signed);
        Ok(Json::Number(signed.unwrap_or(Number::Unsigned(number))))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Number(Number::Real(number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests;
