//! Which range of a buffer became a part of which derived one.

use std::collections::HashMap;
use std::ops::Range;

use crate::dissection::{Buffer, BufferId, Derivation, Dissection, Origin, Piece};

/// What came of which range of a buffer.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    pub(super) range: Range<usize>,
    /// Its place in [`Dissection::derived`].
    pub(super) derived: usize,
    /// Where `range` begins in that one.
    pub(super) at: usize,
}

/// All that came of one buffer.
#[derive(Debug, Clone, Default)]
pub(super) struct Cuts {
    /// Byte by byte; in order and without overlap.
    pub(super) kept: Vec<Cut>,
    /// By inflating; in order and without overlap.
    pub(super) inflated: Vec<Cut>,
    /// Where the last piece of a derived buffer ends, or what ended it where that piece is forgotten,
    /// and its place; in order.
    pub(super) complete: Vec<(usize, usize)>,
}

/// What came of every buffer, and the places of derived buffers that became whole with no byte that
/// is (still) here.
pub(super) fn cuts(dissection: &Dissection) -> (HashMap<BufferId, Cuts>, Vec<usize>) {
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
    (cuts, alone)
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
pub(super) fn split(
    range: Range<usize>,
    cuts: &[Cut],
) -> impl Iterator<Item = (Range<usize>, Option<&Cut>)> {
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
