//! Whether parameters are exactly those that a method takes. `#[rpc]` decodes them, but takes
//! extra ones without a word and does not say which one is wrong.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
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
    let given = match params {
        None => Given::Count(0),
        Some(params) => given(params, fields)?,
    };
    match given {
        Given::Count(count) if count == fields.len() => Ok(()),
        Given::Names(0) => Ok(()),
        Given::Count(_) | Given::Names(_) if fields.is_empty() => Err(Error::InvalidArgument(
            format!("{method} takes no parameters: send an empty list"),
        )),
        Given::Count(count) => Err(Error::InvalidArgument(format!(
            "{method} takes {} parameters ({}), not {count}",
            fields.len(),
            names(fields)
        ))),
        Given::Names(_) => Err(missing_or_extra(method, fields, params)),
    }
}

/// How the parameters are given: how many by position, or how many names are wrong or missing.
enum Given {
    Count(usize),
    Names(usize),
}

fn given(params: &RawValue, fields: &[Field]) -> Result<Given, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(params.get());
    deserializer
        .deserialize_any(Count { fields })
        .map_err(|_| Error::InvalidArgument("the parameters cannot be read".into()))
}

/// Counts without keeping anything.
struct Count<'a> {
    fields: &'a [Field],
}

impl<'de> Visitor<'de> for Count<'_> {
    type Value = Given;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Given, A::Error> {
        let mut count = 0;
        while list.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Given::Count(count))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Given, A::Error> {
        let mut missing: Vec<&str> = self.fields.iter().map(|field| field.name).collect();
        let mut extra = 0;
        while let Some((Name(name), IgnoredAny)) = object.next_entry::<Name<'_>, IgnoredAny>()? {
            match missing.iter().position(|field| *field == name) {
                Some(found) => drop(missing.swap_remove(found)),
                None => extra += 1,
            }
        }
        Ok(Given::Names(extra + missing.len()))
    }
}

/// A key, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

fn names(fields: &[Field]) -> String {
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    names.join(", ")
}

/// Says which name is the matter.
fn missing_or_extra(method: &str, fields: &[Field], params: Option<&RawValue>) -> Error {
    let given = params.map(|params| serde_json::from_str(params.get()));
    let Some(Ok(given)) = given else {
        return Error::InvalidArgument("the parameters cannot be read".into());
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
