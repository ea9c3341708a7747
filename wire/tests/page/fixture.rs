//! Dissections made by hand: `add 5 3` over four protocols, as much of each as the page needs.

use bytes::Bytes;
use wire::page::{Call, State};
use wire::{
    Buffer, BufferId, Derivation, Direction, Dissection, Excerpt, Layer, Origin, Piece, Role, Span,
};

/// A buffer in the making: each step adds a span after the last one.
#[derive(Debug, Default)]
pub(crate) struct Written {
    bytes: Vec<u8>,
    spans: Vec<Span>,
}

impl Written {
    pub(crate) fn leaf(mut self, bytes: &[u8], layer: Layer, role: Role, name: &str) -> Self {
        let value = String::from_utf8_lossy(bytes).into_owned();
        let span = Span::new(self.next(bytes.len()), layer, role, name.to_owned());
        let note = "What a test says of it (RFC 9112, section 4)";
        self.spans.push(span.value(value).note(note));
        self.bytes.extend_from_slice(bytes);
        self
    }

    pub(crate) fn value(mut self, bytes: &[u8], layer: Layer, path: &str) -> Self {
        self = self.leaf(bytes, layer, Role::Value, "integer");
        let last = self.spans.pop().expect("a leaf was added");
        self.spans.push(last.at(path));
        self
    }

    /// All spans since `from` become children of one.
    pub(crate) fn grouped(mut self, from: usize, layer: Layer, name: &str) -> Self {
        let children = self.spans.split_off(from);
        let start = children.first().map_or(0, |child| child.range.start);
        let span = Span::new(
            start..self.bytes.len(),
            layer,
            Role::Encoding,
            name.to_owned(),
        );
        self.spans.push(span.children(children));
        self
    }

    pub(crate) fn recorded(self, connection: usize, direction: Direction) -> Buffer {
        let title = format!("connection {connection}");
        self.buffer(
            BufferId::Recorded(connection, direction),
            &title,
            Origin::Recorded,
        )
    }

    pub(crate) fn derived(
        self,
        number: usize,
        title: &str,
        by: Derivation,
        from: Vec<Piece>,
    ) -> Buffer {
        self.buffer(
            BufferId::Derived(number),
            title,
            Origin::Derived { by, from },
        )
    }

    fn buffer(self, id: BufferId, title: &str, origin: Origin) -> Buffer {
        Buffer {
            id,
            title: title.to_owned(),
            origin,
            start: 0,
            bytes: Bytes::from(self.bytes),
            spans: self.spans,
        }
    }

    fn next(&self, length: usize) -> std::ops::Range<usize> {
        self.bytes.len()..self.bytes.len() + length
    }
}

/// Connections 0 to 3: XML-RPC, JSON-RPC over WebSocket, gRPC, REST.
pub(crate) fn dissection() -> Dissection {
    let mut recorded = Vec::new();
    for (connection, (up, down)) in [xmlrpc(), websocket(), grpc(), rest()]
        .into_iter()
        .enumerate()
    {
        recorded.push(up.recorded(connection, Direction::Up));
        recorded.push(down.recorded(connection, Direction::Down));
    }
    let masked = Piece {
        buffer: BufferId::Recorded(1, Direction::Up),
        range: 6..6 + json_request().bytes.len(),
    };
    let unmasked = json_request().derived(0, "payload", Derivation::Unmasked, vec![masked]);
    let dissection = Dissection {
        recorded,
        derived: vec![unmasked],
        ..Dissection::default()
    };
    dissection.check().expect("the fixture tiles its buffers");
    dissection
}

/// A cold and a warm call of each; the warm one of gRPC is the same without its preface.
pub(crate) fn calls(dissection: &Dissection) -> Vec<Call<'_>> {
    let names = ["XML-RPC", "JSON-RPC, WebSocket", "gRPC", "REST"];
    let calls = names.iter().enumerate().flat_map(|(connection, name)| {
        [State::Cold, State::Warm].map(|state| call(dissection, connection, name, state))
    });
    calls.collect()
}

fn call<'a>(dissection: &'a Dissection, connection: usize, name: &str, state: State) -> Call<'a> {
    let pieces = Direction::BOTH.map(|direction| {
        let id = BufferId::Recorded(connection, direction);
        let mut range = dissection.buffer(id).expect("it is recorded").range();
        if (name, state, direction) == ("gRPC", State::Warm, Direction::Up) {
            range.start = PREFACE.len();
        }
        Piece { buffer: id, range }
    });
    Call {
        protocol: name.to_owned(),
        state,
        dissection,
        excerpt: Excerpt {
            title: format!("{name}, {state:?}"),
            pieces: pieces.to_vec(),
        },
    }
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

