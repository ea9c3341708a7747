//! Text without a structure that a dissector knows: lines.

use super::limits::MOST_SPANS;
use super::tree::{Tree, characters, preview};
use crate::span::{Layer, Role, Span};

/// The spans that tile a text whose first byte is at `start` of its buffer: a line each, and its end.
#[must_use]
pub fn spans(bytes: &[u8], start: usize) -> Vec<Span> {
    spans_within(MOST_SPANS, bytes, start)
}

/// As [`spans`], of which there are not more than about `most`: what comes after them is one leaf.
#[must_use]
pub fn spans_within(most: usize, bytes: &[u8], start: usize) -> Vec<Span> {
    let mut tree = Tree::new(bytes, start, Layer::Text).at_most(most);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if let Err(stop) = tree.room() {
            tree.stop(stop);
            break;
        }
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let end = tree.at + line.len();
        let span = tree.take(tree.at + text.len(), Role::Value, "text");
        tree.put(span.value(preview(characters(text))));
        tree.encoding(end, "line end", "");
    }
    tree.finish()
}
