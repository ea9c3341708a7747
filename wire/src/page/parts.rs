//! Which bytes of a call are shown: the pieces of its excerpt, and the buffers that are made of them.
//! What is too much is cut, and counted.

use std::collections::HashMap;
use std::ops::Range;

use super::capture::LeftOut;
use crate::dissection::{Buffer, BufferId, Derivation, Dissection, Excerpt, Origin, Piece};
use crate::recording::Direction;

/// Bytes of one part that are shown: some hundred rows, about a long page of a book.
pub(super) const PART_BYTES: usize = 4 * 1024;
/// Bytes of one call that are shown, over all its parts: a browser draws an element for each.
pub(super) const CALL_BYTES: usize = 16 * 1024;

/// Some bytes of a buffer that are shown together.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) buffer: &'a Buffer,
    /// In the buffer, counted as its spans are.
    pub(super) range: Range<usize>,
    /// Of these, how many are shown.
    pub(super) shown: usize,
    pub(super) way: Direction,
    pub(super) made: Option<(Derivation, Vec<Source>)>,
}

/// Part, offset in that part, length.
pub(super) type Source = (Option<usize>, usize, usize);

/// The parts of one call, parents before what is made of them.
#[derive(Debug, Default)]
pub(super) struct Parts<'a> {
    pub(super) parts: Vec<Part<'a>>,
    pub(super) left_out: LeftOut,
    of_buffer: HashMap<BufferId, Vec<usize>>,
    bytes: usize,
}

impl<'a> Parts<'a> {
    /// What is shown of that excerpt.
    pub(super) fn of(dissection: &'a Dissection, excerpt: &Excerpt) -> Self {
        let mut parts = Self::default();
        for piece in &excerpt.pieces {
            parts.recorded(dissection, piece);
        }
        for buffer in &dissection.derived {
            parts.derived(buffer);
        }
        parts
    }

    fn recorded(&mut self, dissection: &'a Dissection, piece: &Piece) {
        let BufferId::Recorded(_, way) = piece.buffer else {
            return;
        };
        let Some(buffer) = dissection.buffer(piece.buffer) else {
            return;
        };
        // What a live stream has forgotten cannot be shown.
        let known = buffer.range();
        let range = piece.range.start.max(known.start)..piece.range.end.min(known.end);
        if range.is_empty() {
            return;
        }
        let length = range.len();
        if !self.add(buffer, range, way, None) {
            self.left_out.pieces += 1;
            self.left_out.bytes += length;
        }
    }

    fn derived(&mut self, buffer: &'a Buffer) {
        let Origin::Derived { by, from } = &buffer.origin else {
            return;
        };
        let sources: Vec<Source> = from.iter().flat_map(|piece| self.sources(piece)).collect();
        let parents = sources
            .iter()
            .filter_map(|(part, offset, _)| Some(((*part)?, *offset)));
        let parents: Vec<_> = parents.collect();
        let Some((first, _)) = parents.first() else {
            return;
        };
        let is_seen = |(part, offset): &(usize, usize)| *offset < self.parts[*part].shown;
        let way = self.parts[*first].way;
        let made = Some((*by, sources));
        if !parents.iter().any(is_seen) || !self.add(buffer, buffer.range(), way, made) {
            self.left_out.derived += 1;
        }
    }

    /// Adds a part, unless the call has shown enough.
    fn add(
        &mut self,
        buffer: &'a Buffer,
        range: Range<usize>,
        way: Direction,
        made: Option<(Derivation, Vec<Source>)>,
    ) -> bool {
        let shown = range.len().min(PART_BYTES).min(CALL_BYTES - self.bytes);
        if shown == 0 {
            return range.is_empty();
        }
        self.bytes += shown;
        let place = self.parts.len();
        self.of_buffer.entry(buffer.id).or_default().push(place);
        self.parts.push(Part {
            buffer,
            range,
            shown,
            way,
            made,
        });
        true
    }

    /// Where a piece of a parent is shown, in order; stretches that are in no part say so.
    fn sources(&self, piece: &Piece) -> Vec<Source> {
        let mut found = Vec::new();
        let mut next = piece.range.start;
        let places = self.of_buffer.get(&piece.buffer);
        for place in places.into_iter().flatten() {
            let range = &self.parts[*place].range;
            let from = range.start.max(next);
            let to = range.end.min(piece.range.end);
            if from < to {
                if next < from {
                    found.push((None, 0, from - next));
                }
                found.push((Some(*place), from - range.start, to - from));
                next = to;
            }
        }
        if next < piece.range.end {
            found.push((None, 0, piece.range.end - next));
        }
        found
    }
}
