//! Which parameter is wrong, and what belongs in its place: asked only when `#[rpc]` has refused.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use services::Error;
use services::operation::{Field, Shape};

use super::names;
use crate::contract::methods::{has_secret, is_closed};
use crate::convert::{Base64, Integer};

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
    let wrong = values
        .into_iter()
        .find(|(field, value)| !suits(field, value));
    match wrong {
        None => Error::InvalidArgument("a parameter cannot be read: see rpc.discover".into()),
        Some((field, _)) if has_secret(fields) => Error::InvalidArgument(format!(
            "{} is of the wrong type: {}",
            field.name,
            wanted(field.shape)
        )),
        Some((field, value)) => Error::invalid(field.name, value.get(), &wanted(field.shape)),
    }
}

/// Null is as good as absent.
fn suits(field: &Field, value: &RawValue) -> bool {
    (field.optional && value.get() == "null") || fits(field.shape, value)
}

fn fits(shape: Shape, value: &RawValue) -> bool {
    let text = value.get();
    match shape {
        Shape::Int32 => serde_json::from_str::<i32>(text).is_ok(),
        Shape::Integer => serde_json::from_str::<Integer>(text).is_ok(),
        Shape::Double => serde_json::from_str::<f64>(text).is_ok(),
        Shape::Text => serde_json::from_str::<String>(text).is_ok(),
        Shape::Boolean => serde_json::from_str::<bool>(text).is_ok(),
        Shape::Bytes => serde_json::from_str::<Base64>(text).is_ok(),
        Shape::Timestamp => serde_json::from_str::<i64>(text).is_ok(),
        Shape::List(item) => serde_json::from_str::<Vec<&RawValue>>(text)
            .is_ok_and(|items| items.into_iter().all(|value| fits(*item, value))),
        Shape::Record(fields) => {
            serde_json::from_str(text).is_ok_and(|record| has_members(&record, fields))
        }
    }
}

fn has_members(record: &BTreeMap<String, &RawValue>, fields: &[Field]) -> bool {
    let right = |field: &Field| {
        let value = record.get(field.name);
        value.map_or(field.optional, |value| suits(field, value))
    };
    let known = |name: &String| fields.iter().any(|field| field.name == *name);
    fields.iter().all(right) && (!is_closed(fields) || record.keys().all(known))
}

/// What belongs there, as the end of a sentence.
fn wanted(shape: Shape) -> String {
    match shape {
        Shape::Int32 => "send an integer of 32 bits, written without a point".into(),
        Shape::Integer => format!(
            "send an integer from 0 to {}, written without a point",
            Integer::MAX
        ),
        Shape::Double => "send a finite number".into(),
        Shape::Text => "send a string".into(),
        Shape::Boolean => "send true or false".into(),
        Shape::Bytes => "send a string in Base64, padded".into(),
        Shape::Timestamp => "send Unix seconds as an integer".into(),
        Shape::List(Shape::Double) => "send a list of finite numbers".into(),
        Shape::List(Shape::Text) => "send a list of strings".into(),
        Shape::List(Shape::Bytes) => "send a list of strings in Base64, padded".into(),
        Shape::List(_) => "send a list of the objects that rpc.discover describes".into(),
        Shape::Record(fields) => format!("send an object with {}", names(fields)),
    }
}

#[cfg(test)]
mod tests {
    use services::operation::{CRIAR_USUARIO, UPDATE_USER};

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

    #[test]
    fn what_came_in_the_place_of_a_secret_is_not_told() {
        let params = RawValue::from_string(r#"["Ana","ana@example.org",1234]"#.into()).unwrap();
        let error = explain(CRIAR_USUARIO.parameters, Some(&params));
        let wanted = "senha is of the wrong type: send a string";
        assert_eq!(error.to_string(), wanted);
        let params = RawValue::from_string(r#"["Ana",["hush"],"hush"]"#.into()).unwrap();
        let error = explain(CRIAR_USUARIO.parameters, Some(&params));
        let wanted = "email is of the wrong type: send a string";
        assert_eq!(error.to_string(), wanted);
    }

    #[test]
    fn a_misspelt_change_is_refused() {
        let params = RawValue::from_string(r#"[1,{"nmae":"Ana"}]"#.into()).unwrap();
        let error = explain(UPDATE_USER.parameters, Some(&params));
        let wanted =
            r#"changes is "{\"nmae\":\"Ana\"}": send an object with [name], [email], [roles]"#;
        assert_eq!(error.to_string(), wanted);
        let null = RawValue::from_string(r#"{"name":null,"roles":[]}"#.into()).unwrap();
        assert!(fits(UPDATE_USER.parameters[1].shape, &null));
    }
}
