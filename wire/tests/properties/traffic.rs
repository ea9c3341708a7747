//! Traffic by the rules, with what was said in it.

use wire::Direction::{self, Down, Up};

use crate::checks::Turn;

/// What both sides wrote, and what they meant.
pub struct Traffic {
    pub turns: Vec<Turn>,
    /// Stream, direction (0 up, 1 down) and bytes of each message, by stream and direction.
    pub said: Vec<(u32, usize, Said)>,
    /// Header fields of some heads, in order of time.
    pub heads: Vec<Vec<(String, String)>>,
}

/// Bytes of a message, which a failure shows as text.
#[derive(PartialEq, Eq)]
pub struct Said(pub Vec<u8>);

impl std::fmt::Debug for Said {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{}", self.0.escape_ascii())
    }
}

impl Traffic {
    fn new() -> Self {
        Self {
            turns: Vec::new(),
            said: Vec::new(),
            heads: Vec::new(),
        }
    }

    fn write(&mut self, direction: Direction, bytes: impl Into<Vec<u8>>) {
        self.turns.push((direction, bytes.into()));
    }

    fn say(&mut self, stream: u32, direction: Direction, message: Vec<u8>) {
        self.said.push((stream, direction.index(), Said(message)));
    }

    fn finished(mut self) -> Self {
        self.said
            .sort_by_key(|(stream, direction, _)| (*stream, *direction));
        self
    }
}

/// A JSON text of some length.
fn json(random: &mut fastrand::Rng) -> Vec<u8> {
    let count = random.usize(..40);
    let numbers: Vec<String> = (0..count).map(|_| random.i32(..).to_string()).collect();
    format!(
        "{{\"jsonrpc\":\"2.0\",\"id\":{count},\"result\":[{}]}}",
        numbers.join(", ")
    )
    .into_bytes()
}

fn words(random: &mut fastrand::Rng, most: usize) -> String {
    let count = random.usize(1..most);
    (0..count).map(|_| random.lowercase()).collect()
}

fn cut(bytes: &[u8], random: &mut fastrand::Rng) -> Vec<Vec<u8>> {
    let size = random.usize(1..=bytes.len().max(1));
    bytes.chunks(size).map(<[u8]>::to_vec).collect()
}

/// Some exchanges on one connection, bodies with a length or in chunks.
pub fn http1(random: &mut fastrand::Rng) -> Traffic {
    let mut traffic = Traffic::new();
    for exchange in 0..random.u32(1..5) {
        let (path, extra) = (words(random, 20), words(random, 60));
        let request = json(random);
        let start = format!("POST /{path} HTTP/1.1\r\nHost: a\r\nX-Extra: {extra}\r\n");
        let (message, fields) = body(&start, &request, random);
        traffic.write(Up, message);
        traffic.heads.push(fields);
        if random.bool() {
            traffic.write(Down, "HTTP/1.1 100 Continue\r\n\r\n");
        }
        let answer = json(random);
        let (message, fields) = body("HTTP/1.1 200 OK\r\nServer: b\r\n", &answer, random);
        traffic.write(Down, message);
        traffic.heads.push(fields);
        traffic.say(exchange, Up, request);
        traffic.say(exchange, Down, answer);
    }
    traffic.finished()
}

