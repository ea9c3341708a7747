//! What is true of a dissection, whatever was fed: for the fuzz targets and for the property tests.

use wire::dissection::Head;
use wire::recording::Direction;
use wire::span::{Span, VALUE_CHARACTERS, tiles};
use wire::{
    BufferId, Derivation, Dissection, Dissector, Excerpt, Knowledge, Ledger, Limits, Origin, Piece,
};

/// What one side says before the other one does.
pub type Turn = (Direction, Vec<u8>);

/// Spans that one byte may take at most: leaves and what is around them.
const SPANS_A_BYTE: usize = 4;

/// Limits of a recording, with less room for what is compressed: bombs are to go off quickly.
pub fn wide() -> Limits {
    Limits {
        inflated_bytes: 64 * 1024,
        ..Limits::none()
    }
}

/// Limits that small inputs reach.
pub fn narrow() -> Limits {
    Limits {
        message_bytes: 200,
        streams: 2,
        inflated_bytes: 1000,
    }
}

/// Where what is fed is cut: the same places for the same seed, and none for 0.
#[derive(Debug, Clone)]
pub struct Cuts {
    state: u64,
    /// So many turns come in one piece first.
    uncut: usize,
}

impl Cuts {
    pub fn new(seed: u64) -> Self {
        Self::after(0, seed)
    }

    /// Nothing is cut of the first turns.
    pub fn after(uncut: usize, seed: u64) -> Self {
        Self { state: seed, uncut }
    }

    /// The pieces of the next turn.
    pub fn cut<'a>(&mut self, mut bytes: &'a [u8]) -> Vec<&'a [u8]> {
        if self.uncut > 0 {
            self.uncut -= 1;
            return vec![bytes];
        }
        let mut pieces = Vec::new();
        while !bytes.is_empty() {
            let (piece, rest) = bytes.split_at(self.next_length().min(bytes.len()));
            pieces.push(piece);
            bytes = rest;
        }
        pieces
    }

    /// Mostly a few bytes, as those are the cuts at which readers stumble.
    fn next_length(&mut self) -> usize {
        if self.state == 0 {
            return usize::MAX;
        }
        // Xorshift of 64 bits, Marsaglia 2003: good enough, and of no dependency.
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        match self.state % 8 {
            0..6 => 1 + (self.state >> 8) as usize % 12,
            6 => 1 + (self.state >> 8) as usize % 100,
            _ => 1 + (self.state >> 8) as usize % 2000,
        }
    }
}

/// Feeds all of it and ends both directions; looks once, at the end.
pub fn at_once(
    turns: &[Turn],
    mut cuts: Cuts,
    limits: Limits,
    knowledge: &Knowledge,
) -> Dissection {
    let mut dissector = Dissector::new(knowledge.clone(), limits);
    for (direction, bytes) in turns {
        for piece in cuts.cut(bytes) {
            dissector.feed(0, *direction, piece);
        }
    }
    for direction in Direction::BOTH {
        dissector.ended(0, direction);
    }
    dissector.take()
}

/// Feeds all of it, and looks whenever something has come.
pub fn live(
    turns: &[Turn],
    mut cuts: Cuts,
    limits: Limits,
    knowledge: &Knowledge,
) -> Vec<Dissection> {
    let mut dissector = Dissector::new(knowledge.clone(), limits);
    let mut seen = Vec::new();
    for (direction, bytes) in turns {
        for piece in cuts.cut(bytes) {
            dissector.feed(0, *direction, piece);
            seen.push(dissector.take());
        }
    }
    for direction in Direction::BOTH {
        dissector.ended(0, direction);
        seen.push(dissector.take());
    }
    seen
}

/// All that is true of any traffic. An even seed also feeds it in other cuts, which must change
/// nothing; an odd one watches it live, with limits that it reaches.
pub fn holds(turns: &[Turn], seed: u64, knowledge: &Knowledge) {
    holds_after(0, turns, seed, knowledge);
}

/// The same, but the first turns always come in one piece: where they are the same for every input, to
/// cut them again tries nothing new and takes longer than all the rest.
pub fn holds_after(uncut: usize, turns: &[Turn], seed: u64, knowledge: &Knowledge) {
    let whole = at_once(turns, Cuts::new(0), wide(), knowledge);
    sound(&whole, wide());
    carries(&[&whole], turns);
    let cuts = Cuts::after(uncut, seed);
    if seed.is_multiple_of(2) {
        same(&whole, &at_once(turns, cuts, wide(), knowledge));
    } else {
        let seen = live(turns, cuts, narrow(), knowledge);
        for part in &seen {
            sound(part, narrow());
        }
        carries(&seen.iter().collect::<Vec<_>>(), turns);
    }
}

