//! JSON-RPC 2.0's envelope: which of its values are the caller's.

use crate::span::{Role, Span};

/// Members that carry what the caller or the answerer wanted to say.
const CARRIED: [&str; 3] = ["params", "result", "error"];

/// An object; where it is an envelope, values outside of what it carries become encoding.
pub(super) fn marked(mut object: Span) -> Span {
    let is_envelope = object
        .children
        .iter()
        .any(|member| member.name == "jsonrpc");
    if !is_envelope {
        return object;
    }
    let members = object.children.iter_mut();
    for member in members.filter(|member| !member.children.is_empty()) {
        if !CARRIED.contains(&&*member.name) {
            to_encoding(member);
        }
        let note = match &*member.name {
            "jsonrpc" => "JSON-RPC's version, always \"2.0\" (JSON-RPC 2.0, section 4)",
            "method" => "what is called (JSON-RPC 2.0, section 4)",
            "id" => "pairs an answer with its request (JSON-RPC 2.0, section 4)",
            "params" => "arguments, by place or by name (JSON-RPC 2.0, section 4.2)",
            "result" => "what the call gave (JSON-RPC 2.0, section 5)",
            "error" => "why the call failed (JSON-RPC 2.0, section 5.1)",
            _ => continue,
        };
        member.note = note.into();
    }
    object
}

/// Spans lie at most [`super::super::tree`]'s depth within each other, so this ends.
fn to_encoding(span: &mut Span) {
    if span.role == Role::Value {
        span.role = Role::Encoding;
        span.path = None;
    }
    span.children.iter_mut().for_each(to_encoding);
}
