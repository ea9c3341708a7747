//! Frames made by hand, after a handshake.

mod compressed;
mod torn;

use crate::dissect::shown::tree;
use crate::dissect::{Dissector, Knowledge, Limits};
use crate::dissection::{Buffer, BufferId, Derivation, Dissection, Origin, PayloadKind};
use crate::recording::Direction::{self, Down, Up};
use crate::span::{Certainty, Role};

const OFFER: &[u8] = b"GET /ws HTTP/1.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
const ANSWER: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n";
const MASK: [u8; 4] = [1, 2, 3, 4];

/// A frame of a server.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        short @ 0..=125 => frame.push(short as u8),
        long => {
            frame.push(126);
            frame.extend(u16::try_from(long).expect("short").to_be_bytes());
        }
    }
    frame.extend(payload);
    frame
}

/// A frame of a client.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = frame(first, payload);
    frame[1] |= 0x80;
    frame.truncate(frame.len() - payload.len());
    frame.extend(MASK);
    let bytes = payload.iter().zip(MASK.iter().cycle());
    frame.extend(bytes.map(|(byte, key)| byte ^ key));
    frame
}

/// A dissector after a handshake, in which the server agreed to that.
fn opened(limits: Limits, agreed: &str) -> Dissector {
    let mut dissector = Dissector::new(Knowledge::default(), limits);
    dissector.feed(0, Up, OFFER);
    dissector.feed(0, Down, ANSWER);
    dissector.feed(0, Down, format!("{agreed}\r\n").as_bytes());
    let handshake = dissector.take();
    assert_eq!(handshake.heads.len(), 2);
    dissector
}

fn finished(mut dissector: Dissector) -> Dissection {
    for direction in Direction::BOTH {
        dissector.ended(0, direction);
    }
    let dissection = dissector.take();
    dissection.check().expect("every byte belongs to one leaf");
    dissection
}

/// The dissection of frames in one direction.
fn dissect(direction: Direction, frames: &[Vec<u8>]) -> Dissection {
    let mut dissector = opened(Limits::none(), "");
    for frame in frames {
        dissector.feed(0, direction, frame);
    }
    finished(dissector)
}

fn recorded(dissection: &Dissection, direction: Direction) -> &Buffer {
    let buffer = dissection.buffer(BufferId::Recorded(0, direction));
    buffer.expect("something went that way")
}

fn broken(dissection: &Dissection, direction: Direction) -> Vec<String> {
    let leaves = recorded(dissection, direction).leaves();
    let broken = leaves.filter(|leaf| leaf.certainty == Certainty::Broken);
    broken.map(|leaf| leaf.note.to_string()).collect()
}

/// What the messages say.
fn messages(dissection: &Dissection) -> Vec<&[u8]> {
    let payloads = dissection.payloads.iter();
    payloads.map(|payload| &payload.bytes[..]).collect()
}

