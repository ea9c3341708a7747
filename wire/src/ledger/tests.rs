//! The ledger against sums that are made byte by byte.

use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::dissect::{Dissector, Knowledge};
use crate::dissection::{Buffer, BufferId, Derivation, Head, HeadKind, HeaderField, Origin, Place};
use crate::recording::{Chunk, RecordedConnection, Recording};
use crate::span::{Layer, Span};

const UP: BufferId = BufferId::Recorded(0, Direction::Up);

fn leaf(range: std::ops::Range<usize>, role: Role) -> Span {
    Span::new(range, Layer::Text, role, "leaf")
}

fn recorded(id: BufferId, spans: Vec<Span>) -> Buffer {
    let length = spans.last().map_or(0, |span| span.range.end);
    Buffer {
        id,
        title: String::new(),
        origin: Origin::Recorded,
        start: 0,
        bytes: Bytes::from(vec![b'.'; length]),
        spans,
    }
}

fn piece(buffer: BufferId, range: std::ops::Range<usize>) -> Piece {
    Piece { buffer, range }
}

fn derived(number: usize, by: Derivation, from: Vec<Piece>, spans: Vec<Span>) -> Buffer {
    Buffer {
        origin: Origin::Derived { by, from },
        ..recorded(BufferId::Derived(number), spans)
    }
}

/// Two chunks of 4 and 6 bytes after 3 bytes each of sizes; the first 5 bytes of the body are value.
fn chunked() -> Dissection {
    let spans = vec![
        leaf(0..3, Role::Framing),
        leaf(3..7, Role::Value),
        leaf(7..10, Role::Framing),
        leaf(10..16, Role::Value),
    ];
    let from = vec![piece(UP, 3..7), piece(UP, 10..16)];
    let body = vec![leaf(0..5, Role::Value), leaf(5..10, Role::Encoding)];
    Dissection {
        recorded: vec![recorded(UP, spans)],
        derived: vec![derived(0, Derivation::Dechunked, from, body)],
        ..Dissection::default()
    }
}

fn counted(dissection: &Dissection, range: std::ops::Range<usize>) -> Tally {
    let excerpt = Excerpt {
        title: String::new(),
        pieces: vec![piece(UP, range)],
    };
    let ledger = Ledger::of(dissection, &excerpt);
    assert_eq!(ledger.down, Tally::default());
    ledger.up
}

#[test]
fn a_dechunked_body_tells_value_from_encoding() {
    let tally = counted(&chunked(), 0..16);
    assert_eq!(tally.of(Role::Framing), 6);
    assert_eq!(tally.of(Role::Value), 5);
    assert_eq!(tally.of(Role::Encoding), 5);
    assert_eq!(tally.total(), 16);
}

#[test]
fn a_leaf_counts_by_its_bytes_inside_of_the_excerpt() {
    let tally = counted(&chunked(), 5..12);
    assert_eq!(tally.of(Role::Value), 3);
    assert_eq!(tally.of(Role::Framing), 3);
    assert_eq!(tally.of(Role::Encoding), 1);
}

#[test]
fn bytes_that_were_forgotten_are_unknown_and_still_count() {
    let tally = counted(&chunked(), 10..40);
    assert_eq!(tally.of(Role::Unknown), 24);
    assert_eq!(tally.total(), 30);
}

#[test]
fn what_was_inflated_counts_as_compressed_and_headers_stay_headers() {
    let mut dissection = chunked();
    let from = vec![piece(BufferId::Derived(0), 2..10)];
    let spans = vec![leaf(0..500, Role::Value)];
    let inflated = derived(1, Derivation::Inflated, from, spans);
    dissection.derived.push(inflated);
    let tally = counted(&dissection, 0..16);
    assert_eq!(tally.of(Role::Compressed), 8);
    assert_eq!(tally.of(Role::Value), 2);

    let spans = vec![leaf(0..10, Role::Headers)];
    let huffman = derived(
        0,
        Derivation::HuffmanDecoded,
        vec![piece(UP, 2..8)],
        vec![leaf(0..9, Role::Headers)],
    );
    let dissection = Dissection {
        recorded: vec![recorded(UP, spans)],
        derived: vec![huffman],
        ..Dissection::default()
    };
    assert_eq!(counted(&dissection, 0..10).of(Role::Headers), 10);
}

#[test]
fn header_fields_count_where_they_begin_even_in_a_derived_buffer() {
    let mut dissection = chunked();
    let field = |range, wire_bytes, plain_bytes| HeaderField {
        name: String::new(),
        value: String::new(),
        at: piece(BufferId::Derived(0), range),
        wire_bytes,
        plain_bytes,
    };
    dissection.heads.push(Head {
        place: Place {
            connection: 0,
            direction: Direction::Up,
            stream: 1,
        },
        kind: HeadKind::Trailers,
        fields: vec![field(0..2, 2, 20), field(4..10, 6, 40)],
        table: None,
    });
    let excerpt = |range| Excerpt {
        title: String::new(),
        pieces: vec![piece(UP, range)],
    };
    let first = Ledger::of(&dissection, &excerpt(0..9)).fields;
    assert_eq!((first.wire_bytes, first.plain_bytes), (2, 20));
    let both = Ledger::of(&dissection, &excerpt(0..16)).fields;
    assert_eq!(both.saved(), 52);
}