/// Every byte belongs to one leaf, and nothing is larger than it may be.
pub fn sound(dissection: &Dissection, limits: Limits) {
    if let Err(place) = dissection.check() {
        panic!("not tiled: {place}");
    }
    for buffer in dissection.buffers() {
        bounded(&buffer.spans, buffer.bytes.len());
        if let Origin::Derived { by, from } = &buffer.origin {
            assert!(
                *by != Derivation::Inflated || buffer.bytes.len() <= limits.inflated_bytes,
                "{:?} inflated to {} bytes",
                buffer.id,
                buffer.bytes.len()
            );
            let there: usize = from.iter().map(|piece| piece.range.len()).sum();
            assert!(
                !by.keeps_bytes() || there == buffer.bytes.len(),
                "{:?} has {} bytes of {there}",
                buffer.id,
                buffer.bytes.len()
            );
        }
    }
    for payload in &dissection.payloads {
        if let Some(buffer) = dissection.buffer(payload.at.buffer) {
            assert!(
                payload.at.range.end <= buffer.range().end,
                "a payload goes past its buffer: {:?}",
                payload.at
            );
        }
    }
}

/// As many spans as bytes allow, and no value longer than it may be.
pub fn bounded(spans: &[Span], size_bytes: usize) {
    let count = count(spans);
    let most = size_bytes * SPANS_A_BYTE;
    assert!(count <= most, "{count} spans for {size_bytes} bytes");
}

fn count(spans: &[Span]) -> usize {
    let counts = spans.iter().map(|span| {
        assert!(
            !is_too_long(&span.value),
            "the value of {} is too long: {} bytes",
            span.name,
            span.value.len()
        );
        1 + count(&span.children)
    });
    counts.sum()
}

/// Longer than a value that was cut, with the mark of the cut.
fn is_too_long(value: &str) -> bool {
    value.len() > VALUE_CHARACTERS && value.chars().nth(VALUE_CHARACTERS + 1).is_some()
}

/// Spans of a message by itself.
pub fn tiled(spans: &[Span], start: usize, size_bytes: usize) {
    if let Err(place) = tiles(spans, start..start + size_bytes) {
        panic!("not tiled: {place}");
    }
    bounded(spans, size_bytes);
}

/// What was fed is what recorded buffers hold, byte by byte, over all looks.
pub fn carries(seen: &[&Dissection], turns: &[Turn]) {
    for direction in Direction::BOTH {
        let id = BufferId::Recorded(0, direction);
        let fed: Vec<u8> = turns
            .iter()
            .filter(|turn| turn.0 == direction)
            .flat_map(|turn| turn.1.iter().copied())
            .collect();
        let mut told = Vec::new();
        for buffer in seen.iter().filter_map(|part| part.buffer(id)) {
            assert_eq!(buffer.start, told.len(), "a gap in {id:?}");
            told.extend_from_slice(&buffer.bytes);
        }
        assert!(told == fed, "{id:?}: {} of {} bytes", told.len(), fed.len());
    }
}

/// Two dissections of the same bytes say the same. Where a message lies may differ: one that came in
/// one piece is explained in place, and in a derived buffer when it came in several.
pub fn same(one: &Dissection, other: &Dissection) {
    for (one, other) in one.heads.iter().zip(&other.heads) {
        assert_eq!(one.place, other.place);
        assert_eq!(one.kind, other.kind);
        assert_eq!(one.table, other.table);
        assert_eq!(fields(one), fields(other));
    }
    assert_eq!(one.heads.len(), other.heads.len(), "heads");
    for (one, other) in one.payloads.iter().zip(&other.payloads) {
        assert_eq!((one.place, one.kind), (other.place, other.kind));
        assert_eq!(one.bytes, other.bytes);
    }
    assert_eq!(one.payloads.len(), other.payloads.len(), "payloads");
    assert_eq!(ledger(one), ledger(other));
}

/// What the fields of a head say.
fn fields(head: &Head) -> Vec<(&str, &str, usize, usize)> {
    let fields = head.fields.iter();
    fields
        .map(|field| {
            (
                &*field.name,
                &*field.value,
                field.wire_bytes,
                field.plain_bytes,
            )
        })
        .collect()
}

/// What all of the recorded bytes are there for.
fn ledger(dissection: &Dissection) -> Ledger {
    let ledger = Ledger::of(dissection, &all_of(dissection));
    let recorded = dissection.recorded.iter();
    let size_bytes: usize = recorded.map(|buffer| buffer.bytes.len()).sum();
    assert_eq!(ledger.both().total(), size_bytes, "the ledger's sum");
    ledger
}

/// All that was recorded.
pub fn all_of(dissection: &Dissection) -> Excerpt {
    let pieces = dissection.recorded.iter().map(|buffer| Piece {
        buffer: buffer.id,
        range: buffer.range(),
    });
    Excerpt {
        title: "all".to_owned(),
        pieces: pieces.collect(),
    }
}
