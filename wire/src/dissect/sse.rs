//! Server-sent events: lines of a field name, a colon and a value, up to an empty line (WHATWG HTML,
//! section 9.2, "Server-sent events").

use std::ops::Range;

use bytes::Bytes;

use super::json;
use super::limits::MOST_SPANS;
use super::tree::{Tree, characters, is_sound, preview};
use crate::span::{Layer, Role, Span};

/// An event, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The spans that tile it.
    pub spans: Vec<Span>,
    /// What it carries; `None` for one without a `data` line, which no reader is told of.
    pub data: Option<Data>,
}

/// What an event carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The values of its `data` lines, with line ends between.
    pub bytes: Bytes,
    /// From the first of them to the end of the last, in the event's buffer.
    pub range: Range<usize>,
}

/// One event with the empty line that ends it, if that has come, whose first byte is at `start` of its
/// buffer. Data on one line that is JSON is explained as such.
#[must_use]
pub fn event(bytes: &[u8], start: usize) -> Event {
    event_within(MOST_SPANS, bytes, start)
}

/// As [`event`], with not more than about `most` spans: what comes after them is one leaf.
#[must_use]
pub fn event_within(most: usize, bytes: &[u8], start: usize) -> Event {
    let lines = lines(bytes);
    let data: Vec<&Line> = lines
        .iter()
        .filter(|line| line.name(bytes) == b"data")
        .collect();
    let only_one = data.len() == 1;
    let data = data.first().zip(data.last()).map(|(first, last)| {
        let values: Vec<&[u8]> = data.iter().map(|line| line.value(bytes)).collect();
        Data {
            bytes: values.join(&b'\n').into(),
            range: start + first.value.start..start + last.value.end,
        }
    });
    let mut tree = Tree::new(bytes, start, Layer::Sse).at_most(most);
    for line in &lines {
        if let Err(stop) = tree.room() {
            tree.stop(stop);
            break;
        }
        line.tell(&mut tree, start, only_one);
    }
    Event {
        spans: tree.finish(),
        data,
    }
}

/// One line, counted from the event's first byte.
struct Line {
    /// Empty for a comment.
    name: Range<usize>,
    /// After the colon and the space.
    value: Range<usize>,
    /// With the line end.
    end: usize,
}

/// The lines of an event. They end with LF, CR, or both.
fn lines(bytes: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = match bytes.starts_with(BYTE_ORDER_MARK) {
        true => BYTE_ORDER_MARK.len(),
        false => 0,
    };
    while start < bytes.len() {
        let line = Line::at(bytes, start);
        start = line.end;
        lines.push(line);
    }
    lines
}

/// What may come before the first event.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl Line {
    fn at(bytes: &[u8], start: usize) -> Self {
        let rest = &bytes[start..];
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let text = rest.iter().position(is_end).unwrap_or(rest.len());
        let ending = match &rest[text..] {
            [] => 0,
            [b'\r', b'\n', ..] => 2,
            _ => 1,
        };
        let rest = &rest[..text];
        let name = rest.iter().position(|byte| *byte == b':').unwrap_or(text);
        let colon = match rest.get(name..).unwrap_or_default() {
            [] => 0,
            [b':', b' ', ..] => 2,
            _ => 1,
        };
        Self {
            name: start..start + name,
            value: start + name + colon..start + text,
            end: start + text + ending,
        }
    }

    fn name<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        &bytes[self.name.clone()]
    }

    fn value<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        &bytes[self.value.clone()]
    }

    fn is_empty(&self) -> bool {
        self.name.start == self.value.end
    }

    /// Puts the spans of this line into the tree.
    fn tell(&self, tree: &mut Tree<'_>, start: usize, only_one: bool) {
        let name = preview(characters(self.name(tree.bytes)));
        let is_comment = self.name.is_empty() && !self.is_empty();
        let mark = tree.take(self.name.start, Role::Framing, "byte order mark");
        tree.put(mark);
        if !self.is_empty() {
            tree.begin(match is_comment {
                true => "comment".to_owned(),
                false => name.clone(),
            });
        }
        let span = tree.take(self.name.end, Role::Framing, "field name");
        tree.put(span.value(name.clone()).note(about(&name)));
        let note = "the space after the colon is no part of the value";
        let span = tree.take(self.value.start, Role::Framing, "colon");
        tree.put(span.note(note));
        self.tell_value(tree, start, &name, only_one);
        let span = tree.take(self.end, Role::Framing, "line end");
        tree.put(match self.is_empty() {
            true => span.note("an empty line ends the event"),
            false => span,
        });
        if !self.is_empty()
            && let Some(span) = tree.end()
        {
            tree.put(span);
        }
    }

    fn tell_value(&self, tree: &mut Tree<'_>, start: usize, name: &str, only_one: bool) {
        let value = self.value(tree.bytes);
        if name == "data" && only_one && json::may_be(value) {
            let spans = json::spans_within(tree.left(), value, start + self.value.start);
            if is_sound(&spans) {
                tree.at = self.value.end;
                spans.into_iter().for_each(|span| tree.put(span));
                return;
            }
        }
        let text = preview(characters(value));
        let span = match name {
            "data" => tree.take(self.value.end, Role::Value, "value").at("data"),
            "" => tree.take(self.value.end, Role::Framing, "comment"),
            _ => tree.take(self.value.end, Role::Encoding, "value"),
        };
        tree.put(span.value(text));
    }
}

/// What a field is for.
fn about(name: &str) -> &'static str {
    match name {
        "data" => "a line of what the event carries",
        "event" => "the event's type; without it, it is a message",
        "id" => "where a reader goes on after a reconnect: it sends it as Last-Event-ID",
        "retry" => "milliseconds before a reader reconnects",
        "" => "a line that begins with a colon is a comment, often to keep the connection alive",
        _ => "readers ignore a field of this name",
    }
}
