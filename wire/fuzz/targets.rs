//! What each fuzz target does with its input. The programs in `fuzz_targets` give them millions, and
//! `tests/fuzz_short.rs` a few thousand with every test run.

pub mod checks;

use std::sync::OnceLock;

use protox::file::File;
use protox::prost_reflect::DescriptorPool;
use wire::dissect::protobuf;
use wire::recording::Direction::{Down, Up};
use wire::{Colour, Knowledge, Sight, View};

use checks::{Cuts, Turn, all_of, at_once, holds, holds_after, tiled, wide};

/// A target: what it is called, and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 12] = [
    ("http1", http1),
    ("websocket", websocket),
    ("http2", http2),
    ("hpack", hpack),
    ("grpc", grpc),
    ("protobuf", protobuf),
    ("xml", xml),
    ("json", json),
    ("sse", sse),
    ("gzip", gzip),
    ("connection", connection),
    ("views", views),
];

/// Where messages of which only the bytes are given begin: spans have to count on from there.
const START: usize = 100;

/// HTTP/1.1: a client's bytes and a server's, of which the first byte of the input says how long the
/// former are.
pub fn http1(input: &[u8]) {
    let (seed, input) = seed(input);
    let (up, down) = two(input);
    holds(
        &[(Up, up.to_vec()), (Down, down.to_vec())],
        seed,
        knowledge(),
    );
}

/// WebSocket: frames both ways, after a handshake.
pub fn websocket(input: &[u8]) {
    let (seed, input) = seed(input);
    let (up, down) = two(input);
    let extension = match seed & 64 {
        0 => "",
        _ => "Sec-WebSocket-Extensions: permessage-deflate\r\n",
    };
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{extension}\r\n"
    );
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n{extension}\r\n"
    );
    let turns = [
        (Up, request.into_bytes()),
        (Down, answer.into_bytes()),
        (Up, up.to_vec()),
        (Down, down.to_vec()),
    ];
    holds_after(2, &turns, seed, knowledge());
}

/// HTTP/2: frames both ways, after the client's preface.
pub fn http2(input: &[u8]) {
    let (seed, input) = seed(input);
    let (up, down) = two(input);
    let turns = [
        (Up, PREFACE.to_vec()),
        (Up, up.to_vec()),
        (Down, down.to_vec()),
    ];
    holds_after(1, &turns, seed, knowledge());
}

/// HPACK: two header blocks of one connection, so that the second finds a table.
pub fn hpack(input: &[u8]) {
    let (seed, input) = seed(input);
    let (first, second) = two(input);
    let blocks = [
        frame(HEADERS, END_HEADERS | END_STREAM, 1, first),
        frame(HEADERS, END_HEADERS | END_STREAM, 3, second),
    ];
    let turns = [(Up, PREFACE.to_vec()), (Up, blocks.concat())];
    holds_after(1, &turns, seed, knowledge());
}

/// gRPC: a call's messages, in DATA frames that are cut anywhere, with protobuf in them.
pub fn grpc(input: &[u8]) {
    let (seed, input) = seed(input);
    let mut opening = PREFACE.to_vec();
    opening.extend(frame(HEADERS, END_HEADERS, 1, GRPC_CALL));
    let mut data = Vec::new();
    let size = 1 + (seed >> 1) as usize * 5;
    for piece in input.chunks(size) {
        data.extend(frame(DATA, 0, 1, piece));
    }
    data.extend(frame(DATA, END_STREAM, 1, b""));
    holds_after(1, &[(Up, opening), (Up, data)], seed, knowledge());
}

/// Protobuf: one message, with and without its descriptor.
pub fn protobuf(input: &[u8]) {
    let known = knowledge().message("every.Everything");
    for message in [None, known.as_ref()] {
        let spans = protobuf::spans(input, START, message, "params");
        tiled(&spans, START, input.len());
    }
}

/// XML: one document.
pub fn xml(input: &[u8]) {
    request("text/xml", "", input);
}

/// JSON: one text.
pub fn json(input: &[u8]) {
    request("application/json", "", input);
}

/// Server-sent events, in chunks that are cut anywhere.
pub fn sse(input: &[u8]) {
    let (seed, input) = seed(input);
    let head =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut body = Vec::new();
    let size = 1 + (seed >> 1) as usize * 3;
    for piece in input.chunks(size) {
        body.extend(format!("{:x}\r\n", piece.len()).into_bytes());
        body.extend(piece);
        body.extend(b"\r\n");
    }
    body.extend(b"0\r\n\r\n");
    let request = b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n";
    let turns = [(Up, request.to_vec()), (Down, head.to_vec()), (Down, body)];
    holds_after(2, &turns, seed, knowledge());
}

