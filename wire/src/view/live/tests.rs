//! What a watch prints of bytes that come bit by bit.

use std::io::Write as _;

use super::*;
use crate::recording::Direction::{Down, Up};
use crate::{Dissector, Knowledge, Limits};

const HEAD: &[u8] =
    b"POST / HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
const ZIPPED: &[u8] = b"POST / HTTP/1.1\r\nContent-Type: application/json\r\n\
    Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";

/// A watch of connection 0.
struct Watched {
    dissector: Dissector,
    live: Live,
    out: Vec<u8>,
}

impl Watched {
    fn new(form: Form) -> Self {
        Self {
            dissector: Dissector::new(Knowledge::default(), Limits::default()),
            live: Live::new(View::default(), form),
            out: Vec::new(),
        }
    }

    /// What is printed of each of these, which come one after the other.
    fn feed(&mut self, direction: Direction, bytes: &[u8]) -> String {
        self.dissector.feed(0, direction, bytes);
        self.looked()
    }

    fn ended(&mut self, direction: Direction, broken: bool) -> String {
        self.dissector.ended(0, direction);
        let text = self.looked();
        self.live
            .ended((0, direction), broken, Duration::ZERO, &mut self.out)
            .expect("a Vec takes all");
        text + &self.printed()
    }

    fn looked(&mut self) -> String {
        let taken = self.dissector.take();
        self.live
            .came(&taken, Duration::ZERO, &mut self.out)
            .expect("a Vec takes all");
        self.printed()
    }

    fn printed(&mut self) -> String {
        String::from_utf8(std::mem::take(&mut self.out)).expect("views write text")
    }
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("a Vec takes all");
    encoder.finish().expect("a Vec takes all")
}

#[test]
fn the_content_of_chunks_is_shown_with_the_end_that_comes_later() {
    for (head, body) in [
        (HEAD, br#"{"a":5}"#.to_vec()),
        (ZIPPED, gzipped(br#"{"a":5}"#)),
    ] {
        for (form, said) in [
            (Form::Lines, "a = 5"),
            (Form::Hex, "number = 5"),
            (Form::Tree, "a: 5"),
        ] {
            let mut watched = Watched::new(form);
            watched.feed(Up, head);
            let before = watched.feed(Up, &chunk(&body));
            assert!(!before.contains(said), "{before}");
            let end = watched.feed(Up, b"0\r\n\r\nGET /next HTTP/1.1\r\n\r\n");
            assert_eq!(end.matches(said).count(), 1, "{form:?}: {end}");
            let before_next = end.find("/next").expect("the next request is shown");
            assert!(end.find(said) < Some(before_next), "{form:?}: {end}");
        }
    }
}

#[test]
fn what_the_end_of_a_connection_cuts_off_is_shown() {
    let mut watched = Watched::new(Form::Lines);
    watched.feed(Up, HEAD);
    watched.feed(Up, &chunk(br#"{"a":5,"#));
    let end = watched.ended(Up, true);
    insta::assert_snapshot!(end, @r"
    0.0000 s #0 → derived 0: request body, dechunked, from 82..89  a = 5       7 B
    0.0000 s #0 → broke off
    ");
    let mut tree = Watched::new(Form::Tree);
    tree.feed(Up, ZIPPED);
    tree.feed(Up, &chunk(&gzipped(br#"{"a":5}"#)));
    let end = tree.ended(Up, false);
    assert!(end.contains("a: 5"), "{end}");
}

#[test]
fn the_end_of_a_direction_is_told_and_what_was_answered_by_nothing() {
    let mut watched = Watched::new(Form::Lines);
    watched.feed(Up, b"GET / HTTP/1.1\r\n\r\n");
    let text = watched.ended(Up, false) + &watched.ended(Down, true);
    insta::assert_snapshot!(text, @r"
    0.0000 s #0 → end
    0.0000 s #0 ← broke off, and nothing came this way
    ");
}

#[test]
fn a_long_upload_is_a_few_lines() {
    let mut watched = Watched::new(Form::Lines);
    watched.feed(Up, b"PUT / HTTP/1.1\r\nContent-Length: 16777217\r\n\r\n");
    let piece = vec![b'x'; 64 * 1024];
    let mut text = String::new();
    for _ in 0..256 {
        text += &watched.feed(Up, &piece);
    }
    text += &watched.ended(Up, true);
    insta::assert_snapshot!(text, @r"
    0.0000 s #0 → body  4 times                                           65,536 B
    0.0000 s #0 → body  4 more                                            65,536 B
    0.0000 s #0 → body  8 more                                           131,072 B
    0.0000 s #0 → body  16 more                                          262,144 B
    0.0000 s #0 → body  32 more                                          524,288 B
    0.0000 s #0 → body  64 more                                        1,048,576 B
    0.0000 s #0 → body  128 more                                       2,097,152 B
    0.0000 s #0 → body  256 more                                       4,194,304 B
    0.0000 s #0 → body  449 more                                       7,356,416 B
    0.0000 s #0 → body (breaks the rules)                              1,032,192 B
    0.0000 s #0 → broke off
    ");
}

#[test]
fn a_slow_stream_of_units_that_are_alike_is_seen_to_go_on() {
    let mut watched = Watched::new(Form::Lines);
    watched.feed(Up, b"PUT / HTTP/1.1\r\nContent-Length: 16777217\r\n\r\n");
    watched.feed(Up, &vec![b'x'; 1024 * 1024]);
    let pieces = [2_000, 2_100, 3_000].map(|millis| {
        watched.dissector.feed(0, Up, &[b'x'; 16 * 1024]);
        let taken = watched.dissector.take();
        let at = Duration::from_millis(millis);
        watched
            .live
            .came(&taken, at, &mut watched.out)
            .expect("a Vec takes all");
        watched.printed()
    });
    insta::assert_snapshot!(pieces.concat(), @r"
    2.0000 s #0 → body  once more                                         16,384 B
    3.0000 s #0 → body  2 more                                            32,768 B
    ");
}

#[test]
fn a_line_tells_how_much_of_a_unit_is_broken() {
    let mut watched = Watched::new(Form::Lines);
    let body = br#"{"a":5,,,,,"b":7}"#;
    let request = format!(
        "POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let text = watched.feed(Up, &[request.as_bytes(), body].concat());
    insta::assert_snapshot!(text, @r"
    0.0000 s #0 → HTTP/1.1 request head: POST /                               71 B
    0.0000 s #0 → JSON object  10 B break the rules  a = 5                    17 B
    ");
}

#[test]
fn bytes_of_a_protocol_that_nobody_knows_tell_why_they_are_not_read() {
    let mut watched = Watched::new(Form::Lines);
    let text = watched.feed(Up, b"\x01\x02\x03\x04")
        + &watched.feed(Down, b"HTTP/1.1 400 Bad Request\r\n\r\n");
    insta::assert_snapshot!(text, @r"
    0.0000 s #0 → bytes  not read: neither HTTP/1.1 nor HTTP/2, by the client… 4 B
    0.0000 s #0 ← bytes  not read: neither HTTP/1.1 nor HTTP/2, by the clien… 28 B
    ");
}
