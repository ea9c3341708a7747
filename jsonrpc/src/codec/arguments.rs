//! Whether parameters are exactly those that a method takes. `#[rpc]` decodes them, but takes
//! extra ones without a word and does not say which one is wrong.

mod explain;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use services::Error;
use services::error::excerpt;
use services::operation::Field;

pub use explain::explain;

/// Proves that there are neither too few nor too many parameters, by position or by name. Their
/// values are left to `#[rpc]`.
///
/// # Errors
/// [`Error::InvalidArgument`].
pub fn check(method: &str, fields: &[Field], params: Option<&RawValue>) -> Result<(), Error> {
    let text = params.map_or("[]", RawValue::get);
    if text.starts_with('[') {
        let count = count(text.as_bytes());
        return if (required(fields)..=fields.len()).contains(&count) {
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

/// How many of the fields cannot be left out.
fn required(fields: &[Field]) -> usize {
    fields.iter().filter(|field| !field.optional).count()
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

/// Whether an object has only members that the fields name, and all that cannot be left out.
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
        let mut missing: Vec<&Field> = self.fields.iter().collect();
        let mut right = true;
        while let Some((Name(name), IgnoredAny)) = object.next_entry::<Name<'_>, IgnoredAny>()? {
            match missing.iter().position(|field| field.name == name) {
                Some(found) => drop(missing.swap_remove(found)),
                None => right = false,
            }
        }
        Ok(right && missing.iter().all(|field| field.optional))
    }
}

/// A key, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Their names; square brackets are around those that may be left out.
fn names(fields: &[Field]) -> String {
    let name = |field: &Field| match field.optional {
        false => field.name.to_owned(),
        true => format!("[{}]", field.name),
    };
    let names: Vec<_> = fields.iter().map(name).collect();
    names.join(", ")
}

fn wrong_count(method: &str, fields: &[Field], count: usize) -> Error {
    let names = names(fields);
    let wanted = match (required(fields), fields.len()) {
        (_, 0) => return Error::InvalidArgument(takes_none(method)),
        (1, 1) => "1 parameter".into(),
        (least, most) if least == most => format!("{most} parameters"),
        (least, most) => format!("{least} to {most} parameters"),
    };
    Error::InvalidArgument(format!("{method} takes {wanted} ({names}), not {count}"))
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
    let absent = |field: &&Field| !field.optional && !given.contains_key(field.name);
    let missing = fields.iter().find(absent);
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

#[cfg(test)]
mod tests {
    use services::operation::Shape;

    use super::*;

    const FIELDS: &[Field] = &[
        Field {
            name: "a",
            shape: Shape::Int32,
            optional: false,
        },
        Field {
            name: "b",
            shape: Shape::Int32,
            optional: false,
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
}
