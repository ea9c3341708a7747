//! A call as gRPC makes it, and the ways in which a stream's parts belong together.

use insta::assert_snapshot;

use super::*;
use crate::dissection::{Derivation, HeadKind, Origin};
use crate::span::Role;

/// A small call: settings both ways, a request with a message of four bytes, its answer, trailers.
fn call() -> Traffic {
    let request = b"\x83\x86\x44\x08/a.Sum/Add\x5f\x10application/grpc";
    let mut request = request.to_vec();
    request[3] = 10;
    let trailers = b"\x40\x0bgrpc-status\x010";
    vec![
        (Up, frame(SETTINGS, 0, 0, &[0, 1, 0, 0, 16, 0])),
        (Up, frame(HEADERS, END_HEADERS, 1, &request)),
        (
            Up,
            frame(DATA, END_STREAM, 1, &[0, 0, 0, 0, 4, 8, 5, 16, 3]),
        ),
        (Down, frame(SETTINGS, 0, 0, &[])),
        (Down, frame(SETTINGS, 1, 0, &[])),
        (Down, frame(8, 0, 0, &[0, 0, 0, 9])),
        (
            Down,
            frame(HEADERS, END_HEADERS, 1, b"\x88\x5f\x10application/grpc"),
        ),
        (Down, frame(DATA, 0, 1, &[0, 0, 0, 0, 2, 8, 8])),
        (Down, frame(HEADERS, END_HEADERS | END_STREAM, 1, trailers)),
    ]
}

/// An outline without what is below the DATA frames' own leaves, which is not HTTP/2's.
fn frames(buffer: &Buffer) -> String {
    let mut buffer = buffer.clone();
    for span in buffer.spans.iter_mut().filter(|span| span.name == "DATA") {
        let payload = span.children[3].range.end..span.range.end;
        span.children.truncate(4);
        let message = Span::new(payload, crate::Layer::Grpc, Role::Value, "message");
        span.children.push(message);
    }
    outline(&buffer)
}

