//! For tests: spans as lines of text, and what properties ask of them.

use crate::span::{Certainty, Role, Span, tiles};

/// The leaves, a line each: role, name, the bytes, and where they differ from these the value, then
/// the path.
pub(crate) fn leaves(spans: &[Span], bytes: &[u8]) -> String {
    let leaves = spans.iter().flat_map(Span::leaves);
    leaves.map(|leaf| line(leaf, bytes) + "\n").collect()
}

/// The tree, a line each, deeper ones further in.
pub(crate) fn tree(spans: &[Span], bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut waiting: Vec<(usize, &Span)> = spans.iter().rev().map(|span| (0, span)).collect();
    while let Some((depth, span)) = waiting.pop() {
        let line = match span.children.is_empty() {
            true => line(span, bytes),
            false => format!("{}: {}", span.name, span.value),
        };
        text += &format!("{:depth$}{}\n", "", line.trim_end(), depth = 2 * depth);
        let children = span.children.iter().rev();
        waiting.extend(children.map(|child| (depth + 1, child)));
    }
    text
}

fn line(leaf: &Span, bytes: &[u8]) -> String {
    let raw = String::from_utf8_lossy(&bytes[leaf.range.clone()]);
    let said = match leaf.value.is_empty() || leaf.value == raw {
        true => String::new(),
        false => format!(" = {:?}", leaf.value),
    };
    let path = match &leaf.path {
        Some(path) => format!(" at {path}"),
        None => String::new(),
    };
    let rule = match leaf.certainty {
        Certainty::Broken => format!(" BROKEN: {}", leaf.note),
        Certainty::Guess => " (a guess)".to_owned(),
        Certainty::Sure => String::new(),
    };
    format!("{:?} {}: {raw:?}{said}{path}{rule}", leaf.role, leaf.name)
}

/// Paths and values of what the caller wanted to say.
pub(crate) fn values(spans: &[Span]) -> Vec<(String, String)> {
    let leaves = spans.iter().flat_map(Span::leaves);
    let values = leaves.filter(|leaf| leaf.role == Role::Value);
    let path = |leaf: &Span| leaf.path.as_deref().unwrap_or("-").to_owned();
    values
        .map(|leaf| (path(leaf), leaf.value.clone()))
        .collect()
}

/// Asserts that the spans tile the bytes, of which the first is at `start`, and that no bytes are
/// broken.
pub(crate) fn assert_sound(spans: &[Span], bytes: &[u8], start: usize) {
    assert_eq!(tiles(spans, start..start + bytes.len()), Ok(()));
    let mut all: Vec<&Span> = spans.iter().collect();
    while let Some(span) = all.pop() {
        assert_ne!(
            span.certainty,
            Certainty::Broken,
            "{}: {}",
            span.name,
            span.note
        );
        all.extend(&span.children);
    }
}
