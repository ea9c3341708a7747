//! Recorded bytes, seen through the buffers that were derived from them: a masked or chunked body is
//! one opaque span where it was recorded, and full of meaning where its mask and sizes are gone.

mod cuts;

use std::collections::HashMap;
use std::ops::Range;

use crate::dissection::{Buffer, BufferId, Dissection, Origin, Piece};
use crate::span::Span;
use cuts::{Cuts, split};

/// How many derivations are looked through, one behind the other. Dissectors need three: chunks,
/// then frames, then the message in them.
const DEEPEST: usize = 16;

/// Some recorded bytes and the leaf that explains them best.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<'a> {
    /// Where in the buffer that was asked for.
    pub range: Range<usize>,
    /// The leaf. Its own range counts in its own buffer, and may be longer than this.
    pub span: &'a Span,
    /// Where the leaf is, when not in the buffer that was asked for.
    pub derived: Option<BufferId>,
    /// Whether these bytes are compressed data that was inflated into another buffer.
    pub inflated: bool,
}

/// A dissection, with what was derived from where in order: made once, asked often.
#[derive(Debug)]
pub struct Sight<'a> {
    dissection: &'a Dissection,
    cuts: HashMap<BufferId, Cuts>,
    /// Places of derived buffers that became whole with no byte that is (still) here.
    alone: Vec<usize>,
}

impl<'a> Sight<'a> {
    /// Takes `n log n` time for `n` pieces of derived buffers.
    #[must_use]
    pub fn of(dissection: &'a Dissection) -> Self {
        let (cuts, alone) = cuts::cuts(dissection);
        Self {
            dissection,
            cuts,
            alone,
        }
    }

    /// What it is the sight of.
    #[must_use]
    pub fn dissection(&self) -> &'a Dissection {
        self.dissection
    }

    /// The leaves that explain that range best, in order: those of derived buffers that keep bytes,
    /// where there are any. Together they cover what of the range is (still) there, each byte once.
    #[must_use]
    pub fn seen(&self, buffer: BufferId, range: Range<usize>) -> Vec<Seen<'a>> {
        let mut found = Vec::new();
        if let Some(buffer) = self.dissection.buffer(buffer) {
            let range = within(&range, &buffer.range());
            self.look(buffer, range.clone(), range.start, 0, &mut found);
        }
        found
    }

    /// The buffers that became whole with no byte that is (still) here: in a live stream, what the end
    /// of a connection cut off.
    pub fn derived_alone(&self) -> impl Iterator<Item = &'a Buffer> {
        let derived = &self.dissection.derived;
        self.alone.iter().map(|place| &derived[*place])
    }

    /// The recorded buffer that carried the last byte of which that one is made, which may be
    /// forgotten; where it was made of a derived buffer that is forgotten, that one.
    #[must_use]
    pub(crate) fn carried_by(&self, mut buffer: BufferId) -> BufferId {
        while let Some(Buffer {
            id,
            origin: Origin::Derived { from, .. },
            ..
        }) = self.dissection.buffer(buffer)
        {
            match from.iter().rev().find(|piece| piece.buffer < *id) {
                // A buffer is made of older ones, so that this comes to an end.
                Some(parent) => buffer = parent.buffer,
                None => return buffer,
            }
        }
        buffer
    }

    /// The buffers that became whole with a byte of that range: those whose last piece ends in it,
    /// and those whose last piece is forgotten and that were ended by it.
    pub fn derived_in(
        &self,
        buffer: BufferId,
        range: Range<usize>,
    ) -> impl Iterator<Item = &'a Buffer> {
        let complete = self.cuts.get(&buffer).map(|cuts| &cuts.complete[..]);
        let complete = complete.unwrap_or_default();
        let from = complete.partition_point(|(end, _)| *end <= range.start);
        let to = complete.partition_point(|(end, _)| *end <= range.end);
        let places = complete.get(from..to).unwrap_or_default().iter();
        places.map(|(_, place)| &self.dissection.derived[*place])
    }

    /// `range` counts in `buffer`, `base` is where it begins in the buffer that was asked for.
    fn look(
        &self,
        buffer: &'a Buffer,
        range: Range<usize>,
        base: usize,
        depth: usize,
        found: &mut Vec<Seen<'a>>,
    ) {
        let none = Cuts::default();
        let cuts = self.cuts.get(&buffer.id).unwrap_or(&none);
        let derived = Some(buffer.id).filter(|_| depth > 0);
        let asked = |part: &Range<usize>| {
            let start = base + (part.start - range.start);
            start..start + part.len()
        };
        leaves_in(&buffer.spans, &range, &mut |leaf| {
            for (part, cut) in split(within(&leaf.range, &range), &cuts.kept) {
                let mut rest = part.clone();
                if let Some(cut) = cut.filter(|_| depth < DEEPEST) {
                    let behind = &self.dissection.derived[cut.derived];
                    let start = cut.at + (part.start - cut.range.start);
                    let there = within(&(start..start + part.len()), &behind.range());
                    if there.start == start {
                        rest.start += there.len();
                        self.look(behind, there, asked(&part).start, depth + 1, found);
                    }
                }
                for (part, inflated) in split(rest, &cuts.inflated) {
                    found.push(Seen {
                        range: asked(&part),
                        span: leaf,
                        derived,
                        inflated: inflated.is_some(),
                    });
                }
            }
        });
    }
}