#[test]
fn buffers_that_claim_to_come_from_themselves_are_not_followed() {
    let mut dissection = chunked();
    let itself = vec![piece(BufferId::Derived(1), 0..4)];
    let spans = vec![leaf(0..4, Role::Value)];
    let circle = derived(1, Derivation::Reassembled, itself.clone(), spans);
    dissection.derived.push(circle);
    assert_eq!(dissection.recorded_from(&itself[0]), []);
    assert_eq!(counted(&dissection, 0..16).total(), 16);
}

/// Leaves of random lengths and roles, some of them below a parent.
fn spans(length: usize) -> impl Strategy<Value = Vec<Span>> {
    let part = (1..9_usize, 0..Role::ALL.len(), any::<bool>());
    prop::collection::vec(part, length).prop_map(move |parts| {
        let mut next = 0;
        let mut spans = Vec::new();
        for (count, role, nested) in parts {
            let end = (next + count).min(length);
            if next < end {
                let inside = leaf(next..end, Role::ALL[role]);
                let parent = leaf(next..end, Role::Unknown).children(vec![inside.clone()]);
                spans.push(if nested { parent } else { inside });
            }
            next = end;
        }
        spans
    })
}

/// Lengths of a recorded buffer and of up to six derived ones, what they come from, and their spans.
fn dissections() -> impl Strategy<Value = Dissection> {
    const LENGTH: usize = 60;
    let by = prop_oneof![
        4 => Just(Derivation::Dechunked),
        1 => Just(Derivation::Inflated),
        1 => Just(Derivation::HuffmanDecoded),
    ];
    let source = (0..7_usize, 0..LENGTH, 0..20_usize);
    let one = (by, prop::collection::vec(source, 0..4), spans(LENGTH));
    (spans(LENGTH), prop::collection::vec(one, 0..6)).prop_map(|(spans, others)| {
        let mut dissection = Dissection {
            recorded: vec![recorded(UP, spans)],
            ..Dissection::default()
        };
        for (number, (by, sources, spans)) in others.into_iter().enumerate() {
            let from: Vec<Piece> = sources
                .into_iter()
                .map(|(parent, start, length)| {
                    let parent = match parent.checked_rem(number + 1) {
                        Some(0) | None => UP,
                        Some(older) => BufferId::Derived(older - 1),
                    };
                    piece(parent, start..(start + length).min(LENGTH))
                })
                .collect();
            let length = from.iter().map(|piece| piece.range.len()).sum::<usize>();
            let mut buffer = derived(number, by, from, spans);
            // A dissector keeps the rule; one that is shorter than its pieces must do no harm.
            buffer.bytes.truncate(length);
            let end = buffer.bytes.len();
            buffer.spans.retain(|span| span.range.end <= end);
            let end = buffer.spans.last().map_or(0, |span| span.range.end);
            buffer.bytes.truncate(end);
            dissection.derived.push(buffer);
        }
        dissection
    })
}

proptest! {
    #[test]
    fn the_total_is_what_the_excerpt_has(
        dissection in dissections(),
        starts in prop::collection::vec((0..60_usize, 0..40_usize), 0..5),
    ) {
        prop_assert_eq!(dissection.check(), Ok(()));
        let pieces = starts.iter().map(|(start, length)| piece(UP, *start..start + length));
        let excerpt = Excerpt { title: String::new(), pieces: pieces.collect() };
        let ledger = Ledger::of(&dissection, &excerpt);
        prop_assert_eq!(ledger.both().total(), excerpt.size_bytes());
    }

    #[test]
    fn every_recorded_byte_is_seen_once_and_in_order(dissection in dissections()) {
        let end = dissection.recorded[0].range().end;
        let mut next = 0;
        for seen in dissection.seen(UP, 0..end) {
            prop_assert_eq!(seen.range.start, next);
            prop_assert!(!seen.range.is_empty());
            next = seen.range.end;
            if let Some(BufferId::Derived(number)) = seen.derived {
                prop_assert!(seen.span.range.end <= dissection.derived[number].bytes.len());
            }
        }
        prop_assert_eq!(next, end);
    }
}

/// What a connection may carry: beginnings of real protocols, and anything.
fn traffic() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        Just(b"POST /RPC2 HTTP/1.1\r\ncontent-length: 7\r\ncontent-type: application/json\r\n\r\n[1, 2]\n".to_vec()),
        Just(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n<a>\r\n4\r\n</a>\r\n0\r\n\r\n".to_vec()),
        Just(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec()),
        Just(b"\0\0\x03\x01\x04\0\0\0\x01\x83\x86\x84".to_vec()),
        Just(b"\0\0\x09\0\x01\0\0\0\x01\0\0\0\0\x04\x08\x05\x10\x03".to_vec()),
        prop::collection::vec(any::<u8>(), 0..40),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn the_ledger_of_all_is_what_the_socket_carried(up in traffic(), down in traffic()) {
        let nobody = std::net::SocketAddr::from(([127, 0, 0, 1], 1));
        let mut connection = RecordedConnection::new(nobody, nobody, Duration::ZERO);
        for (direction, bytes) in [(Direction::Up, up), (Direction::Down, down)] {
            let chunks = bytes.chunks(50).map(|bytes| Chunk {
                direction,
                at: Duration::ZERO,
                bytes: Bytes::copy_from_slice(bytes),
            });
            connection.chunks.extend(chunks);
        }
        let mut recording = Recording::begin();
        recording.connections.push(connection);
        let dissection = Dissector::dissect(&recording, &Knowledge::default());
        let ledger = Ledger::of(&dissection, &Excerpt::whole("all", &dissection));
        for direction in Direction::BOTH {
            let carried = recording.size_bytes(direction);
            prop_assert_eq!(ledger.way(direction).total(), carried);
        }
    }
}