#[test]
fn a_call_of_grpc_is_explained_frame_by_frame() {
    let dissection = dissect(&call());
    assert_eq!(rules(&dissection), Vec::<String>::new());
    assert_snapshot!(frames(&dissection.recorded[0]), @r"
    connection 0, client to server
      0..24 connection preface: PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n
      24..39 SETTINGS
        24..27 length: 6
        27..28 type: SETTINGS
        28..29 flags: none
        29..33 stream identifier: 0
        33..39 SETTINGS_HEADER_TABLE_SIZE: 4096
          33..35 identifier: SETTINGS_HEADER_TABLE_SIZE
          35..39 value: 4096
      39..80 HEADERS: stream 1
        39..42 length: 32
        42..43 type: HEADERS
        43..44 flags: END_HEADERS
        44..48 stream identifier: 1
        48..80 header block
          48..49 :method: POST
          49..50 :scheme: http
          50..62 :path: /a.Sum/Add
            50..51 representation: literal with incremental indexing
            51..52 value length: 10
            52..62 value: /a.Sum/Add
          62..80 content-type: application/grpc
            62..63 representation: literal with incremental indexing
            63..64 value length: 16
            64..80 value: application/grpc
      80..98 DATA: stream 1
        80..83 length: 9
        83..84 type: DATA
        84..85 flags: END_STREAM
        85..89 stream identifier: 1
        89..98 message
    ");
    assert_snapshot!(frames(&dissection.recorded[1]), @"
    connection 0, server to client
      0..9 SETTINGS
        0..3 length: 0
        3..4 type: SETTINGS
        4..5 flags: none
        5..9 stream identifier: 0
      9..18 SETTINGS
        9..12 length: 0
        12..13 type: SETTINGS
        13..14 flags: ACK
        14..18 stream identifier: 0
      18..31 WINDOW_UPDATE
        18..21 length: 4
        21..22 type: WINDOW_UPDATE
        22..23 flags: none
        23..27 stream identifier: 0
        27..31 window size increment: 9
      31..59 HEADERS: stream 1
        31..34 length: 19
        34..35 type: HEADERS
        35..36 flags: END_HEADERS
        36..40 stream identifier: 1
        40..59 header block
          40..41 :status: 200
          41..59 content-type: application/grpc
            41..42 representation: literal with incremental indexing
            42..43 value length: 16
            43..59 value: application/grpc
      59..75 DATA: stream 1
        59..62 length: 7
        62..63 type: DATA
        63..64 flags: none
        64..68 stream identifier: 1
        68..75 message
      75..99 HEADERS: stream 1
        75..78 length: 15
        78..79 type: HEADERS
        79..80 flags: END_STREAM, END_HEADERS
        80..84 stream identifier: 1
        84..99 header block
          84..99 grpc-status: 0
            84..85 representation: literal with incremental indexing
            85..86 name length: 11
            86..97 name: grpc-status
            97..98 value length: 1
            98..99 value: 0
    ");
}

#[test]
fn heads_are_told_with_the_table_that_they_leave() {
    let dissection = dissect(&call());
    let kinds: Vec<_> = dissection.heads.iter().map(|head| &head.kind).collect();
    let request = HeadKind::Request {
        method: "POST".to_owned(),
        path: "/a.Sum/Add".to_owned(),
    };
    let response = HeadKind::Response { status: 200 };
    assert_eq!(kinds, [&request, &response, &HeadKind::Trailers]);
    let table = dissection.heads[2].table.as_deref().expect("known");
    let table: Vec<_> = table
        .iter()
        .map(|(name, value)| (&name[..], &value[..]))
        .collect();
    assert_eq!(
        table,
        [("grpc-status", "0"), ("content-type", "application/grpc")]
    );
    let path = &dissection.heads[0].fields[2];
    assert_eq!(
        (&path.name[..], path.wire_bytes, path.plain_bytes),
        (":path", 12, 19)
    );
    assert_eq!(path.at.range, 24 + 15 + 9 + 2..24 + 15 + 9 + 14);
}

#[test]
fn leaves_have_the_roles_of_the_ledger() {
    let dissection = dissect(&call());
    for span in dissection.recorded.iter().flat_map(|buffer| &buffer.spans) {
        let head: Vec<_> = span.leaves().take(4).map(|leaf| leaf.role).collect();
        let rest: Vec<_> = span.leaves().skip(4).map(|leaf| leaf.role).collect();
        match &span.name[..] {
            "connection preface" => assert_eq!(span.role, Role::Setup),
            "HEADERS" => {
                assert_eq!(head, [Role::Framing; 4]);
                assert!(rest.iter().all(|role| *role == Role::Headers), "{rest:?}");
            }
            "DATA" => assert_eq!(head, [Role::Framing; 4]),
            name => {
                assert!(
                    head.iter().chain(&rest).all(|role| *role == Role::Setup),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn huffman_strings_get_buffers_with_what_they_spell() {
    let coded = b"\x83\x04\x8c\xf1\xe3\xc2\xe5\xf2\x3a\x6b\xa0\xab\x90\xf4\xff";
    let dissection = dissect(&[(Up, frame(HEADERS, END_HEADERS, 1, coded))]);
    let [derived] = &dissection.derived[..] else {
        panic!("one: {:?}", dissection.derived);
    };
    assert_eq!(
        (&derived.title[..], &derived.bytes[..]),
        (":path", &b"www.example.com"[..])
    );
    let Origin::Derived { by, from } = &derived.origin else {
        panic!("derived: {:?}", derived.origin);
    };
    assert_eq!(*by, Derivation::HuffmanDecoded);
    assert_eq!(
        dissection.recorded[0].slice(from[0].range.clone()),
        &coded[3..]
    );
}

#[test]
fn a_block_of_several_frames_is_put_together() {
    let (start, rest) = REQUEST.split_at(12);
    let (middle, end) = rest.split_at(5);
    let dissection = dissect(&[
        (Up, frame(HEADERS, END_STREAM, 1, start)),
        (Up, frame(CONTINUATION, 0, 1, middle)),
        (Up, frame(CONTINUATION, 0, 1, &[])),
        (Up, frame(CONTINUATION, END_HEADERS, 1, end)),
    ]);
    assert_eq!(rules(&dissection), Vec::<String>::new());
    assert_snapshot!(outline(&dissection.derived[0]), @"
    header block of stream 1, connection 0
      0..1 :method: POST
      1..9 :path: /a.B/C
        1..2 representation: literal with incremental indexing
        2..3 value length: 6
        3..9 value: /a.B/C
      9..27 content-type: application/json
        9..10 representation: literal with incremental indexing
        10..11 value length: 16
        11..27 value: application/json
    ");
    let Origin::Derived { from, .. } = &dissection.derived[0].origin else {
        panic!("derived");
    };
    let recorded = &dissection.recorded[0];
    let pieces = from
        .iter()
        .flat_map(|piece| recorded.slice(piece.range.clone()));
    assert_eq!(pieces.copied().collect::<Vec<_>>(), REQUEST);
    assert_eq!(
        dissection.heads[0].fields[2].at.buffer,
        dissection.derived[0].id
    );
}

#[test]
fn padding_and_priority_are_leaves_of_their_own() {
    let payload = [&[2, 0x80, 0, 0, 3, 15][..], OK, &[0, 0]].concat();
    let data = frame(DATA, END_STREAM | 8, 1, b"\x01{}\x00");
    let dissection = dissect(&[
        (Down, frame(HEADERS, END_HEADERS | 8 | 32, 1, &payload)),
        (Down, data),
    ]);
    assert_eq!(rules(&dissection), Vec::<String>::new());
    assert_snapshot!(frames_without_bodies(&dissection), @"
    length: 9
    type: HEADERS
    flags: END_HEADERS, PADDED, PRIORITY
    stream identifier: 1
    pad length: 2
    stream dependency: stream 3, exclusive
    weight: 16
    :status: 200
    padding: 
    length: 4
    type: DATA
    flags: END_STREAM, PADDED
    stream identifier: 1
    pad length: 1
    padding:
    ");
}

/// Names and values of all leaves of the server's frames but those of bodies.
fn frames_without_bodies(dissection: &Dissection) -> String {
    let leaves = dissection.recorded[1].leaves();
    let http2 =
        leaves.filter(|leaf| matches!(leaf.layer, crate::Layer::Http2 | crate::Layer::Hpack));
    let lines: Vec<_> = http2
        .map(|leaf| format!("{}: {}", leaf.name, leaf.value))
        .collect();
    lines.join("\n")
}

#[test]
fn a_promise_is_the_request_of_the_stream_that_it_names() {
    let promise = [&[0, 0, 0, 2][..], b"\x82\x84"].concat();
    let dissection = dissect(&[
        (Up, frame(HEADERS, END_HEADERS | END_STREAM, 1, REQUEST)),
        (Down, frame(PUSH_PROMISE, END_HEADERS, 1, &promise)),
        (Down, frame(HEADERS, END_HEADERS, 2, OK)),
        (Down, frame(DATA, END_STREAM, 2, b"pushed")),
    ]);
    assert_eq!(rules(&dissection), Vec::<String>::new());
    let pushed = &dissection.heads[1];
    assert_eq!(pushed.place.stream, 2);
    assert_eq!(
        pushed.kind,
        HeadKind::Request {
            method: "GET".to_owned(),
            path: "/".to_owned()
        }
    );
}

#[test]
fn a_connection_that_was_upgraded_goes_on_with_the_answer_on_stream_1() {
    let request = "GET /x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n";
    let switch = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
    let traffic = [
        (Up, request.as_bytes().to_vec()),
        (Down, switch.as_bytes().to_vec()),
        (Down, frame(SETTINGS, 0, 0, &[])),
        (Down, frame(HEADERS, END_HEADERS, 1, OK)),
        (Down, frame(DATA, END_STREAM, 1, b"hello")),
        (Up, PREFACE.to_vec()),
        (Up, frame(SETTINGS, 0, 0, &[])),
    ];
    let mut dissector = Dissector::new(Knowledge::default(), Limits::none());
    for (direction, bytes) in &traffic {
        dissector.feed(0, *direction, bytes);
    }
    let counted: Traffic = traffic
        .iter()
        .filter(|(_, bytes)| bytes != PREFACE)
        .cloned()
        .collect();
    let dissection = finished(dissector, &counted);
    assert_eq!(rules(&dissection), Vec::<String>::new());
    let last = dissection.heads.last().expect("an answer");
    assert_eq!(
        (last.place.stream, &last.kind),
        (1, &HeadKind::Response { status: 200 })
    );
    assert_eq!(&dissection.payloads[0].bytes[..], b"hello");
    let names: Vec<_> = dissection.recorded[0]
        .spans
        .iter()
        .map(|span| &span.name[..])
        .collect();
    assert_eq!(names[names.len() - 2..], ["connection preface", "SETTINGS"]);
}