#[test]
fn a_masked_frame_is_told_with_its_text_in_a_buffer_of_its_own() {
    let dissection = dissect(Up, &[masked(0x81, b"{\"id\":1}")]);
    let buffer = recorded(&dissection, Up);
    let start = buffer.start;
    let spans = tree(&shifted(buffer, start), &buffer.bytes);
    insta::assert_snapshot!(spans, @r#"
    frame: text, masked, 8 bytes
      Framing fin and opcode: "�" = "fin, text"
      Framing mask and length: "�" = "masked, 8"
      Framing masking key: "\u{1}\u{2}\u{3}\u{4}" = "01 02 03 04"
      Value payload: "z j`#82y" = "8 bytes"
    "#);
    let [message] = &dissection.derived[..] else {
        panic!("one derived buffer: {:?}", dissection.derived);
    };
    insta::assert_snapshot!(tree(&message.spans, &message.bytes), @r#"
    object:
      Encoding begin object: "{"
      id: 1
        Encoding quotation mark: "\""
        Encoding member name: "id"
        Encoding quotation mark: "\""
        Encoding name separator: ":"
        Value number: "1" at id
      Encoding end object: "}"
    "#);
    let Origin::Derived { by, from } = &message.origin else {
        panic!("derived");
    };
    assert_eq!(*by, Derivation::Unmasked);
    assert_eq!(from[0].range, start + 6..start + 14);
}

/// The spans of a buffer whose past is forgotten, as if it began at 0.
fn shifted(buffer: &Buffer, start: usize) -> Vec<crate::span::Span> {
    fn shift(span: &mut crate::span::Span, start: usize) {
        span.range = span.range.start - start..span.range.end - start;
        span.children
            .iter_mut()
            .for_each(|child| shift(child, start));
    }
    let mut spans = buffer.spans.clone();
    spans.iter_mut().for_each(|span| shift(span, start));
    spans
}

#[test]
fn a_frame_without_a_mask_is_explained_where_it_lies() {
    let dissection = dissect(Down, &[frame(0x81, b"[1]"), frame(0x82, b"\0\xff")]);
    assert!(dissection.derived.is_empty());
    let kinds = dissection.payloads.iter().map(|payload| payload.kind);
    let kinds: Vec<_> = kinds.collect();
    assert_eq!(kinds, [PayloadKind::Json, PayloadKind::Binary]);
    let places = dissection.payloads.iter();
    let places: Vec<_> = places.map(|payload| payload.place.stream).collect();
    assert_eq!(places, [1, 2]);
}

#[test]
fn a_message_in_parts_is_put_together_around_what_comes_between() {
    let parts = |frame: fn(u8, &[u8]) -> Vec<u8>| {
        [
            frame(0x01, b"[1,"),
            frame(0x89, b"ping"),
            frame(0x00, b""),
            frame(0x80, b"2]"),
        ]
    };
    for (direction, parts) in [(Down, parts(frame)), (Up, parts(masked))] {
        let dissection = dissect(direction, &parts);
        assert_eq!(messages(&dissection), [b"[1,2]"]);
        assert_eq!(broken(&dissection, direction), Vec::<String>::new());
        let Origin::Derived { by, from } = &dissection.derived[0].origin else {
            panic!("derived");
        };
        assert_eq!(from.len(), 2);
        let expected = [Derivation::Unmasked, Derivation::Reassembled];
        assert_eq!(*by, expected[direction.index()]);
    }
}

#[test]
fn control_frames_count_as_set_up() {
    let close = [&1000_u16.to_be_bytes()[..], b"bye"].concat();
    let frames = [masked(0x89, b"a"), masked(0x8a, b"a"), masked(0x88, &close)];
    let dissection = dissect(Up, &frames);
    let buffer = recorded(&dissection, Up);
    assert!(buffer.leaves().all(|leaf| leaf.role == Role::Setup));
    let said: Vec<_> = buffer.leaves().map(|leaf| &*leaf.value).collect();
    assert_eq!(said[said.len() - 2..], ["1000", "bye"]);
    assert!(messages(&dissection).is_empty());
}

#[test]
fn broken_rules_are_told_and_read_on() {
    let faults: [(Direction, Vec<u8>, &str); 13] = [
        (Up, frame(0x81, b"a"), "a client masks"),
        (Down, masked(0x81, b"a"), "a server masks none"),
        (Down, frame(0xc1, b"a"), "not agreed to"),
        (Down, frame(0x91, b"a"), "not agreed to"),
        (Down, frame(0xc9, b"a"), "not agreed to"),
        (Down, frame(0x83, b"a"), "this opcode a meaning"),
        (Down, frame(0x8b, b"a"), "this opcode a meaning"),
        (Down, frame(0x09, b"a"), "never cut in parts"),
        (Down, frame(0x89, &[0; 126]), "at most 125"),
        (Down, frame(0x80, b"a"), "no message goes on"),
        (Down, frame(0x88, b"a"), "two bytes"),
        (Down, frame(0x88, &[3, 0xed]), "no close frame"),
        (Down, vec![0x81, 126, 0, 1, b'a'], "as few bytes"),
    ];
    for (direction, bad, says) in faults {
        let good = match direction {
            Up => masked(0x81, b"[1]"),
            Down => frame(0x81, b"[1]"),
        };
        let dissection = dissect(direction, &[bad, good]);
        match &broken(&dissection, direction)[..] {
            [one] => assert!(one.contains(says), "{one}"),
            other => panic!("not one fault but {other:?}: {says}"),
        }
        assert_eq!(messages(&dissection).last(), Some(&&b"[1]"[..]), "{says}");
    }
}

#[test]
fn a_message_that_is_not_finished_gives_way_to_the_next() {
    let dissection = dissect(Down, &[frame(0x01, b"[1,"), frame(0x81, b"[2]")]);
    assert_eq!(messages(&dissection), [b"[2]"]);
    assert_eq!(broken(&dissection, Down).len(), 1);
}

#[test]
fn a_frame_that_the_end_cuts_off_is_told_as_far_as_it_came() {
    let whole = masked(0x81, &[b'x'; 200]);
    for end in 1..whole.len() {
        let dissection = dissect(Up, &[whole[..end].to_vec()]);
        assert!(messages(&dissection).is_empty());
    }
}

#[test]
fn frames_longer_than_the_limit_are_passed_on() {
    let limits = Limits {
        message_bytes: 100,
        ..Limits::default()
    };
    let mut dissector = opened(limits, "");
    dissector.feed(0, Down, &[0x81, 127, 0xff, 0, 0, 0, 0, 0, 0, 0]);
    let mut kept = 10;
    for _ in 0..100 {
        dissector.feed(0, Down, &[b'x'; 99]);
        kept += 99;
        kept -= dissector
            .take()
            .recorded
            .iter()
            .map(|buffer| buffer.bytes.len())
            .sum::<usize>();
        assert!(kept <= 100, "{kept}");
    }
}

#[test]
fn a_message_longer_than_the_limit_is_given_up_and_the_next_one_read() {
    let limits = Limits {
        message_bytes: 200,
        ..Limits::default()
    };
    let mut dissector = opened(limits, "");
    for first in [0x01, 0x00, 0x00, 0x80, 0x81] {
        dissector.feed(0, Up, &masked(first, &[b'1'; 80]));
    }
    let dissection = finished(dissector);
    assert_eq!(messages(&dissection), [[b'1'; 80]]);
    assert_eq!(dissection.payloads[0].place.stream, 2);
}
