//! Recorded bytes, seen through the buffers that were derived from them: a masked or chunked body is
//! one opaque span where it was recorded, and full of meaning where its mask and sizes are gone.

use std::collections::HashMap;
use std::ops::Range;

use crate::dissection::{Buffer, BufferId, Derivation, Dissection, Origin, Piece};
use crate::span::Span;

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

/// What came of which range of a buffer.
#[derive(Debug, Clone)]
struct Cut {
    range: Range<usize>,
    /// Its place in [`Dissection::derived`].
    derived: usize,
    /// Where `range` begins in that one.
    at: usize,
}

/// All that came of one buffer.
#[derive(Debug, Clone, Default)]
struct Cuts {
    /// Byte by byte; in order and without overlap.
    kept: Vec<Cut>,
    /// By inflating; in order and without overlap.
    inflated: Vec<Cut>,
    /// Where the last piece of a derived buffer ends, or what ended it where that piece is forgotten,
    /// and its place; in order.
    complete: Vec<(usize, usize)>,
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
        let mut cuts: HashMap<BufferId, Cuts> = HashMap::new();
        let mut alone = Vec::new();
        let here = ranges(dissection);
        for (derived, buffer) in dissection.derived.iter().enumerate() {
            add(&mut cuts, derived, buffer);
            match ended_by(dissection, &here, derived) {
                Some(last) => {
                    let cuts = cuts.entry(last.buffer).or_default();
                    cuts.complete.push((last.range.end, derived));
                }
                None => alone.push(derived),
            }
        }
        for cuts in cuts.values_mut() {
            in_order(&mut cuts.kept);
            in_order(&mut cuts.inflated);
            cuts.complete.sort_unstable();
        }
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

/// Notes what `buffer`, at that place of the derived ones, was made of.
fn add(cuts: &mut HashMap<BufferId, Cuts>, derived: usize, buffer: &Buffer) {
    let Origin::Derived { by, from } = &buffer.origin else {
        return;
    };
    let mut at = buffer.start;
    for piece in from.iter().filter(|piece| piece.buffer < buffer.id) {
        let cuts = cuts.entry(piece.buffer).or_default();
        let cut = Cut {
            range: piece.range.clone(),
            derived,
            at,
        };
        at += piece.range.len();
        match by {
            Derivation::Inflated => cuts.inflated.push(cut),
            // A header field that was spelt by Huffman's code stays what it is where it stands.
            Derivation::HuffmanDecoded => {}
            _ => cuts.kept.push(cut),
        }
    }
}

/// The places that bytes have in each recorded buffer, so that looking one up does not take longer
/// where there are many.
fn ranges(dissection: &Dissection) -> HashMap<BufferId, Range<usize>> {
    let recorded = dissection.recorded.iter();
    recorded.map(|buffer| (buffer.id, buffer.range())).collect()
}

/// The bytes with which a derived buffer became whole: its last piece, or where that is forgotten
/// what ended it; `None` where neither is here.
fn ended_by<'a>(
    dissection: &'a Dissection,
    here: &HashMap<BufferId, Range<usize>>,
    derived: usize,
) -> Option<&'a Piece> {
    let buffer = &dissection.derived[derived];
    let Origin::Derived { from, .. } = &buffer.origin else {
        return None;
    };
    let is_here = |piece: &&Piece| match piece.buffer {
        BufferId::Recorded(..) => here
            .get(&piece.buffer)
            .is_some_and(|range| (range.start + 1..=range.end).contains(&piece.range.end)),
        BufferId::Derived(_) => dissection.buffer(piece.buffer).is_some(),
    };
    let last = from.iter().rev().find(|piece| piece.buffer < buffer.id);
    let unit = dissection.whole_with.get(derived).and_then(Option::as_ref);
    last.filter(is_here).or(unit.filter(is_here))
}

/// Sorts, and leaves each byte to the first that claims it.
fn in_order(cuts: &mut Vec<Cut>) {
    cuts.sort_by_key(|cut| (cut.range.start, cut.derived));
    let mut taken = 0;
    cuts.retain_mut(|cut| {
        let start = cut.range.start.max(taken);
        cut.at += start - cut.range.start;
        cut.range.start = start;
        taken = taken.max(cut.range.end);
        !cut.range.is_empty()
    });
}

/// `range` in parts, each with the cut that it lies in.
fn split(range: Range<usize>, cuts: &[Cut]) -> impl Iterator<Item = (Range<usize>, Option<&Cut>)> {
    let first = cuts.partition_point(|cut| cut.range.end <= range.start);
    let mut cuts = cuts[first..].iter().peekable();
    let mut next = range.start;
    std::iter::from_fn(move || {
        if next >= range.end {
            return None;
        }
        while cuts.next_if(|cut| cut.range.end <= next).is_some() {}
        let cut = cuts.peek().filter(|cut| cut.range.start <= next).copied();
        let end = match cut {
            Some(cut) => cut.range.end,
            None => cuts.peek().map_or(range.end, |cut| cut.range.start),
        };
        let part = next..end.min(range.end);
        next = part.end;
        Some((part, cut))
    })
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
