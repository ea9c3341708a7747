//! Connections made by hand.

mod faults;
mod pairs;
mod torn;

use crate::dissect::shown::tree;
use crate::dissect::{Dissector, Knowledge, Limits};
use crate::dissection::{Buffer, BufferId, Dissection, Head, HeadKind};
use crate::recording::Direction::{self, Down, Up};
use crate::span::{Certainty, Span};

/// What passed, in order.
type Traffic<'a> = &'a [(Direction, &'a [u8])];

/// The dissection of a whole connection, whose bytes are all accounted for.
fn dissect(traffic: Traffic<'_>) -> Dissection {
    dissect_within(Limits::none(), traffic)
}

fn dissect_within(limits: Limits, traffic: Traffic<'_>) -> Dissection {
    let mut dissector = Dissector::new(Knowledge::default(), limits);
    for (direction, bytes) in traffic {
        dissector.feed(0, *direction, bytes);
    }
    finished(dissector, traffic)
}

/// Ends the connection, and checks that no byte is missing.
fn finished(mut dissector: Dissector, traffic: Traffic<'_>) -> Dissection {
    for direction in Direction::BOTH {
        dissector.ended(0, direction);
    }
    let dissection = dissector.take();
    dissection.check().expect("every byte belongs to one leaf");
    for direction in Direction::BOTH {
        let there = traffic.iter().filter(|(way, _)| *way == direction);
        let sent: Vec<u8> = there.flat_map(|(_, bytes)| bytes.to_vec()).collect();
        let told = dissection.buffer(BufferId::Recorded(0, direction));
        assert_eq!(told.map_or(&[][..], |buffer| &buffer.bytes[..]), &sent[..]);
    }
    dissection
}

fn recorded(dissection: &Dissection, direction: Direction) -> &Buffer {
    let buffer = dissection.buffer(BufferId::Recorded(0, direction));
    buffer.expect("something went that way")
}

/// What went that way, as an outline.
fn shown(dissection: &Dissection, direction: Direction) -> String {
    let buffer = recorded(dissection, direction);
    tree(&buffer.spans, &buffer.bytes)
}

/// The outermost spans that went that way.
fn units(dissection: &Dissection, direction: Direction) -> Vec<&str> {
    let buffer = recorded(dissection, direction);
    buffer.spans.iter().map(|span| &*span.name).collect()
}

/// The rules that are broken, in the order of their bytes.
fn broken(dissection: &Dissection, direction: Direction) -> Vec<String> {
    let leaves = recorded(dissection, direction).leaves();
    let broken = leaves.filter(|leaf| leaf.certainty == Certainty::Broken);
    broken.map(|leaf| leaf.note.to_string()).collect()
}

/// Status codes with the exchange that they belong to.
fn answers(dissection: &Dissection) -> Vec<(u32, u16)> {
    let status = |head: &Head| match head.kind {
        HeadKind::Response { status } => Some((head.place.stream, status)),
        _ => None,
    };
    dissection.heads.iter().filter_map(status).collect()
}

#[test]
fn a_request_and_its_answer_are_told_part_by_part() {
    let dissection = dissect(&[
        (
            Up,
            b"POST /rpc HTTP/1.1\r\nhost: a:1\r\nContent-Length: 2\r\n\r\n{}",
        ),
        (Down, b"HTTP/1.1 200 OK\r\ncontent-length:  1 \r\n\r\n1"),
    ]);
    insta::assert_snapshot!(shown(&dissection, Up), @r#"
    request head: POST /rpc
      request line: POST /rpc
        Headers method: "POST"
        Headers SP: " "
        Headers request target: "/rpc"
        Headers SP: " "
        Headers version: "HTTP/1.1"
        Headers CRLF: "\r\n"
      host: a:1
        Headers field name: "host"
        Headers colon: ":"
        Headers OWS: " "
        Headers field value: "a:1"
        Headers CRLF: "\r\n"
      content-length: 2
        Headers field name: "Content-Length"
        Headers colon: ":"
        Headers OWS: " "
        Headers field value: "2"
        Headers CRLF: "\r\n"
      Headers empty line: "\r\n"
    object:
      Encoding begin object: "{"
      Encoding end object: "}"
    "#);
    insta::assert_snapshot!(shown(&dissection, Down), @r#"
    response head: 200
      status line: 200 OK
        Headers version: "HTTP/1.1"
        Headers SP: " "
        Headers status code: "200"
        Headers SP: " "
        Headers reason phrase: "OK"
        Headers CRLF: "\r\n"
      content-length: 1
        Headers field name: "content-length"
        Headers colon: ":"
        Headers OWS: "  "
        Headers field value: "1"
        Headers OWS: " "
        Headers CRLF: "\r\n"
      Headers empty line: "\r\n"
    Value text: "1" (a guess)
    "#);
}

#[test]
fn a_chunked_answer_is_told_chunk_by_chunk_and_its_body_as_a_whole() {
    let dissection = dissect(&[
        (Up, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"),
        (
            Down,
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n\
              2;x=y\r\n{\"\r\n5\r\na\":1}\r\n0\r\nx-sum: 9\r\n\r\n",
        ),
    ]);
    let buffer = recorded(&dissection, Down);
    insta::assert_snapshot!(tree(&buffer.spans[1..], &buffer.bytes), @r#"
    chunk: 2 bytes
      Framing chunk size: "2"
      Framing chunk extension: ";x=y"
      Framing CRLF: "\r\n"
      Value body: "{\""
      Framing CRLF: "\r\n"
    chunk: 5 bytes
      Framing chunk size: "5"
      Framing CRLF: "\r\n"
      Value body: "a\":1}"
      Framing CRLF: "\r\n"
    last chunk:
      Framing chunk size: "0"
      Framing CRLF: "\r\n"
    trailers:
      x-sum: 9
        Headers field name: "x-sum"
        Headers colon: ":"
        Headers OWS: " "
        Headers field value: "9"
        Headers CRLF: "\r\n"
      Headers empty line: "\r\n"
    "#);
    let [body] = &dissection.derived[..] else {
        panic!("one derived buffer: {:?}", dissection.derived);
    };
    assert_eq!(&body.bytes[..], b"{\"a\":1}");
    let trailers = dissection.heads.last().expect("trailers");
    assert_eq!(trailers.kind, HeadKind::Trailers);
    assert_eq!(trailers.fields[0].name, "x-sum");
}

#[test]
fn heads_are_told_as_records_with_the_bytes_that_each_field_took() {
    let dissection = dissect(&[(Up, b"GET /a?b HTTP/1.1\r\nhost: a\r\nX:y\r\n\r\n")]);
    let [head] = &dissection.heads[..] else {
        panic!("one head: {:?}", dissection.heads);
    };
    let (method, path) = ("GET".to_owned(), "/a?b".to_owned());
    assert_eq!(head.kind, HeadKind::Request { method, path });
    let fields = head.fields.iter();
    let fields: Vec<_> = fields
        .map(|field| {
            (
                &*field.name,
                &*field.value,
                field.at.range.clone(),
                field.wire_bytes,
            )
        })
        .collect();
    assert_eq!(fields, [("host", "a", 19..28, 9), ("X", "y", 28..33, 5)]);
}

#[test]
fn an_answer_without_a_length_goes_on_to_the_end_of_the_connection() {
    let dissection = dissect(&[
        (Up, b"GET / HTTP/1.0\r\n\r\n"),
        (
            Down,
            b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n",
        ),
        (Down, b"[1,"),
        (Down, b"2]"),
    ]);
    assert_eq!(units(&dissection, Down), ["response head", "array"]);
    assert_eq!(dissection.payloads.len(), 1);
}

#[test]
fn events_without_a_length_are_told_as_they_come() {
    let mut dissector = Dissector::new(Knowledge::default(), Limits::default());
    dissector.feed(0, Up, b"GET / HTTP/1.0\r\n\r\n");
    dissector.feed(
        0,
        Down,
        b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n",
    );
    assert_eq!(dissector.take().payloads.len(), 0);
    dissector.feed(0, Down, b"data: 1\n\n");
    assert_eq!(dissector.take().payloads.len(), 1);
    dissector.feed(0, Down, b"data: 2\n");
    assert_eq!(dissector.take().payloads.len(), 0);
}
