//! Every byte of a message, with what it is and why it is there.

use std::fmt::Write as _;

use demo::print::COLUMNS;
use prost_reflect::MessageDescriptor;
use wire::dissect::protobuf;
use wire::view::paint::{self, Line, QUIET, STRONG};
use wire::view::{Colour, escape};
use wire::{Role, Span};

/// Bytes of a row; the others of a leaf stand below.
const ROW: usize = 4;

/// Where words begin: behind the indent and a row of bytes.
const WORDS: usize = 2 + ROW * 3 + 1;

/// A row or two a leaf, under the name of its field.
pub(super) fn text(bytes: &[u8], message: &MessageDescriptor) -> String {
    let spans = protobuf::spans(bytes, 0, Some(message), "");
    let fields = spans.iter().map(|field| of_field(bytes, field));
    fields.collect()
}

fn of_field(bytes: &[u8], field: &Span) -> String {
    let mut head = Line::new(Colour::Always);
    let title = match field.value.is_empty() {
        true => field.name.to_string(),
        false => format!("{}: {}", field.name, field.value),
    };
    head.push_until(STRONG, &title, COLUMNS);
    let leaves = field.leaves().map(|leaf| of_leaf(bytes, leaf));
    head.end() + &leaves.collect::<String>()
}

/// The bytes on the left, on the right what they are; where one side is longer the other is blank.
fn of_leaf(bytes: &[u8], leaf: &Span) -> String {
    let style = match leaf.role {
        Role::Value => paint::layer(leaf.layer).bold(),
        _ => paint::layer(leaf.layer),
    };
    let bytes = bytes.get(leaf.range.clone()).unwrap_or_default();
    let hex: Vec<_> = bytes.chunks(ROW).map(in_hex).collect();
    let words = escape::wrap(&words(leaf), COLUMNS - WORDS);
    let mut text = String::new();
    for row in 0..hex.len().max(words.len()) {
        let mut line = Line::new(Colour::Always);
        line.pad(2);
        line.push(style, hex.get(row).map_or("", String::as_str));
        if let Some(words) = words.get(row) {
            line.pad(WORDS);
            line.push(if row == 0 { paint::PLAIN } else { QUIET }, words);
        }
        text += &line.end();
    }
    text
}

/// Name, value and reason, none of them twice.
fn words(leaf: &Span) -> String {
    let mut text = leaf.name.to_string();
    if !leaf.value.is_empty() && !leaf.note.starts_with(&leaf.value) {
        let _ = write!(text, " = {}", leaf.value);
    }
    if !leaf.note.is_empty() {
        let _ = write!(text, ": {}", leaf.note);
    }
    text
}

fn in_hex(bytes: &[u8]) -> String {
    let bytes: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}
