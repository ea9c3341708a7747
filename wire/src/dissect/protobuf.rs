//! Protocol Buffers: a message is fields in any order, each a tag (field number and wire type) and a
//! value (protobuf.dev, "Encoding"). Names and types are not in the bytes: they come from a
//! descriptor, or what is said of a value is a guess and marked so.

mod declared;
mod delimited;
mod field;
mod guess;
mod part;
mod scalar;
mod tag;
mod varint;

use std::cell::Cell;
use std::collections::HashMap;

use prost_reflect::MessageDescriptor;

use super::limits::MOST_SPANS;
use crate::span::Span;
use part::{Cursor, Part};
use tag::{Tag, WireType};

/// How deep messages may nest before their bytes are no longer looked into. Libraries stop at 100.
pub const DEPTH: usize = 64;

/// A rule that bytes break, in words.
type Rule = &'static str;

/// Spans that tile `start..start + bytes.len()`, for one message that is whole: a span a field, with
/// tag, length and value below it. Paths of values begin with `path`, where it is not empty.
///
/// Without `message`, and for fields that it does not know, values are guessed by their bytes and
/// paths go by field numbers.
#[must_use]
pub fn spans(
    bytes: &[u8],
    start: usize,
    message: Option<&MessageDescriptor>,
    path: &str,
) -> Vec<Span> {
    spans_within(MOST_SPANS, bytes, start, message, path)
}

/// As [`spans`], of which there are not more than about `most`: what comes after them is one leaf.
#[must_use]
pub fn spans_within(
    most: usize,
    bytes: &[u8],
    start: usize,
    message: Option<&MessageDescriptor>,
    path: &str,
) -> Vec<Span> {
    let context = Context {
        left: &Cell::new(most),
        message,
        path,
        depth: 0,
        guessed: false,
        entry: false,
    };
    context.all_fields(Part { bytes, start })
}

/// In which message fields are read.
#[derive(Debug, Clone, Copy)]
struct Context<'a> {
    /// Spans that may still be told, of the whole message around all.
    left: &'a Cell<usize>,
    /// What is known of it.
    message: Option<&'a MessageDescriptor>,
    /// Where it stands; empty at the top. Of a map's entry: where its value stands.
    path: &'a str,
    /// How many messages are around it.
    depth: usize,
    /// Whether it is a guess that there is a message at all.
    guessed: bool,
    /// Whether it is the entry of a map: field 1 is the key, field 2 the value.
    entry: bool,
}

impl Context<'_> {
    /// The fields of a message to its end.
    fn all_fields(&self, part: Part<'_>) -> Vec<Span> {
        self.fields(&mut Cursor::new(part), None).0
    }

    /// The fields of a message to its end, or those of a group to its end tag: whether that came.
    fn fields(&self, cursor: &mut Cursor<'_>, group: Option<u32>) -> (Vec<Span>, bool) {
        let mut spans = Vec::new();
        let mut seen = HashMap::new();
        while !cursor.is_empty() {
            if self.left.get() == 0 {
                spans.extend(cursor.unread());
                return (spans, true);
            }
            let mut behind = *cursor;
            let tag = match Tag::read(&mut behind) {
                Ok(tag) if tag.wire_type == WireType::GroupEnd && group != Some(tag.number) => {
                    spans.extend(cursor.broken("the end of a group that was not begun"));
                    break;
                }
                Ok(tag) => tag,
                Err(rule) => {
                    spans.extend(cursor.broken(rule));
                    break;
                }
            };
            *cursor = behind;
            if tag.wire_type == WireType::GroupEnd {
                spans.push(self.certain(tag.leaf(None)));
                return (spans, true);
            }
            spans.push(self.field(tag, cursor, seen.entry(tag.number).or_insert(0)));
        }
        (spans, false)
    }

    /// So many more spans are told.
    fn tells(&self, spans: usize) {
        self.left.set(self.left.get().saturating_sub(spans));
    }

    /// A span of the message, which is no more certain than the message itself.
    fn certain(&self, span: Span) -> Span {
        match self.guessed {
            true => span.guessed(),
            false => span,
        }
    }
}

/// One path below another.
fn join(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}

#[cfg(test)]
mod tests;
