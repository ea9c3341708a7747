//! A tree of spans in the making, for formats whose parts lie within each other.

use std::borrow::Cow;

use super::limits::MOST_SPANS;
use crate::span::{Certainty, Layer, Role, Span};

/// How deep spans lie within each other; what lies deeper is told flat. Deeper trees would overflow
/// the stack of whoever walks them.
const DEPTH: usize = 128;

/// A message, what has been read of it, and the spans that are open.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    /// The message.
    pub(crate) bytes: &'a [u8],
    /// Where the next byte that is not read yet is in `bytes`.
    pub(crate) at: usize,
    layer: Layer,
    /// Place of the message's first byte in its buffer.
    start: usize,
    done: Vec<Span>,
    open: Vec<Span>,
    left: usize,
}

/// Why a message is not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It breaks this rule at the byte that is next.
    Broken(&'static str),
    /// It has more parts than are told.
    Enough,
}

impl<'a> Tree<'a> {
    /// Nothing read yet.
    pub(crate) fn new(bytes: &'a [u8], start: usize, layer: Layer) -> Self {
        Self {
            bytes,
            at: 0,
            layer,
            start,
            done: Vec::new(),
            open: Vec::new(),
            left: MOST_SPANS,
        }
    }

    /// Of not more spans than that.
    pub(crate) fn at_most(self, spans: usize) -> Self {
        Self {
            left: spans.min(self.left),
            ..self
        }
    }

    /// Spans that can still be told.
    pub(crate) fn left(&self) -> usize {
        self.left
    }

    /// The next byte, if there is one.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// What is not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Spans that are open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether more parts can be told.
    ///
    /// # Errors
    /// [`Stop::Enough`] where not.
    pub(crate) fn room(&self) -> Result<(), Stop> {
        match self.left {
            0 => Err(Stop::Enough),
            _ => Ok(()),
        }
    }

    /// The bytes up to `end`, in `bytes`, as a leaf that is still to be put in; moves on to `end`.
    pub(crate) fn take(
        &mut self,
        end: usize,
        role: Role,
        name: impl Into<Cow<'static, str>>,
    ) -> Span {
        let range = self.start + self.at..self.start + end;
        self.at = end;
        Span::new(range, self.layer, role, name)
    }

    /// Puts a span in where reading is; one without bytes is left out.
    pub(crate) fn put(&mut self, span: Span) {
        if span.range.is_empty() {
            return;
        }
        self.left = self.left.saturating_sub(1);
        match self.open.last_mut() {
            Some(parent) => parent.children.push(span),
            None => self.done.push(span),
        }
    }

    /// The bytes up to `end` as a leaf of [`Role::Encoding`].
    pub(crate) fn encoding(&mut self, end: usize, name: &'static str, note: &'static str) {
        let span = self.take(end, Role::Encoding, name).note(note);
        self.put(span);
    }

    /// Opens a span here. `false` where spans lie too deep within each other already: then none is
    /// opened, and none may be closed.
    pub(crate) fn begin(&mut self, name: impl Into<Cow<'static, str>>) -> bool {
        if self.open.len() >= DEPTH {
            return false;
        }
        let range = self.start + self.at..self.start + self.at;
        let span = Span::new(range, self.layer, Role::Encoding, name);
        self.open.push(span);
        true
    }

    /// Whether the innermost span that is open has that name.
    pub(crate) fn innermost_is(&self, name: &str) -> bool {
        self.open.last().is_some_and(|span| span.name == name)
    }

    /// Takes the innermost span out, closed here, for [`Tree::put`].
    pub(crate) fn end(&mut self) -> Option<Span> {
        let mut span = self.open.pop()?;
        span.range.end = self.start + self.at;
        Some(span)
    }

    /// Tells why reading stops here, and what is left; spans that are open stay so.
    pub(crate) fn stop(&mut self, stop: Stop) {
        let end = self.bytes.len();
        match stop {
            Stop::Enough => {
                let span = self
                    .take(end, Role::Unknown, "rest")
                    .note("not looked into: the message has more parts before this than are told one by one");
                self.put(span);
            }
            Stop::Broken(rule) if self.at < end => {
                let range = self.start + self.at..self.start + end;
                self.at = end;
                self.put(Span::broken(range, self.layer, rule));
            }
            // No byte is left that could tell it.
            Stop::Broken(rule) => {
                if let Some(span) = self.open.last_mut().or(self.done.last_mut()) {
                    span.certainty = Certainty::Broken;
                    span.note = Cow::Borrowed(rule);
                }
            }
        }
    }

    /// The spans, which tile the message; whatever is open is closed.
    pub(crate) fn finish(mut self) -> Vec<Span> {
        while let Some(span) = self.end() {
            self.put(span);
        }
        self.done
    }
}

/// The first characters of a text, a few more than a span keeps, so that a long text is not copied
/// whole for a value that is cut anyway.
pub(crate) fn preview(characters: impl Iterator<Item = char>) -> String {
    characters.take(crate::span::VALUE_CHARACTERS + 1).collect()
}

/// The characters of a text, those that are not UTF-8 replaced.
pub(crate) fn characters(raw: &[u8]) -> impl Iterator<Item = char> {
    raw.utf8_chunks().flat_map(|chunk| {
        let replaced = (!chunk.invalid().is_empty()).then_some(char::REPLACEMENT_CHARACTER);
        chunk.valid().chars().chain(replaced)
    })
}

/// Whether no rule is broken anywhere in these spans, which lie no deeper than a tree's.
pub(crate) fn is_sound(spans: &[Span]) -> bool {
    let is_sound = |span: &Span| span.certainty != Certainty::Broken && is_sound(&span.children);
    spans.iter().all(is_sound)
}
