//! Spans laid one after the other, so that none has to count where it begins.

use std::borrow::Cow;

use crate::span::{Certainty, Layer, Role, Span};

/// Spans that tile what they were laid over, from its first byte on.
#[derive(Debug)]
pub(super) struct Row {
    layer: Layer,
    role: Role,
    start: usize,
    next: usize,
    spans: Vec<Span>,
}

impl Row {
    /// Nothing is laid yet; the first span will begin at `start`.
    pub(super) fn new(start: usize, layer: Layer, role: Role) -> Self {
        Self {
            layer,
            role,
            start,
            next: start,
            spans: Vec::new(),
        }
    }

    /// A leaf over the next `count` bytes; none where that is 0.
    pub(super) fn lay(
        &mut self,
        count: usize,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
        note: impl Into<Cow<'static, str>>,
    ) {
        if count > 0 {
            let range = self.next..self.next + count;
            let span = Span::new(range, self.layer, self.role, name);
            self.push(span.value(value).note(note));
        }
    }

    /// The next `count` bytes break a rule; none do where that is 0.
    pub(super) fn broken(&mut self, count: usize, rule: impl Into<Cow<'static, str>>) {
        if count > 0 {
            self.push(Span::broken(self.next..self.next + count, self.layer, rule));
        }
    }

    /// Spans that others made, which go on where this row is.
    pub(super) fn extend(&mut self, spans: Vec<Span>) {
        for span in spans {
            self.push(span);
        }
    }

    /// A span that another made, which begins where this row is.
    pub(super) fn push(&mut self, span: Span) {
        debug_assert_eq!(span.range.start, self.next, "{}", span.name);
        self.next = span.range.end;
        self.spans.push(span);
    }

    /// The span laid last is understood, and breaks a rule all the same.
    pub(super) fn breaks(&mut self, rule: impl Into<Cow<'static, str>>) {
        if let Some(span) = self.spans.last_mut() {
            breaks(span, rule);
        }
    }

    /// What was laid.
    pub(super) fn spans(self) -> Vec<Span> {
        self.spans
    }

    /// One span with all that was laid as its children; at least one byte has to be.
    pub(super) fn within(self, name: impl Into<Cow<'static, str>>) -> Span {
        Span::new(self.start..self.next, self.layer, self.role, name).children(self.spans)
    }
}

/// The bytes of `span` are understood, and break a rule all the same.
pub(super) fn breaks(span: &mut Span, rule: impl Into<Cow<'static, str>>) {
    span.certainty = Certainty::Broken;
    span.note = rule.into();
}

/// Gives every leaf that is understood another role.
pub(super) fn recast(span: &mut Span, role: Role) {
    if span.role != Role::Unknown {
        span.role = role;
    }
    for child in &mut span.children {
        recast(child, role);
    }
}
