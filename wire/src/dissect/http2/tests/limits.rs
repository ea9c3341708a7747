//! What is not kept is told.

use super::*;

const SMALL: Limits = Limits {
    message_bytes: 64,
    streams: 2,
    inflated_bytes: 1024,
};

/// The notes of the last leaf of each of the client's frames.
fn last_notes(dissection: &Dissection) -> Vec<&str> {
    let spans = dissection.recorded[0].spans.iter().skip(1);
    let leaves = spans.filter_map(|span| span.leaves().last());
    leaves.map(|leaf| &leaf.note[..]).collect()
}

#[test]
fn frames_that_are_too_long_are_passed_over_in_pieces() {
    let mut dissector = Dissector::new(Knowledge::default(), SMALL);
    let long = frame(DATA, 0, 1, &[7; 1000]);
    let traffic = [
        (Up, frame(HEADERS, END_HEADERS, 1, REQUEST)),
        (Up, long),
        (Up, frame(DATA, 1, 1, b"x")),
    ];
    dissector.feed(0, Up, PREFACE);
    for byte in traffic.iter().flat_map(|(_, bytes)| bytes) {
        dissector.feed(0, Up, &[*byte]);
    }
    let dissection = finished(dissector, &traffic);
    let notes = last_notes(&dissection);
    assert!(notes.contains(&"not looked into: the frame is longer than this dissector keeps"));
    assert_eq!(
        notes.last(),
        Some(&"not looked into: a frame before it was too long to keep")
    );
}

#[test]
fn header_blocks_that_are_too_long_lose_the_table() {
    let pieces = [[0x82; 60], [0x82; 60]];
    let dissection = dissect_within(
        SMALL,
        &[
            (Up, frame(HEADERS, 0, 1, &pieces[0])),
            (Up, frame(CONTINUATION, END_HEADERS, 1, &pieces[1])),
            (Up, frame(HEADERS, END_HEADERS, 3, &[0x82, 0xbe])),
        ],
    );
    assert_eq!(dissection.heads.len(), 1);
    assert_eq!(dissection.heads[0].table, None);
    assert_eq!(
        last_notes(&dissection)[1..],
        [
            "not looked into: the header block is longer than this dissector keeps",
            "entry 62 is in the dynamic table, which is not known any more: a header block was too long to be kept",
        ]
    );
}

#[test]
fn the_stream_that_was_idle_for_longest_is_given_up() {
    let open = |stream| (Up, frame(HEADERS, END_HEADERS, stream, b"\x83\x84"));
    let data = |stream| (Up, frame(DATA, 0, stream, b"abc"));
    let dissection = dissect_within(
        SMALL,
        &[open(1), open(3), data(1), open(5), data(3), data(1)],
    );
    let told =
        "not looked into: the stream is over, or one of more streams than are followed at once";
    let notes = last_notes(&dissection);
    assert_eq!(notes[4], told);
    assert_ne!(notes[5], told);
}
