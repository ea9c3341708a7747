//! However frames come, the same is told of them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// Frames, sound and not.
fn frames() -> impl Strategy<Value = Vec<u8>> {
    let payload = prop_oneof![
        select(vec![&b""[..], b"[1]", b"{\"a\"", b"text"]).prop_map(<[u8]>::to_vec),
        vec(any::<u8>(), 0..320),
    ];
    let usual = select(vec![0x81, 0x01, 0x00, 0x80, 0x82, 0x88, 0x89, 0xc1, 0x41]);
    let first = prop_oneof![8 => usual, 1 => any::<u8>()];
    let frame = (first, payload, any::<bool>()).prop_map(|(first, payload, mask)| match mask {
        true => masked(first, &payload),
        false => frame(first, &payload),
    });
    let part = prop_oneof![20 => frame, 1 => vec(any::<u8>(), 1..9)];
    vec(part, 0..8).prop_map(|parts| parts.concat())
}

fn sliced(up: &[u8], down: &[u8], size: usize, limits: Limits) -> Dissection {
    let mut dissector = opened(limits, "sec-websocket-extensions: permessage-deflate\r\n");
    for (direction, bytes) in [(Up, up), (Down, down)] {
        for slice in bytes.chunks(size) {
            dissector.feed(0, direction, slice);
        }
    }
    let dissection = finished(dissector);
    for (direction, bytes) in [(Up, up), (Down, down)] {
        let told = dissection.buffer(BufferId::Recorded(0, direction));
        assert_eq!(told.map_or(&[][..], |buffer| &buffer.bytes[..]), bytes);
    }
    dissection
}

proptest! {
    #[test]
    fn frames_torn_anywhere_say_the_same(
        up in frames(),
        down in frames(),
        most in select(vec![160, 300, 1 << 20]),
    ) {
        let limits = Limits { message_bytes: most, ..Limits::default() };
        let whole = sliced(&up, &down, usize::MAX, limits);
        for size in [1, 2, 7, 50] {
            prop_assert_eq!(&sliced(&up, &down, size, limits), &whole);
        }
    }

    #[test]
    fn any_bytes_are_told(up in vec(any::<u8>(), 0..300), down in vec(any::<u8>(), 0..300)) {
        sliced(&up, &down, usize::MAX, Limits::none());
    }
}