/// A compressed body, which says that it is JSON.
pub fn gzip(input: &[u8]) {
    let (seed, rest) = seed(input);
    let encoding = match seed & 2 {
        0 => "gzip",
        _ => "deflate",
    };
    request("application/json", encoding, rest);
}

/// A whole connection, in turns: two bytes say which way a turn goes and how long it is.
pub fn connection(input: &[u8]) {
    let (seed, input) = seed(input);
    holds(&turns(input), seed, knowledge());
}

/// What a terminal shows of a connection: nothing that could move its cursor, and no line too long.
pub fn views(input: &[u8]) {
    let (seed, input) = seed(input);
    let dissection = at_once(&turns(input), Cuts::new(0), wide(), knowledge());
    let sight = Sight::of(&dissection);
    let all = all_of(&dissection);
    let view = View {
        columns: seed as usize,
        colour: Colour::Never,
    };
    let mut shown = Vec::new();
    let told = view
        .hex(&sight, &all, &mut shown)
        .and_then(|()| view.tree(&sight, &all, &mut shown))
        .and_then(|()| view.raw(&sight, &all, &mut shown));
    told.expect("memory takes it all");
    let shown = String::from_utf8(shown).expect("views write text");
    for line in shown.lines() {
        assert!(!line.contains(char::is_control), "{line:?} moves a cursor");
    }
}

/// What was said in turns.
fn turns(mut input: &[u8]) -> Vec<Turn> {
    let mut turns = Vec::new();
    while let [high, low, rest @ ..] = input {
        let direction = if high & 0x80 == 0 { Up } else { Down };
        let length = usize::from(high & 0x7f) << 8 | usize::from(*low);
        let (turn, rest) = rest.split_at(length.min(rest.len()));
        turns.push((direction, turn.to_vec()));
        input = rest;
    }
    turns
}

/// A request with that body.
fn request(media_type: &str, encoding: &str, body: &[u8]) {
    let length = body.len();
    let encoding = match encoding {
        "" => String::new(),
        encoding => format!("Content-Encoding: {encoding}\r\n"),
    };
    let head = format!(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: {media_type}\r\n{encoding}Content-Length: {length}\r\n\r\n"
    );
    let turns = [(Up, head.into_bytes()), (Up, body.to_vec())];
    // The seed comes from the length: the body is to be the format and nothing else.
    holds_after(1, &turns, length as u64 + 1, knowledge());
}

/// The first byte, which says how the rest is cut.
fn seed(input: &[u8]) -> (u64, &[u8]) {
    input
        .split_first()
        .map_or((1, input), |(first, rest)| (u64::from(*first), rest))
}

/// A client's part and a server's: two bytes say how long the former is.
fn two(input: &[u8]) -> (&[u8], &[u8]) {
    match input {
        [high, low, rest @ ..] => {
            let length = usize::from(*high) << 8 | usize::from(*low);
            rest.split_at(length.min(rest.len()))
        }
        short => (short, &[]),
    }
}

/// What fuzzed protobuf is declared as.
fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    KNOWLEDGE.get_or_init(|| {
        let source = include_str!("../tests/every_type.proto");
        let file = File::from_source("every_type.proto", source).expect("it is a .proto file");
        let mut pool = DescriptorPool::new();
        pool.add_file_descriptor_proto(file.file_descriptor_proto().clone())
            .expect("it imports nothing");
        Knowledge::default()
            .with_descriptors(&pool.encode_to_vec())
            .expect("it has just been made")
    })
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// The header block of a call of `/every.Echo/Say`: fields of the static table and literals without
/// indexing (RFC 7541, sections 6.1 and 6.2.2).
const GRPC_CALL: &[u8] =
    b"\x83\x86\x04\x0e/every.Echo/Say\x01\x01a\x0f\x10\x10application/grpc\x00\x0dgrpc-encoding\x04gzip";

/// One frame of HTTP/2 (RFC 9113, section 4.1).
fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let [.., a, b, c] = (payload.len() as u32).to_be_bytes();
    let head = [a, b, c, kind, flags, 0, 0, 0, stream];
    [&head, payload].concat()
}
