//! What the services want of a value beyond its shape, as JSON Schema: so that who reads the
//! document knows what will be refused. The services check it (`services::local`); a test with
//! schemathesis sees that both say the same.

use serde_json::{Value, json};
use services::chat::LARGEST_TEXT;
use services::operation::{Field, Kind, Operation, Shape};

use super::schema::{record, schema};
use crate::convert::{MAX_PAGE_USERS, PAGE_USERS};

/// Unicode's White_Space, inside a character class.
const SPACE: &str =
    r"\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";

/// What is not to be in a text of one line: control characters, and the two that XML leaves out.
const HIDDEN: &str = r"\u0000-\u001f\u007f-\u009f\ufffe\uffff";

/// Characters of a user's name.
const LONGEST_NAME: usize = 200;

/// Characters of a participant's name.
const LONGEST_USER: usize = 64;

/// Characters of an id that a caller brings, and of a role.
const LONGEST_ID: usize = 64;

/// The schema of an argument of that operation.
pub(super) fn limited(operation: &Operation, field: &Field) -> Value {
    let mut schema = plain(operation, field);
    let limits = limits(operation, field);
    if let (Some(schema), Value::Object(limits)) = (schema.as_object_mut(), limits) {
        schema.extend(limits);
    }
    schema
}

fn plain(operation: &Operation, field: &Field) -> Value {
    match field.shape {
        Shape::Record(fields) => record(fields, |field| limited(operation, field)),
        shape => schema(shape),
    }
}

/// The keywords that an argument of that name has at that service.
fn limits(operation: &Operation, field: &Field) -> Value {
    match (operation.service, field.name) {
        // An upload may tell of anything.
        ("metrics", "metric_type") if operation.kind != Kind::ClientStream => {
            json!({ "enum": ["cpu", "memory", "disk"] })
        }
        ("metrics", "cpu_usage" | "memory_usage") => json!({ "minItems": 1 }),
        ("users", "limit") => json!({
            "minimum": 1,
            "maximum": MAX_PAGE_USERS,
            "default": PAGE_USERS,
        }),
        ("users", "name") | ("usuarios", "nome") => text(&one_line(LONGEST_NAME)),
        ("users" | "usuarios", "email") => email(),
        ("users", "roles") => json!({
            "maxItems": 64,
            "items": { "type": "string", "minLength": 1, "maxLength": LONGEST_ID,
                "pattern": visible() },
        }),
        ("users", "external_id") | ("usuarios" | "chat", "id") => json!({
            "maxLength": LONGEST_ID,
            "pattern": visible(),
        }),
        ("usuarios", "senha") => json!({
            "minLength": 1,
            "maxLength": 1_024,
            "description": "At most 1,024 bytes.",
        }),
        // Who only listens needs no name.
        ("chat", "user") if field.optional => text(&format!("^$|{}", one_line(LONGEST_USER))),
        ("chat", "user") => text(&one_line(LONGEST_USER)),
        // The limit is one of bytes: in characters it holds for ASCII.
        ("chat", "text") => json!({
            "maxLength": LARGEST_TEXT,
            "pattern": r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]*$",
            "description": "At most 16,384 bytes, without control characters but tabs and line ends.",
        }),
        ("chat", "timestamp") => json!({
            "minimum": -62_135_596_800_i64,
            "maximum": 253_402_300_799_i64,
            "description": "Seconds since 1970-01-01T00:00:00Z in the years 1 to 9999; 0 is now.",
        }),
        _ => Value::Null,
    }
}

fn text(pattern: &str) -> Value {
    json!({ "pattern": pattern })
}

/// A name: without the space around it not empty, and not longer than that.
fn one_line(longest: usize) -> String {
    let (edge, inner) = (format!("[^{SPACE}{HIDDEN}]"), format!("[^{HIDDEN}]"));
    let rest = longest - 2;
    format!("^[{SPACE}]*{edge}({inner}{{0,{rest}}}{edge})?[{SPACE}]*$")
}

fn visible() -> String {
    format!("^[^{HIDDEN}]*$")
}

fn email() -> Value {
    let part = format!("[^@{SPACE}{HIDDEN}]+");
    json!({ "maxLength": 254, "pattern": format!("^{part}@{part}$") })
}
