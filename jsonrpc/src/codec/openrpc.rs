//! The OpenRPC document (spec.open-rpc.org, version 1.3.2) that `rpc.discover` answers, made of
//! `services::operation` and of the methods in `contract`, so that it cannot tell anything else.

use serde_json::{Value, json};
use services::operation::{Field, Kind, Operation, Shape};

use crate::contract::methods::{is_closed, uploaded};
use crate::contract::{self, Method};
use crate::convert::Integer;
use crate::error::TABLE;

/// The whole document.
#[must_use]
pub fn document() -> Value {
    let methods: Vec<_> = contract::methods().iter().map(method).collect();
    json!({
        "openrpc": "1.3.2",
        "info": {
            "title": "Trivium over JSON-RPC",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "HTTP POST to any path and WebSocket on the same port. subscribe_ \
                methods need the WebSocket: each item comes as a notification whose \
                params are {\"subscription\": id, \"result\": {\"item\": …}}; the last is \
                {\"end\": null} or {\"error\": {\"code\", \"message\"}}.",
        },
        "methods": methods,
        "components": { "errors": errors() },
    })
}

fn method(method: &Method) -> Value {
    let parameters: Vec<_> = method.parameters.iter().map(parameter).collect();
    let errors = TABLE.map(|(code, _)| json!({ "$ref": format!("#/components/errors/{code}") }));
    let mut described = json!({
        "name": method.name,
        "summary": method.summary,
        "tags": [{ "name": method.operation.service }],
        "paramStructure": "either",
        "params": parameters,
        "result": { "name": "result", "schema": schema(method.result) },
        "errors": errors,
    });
    if let Some(stream) = stream(method.operation) {
        described["x-stream"] = stream;
    }
    described
}

/// Our extension: which side of the operation streams, and the shape of one item.
fn stream(operation: &Operation) -> Option<Value> {
    match operation.kind {
        Kind::Unary => None,
        Kind::ServerStream => Some(json!({
            "direction": "down",
            "notification": operation.name,
            "item": schema(operation.result),
        })),
        Kind::ClientStream => Some(json!({
            "direction": "up",
            "item": schema(uploaded(operation)),
        })),
        Kind::Bidirectional => Some(json!({
            "direction": "both",
            "notification": operation.name,
            "item": schema(operation.result),
        })),
    }
}

fn errors() -> Value {
    let error = |(code, number): (services::Code, i32)| {
        let object = json!({ "code": number, "message": code.name() });
        (code.name().to_owned(), object)
    };
    TABLE
        .into_iter()
        .map(error)
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn parameter(field: &Field) -> Value {
    json!({ "name": field.name, "required": !field.optional, "schema": value(field) })
}

/// The shape of a parameter or member. One that may be left out may be null as well.
fn value(field: &Field) -> Value {
    let mut described = schema(field.shape);
    if field.optional {
        described["type"] = json!([described["type"], "null"]);
    }
    described
}

/// A shape as JSON Schema (draft 7).
fn schema(shape: Shape) -> Value {
    match shape {
        Shape::Int32 => json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX }),
        Shape::Integer => json!({ "type": "integer", "minimum": 0, "maximum": Integer::MAX }),
        Shape::Double => json!({ "type": "number" }),
        Shape::Text => json!({ "type": "string" }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
        Shape::Timestamp => json!({
            "type": "integer",
            "description": "Seconds since 1970-01-01T00:00:00Z.",
        }),
        Shape::List(item) => json!({ "type": "array", "items": schema(*item) }),
        Shape::Record(fields) => record(fields),
    }
}

fn record(fields: &[Field]) -> Value {
    let properties: serde_json::Map<_, _> = fields
        .iter()
        .map(|field| (field.name.to_owned(), value(field)))
        .collect();
    let required = fields.iter().filter(|field| !field.optional);
    let required: Vec<_> = required.map(|field| field.name).collect();
    let mut described = json!({ "type": "object", "properties": properties, "required": required });
    if is_closed(fields) {
        described["additionalProperties"] = false.into();
    }
    described
}
