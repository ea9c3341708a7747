//! However bytes come, the same is told of them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;
use crate::span::Role;

/// What messages are made of, sound and not.
const PARTS: [&[u8]; 24] = [
    b"GET / HTTP/1.1\r\n",
    b"HEAD /a HTTP/1.1\r\n",
    b"POST /rpc HTTP/1.1\r\n",
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\n",
    b"HTTP/1.0 204\r\n\r\n",
    b"connection: upgrade\r\nupgrade: websocket\r\n",
    b"content-type: application/json\r\n",
    b"content-type: text/event-stream\r\n",
    b"content-length: 5\r\n\r\n",
    b"content-length: 40\r\n\r\n",
    b"content-encoding: gzip\r\n",
    b"transfer-encoding: chunked\r\n\r\n",
    b"transfer-encoding: chunked\r\n\r\n",
    b" folded\n",
    b"no colon\r\n",
    b"\r\n",
    b"\r\n",
    b"{\"a\"}",
    b"5\r\n[1,2]\r\n",
    b"data: 1\n\n",
    b"0\r\n\r\n",
];

/// A sound request, for answers to be read.
const ASK: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

fn messages() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        20 => select(PARTS.to_vec()).prop_map(<[u8]>::to_vec),
        1 => vec(any::<u8>(), 1..20),
    ];
    vec(part, 0..30).prop_map(|parts| parts.concat())
}

/// Neighbours that say the same of bytes that nobody understands count as one: where they are parted
/// depends on when they came.
fn joined(mut dissection: Dissection) -> Dissection {
    for buffer in &mut dissection.recorded {
        let mut spans: Vec<Span> = Vec::new();
        for span in std::mem::take(&mut buffer.spans) {
            match spans.last_mut() {
                Some(last) if is_unknown(last) && last.note == span.note => {
                    last.range.end = span.range.end;
                }
                _ => spans.push(span),
            }
        }
        buffer.spans = spans;
    }
    dissection.recorded.sort_by_key(|buffer| buffer.id);
    dissection
}

fn is_unknown(span: &Span) -> bool {
    span.role == Role::Unknown && span.children.is_empty()
}

/// Both sides, one after the other, in slices of that size.
fn sliced(up: &[u8], down: &[u8], size: usize, limits: Limits) -> Dissection {
    let mut dissector = Dissector::new(Knowledge::default(), limits);
    for (direction, bytes) in [(Up, up), (Down, down)] {
        for slice in bytes.chunks(size) {
            dissector.feed(0, direction, slice);
        }
    }
    joined(finished(dissector, &[(Up, up), (Down, down)]))
}

fn assert_same_in_any_slices(up: &[u8], down: &[u8], limits: Limits) {
    let whole = sliced(up, down, usize::MAX, limits);
    for size in [1, 2, 7, 50] {
        assert_eq!(sliced(up, down, size, limits), whole, "slices of {size}");
    }
}

proptest! {
    #[test]
    fn messages_torn_anywhere_say_the_same(
        up in messages(),
        down in messages(),
        most in select(vec![64, 200, usize::MAX]),
    ) {
        let limits = Limits { message_bytes: most, ..Limits::default() };
        assert_same_in_any_slices(&[ASK, &up].concat(), &down, limits);
    }

    #[test]
    fn any_bytes_are_told(up in vec(any::<u8>(), 0..300), down in vec(any::<u8>(), 0..300)) {
        dissect(&[(Up, ASK), (Up, &up), (Down, b"HTTP/1.1 "), (Down, &down)]);
        dissect(&[(Up, &up), (Down, &down)]);
    }

    #[test]
    fn sound_traffic_with_a_byte_changed_or_cut_off_is_told(
        place: Index,
        byte: u8,
        end: Index,
    ) {
        let parts: [&[u8]; 3] = [
            b"POST / HTTP/1.1\r\ncontent-type: text/xml\r\ntransfer-encoding: chunked\r\n\r\n",
            b"3\r\n<a>\r\n4;x\r\n</a>\r\n0\r\nx: y\r\n\r\n",
            b"POST / HTTP/1.1\r\ncontent-length: 4\r\n\r\n\"ab\"GET / HTTP/1.1\r\n\r\n",
        ];
        let mut traffic = parts.concat();
        let (place, end) = (place.index(traffic.len()), end.index(traffic.len()));
        assert_same_in_any_slices(&traffic[..end], b"", Limits::none());
        traffic[place] = byte;
        assert_same_in_any_slices(&traffic, b"", Limits::none());
    }
}

#[test]
fn a_method_that_is_too_long_is_none_however_it_comes() {
    for letters in 31..35 {
        let line = format!("{} / HTTP/1.1\r\n\r\n", "A".repeat(letters));
        let whole = dissect(&[(Up, line.as_bytes())]);
        let (first, rest) = line.as_bytes().split_at(letters);
        let torn = dissect(&[(Up, first), (Up, rest)]);
        assert_eq!(whole.heads.len(), torn.heads.len(), "{letters} letters");
    }
}