/// A message whose head begins so, with that body; and the fields of the head.
fn body(start: &str, body: &[u8], random: &mut fastrand::Rng) -> (Vec<u8>, Vec<(String, String)>) {
    let mut head = format!("{start}Content-Type: application/json\r\n");
    let mut framed = Vec::new();
    if random.bool() {
        head += &format!("Content-Length: {}\r\n", body.len());
        framed.extend(body);
    } else {
        head += "Transfer-Encoding: chunked\r\n";
        for chunk in cut(body, random) {
            framed.extend(format!("{:X}\r\n", chunk.len()).into_bytes());
            framed.extend(chunk);
            framed.extend(b"\r\n");
        }
        framed.extend(b"0\r\n\r\n");
    }
    let fields = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "));
    let fields = fields
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    ([head.as_bytes(), b"\r\n", &framed].concat(), fields)
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const PADDED: u8 = 8;

/// Some gRPC calls on one connection, their frames in any order that streams allow.
pub fn http2(random: &mut fastrand::Rng) -> Traffic {
    let mut traffic = Traffic::new();
    let mut encoders = [fluke_hpack::Encoder::new(), fluke_hpack::Encoder::new()];
    traffic.write(Up, [PREFACE, &frame(SETTINGS, 0, 0, &[])].concat());
    traffic.write(
        Down,
        [frame(SETTINGS, 0, 0, &[]), frame(SETTINGS, 1, 0, &[])].concat(),
    );
    for call in 0..random.u32(1..5) {
        let stream = call * 2 + 1;
        let request = [
            (":method".to_owned(), "POST".to_owned()),
            (":path".to_owned(), format!("/a.B/{}", words(random, 6))),
            ("content-type".to_owned(), "application/grpc".to_owned()),
            ("x-extra".to_owned(), words(random, 80)),
        ];
        one_way(
            &mut traffic,
            Up,
            stream,
            &request,
            false,
            &mut encoders[0],
            random,
        );
        let answer = [
            (":status".to_owned(), "200".to_owned()),
            ("content-type".to_owned(), "application/grpc".to_owned()),
        ];
        one_way(
            &mut traffic,
            Down,
            stream,
            &answer,
            true,
            &mut encoders[1],
            random,
        );
    }
    traffic.finished()
}

/// A head, some messages, and trailers if there are any.
fn one_way(
    traffic: &mut Traffic,
    direction: Direction,
    stream: u32,
    fields: &[(String, String)],
    trailers: bool,
    encoder: &mut fluke_hpack::Encoder<'_>,
    random: &mut fastrand::Rng,
) {
    traffic.heads.push(fields.to_vec());
    let mut written = head(stream, fields, 0, encoder, random);
    let mut messages = Vec::new();
    for _ in 0..random.usize(1..4) {
        let message: Vec<u8> = (0..random.usize(..200)).map(|_| random.u8(..)).collect();
        messages.push(0);
        messages.extend((message.len() as u32).to_be_bytes());
        messages.extend(&message);
        traffic.say(stream, direction, message);
    }
    for piece in cut(&messages, random) {
        if random.u8(..4) == 0 {
            written.extend(frame(PING, 0, 0, b"12345678"));
        }
        written.extend(data(stream, &piece, random));
    }
    if trailers {
        let fields = [("grpc-status".to_owned(), random.u8(..17).to_string())];
        written.extend(head(stream, &fields, END_STREAM, encoder, random));
        traffic.heads.push(fields.to_vec());
    } else {
        written.extend(frame(DATA, END_STREAM, stream, &[]));
    }
    traffic.write(direction, written);
}

/// A DATA frame, padded at times.
fn data(stream: u32, bytes: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    let padding = random.u8(..20);
    match random.u8(..3) {
        0 => {
            let padded = [&[padding], bytes, &vec![0; padding.into()]].concat();
            frame(DATA, PADDED, stream, &padded)
        }
        _ => frame(DATA, 0, stream, bytes),
    }
}

/// A header block, in one frame or in several.
fn head(
    stream: u32,
    fields: &[(String, String)],
    flags: u8,
    encoder: &mut fluke_hpack::Encoder<'_>,
    random: &mut fastrand::Rng,
) -> Vec<u8> {
    let pairs = fields
        .iter()
        .map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    let block = encoder.encode(pairs);
    let pieces = cut(&block, random);
    let mut written = Vec::new();
    for (place, piece) in pieces.iter().enumerate() {
        let last = if place + 1 == pieces.len() {
            END_HEADERS
        } else {
            0
        };
        written.extend(match place {
            0 => frame(HEADERS, flags | last, stream, piece),
            _ => frame(CONTINUATION, last, stream, piece),
        });
    }
    written
}

/// One frame of HTTP/2 (RFC 9113, section 4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let [.., a, b, c] = (payload.len() as u32).to_be_bytes();
    let head = [&[a, b, c, kind, flags][..], &stream.to_be_bytes()].concat();
    [&head, payload].concat()
}

/// A handshake, and messages both ways, some of them in fragments with pings between.
pub fn websocket(random: &mut fastrand::Rng) -> Traffic {
    let mut traffic = Traffic::new();
    traffic.write(
        Up,
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    traffic.write(
        Down,
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
    );
    // The handshake is exchange 0; messages are counted from there, each way by itself.
    let mut counts = [0, 0];
    for _ in 0..random.usize(1..6) {
        let direction = if random.bool() { Up } else { Down };
        counts[direction.index()] += 1;
        let message = json(random);
        let pieces = cut(&message, random);
        let mut written = Vec::new();
        for (place, piece) in pieces.iter().enumerate() {
            let opcode = if place == 0 { 1 } else { 0 };
            let last = if place + 1 == pieces.len() { 0x80 } else { 0 };
            written.extend(message_frame(opcode | last, piece, direction, random));
            if last == 0 && random.u8(..4) == 0 {
                written.extend(message_frame(0x89, b"ping", direction, random));
            }
        }
        traffic.write(direction, written);
        traffic.say(counts[direction.index()], direction, message);
    }
    traffic.finished()
}

/// One frame of WebSocket, masked when a client sends it (RFC 6455, section 5.2).
fn message_frame(
    first: u8,
    payload: &[u8],
    direction: Direction,
    random: &mut fastrand::Rng,
) -> Vec<u8> {
    let masked = if direction == Up { 0x80 } else { 0 };
    let mut written = vec![first];
    match payload.len() {
        length @ 0..126 => written.push(masked | length as u8),
        length => {
            written.push(masked | 126);
            written.extend((length as u16).to_be_bytes());
        }
    }
    let mask: [u8; 4] = match direction {
        Up => std::array::from_fn(|_| random.u8(..)),
        Down => [0; 4],
    };
    if direction == Up {
        written.extend(mask);
    }
    written.extend(
        payload
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    written
}
