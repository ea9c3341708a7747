//! What a call is answered with: success, and problems.

use serde_json::{Map, Value, json};
use services::operation::{CREATE_USER, Field, Shape};

use super::schema::{answered, record};
use crate::contract::{Answer, EVENTS, GET_USER, JSON, Route, event};
use crate::error::PROBLEM;

/// The answers of a route by their statuses.
pub(super) fn responses(route: &Route) -> Value {
    let mut responses = Map::new();
    responses.insert(route.status.to_string(), success(route));
    if is_one_user(route) {
        if route.method == http::Method::GET {
            let known = json!({
                "description": "The caller has it already.",
                "headers": { "ETag": tag() },
            });
            responses.insert("304".into(), known);
        }
        let changed = "The user is not the one that a condition names.";
        responses.insert("412".into(), problem(changed));
    }
    responses.insert("default".into(), problem("A problem."));
    responses.into()
}

/// Whether a route is that of one user, which has a tag.
pub(super) fn is_one_user(route: &Route) -> bool {
    route.path == GET_USER.path
}

fn problem(description: &str) -> Value {
    json!({
        "description": description,
        "content": { PROBLEM: { "schema": { "$ref": "#/components/schemas/Problem" } } },
    })
}

fn success(route: &Route) -> Value {
    let shape = route.operation.result;
    let result = answered(shape);
    let (media, content, description) = match (route.answer, shape) {
        (Answer::Result, Shape::Record(_)) => (JSON, json!({ "schema": result }), RESULT),
        (Answer::Result, _) => (JSON, members(&[("result", result)]), RESULT),
        (Answer::Member(name), _) => (JSON, members(&[(name, result)]), RESULT),
        (Answer::Told(name), _) => {
            let told = members(&[("mensagem", answered(Shape::Text)), (name, result)]);
            (JSON, told, "The result, and a sentence.")
        }
        (Answer::Page(name), _) => {
            let items = json!({ "type": "array", "items": result });
            let page = "A page; while there is a next one, the header Link leads to it.";
            (JSON, members(&[(name, items)]), page)
        }
        (Answer::Events, _) => (EVENTS, json!({ "itemSchema": event(&result) }), STREAM),
    };
    let mut success = json!({ "description": description, "content": { media: content } });
    if let Some(headers) = headers(route) {
        success["headers"] = headers;
    }
    if *route.operation == CREATE_USER {
        success["links"] = links();
    }
    success
}

const RESULT: &str = "The result.";

const STREAM: &str = "Server-sent events: items, then an end or an error.";

/// One event (OpenAPI 3.2.0, section 4.14.4: its fields as an object).
fn event(item: &Value) -> Value {
    let json = |schema: Value| json!({ "contentMediaType": JSON, "contentSchema": schema });
    let problem = json!({ "$ref": "#/components/schemas/Problem" });
    let one = |name: &str, data: Value| json!({ "properties": { "event": { "const": name }, "data": data } });
    let mut given = one(event::ITEM, json(item.clone()));
    given["required"] = json!(["id"]);
    json!({
        "type": "object",
        "properties": { "data": { "type": "string" }, "id": { "type": "string" } },
        "required": ["event", "data"],
        "oneOf": [given, one(event::END, json!({ "const": "{}" })), one(event::ERROR, json(problem))],
    })
}

/// An object of those members.
fn members(members: &[(&'static str, Value)]) -> Value {
    let fields: Vec<_> = members
        .iter()
        .map(|(name, _)| Field {
            name,
            shape: Shape::Text,
            optional: false,
        })
        .collect();
    let of = |field: &Field| {
        let found = members.iter().find(|(name, _)| *name == field.name);
        found.map(|(_, schema)| schema.clone()).unwrap_or_default()
    };
    json!({ "schema": record(&fields, of) })
}

fn headers(route: &Route) -> Option<Value> {
    let text = |description: &str, required: bool| {
        json!({
            "description": description,
            "required": required,
            "schema": { "type": "string" },
        })
    };
    if *route.operation == CREATE_USER {
        let place = text("The path of the user.", true);
        return Some(json!({ "Location": place, "ETag": tag() }));
    }
    if let Answer::Page(_) = route.answer {
        let link = text("The next page (RFC 8288), where there is one.", false);
        return Some(json!({ "Link": link }));
    }
    let has_tag = is_one_user(route) && route.method != http::Method::DELETE;
    has_tag.then(|| json!({ "ETag": tag() }))
}

fn tag() -> Value {
    json!({
        "description": "A hash of the user as it is.",
        "required": true,
        "schema": { "type": "string", "pattern": "^\"[0-9a-f]{32}\"$" },
    })
}

/// What can be done with a user that was made.
fn links() -> Value {
    let with_id = |operation: &str| json!({ "operationId": operation, "parameters": { "id": "$response.body#/id" } });
    json!({
        "get": with_id("get_user"),
        "update": with_id("update_user"),
        "delete": with_id("delete_user"),
    })
}
