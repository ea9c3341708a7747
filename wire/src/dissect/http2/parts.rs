//! A payload that is taken apart from its front, a leaf at a time.

use std::borrow::Cow;

use super::frame::{Frame, PADDED};
use crate::span::{Certainty, Layer, Role, Span};

/// What is left of a payload, and the spans of what has been taken.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    /// Place of the first byte that is left.
    pub(super) start: usize,
    /// What is left.
    pub(super) rest: &'a [u8],
    pub(super) spans: Vec<Span>,
    role: Role,
    /// Padding at the end, which is taken last.
    padding: Option<Span>,
}

impl<'a> Parts<'a> {
    pub(super) fn new(start: usize, payload: &'a [u8], role: Role) -> Self {
        Self {
            start,
            rest: payload,
            spans: Vec::new(),
            role,
            padding: None,
        }
    }

    /// Takes so many bytes, no more than there are, and passes their place by.
    pub(super) fn take(&mut self, count: usize) -> (std::ops::Range<usize>, &'a [u8]) {
        let (taken, rest) = self.rest.split_at(count.min(self.rest.len()));
        let range = self.start..self.start + taken.len();
        self.rest = rest;
        self.start = range.end;
        (range, taken)
    }

    /// Takes a leaf of so many bytes; nothing where there are none.
    pub(super) fn leaf(
        &mut self,
        count: usize,
        name: &'static str,
        value: impl Into<String>,
        note: impl Into<Cow<'static, str>>,
    ) {
        let (range, _) = self.take(count);
        if !range.is_empty() {
            let span = Span::new(range, Layer::Http2, self.role, name);
            self.spans.push(span.value(value).note(note));
        }
    }

    /// The big-endian number that the next `N` bytes are, which stay; `None` where they are fewer.
    pub(super) fn number<const N: usize>(&self) -> Option<u32> {
        let bytes = self.rest.first_chunk::<N>()?;
        Some(
            bytes
                .iter()
                .fold(0, |number, byte| number << 8 | u32::from(*byte)),
        )
    }

    /// What has been taken last breaks a rule.
    pub(super) fn last_breaks(&mut self, rule: &'static str) {
        if let Some(last) = self.spans.last_mut() {
            last.certainty = Certainty::Broken;
            last.note = Cow::Borrowed(rule);
        }
    }

    /// All that is left breaks a rule.
    pub(super) fn rest_breaks(&mut self, rule: &'static str) {
        let (range, _) = self.take(self.rest.len());
        if !range.is_empty() {
            self.spans.push(Span::broken(range, Layer::Http2, rule));
        }
    }

    /// Takes the pad length off the front and the padding off the end, where the frame has them.
    /// Padding that is longer than what is left takes all of it.
    pub(super) fn unpad(&mut self, frame: &Frame) {
        if !frame.has(PADDED) {
            return;
        }
        let Some(length) = self.number::<1>() else {
            return;
        };
        self.leaf(
            1,
            "pad length",
            length.to_string(),
            "bytes of padding at the end (RFC 9113, section 6.1)",
        );
        let Some(kept) = self.rest.len().checked_sub(length as usize) else {
            self.last_breaks("more padding than the frame has bytes (RFC 9113, section 6.1)");
            return self.rest_breaks("padding");
        };
        let (rest, padding) = self.rest.split_at(kept);
        let at = self.start + kept;
        self.rest = rest;
        self.padding = (!padding.is_empty()).then(|| pad(at..at + padding.len(), padding));
    }

    /// What has been taken, with the padding; what is left over breaks the rule that the payload's
    /// length is `expected`.
    pub(super) fn finished(mut self, expected: &'static str) -> Vec<Span> {
        self.rest_breaks(expected);
        self.spans.extend(self.padding.take());
        self.spans
    }
}

fn pad(range: std::ops::Range<usize>, padding: &[u8]) -> Span {
    let span = Span::new(range, Layer::Http2, Role::Framing, "padding");
    match padding.iter().all(|byte| *byte == 0) {
        true => span.note("hides how long the content is (RFC 9113, section 10.7)"),
        false => Span {
            certainty: Certainty::Broken,
            ..span.note("padding is zeros (RFC 9113, section 6.1)")
        },
    }
}