fn xmlrpc() -> (Written, Written) {
    use Layer::Xml;
    let tag =
        |written: Written, tag: &str| written.leaf(tag.as_bytes(), Xml, Role::Encoding, "tag");
    let up = http("POST /RPC2 HTTP/1.1\r\n", "text/xml");
    let up = tag(
        up,
        "<methodCall><methodName>add</methodName><params><param><value><int>",
    );
    let up = up.value(b"5", Xml, "params.0");
    let up = tag(up, "</int></value></param><param><value><int>").value(b"3", Xml, "params.1");
    let up = tag(up, "</int></value></param></params></methodCall>");
    let down = http("HTTP/1.1 200 OK\r\n", "text/xml");
    let down = tag(down, "<methodResponse><params><param><value><int>");
    let down = tag(
        down.value(b"8", Xml, "params.0"),
        "</int></value></param></params></methodResponse>",
    );
    (
        up.grouped(1, Xml, "document"),
        down.grouped(1, Xml, "document"),
    )
}

fn http(start: &str, media_type: &str) -> Written {
    let head = format!("content-type: {media_type}\r\nhost: 127.0.0.1\r\n\r\n");
    let (http1, headers) = (Layer::Http1, Role::Headers);
    let written = Written::default().leaf(start.as_bytes(), http1, headers, "start line");
    written
        .leaf(head.as_bytes(), http1, headers, "fields")
        .grouped(0, http1, "head")
}

fn json_request() -> Written {
    let (json, encoding) = (Layer::Json, Role::Encoding);
    Written::default()
        .leaf(
            br#"{"jsonrpc":"2.0","method":"add","params":["#,
            json,
            encoding,
            "members",
        )
        .value(b"5", json, "params.0")
        .leaf(b",", json, encoding, "comma")
        .value(b"3", json, "params.1")
        .leaf(br#"],"id":1}"#, json, encoding, "members")
}

fn websocket() -> (Written, Written) {
    const MASK: [u8; 4] = [0xa1, 0xb2, 0xc3, 0xd4];
    let (frames, framing) = (Layer::WebSocket, Role::Framing);
    let payload = json_request().bytes;
    let masked = payload
        .iter()
        .zip(MASK.iter().cycle())
        .map(|(byte, mask)| byte ^ mask);
    let masked: Vec<u8> = masked.collect();
    let length = u8::try_from(payload.len()).expect("a short payload") | 0x80;
    let up = Written::default()
        .leaf(&[0x81, length], frames, framing, "frame head")
        .leaf(&MASK, frames, framing, "mask")
        .leaf(&masked, frames, Role::Value, "payload")
        .grouped(0, frames, "text frame");
    let (json, encoding) = (Layer::Json, Role::Encoding);
    let down = Written::default()
        .leaf(&[0x81, 35], frames, framing, "frame head")
        .leaf(
            br#"{"jsonrpc":"2.0","id":1,"result":"#,
            json,
            encoding,
            "members",
        )
        .value(b"8", json, "result")
        .leaf(b"}", json, encoding, "members")
        .grouped(0, frames, "text frame");
    (up, down)
}

fn grpc() -> (Written, Written) {
    let (h2, framing) = (Layer::Http2, Role::Framing);
    let (grpc, protobuf) = (Layer::Grpc, Layer::Protobuf);
    let up = Written::default()
        .leaf(PREFACE, h2, Role::Setup, "preface")
        .leaf(&[0, 0, 2, 1, 4, 0, 0, 0, 1], h2, framing, "frame head")
        .leaf(&[0x83, 0x87], Layer::Hpack, Role::Headers, "fields")
        .grouped(1, h2, "HEADERS")
        .leaf(&[0, 0, 9, 0, 1, 0, 0, 0, 1], h2, framing, "frame head")
        .leaf(&[0, 0, 0, 0, 4], grpc, framing, "prefix")
        .leaf(&[0x08], protobuf, Role::Encoding, "tag")
        .value(&[5], protobuf, "a")
        .leaf(&[0x10], protobuf, Role::Encoding, "tag")
        .value(&[3], protobuf, "b")
        .grouped(2, h2, "DATA");
    let down = Written::default()
        .leaf(&[0, 0, 7, 0, 0, 0, 0, 0, 1], h2, framing, "frame head")
        .leaf(&[0, 0, 0, 0, 2], grpc, framing, "prefix")
        .leaf(&[0x08], protobuf, Role::Encoding, "tag")
        .value(&[8], protobuf, "result")
        .grouped(0, h2, "DATA");
    (up, down)
}

fn rest() -> (Written, Written) {
    let (json, encoding) = (Layer::Json, Role::Encoding);
    let up = http("POST /api/add HTTP/1.1\r\n", "application/json")
        .leaf(br#"{"a":"#, json, encoding, "member name")
        .value(b"5", json, "a")
        .leaf(br#","b":"#, json, encoding, "member name")
        .value(b"3", json, "b")
        .leaf(b"}", json, encoding, "brace")
        .grouped(1, json, "object");
    let down = http("HTTP/1.1 200 OK\r\n", "application/json")
        .leaf(br#"{"result":"#, json, encoding, "member name")
        .value(b"8", json, "result")
        .leaf(b"}", json, encoding, "brace")
        .grouped(1, json, "object");
    (up, down)
}
