//! Whether parameters are exactly those that a method takes. `#[rpc]` decodes them, but takes
//! extra ones without a word and does not say which one is wrong.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use services::Error;
use services::error::excerpt;
use services::operation::{Field, Shape};

/// Proves that there are neither too few nor too many parameters, by position or by name. Their
/// values are left to `#[rpc]`.
///
/// # Errors
/// [`Error::InvalidArgument`].
pub fn check(method: &str, fields: &[Field], params: Option<&RawValue>) -> Result<(), Error> {
    let text = params.map_or("[]", RawValue::get);
    if text.starts_with('[') {
        let count = count(text.as_bytes());
        return if count == fields.len() {
            Ok(())
        } else {
            Err(wrong_count(method, fields, count))
        };
    }
    if right_names(text, fields) {
        Ok(())
    } else {
        Err(missing_or_extra(method, fields, text))
    }
}

/// How many elements a list has. It is JSON already, so that only brackets, commas and strings are
/// to be told apart: on long lists of numbers several times as fast as parsing.
fn count(list: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut commas = 0;
    let mut empty = true;
    let mut bytes = list.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                empty &= depth == 0;
                depth += 1;
            }
            b']' | b'}' => depth -= 1,
            b',' => commas += usize::from(depth == 1),
            b' ' | b'\t' | b'\n' | b'\r' => {}
            b'"' => {
                empty = false;
                skip_string(&mut bytes);
            }
            _ => empty = false,
        }
    }
    if empty { 0 } else { commas + 1 }
}

/// Goes on after the end of a string. What a backslash is before is no end.
fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
}

/// Whether an object has exactly the members that the fields name.
fn right_names(object: &str, fields: &[Field]) -> bool {
    let mut deserializer = serde_json::Deserializer::from_str(object);
    deserializer
        .deserialize_map(Names { fields })
        .unwrap_or(false)
}

/// Compares names without keeping any.
struct Names<'a> {
    fields: &'a [Field],
}

impl<'de> Visitor<'de> for Names<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<bool, A::Error> {
        let mut missing: Vec<&str> = self.fields.iter().map(|field| field.name).collect();
        let mut right = true;
        while let Some((Name(name), IgnoredAny)) = object.next_entry::<Name<'_>, IgnoredAny>()? {
            match missing.iter().position(|field| *field == name) {
                Some(found) => drop(missing.swap_remove(found)),
                None => right = false,
            }
        }
        Ok(right && missing.is_empty())
    }
}

/// A key, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

fn names(fields: &[Field]) -> String {
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    names.join(", ")
}

fn wrong_count(method: &str, fields: &[Field], count: usize) -> Error {
    Error::InvalidArgument(match fields.len() {
        0 => takes_none(method),
        1 => format!(
            "{method} takes 1 parameter ({}), not {count}",
            names(fields)
        ),
        wanted => format!(
            "{method} takes {wanted} parameters ({}), not {count}",
            names(fields)
        ),
    })
}

fn takes_none(method: &str) -> String {
    format!("{method} takes no parameters: send an empty list")
}

/// Says which name is the matter.
fn missing_or_extra(method: &str, fields: &[Field], object: &str) -> Error {
    if fields.is_empty() {
        return Error::InvalidArgument(takes_none(method));
    }
    let Ok(given) = serde_json::from_str(object) else {
        return Error::InvalidArgument("a parameter's name cannot be read".into());
    };
    let given: BTreeMap<String, IgnoredAny> = given;
    let missing = fields.iter().find(|field| !given.contains_key(field.name));
    let extra = given
        .keys()
        .find(|name| fields.iter().all(|field| field.name != **name));
    let what = match (missing, extra) {
        (Some(field), _) => format!("the parameter {} is missing", field.name),
        (None, Some(name)) => format!("there is no parameter \"{}\"", excerpt(name)),
        (None, None) => "a parameter comes twice".into(),
    };
    Error::InvalidArgument(format!("{what}: {method} takes ({})", names(fields)))
}

