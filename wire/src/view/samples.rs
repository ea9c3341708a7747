//! Small dissections that are made by hand, for tests.

use std::ops::Range;

use bytes::Bytes;

use crate::dissection::{Buffer, BufferId, Derivation, Dissection, Origin, Piece};
use crate::recording::Direction;
use crate::span::{Layer, Role, Span};

pub(crate) fn span(range: Range<usize>, layer: Layer, role: Role, name: &'static str) -> Span {
    Span::new(range, layer, role, name)
}

pub(crate) fn buffer(
    id: BufferId,
    title: &str,
    bytes: &[u8],
    origin: Origin,
    spans: Vec<Span>,
) -> Buffer {
    Buffer {
        id,
        title: title.into(),
        origin,
        start: 0,
        bytes: Bytes::copy_from_slice(bytes),
        spans,
    }
}

pub(crate) const UP: BufferId = BufferId::Recorded(0, Direction::Up);

/// A gRPC message of `add(5, 3)` in its frame of HTTP/2.
pub(crate) fn data_frame() -> Vec<Span> {
    use Layer::{Grpc, Http2, Protobuf};
    use Role::{Encoding, Framing, Value};
    let field = |at: usize, name: &'static str, number: &str, value: &str| {
        let tag = span(at..at + 1, Protobuf, Encoding, "tag")
            .value(number)
            .note("field number times 8 plus the wire type, protobuf.dev, \"Encoding\"");
        let number = span(at + 1..at + 2, Protobuf, Value, "varint").value(value);
        span(at..at + 2, Protobuf, Encoding, name).children(vec![tag, number.at(name)])
    };
    let head = vec![
        span(0..3, Http2, Framing, "length").value("9"),
        span(3..4, Http2, Framing, "type").value("DATA (0)"),
        span(4..5, Http2, Framing, "flags").value("END_STREAM"),
        span(5..9, Http2, Framing, "stream identifier")
            .value("1")
            .note("odd: the client opened it; RFC 9113, section 5.1.1"),
        span(9..10, Grpc, Framing, "compressed flag").value("0"),
        span(10..14, Grpc, Framing, "message length").value("4"),
        span(14..18, Protobuf, Encoding, "message")
            .value("AddRequest")
            .children(vec![
                field(14, "a", "field 1, wire type 0", "5"),
                field(16, "b", "field 2, wire type 0", "3"),
            ]),
    ];
    vec![
        span(0..18, Http2, Framing, "DATA frame")
            .value("stream 1")
            .children(head),
    ]
}

pub(crate) const DATA_FRAME: &[u8] = &[0, 0, 9, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 4, 8, 5, 16, 3];

pub(crate) fn grpc() -> Dissection {
    let title = "connection 0, client to server";
    Dissection {
        recorded: vec![buffer(
            UP,
            title,
            DATA_FRAME,
            Origin::Recorded,
            data_frame(),
        )],
        ..Dissection::default()
    }
}

/// A WebSocket frame with `{"a":5}` under a mask, and what it is without.
pub(crate) fn masked() -> Dissection {
    use Layer::{Json, WebSocket};
    use Role::{Encoding, Framing, Value};
    let text = br#"{"a":5}"#;
    let mask = [1, 2, 3, 4];
    let mut bytes = vec![0x81, 0x87, 1, 2, 3, 4];
    bytes.extend(
        text.iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    let frame = span(0..13, WebSocket, Framing, "text frame").children(vec![
        span(0..1, WebSocket, Framing, "FIN and opcode").value("final, text"),
        span(1..2, WebSocket, Framing, "MASK and length").value("masked, 7"),
        span(2..6, WebSocket, Framing, "mask"),
        span(6..13, WebSocket, Value, "payload")
            .note("masked: each byte is XORed with one of the mask's four; RFC 6455, section 5.3"),
    ]);
    let object = span(0..7, Json, Encoding, "object").children(vec![
        span(0..1, Json, Encoding, "begin object"),
        span(1..2, Json, Encoding, "quote"),
        span(2..3, Json, Encoding, "member name").value("a"),
        span(3..4, Json, Encoding, "quote"),
        span(4..5, Json, Encoding, "colon"),
        span(5..6, Json, Value, "number").value("5").at("a"),
        span(6..7, Json, Encoding, "end object"),
    ]);
    let from = vec![Piece {
        buffer: UP,
        range: 6..13,
    }];
    let origin = Origin::Derived {
        by: Derivation::Unmasked,
        from,
    };
    let id = BufferId::Derived(0);
    Dissection {
        recorded: vec![buffer(
            UP,
            "connection 0, client to server",
            &bytes,
            Origin::Recorded,
            vec![frame],
        )],
        derived: vec![buffer(id, "message, unmasked", text, origin, vec![object])],
        ..Dissection::default()
    }
}
