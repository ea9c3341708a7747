//! What a call is answered with: success, and problems.

use serde_json::{Map, Value, json};
use services::operation::{CREATE_USER, Field, Shape};

use super::schema::{answered, record};
use crate::contract::{Answer, EVENTS, GET_USER, JSON, Route};
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
    let (media, schema, description) = match route.answer {
        Answer::Result => match shape {
            Shape::Record(_) => (JSON, answered(shape), "The result."),
            _ => (JSON, members(&[("result", answered(shape))]), "The result."),
        },
        Answer::Member(name) => (JSON, members(&[(name, answered(shape))]), "The result."),
        Answer::Told(name) => {
            let told = members(&[("mensagem", answered(Shape::Text)), (name, answered(shape))]);
            (JSON, told, "The result, and a sentence.")
        }
        Answer::Page(name) => {
            let items = json!({ "type": "array", "items": answered(shape) });
            let page = "A page; while there is a next one, the header Link leads to it.";
            (JSON, members(&[(name, items)]), page)
        }
        Answer::Events => {
            let events = "Server-sent events: `item` with an id and data of the schema `x-data`, \
                then `end`, or `error` with a problem.";
            let schema = json!({ "type": "string", "x-data": answered(shape) });
            (EVENTS, schema, events)
        }
    };
    let mut success = json!({
        "description": description,
        "content": { media: { "schema": schema } },
    });
    if let Some(headers) = headers(route) {
        success["headers"] = headers;
    }
    if *route.operation == CREATE_USER {
        success["links"] = links();
    }
    success
}

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
    record(&fields, of)
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
