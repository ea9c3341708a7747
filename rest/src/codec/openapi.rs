//! The OpenAPI document (spec.openapis.org, version 3.1.1), made of `services::operation` and of
//! the routes in `contract`, so that it cannot tell anything else.

use serde_json::{Map, Value, json};
use services::operation::{Field, Kind, Operation, Shape};

use crate::contract::{EVENTS, JSON, LINES, Place, ROUTES, Route, wire_name};
use crate::error::{PROBLEM, TABLE};

/// The whole document.
#[must_use]
pub fn document() -> Value {
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Trivium over REST",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Every failure is a problem of RFC 9457 with a member `code`. The \
                header `grpc-timeout` gives a call a deadline.",
        },
        "tags": tags(),
        "paths": paths(),
        "components": { "schemas": { "Problem": problem() } },
    })
}

fn tags() -> Value {
    let mut names: Vec<_> = ROUTES.map(|route| route.operation.service).to_vec();
    names.dedup();
    names
        .into_iter()
        .map(|name| json!({ "name": name }))
        .collect()
}

fn paths() -> Value {
    let mut paths = Map::new();
    for route in ROUTES {
        let method = route.method.as_str().to_ascii_lowercase();
        let item = paths.entry(route.path).or_insert_with(|| json!({}));
        item[method] = operation(route);
    }
    paths.into()
}

fn operation(route: &Route) -> Value {
    let Operation {
        name,
        service,
        summary,
        kind,
        ..
    } = route.operation;
    let mut operation = json!({
        "operationId": name,
        "tags": [service],
        "summary": summary,
        "parameters": parameters(route),
        "responses": {
            "200": success(route.operation),
            "default": {
                "description": "A problem.",
                "content": { PROBLEM: { "schema": { "$ref": "#/components/schemas/Problem" } } },
            },
        },
    });
    if let Some(body) = body(route, *kind) {
        operation["requestBody"] = body;
    }
    operation
}

fn parameters(route: &Route) -> Vec<Value> {
    let mut parameters = vec![json!({
        "name": "grpc-timeout",
        "in": "header",
        "description": "How long the caller waits: 1 to 8 digits and one of H, M, S, m, u, n.",
        "schema": { "type": "string", "pattern": "^[0-9]{1,8}[HMSmun]$" },
    })];
    if route.operation.kind == Kind::ServerStream {
        parameters.push(json!({
            "name": "last-event-id",
            "in": "header",
            "description": "The id of the last event that came: the stream goes on after it.",
            "schema": { "type": "string", "pattern": "^[0-9]*$" },
        }));
    }
    for field in route.operation.parameters {
        match route.place(field) {
            Place::Path => parameters.push(parameter(field, "path")),
            Place::Query => parameters.push(parameter(field, "query")),
            Place::Body => {}
        }
    }
    parameters
}

fn parameter(field: &Field, place: &str) -> Value {
    json!({
        "name": wire_name(field),
        "in": place,
        "required": true,
        "schema": schema(field.shape),
    })
}

fn body(route: &Route, kind: Kind) -> Option<Value> {
    let in_body = |field: &&Field| route.place(field) == Place::Body;
    let fields: Vec<_> = route.operation.parameters.iter().filter(in_body).collect();
    if fields.is_empty() {
        return None;
    }
    let mut schema = record(fields);
    schema["additionalProperties"] = false.into();
    let (media, description) = match kind {
        Kind::ClientStream => (LINES, "One object a line."),
        Kind::Unary | Kind::ServerStream | Kind::Bidirectional => (JSON, "The arguments."),
    };
    Some(json!({
        "required": true,
        "description": description,
        "content": { media: { "schema": schema } },
    }))
}

fn success(operation: &Operation) -> Value {
    match operation.kind {
        Kind::ServerStream | Kind::Bidirectional => json!({
            "description": "Server-sent events: `item` with an id that counts from 1 and data of \
                this schema, then `end`, or `error` with a problem.",
            "content": { EVENTS: { "schema": schema(operation.result) } },
        }),
        Kind::Unary | Kind::ClientStream => json!({
            "description": "The result.",
            "content": { JSON: { "schema": result(operation.result) } },
        }),
    }
}

/// A record is the answer; a single value is its member `result`.
fn result(shape: Shape) -> Value {
    match shape {
        Shape::Record(_) => schema(shape),
        _ => record([&Field {
            name: "result",
            shape,
            optional: false,
        }]),
    }
}

fn record<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        properties.insert(field.name.into(), schema(field.shape));
        if !field.optional {
            required.push(field.name);
        }
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

/// A shape as JSON Schema (draft 2020-12).
fn schema(shape: Shape) -> Value {
    match shape {
        Shape::Int32 => json!({ "type": "integer", "format": "int32" }),
        Shape::Integer => json!({ "type": "integer", "minimum": 0, "maximum": 1_u64 << 53 }),
        Shape::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
        Shape::Double => json!({ "type": "number", "format": "double" }),
        Shape::Text => json!({ "type": "string" }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Timestamp => json!({
            "type": "integer",
            "format": "int64",
            "description": "Seconds since 1970-01-01T00:00:00Z.",
        }),
        Shape::List(item) => json!({ "type": "array", "items": schema(*item) }),
        Shape::Record(fields) => record(fields),
    }
}

fn problem() -> Value {
    let codes = TABLE.map(|(code, _)| code.name());
    json!({
        "type": "object",
        "description": "RFC 9457.",
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "What failed and what to do next." },
            "code": { "type": "string", "enum": codes },
        },
        "required": ["type", "title", "status", "detail", "code"],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_told_with_its_arguments() {
        let document = document();
        for route in ROUTES {
            let method = route.method.as_str().to_ascii_lowercase();
            let told = &document["paths"][route.path][method];
            assert_eq!(told["operationId"], route.operation.name);
            let text = told.to_string();
            for field in route.operation.parameters {
                let name = match route.place(field) {
                    Place::Body => field.name,
                    Place::Path | Place::Query => wire_name(field),
                };
                assert!(text.contains(&format!("\"{name}\"")), "{name} of {text}");
            }
        }
    }

    #[test]
    fn every_reference_and_every_parameter_in_a_path_resolves() {
        let document = document();
        let text = document.to_string();
        for part in text.split("\"$ref\":\"#").skip(1) {
            let pointer = part.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
        for (path, item) in document["paths"].as_object().unwrap() {
            for operation in item.as_object().unwrap().values() {
                let in_path = |parameter: &&Value| parameter["in"] == "path";
                let parameters = operation["parameters"].as_array().unwrap();
                for parameter in parameters.iter().filter(in_path) {
                    let name = parameter["name"].as_str().unwrap();
                    assert!(path.contains(&format!("{{{name}}}")));
                }
                let named = parameters.iter().filter(in_path).count();
                assert_eq!(path.matches('{').count(), named, "{path}");
            }
        }
    }
}
