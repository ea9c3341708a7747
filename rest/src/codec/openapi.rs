//! The OpenAPI document (spec.openapis.org, version 3.2.0: the
//! first that tells the items of a stream), made of `services::operation` and of
//! the routes in `contract`, so that it cannot tell anything else.

mod answers;
mod limits;
mod schema;

use serde_json::{Map, Value, json};
use services::operation::{Field, Kind, Operation, Shape};

use self::limits::limited;
use self::schema::record;
use crate::contract::{Answer, BYTES, JSON, LINES, Place, ROUTES, Route, wire_name};
use crate::error::TABLE;

/// The whole document.
#[must_use]
pub fn document() -> Value {
    json!({
        "openapi": "3.2.0",
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
        ..
    } = route.operation;
    let mut operation = json!({
        "operationId": name,
        "tags": [service],
        "summary": summary,
        "parameters": parameters(route),
        "responses": answers::responses(route),
    });
    if let Some(body) = body(route) {
        operation["requestBody"] = body;
    }
    operation
}

fn parameters(route: &Route) -> Vec<Value> {
    let mut parameters = vec![header(
        "grpc-timeout",
        "How long the caller waits: 1 to 8 digits and one of H, M, S, m, u, n.",
        Some("^[0-9]{1,8}[HMSmun]$"),
    )];
    if route.answer == Answer::Events {
        parameters.push(header(
            "last-event-id",
            "The id of the last event that came: the stream goes on after it.",
            Some("^[0-9]{0,15}$"),
        ));
    }
    parameters.extend(conditions(route));
    for field in route.operation.parameters {
        match route.place(field) {
            Place::Path => parameters.push(parameter(route, field, "path")),
            Place::Query => parameters.push(parameter(route, field, "query")),
            Place::Body => {}
        }
    }
    parameters
}

fn header(name: &str, description: &str, pattern: Option<&str>) -> Value {
    let mut schema = json!({ "type": "string" });
    if let Some(pattern) = pattern {
        schema["pattern"] = pattern.into();
    }
    json!({ "name": name, "in": "header", "description": description, "schema": schema })
}

/// What a user may be named by beside its id: the tag of what the caller knows of it.
fn conditions(route: &Route) -> Vec<Value> {
    if !answers::is_one_user(route) {
        return Vec::new();
    }
    let unless = header(
        "if-none-match",
        "Tags that the caller has: 304 for a GET, 412 for a write, where the user has one of them.",
        None,
    );
    let only = header(
        "if-match",
        "Tags that the caller means: 412 where the user has none of them. The check and the write \
            are two steps.",
        None,
    );
    vec![unless, only]
}

fn parameter(route: &Route, field: &Field, place: &str) -> Value {
    json!({
        "name": wire_name(field),
        "in": place,
        "required": !field.optional,
        "schema": limited(route.operation, field),
    })
}

fn body(route: &Route) -> Option<Value> {
    let in_body = |field: &&Field| route.place(field) == Place::Body;
    let fields: Vec<_> = route.operation.parameters.iter().filter(in_body).collect();
    let (media, content, description) = match *fields {
        [] => return None,
        [field] if field.shape == Shape::Bytes => {
            let file = json!({ "schema": { "type": "string", "format": "binary" } });
            (BYTES, file, "The file.")
        }
        // A record by itself is the body.
        [
            Field {
                shape: Shape::Record(fields),
                ..
            },
        ] => {
            let changes = arguments(route.operation, fields.iter());
            (JSON, json!({ "schema": changes }), "The changes.")
        }
        _ if route.operation.kind == Kind::ClientStream => {
            let line = arguments(route.operation, fields);
            let whole = json!({ "type": "array", "items": line, "minItems": 1 });
            let content = json!({ "schema": whole, "itemSchema": line });
            (LINES, content, "One object a line.")
        }
        _ => {
            let arguments = arguments(route.operation, fields);
            (JSON, json!({ "schema": arguments }), "The arguments.")
        }
    };
    Some(json!({
        "required": true,
        "description": description,
        "content": { media: content },
    }))
}

fn arguments<'a>(operation: &Operation, fields: impl IntoIterator<Item = &'a Field>) -> Value {
    let mut schema = record(fields, |field| limited(operation, field));
    schema["additionalProperties"] = false.into();
    schema
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
                let name = match (route.place(field), field.shape) {
                    // The body is the value itself.
                    (Place::Body, Shape::Bytes | Shape::Record(_)) => continue,
                    (Place::Body, _) => field.name,
                    (Place::Path | Place::Query, _) => wire_name(field),
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
