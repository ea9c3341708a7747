//! Shapes as JSON Schema (draft 2020-12).

use serde_json::{Map, Value, json};
use services::operation::{Field, Shape};

use crate::convert::MAX_INTEGER;

/// An object of those fields, each with the schema that it is given.
pub(super) fn record<'a>(
    fields: impl IntoIterator<Item = &'a Field>,
    of: impl Fn(&Field) -> Value,
) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        properties.insert(field.name.into(), of(field));
        if !field.optional {
            required.push(field.name);
        }
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

/// What a shape holds, whatever the operation.
pub(super) fn schema(shape: Shape) -> Value {
    match shape {
        Shape::Int32 => json!({
            "type": "integer",
            "format": "int32",
            "minimum": i32::MIN,
            "maximum": i32::MAX,
        }),
        Shape::Integer => json!({
            "type": "integer",
            "format": "int64",
            "minimum": 0,
            "maximum": MAX_INTEGER,
        }),
        Shape::Double => json!({ "type": "number", "format": "double" }),
        Shape::Text => json!({ "type": "string" }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
        Shape::Timestamp => json!({
            "type": "integer",
            "format": "int64",
            "description": "Seconds since 1970-01-01T00:00:00Z.",
            "minimum": i64::MIN,
            "maximum": i64::MAX,
        }),
        Shape::List(item) => json!({ "type": "array", "items": schema(*item) }),
        Shape::Record(fields) => record(fields, |field| schema(field.shape)),
    }
}

/// What an answer holds: it has every member, and may have more.
pub(super) fn answered(shape: Shape) -> Value {
    match shape {
        Shape::Record(fields) => {
            let whole: Vec<_> = fields
                .iter()
                .map(|field| Field {
                    optional: false,
                    ..*field
                })
                .collect();
            record(&whole, |field| answered(field.shape))
        }
        Shape::List(item) => json!({ "type": "array", "items": answered(*item) }),
        _ => schema(shape),
    }
}
