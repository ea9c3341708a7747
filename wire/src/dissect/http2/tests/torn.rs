//! Random, mutated and torn traffic.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// Frames as a peer might send them, and as it may not.
fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let kind = prop_oneof![0..=10_u8, any::<u8>()];
    let flags = prop_oneof![
        Just(END_HEADERS),
        Just(END_HEADERS | END_STREAM),
        any::<u8>()
    ];
    let block = prop_oneof![
        Just(REQUEST.to_vec()),
        Just(OK.to_vec()),
        Just(b"\xbe".to_vec())
    ];
    let payload = prop_oneof![block, vec(any::<u8>(), 0..60), vec(0..4_u8, 4..9)];
    let known = (kind, flags, 0..6_u32, payload);
    known.prop_map(|(kind, flags, stream, payload)| frame(kind, flags, stream, &payload))
}

fn traffic() -> impl Strategy<Value = Traffic> {
    let chunk = (
        any::<bool>(),
        vec(any_frame(), 1..4),
        vec((any::<prop::sample::Index>(), any::<u8>()), 0..2),
    );
    let chunk = chunk.prop_map(|(up, frames, changes)| {
        let mut bytes = frames.concat();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        (if up { Up } else { Down }, bytes)
    });
    vec(chunk, 1..12)
}

/// The same, a byte at a time.
fn byte_by_byte(traffic: &[(Direction, Vec<u8>)]) -> Dissection {
    let mut dissector = Dissector::new(Knowledge::default(), Limits::none());
    PREFACE
        .iter()
        .for_each(|byte| dissector.feed(0, Up, &[*byte]));
    for (direction, bytes) in traffic {
        bytes
            .iter()
            .for_each(|byte| dissector.feed(0, *direction, &[*byte]));
    }
    finished(dissector, traffic)
}

proptest! {
    #[test]
    fn how_traffic_is_torn_makes_no_difference(traffic in traffic()) {
        prop_assert_eq!(byte_by_byte(&traffic), dissect(&traffic));
    }

    #[test]
    fn any_bytes_are_tiled_within_any_limits(
        chunks in vec((any::<bool>(), vec(any::<u8>(), 1..100)), 1..10),
        message_bytes in 0..200_usize,
        streams in 0..3_usize,
    ) {
        let limits = Limits { message_bytes, streams, inflated_bytes: 1000 };
        let chunks = chunks.into_iter();
        let traffic: Traffic = chunks.map(|(up, bytes)| (if up { Up } else { Down }, bytes)).collect();
        dissect_within(limits, &traffic);
    }

    #[test]
    fn mutated_traffic_is_tiled_within_any_limits(
        traffic in traffic(),
        message_bytes in 0..60_usize,
        streams in 0..3_usize,
    ) {
        dissect_within(Limits { message_bytes, streams, inflated_bytes: 1000 }, &traffic);
    }
}
