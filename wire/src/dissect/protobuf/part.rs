//! Some bytes and where they stand.

use std::ops::Range;

use super::{Rule, varint};
use crate::span::{Layer, Role, Span};

/// Some bytes of a buffer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) bytes: &'a [u8],
    /// Place of the first one in the buffer.
    pub(super) start: usize,
}

impl Part<'_> {
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.start + self.bytes.len()
    }
}

/// Takes bytes off the front of a part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: Part<'a>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(part: Part<'a>) -> Self {
        Self { rest: part }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.bytes.is_empty()
    }

    /// How many are left.
    pub(super) fn left(&self) -> usize {
        self.rest.bytes.len()
    }

    /// The next `count` bytes; `None`, and none taken, where there are fewer.
    pub(super) fn take(&mut self, count: usize) -> Option<Part<'a>> {
        let (bytes, behind) = self.rest.bytes.split_at_checked(count)?;
        let start = self.rest.start;
        self.rest = Part {
            bytes: behind,
            start: start + count,
        };
        Some(Part { bytes, start })
    }

    /// The next varint, with its bytes; none is taken where there is none.
    pub(super) fn varint(&mut self) -> Result<(Part<'a>, u64), Rule> {
        let (count, number) = varint::read(self.rest.bytes)?;
        let part = self.take(count).ok_or(varint::TORN)?;
        Ok((part, number))
    }

    /// All that is left, as bytes that are not told one by one; `None` where nothing is left.
    pub(super) fn unread(&mut self) -> Option<Span> {
        let part = self.take(self.left())?;
        let span = Span::new(part.range(), Layer::Protobuf, Role::Unknown, "rest");
        let some = !part.bytes.is_empty();
        some.then(|| {
            span.note(
                "not looked into: the message has more parts before this than are told one by one",
            )
        })
    }

    /// All that is left, as bytes that break a rule; `None` where nothing is left.
    pub(super) fn broken(&mut self, rule: Rule) -> Option<Span> {
        let part = self.take(self.left())?;
        let some = !part.bytes.is_empty();
        some.then(|| Span::broken(part.range(), Layer::Protobuf, rule))
    }
}
