//! permessage-deflate.

use flate2::{Compress, Compression, FlushCompress};

use super::*;

const TEXT: &[u8] = b"{\"jsonrpc\":\"2.0\",\"method\":\"add\",\"params\":[2,3],\"id\":1}";

/// Messages as a sender compresses them: each goes on with the window of the one before it.
fn deflated(texts: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut stream = Compress::new(Compression::default(), false);
    let messages = texts.iter().map(|text| {
        let mut out = Vec::with_capacity(1000);
        let done = stream.compress_vec(text, &mut out, FlushCompress::Sync);
        done.expect("room enough");
        out.truncate(out.len() - 4);
        out
    });
    messages.collect()
}

fn read(agreed: &str, direction: Direction, frames: &[Vec<u8>]) -> Dissection {
    let agreed = format!("Sec-WebSocket-Extensions: {agreed}\r\n");
    let mut dissector = opened(Limits::default(), &agreed);
    for frame in frames {
        dissector.feed(0, direction, frame);
    }
    finished(dissector)
}

#[test]
fn messages_are_inflated_with_the_window_of_those_before() {
    let [one, two] = &deflated(&[TEXT, TEXT])[..] else {
        panic!("two");
    };
    assert!(two.len() < one.len());
    let ups = [masked(0xc1, one), masked(0xc1, two)];
    let downs = [
        frame(0xc1, one),
        frame(0x41, &two[..2]),
        frame(0x80, &two[2..]),
    ];
    for (direction, frames) in [(Up, &ups[..]), (Down, &downs)] {
        let dissection = read("permessage-deflate", direction, frames);
        assert_eq!(messages(&dissection), [TEXT, TEXT]);
        assert_eq!(broken(&dissection, direction), Vec::<String>::new());
    }
}

#[test]
fn what_is_not_compressed_may_come_between() {
    let packed = deflated(&[TEXT, TEXT]);
    let frames = [
        frame(0xc1, &packed[0]),
        frame(0x81, b"[1]"),
        frame(0xc1, &packed[1]),
    ];
    let dissection = read("permessage-deflate", Down, &frames);
    assert_eq!(messages(&dissection), [TEXT, b"[1]", TEXT]);
}

#[test]
fn without_takeover_each_message_stands_for_itself() {
    let packed = &deflated(&[TEXT])[0];
    let frames = [frame(0xc1, packed), frame(0xc1, packed)];
    let agreed = "permessage-deflate; server_no_context_takeover";
    assert_eq!(messages(&read(agreed, Down, &frames)), [TEXT, TEXT]);
}

#[test]
fn bytes_that_are_no_deflate_data_are_told() {
    let frames = [
        masked(0xc1, &[0xff; 9]),
        masked(0xc1, &deflated(&[TEXT])[0]),
    ];
    let dissection = read("permessage-deflate", Up, &frames);
    assert!(messages(&dissection).is_empty());
    let notes = dissection.derived.iter().flat_map(Buffer::leaves);
    let notes: Vec<_> = notes.map(|leaf| &*leaf.note).collect();
    assert!(notes[0].contains("no deflate data"), "{notes:?}");
    assert!(notes[1].contains("an earlier message"), "{notes:?}");
}

#[test]
fn a_bomb_is_not_inflated_further_than_the_limit() {
    let zeroes = vec![b' '; 8 << 20];
    let mut stream = Compress::new(Compression::default(), false);
    let mut bomb = Vec::with_capacity(1 << 16);
    let done = stream.compress_vec(&zeroes, &mut bomb, FlushCompress::Sync);
    done.expect("room enough");
    let dissection = read("permessage-deflate", Up, &[masked(0xc1, &bomb)]);
    assert!(messages(&dissection).is_empty());
    let kept: usize = dissection
        .derived
        .iter()
        .map(|buffer| buffer.bytes.len())
        .sum();
    assert!(kept <= bomb.len());
}