/// Which value is not of its parameter's shape, for parameters that `#[rpc]` has refused.
#[must_use]
pub fn explain<'f>(fields: &'f [Field], params: Option<&RawValue>) -> Error {
    let text = params.map_or("[]", RawValue::get);
    let by_name = || serde_json::from_str::<BTreeMap<String, &RawValue>>(text).ok();
    let by_position = || serde_json::from_str::<Vec<&RawValue>>(text).ok();
    let values: Vec<(&'f Field, &RawValue)> = if text.starts_with('{') {
        let values = by_name().unwrap_or_default();
        let value = |field: &'f Field| Some((field, *values.get(field.name)?));
        fields.iter().filter_map(value).collect()
    } else {
        fields
            .iter()
            .zip(by_position().unwrap_or_default())
            .collect()
    };
    values
        .into_iter()
        .find(|(field, value)| !fits(field.shape, value))
        .map_or_else(
            || Error::InvalidArgument("a parameter cannot be read: see rpc.discover".into()),
            |(field, value)| Error::invalid(field.name, value.get(), &wanted(field.shape)),
        )
}

fn fits(shape: Shape, value: &RawValue) -> bool {
    let text = value.get();
    match shape {
        Shape::Int32 => serde_json::from_str::<i32>(text).is_ok(),
        Shape::Double => serde_json::from_str::<f64>(text).is_ok(),
        Shape::Text => serde_json::from_str::<String>(text).is_ok(),
        Shape::Boolean => serde_json::from_str::<bool>(text).is_ok(),
        Shape::Timestamp => serde_json::from_str::<i64>(text).is_ok(),
        Shape::List(item) => serde_json::from_str::<Vec<&RawValue>>(text)
            .is_ok_and(|items| items.into_iter().all(|value| fits(*item, value))),
        Shape::Record(fields) => serde_json::from_str::<BTreeMap<String, &RawValue>>(text)
            .is_ok_and(|record| {
                let right =
                    |field: &Field| record.get(field.name).is_some_and(|v| fits(field.shape, v));
                fields.iter().all(right)
            }),
    }
}

/// What belongs there, as the end of a sentence.
fn wanted(shape: Shape) -> String {
    match shape {
        Shape::Int32 => "send an integer of 32 bits, written without a point".into(),
        Shape::Double => "send a finite number".into(),
        Shape::Text => "send a string".into(),
        Shape::Boolean => "send true or false".into(),
        Shape::Timestamp => "send Unix seconds as an integer".into(),
        Shape::List(Shape::Double) => "send a list of finite numbers".into(),
        Shape::List(_) => "send a list of the objects that rpc.discover describes".into(),
        Shape::Record(fields) => format!("send an object with {}", names(fields)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[Field] = &[
        Field {
            name: "a",
            shape: Shape::Int32,
        },
        Field {
            name: "b",
            shape: Shape::Int32,
        },
    ];

    fn verdict(params: &str) -> String {
        let params = RawValue::from_string(params.into()).unwrap();
        match check("add", FIELDS, Some(&params)) {
            Ok(()) => "ok".into(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn exactly_the_parameters_pass() {
        assert_eq!(verdict("[1,2]"), "ok");
        assert_eq!(verdict(r#"{"b":1,"a":2}"#), "ok");
        assert_eq!(verdict("[1]"), "add takes 2 parameters (a, b), not 1");
        assert_eq!(verdict("[1,2,3]"), "add takes 2 parameters (a, b), not 3");
        assert_eq!(
            verdict(r#"{"a":1}"#),
            "the parameter b is missing: add takes (a, b)"
        );
        assert_eq!(
            verdict(r#"{"a":1,"b":2,"c\n":3}"#),
            r#"there is no parameter "c\n": add takes (a, b)"#
        );
        assert_eq!(
            verdict(r#"{"a":1,"a":2}"#),
            "the parameter b is missing: add takes (a, b)"
        );
        assert_eq!(
            verdict(r#"{"a":1,"b":2,"b":2}"#),
            "a parameter comes twice: add takes (a, b)"
        );
        assert!(check("rest", &[], None).is_ok());
    }

    #[test]
    fn elements_are_counted_whatever_is_in_them() {
        for (list, wanted) in [
            ("[]", 0),
            ("[ \n]", 0),
            ("[0]", 1),
            ("[\"\"]", 1),
            ("[[]]", 1),
            ("[ [ ] , { } ]", 2),
            (r#"["a,b", "\"],[", "\\", [1,2,[3,4]], {"c,":[5,6]}]"#, 5),
        ] {
            let values: Vec<serde_json::Value> = serde_json::from_str(list).unwrap();
            assert_eq!(values.len(), wanted, "{list}");
            assert_eq!(count(list.as_bytes()), wanted, "{list}");
        }
    }

    #[test]
    fn the_wrong_value_is_named() {
        let explained = |params: &str| {
            let params = RawValue::from_string(params.into()).unwrap();
            explain(FIELDS, Some(&params)).to_string()
        };
        let wanted = "send an integer of 32 bits, written without a point";
        assert_eq!(
            explained("[1,2147483648]"),
            format!("b is \"2147483648\": {wanted}")
        );
        assert_eq!(
            explained(r#"{"b":1,"a":5.0}"#),
            format!("a is \"5.0\": {wanted}")
        );
    }
}