impl Dissection {
    /// The leaves that explain that range best, as [`Sight::seen`] gives them. To ask more than once,
    /// make a [`Sight`] once.
    pub fn seen(&self, buffer: BufferId, range: Range<usize>) -> impl Iterator<Item = Seen<'_>> {
        Sight::of(self).seen(buffer, range).into_iter()
    }

    /// Which recorded bytes a piece of any buffer comes from, in its order. Of what was inflated or
    /// Huffman-decoded that is all that the whole buffer comes from.
    #[must_use]
    pub fn recorded_from(&self, piece: &Piece) -> Vec<Piece> {
        let mut waiting = vec![piece.clone()];
        let mut found: Vec<Piece> = Vec::new();
        while let Some(piece) = waiting.pop() {
            let BufferId::Derived(number) = piece.buffer else {
                found.push(piece);
                continue;
            };
            let Some(buffer) = self.buffer(piece.buffer) else {
                continue;
            };
            let parents = parents(buffer, &piece.range).into_iter().rev();
            // A buffer is made of older ones; what claims otherwise is not followed in circles.
            waiting.extend(parents.filter(|parent| match parent.buffer {
                BufferId::Derived(older) => older < number,
                BufferId::Recorded(..) => true,
            }));
        }
        found
    }
}

/// What of its parents a range of a derived buffer comes from.
fn parents(buffer: &Buffer, range: &Range<usize>) -> Vec<Piece> {
    let Origin::Derived { by, from } = &buffer.origin else {
        return Vec::new();
    };
    if !by.keeps_bytes() {
        return from.clone();
    }
    let mut found = Vec::new();
    let mut at = buffer.start;
    for piece in from {
        let here = at..at + piece.range.len();
        let part = within(&here, range);
        if !part.is_empty() {
            let start = piece.range.start + (part.start - here.start);
            found.push(Piece {
                buffer: piece.buffer,
                range: start..start + part.len(),
            });
        }
        at = here.end;
    }
    found
}

/// Calls `each` with every leaf that has a byte of `range`, in order.
pub(crate) fn leaves_in<'a>(
    spans: &'a [Span],
    range: &Range<usize>,
    each: &mut impl FnMut(&'a Span),
) {
    let first = spans.partition_point(|span| span.range.end <= range.start);
    let there = spans[first..]
        .iter()
        .take_while(|span| span.range.start < range.end);
    for span in there {
        match span.children.is_empty() {
            true => each(span),
            false => leaves_in(&span.children, range, each),
        }
    }
}

/// What of `range` lies within `limits`; never turned around.
pub(crate) fn within(range: &Range<usize>, limits: &Range<usize>) -> Range<usize> {
    let start = range
        .start
        .clamp(limits.start, limits.end.max(limits.start));
    start..range.end.min(limits.end).max(start)
}
