//! One connection: what has come and is not read yet, and who reads it.

use std::ops::Range;

use bytes::BytesMut;

use super::knowledge::Knowledge;
use super::limits::Limits;
use super::output::Output;
use super::{http1, http2, websocket};
use crate::dissection::{BufferId, Place};
use crate::recording::Direction;
use crate::span::{Layer, Role, Span};

/// How a client of HTTP/2 begins, RFC 9113, section 3.4.
pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// One connection, both directions.
#[derive(Debug)]
pub struct Connection {
    number: usize,
    knowledge: Knowledge,
    limits: Limits,
    protocol: Protocol,
    sides: [Side; 2],
}

/// What a connection speaks.
#[derive(Debug)]
pub enum Protocol {
    /// The client's first bytes have not told yet.
    Unsure,
    /// HTTP/1.1, until it is upgraded.
    Http1(Box<http1::Reader>),
    /// HTTP/2 without TLS, with prior knowledge or after an upgrade.
    Http2(Box<http2::Reader>),
    /// WebSocket, after its handshake.
    WebSocket(Box<websocket::Reader>),
    /// Something else.
    Unknown,
}

/// One direction.
#[derive(Debug, Default)]
struct Side {
    /// Place of the first byte that is not read yet.
    start: usize,
    /// Not read yet.
    waiting: BytesMut,
    /// Nothing will come any more.
    ended: bool,
    /// The reader knows that it ended.
    told_end: bool,
    /// Length of `waiting` at which the reader said that it needs more, so that it is not asked
    /// again before more has come.
    needs_more_than: Option<usize>,
}

/// What a reader is given: what has come in one direction and is not read yet.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Connection, counted from 0.
    pub connection: usize,
    /// Which way it goes.
    pub direction: Direction,
    /// Place of the first byte, on which spans count.
    pub start: usize,
    /// Never empty, except in [`Read::ended`].
    pub bytes: &'a [u8],
    /// Nothing will come after these bytes.
    pub ended: bool,
    /// Nothing more will come in the other direction, and all of it that can be read has been.
    pub other_ended: bool,
    /// What protobuf's names are known.
    pub knowledge: &'a Knowledge,
    /// How much may be kept.
    pub limits: Limits,
}

impl Protocol {
    fn ended(&mut self, input: Input<'_>, output: &mut Output) {
        match self {
            Self::Unsure | Self::Unknown => (),
            Self::Http1(reader) => reader.ended(input, output),
            Self::Http2(reader) => reader.ended(input, output),
            Self::WebSocket(reader) => reader.ended(input, output),
        }
    }
}

impl Input<'_> {
    /// The recorded buffer in which the bytes are.
    #[must_use]
    pub fn buffer(&self) -> BufferId {
        BufferId::Recorded(self.connection, self.direction)
    }

    /// Where the first `count` bytes are.
    #[must_use]
    pub fn first(&self, count: usize) -> Range<usize> {
        self.start..self.start + count
    }

    /// A message of this connection.
    #[must_use]
    pub fn place(&self, stream: u32) -> Place {
        Place {
            connection: self.connection,
            direction: self.direction,
            stream,
        }
    }
}

/// What a reader did with its input.
#[derive(Debug)]
pub enum Progress {
    /// These spans tile the first bytes of the input, at least one.
    Took(Vec<Span>),
    /// As `Took`; from here on, both directions speak something else.
    Switch(Vec<Span>, Protocol),
    /// Nothing can be told before more has come. Where the input has `ended`, or is longer than
    /// [`Limits::message_bytes`], a reader may not say so: it tells what it has, as far as it goes.
    NeedsMore,
    /// The other direction comes first: a server's answer before its request has been read.
    AfterOther,
}

/// Reads one unit at a time off the front of a direction.
pub trait Read {
    /// Reads the unit at the front of `input`, which may be longer.
    fn read(&mut self, input: Input<'_>, output: &mut Output) -> Progress;

    /// The direction has ended and all of it has been read; `input` has no bytes. What waits for more
    /// is told as far as it has come, a body whose last part is missing for example.
    fn ended(&mut self, input: Input<'_>, output: &mut Output) {
        let _ = (input, output);
    }
}

impl Connection {
    /// A connection on which nothing has passed yet.
    #[must_use]
    pub fn new(number: usize, knowledge: Knowledge, limits: Limits) -> Self {
        Self {
            number,
            knowledge,
            limits,
            protocol: Protocol::Unsure,
            sides: [Side::default(), Side::default()],
        }
    }

    /// Whether both directions have ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.sides.iter().all(|side| side.ended)
    }

    /// Bytes have come.
    pub fn feed(&mut self, direction: Direction, bytes: &[u8], output: &mut Output) {
        self.sides[direction.index()]
            .waiting
            .extend_from_slice(bytes);
        self.read_on(direction, output);
    }

    /// A direction has ended.
    pub fn ended(&mut self, direction: Direction, output: &mut Output) {
        let side = &mut self.sides[direction.index()];
        side.ended = true;
        side.needs_more_than = None;
        self.read_on(direction, output);
    }

    /// Reads whatever can be read, first there, then in the other direction, which may have waited.
    fn read_on(&mut self, direction: Direction, output: &mut Output) {
        loop {
            let there = self.read_direction(direction, output);
            let back = self.read_direction(direction.back(), output);
            if !there && !back {
                return;
            }
        }
    }

    /// Whether anything was read.
    fn read_direction(&mut self, direction: Direction, output: &mut Output) -> bool {
        let mut any = false;
        while self.read_unit(direction, output) {
            any = true;
        }
        any
    }

    /// Whether a unit was read.
    fn read_unit(&mut self, direction: Direction, output: &mut Output) -> bool {
        if matches!(self.protocol, Protocol::Unsure) {
            self.recognise();
        }
        let other_ended = self.sides[direction.back().index()].ended;
        let side = &mut self.sides[direction.index()];
        let length = side.waiting.len();
        let ends = length == 0 && side.ended && !side.told_end;
        side.told_end |= ends;
        let tried = side.needs_more_than.is_some_and(|tried| length <= tried);
        if !ends && (length == 0 || tried) {
            return false;
        }
        let input = Input {
            connection: self.number,
            direction,
            start: side.start,
            bytes: &side.waiting,
            ended: side.ended,
            other_ended,
            knowledge: &self.knowledge,
            limits: self.limits,
        };
        if ends {
            self.protocol.ended(input, output);
            output.ended();
            return false;
        }
        let progress = match &mut self.protocol {
            // A server that talks before it was asked is waited for only so long.
            Protocol::Unsure if length > self.limits.message_bytes => {
                self.protocol = Protocol::Unknown;
                Progress::Took(vec![unknown(input)])
            }
            Protocol::Unsure => Progress::AfterOther,
            Protocol::Http1(reader) => reader.read(input, output),
            Protocol::Http2(reader) => reader.read(input, output),
            Protocol::WebSocket(reader) => reader.read(input, output),
            Protocol::Unknown => Progress::Took(vec![unknown(input)]),
        };
        match progress {
            Progress::Took(spans) => self.took(direction, spans, output),
            Progress::Switch(spans, protocol) => {
                self.protocol = protocol;
                for side in &mut self.sides {
                    side.needs_more_than = None;
                }
                self.took(direction, spans, output)
            }
            Progress::NeedsMore if input.ended => self.give_up(direction, length, output),
            Progress::NeedsMore => {
                self.sides[direction.index()].needs_more_than = Some(length);
                false
            }
            // Nobody will say what these bytes answer.
            Progress::AfterOther if other_ended => self.give_up(direction, length, output),
            Progress::AfterOther => false,
        }
    }

    /// What a reader left although nothing comes any more.
    fn give_up(&mut self, direction: Direction, length: usize, output: &mut Output) -> bool {
        let start = self.sides[direction.index()].start;
        let rule = "the connection ended before this was whole";
        let span = Span::broken(start..start + length, Layer::Unknown, rule);
        self.took(direction, vec![span], output)
    }

    fn took(&mut self, direction: Direction, spans: Vec<Span>, output: &mut Output) -> bool {
        let side = &mut self.sides[direction.index()];
        let end = spans.last().map_or(side.start, |span| span.range.end);
        let count = (end - side.start).min(side.waiting.len());
        if count == 0 {
            return false;
        }
        let bytes = side.waiting.split_to(count);
        output.recorded(self.number, direction, side.start, &bytes, spans);
        side.start += count;
        side.needs_more_than = None;
        true
    }

    /// By the client's first bytes; a client that says nothing leaves the question open.
    fn recognise(&mut self) {
        let side = &self.sides[Direction::Up.index()];
        let first = &side.waiting[..];
        let common = first.len().min(PREFACE.len());
        if first.is_empty() && !side.ended {
            return;
        }
        if first[..common] == PREFACE[..common] && (common == PREFACE.len() || !side.ended) {
            if common == PREFACE.len() {
                self.protocol = Protocol::Http2(Box::default());
            }
        } else {
            match http1::begins(first) {
                None if !side.ended => (),
                None | Some(true) => self.protocol = Protocol::Http1(Box::default()),
                Some(false) => self.protocol = Protocol::Unknown,
            }
        }
    }
}

/// Bytes of a protocol that no dissector here speaks.
fn unknown(input: Input<'_>) -> Span {
    Span::new(
        input.first(input.bytes.len()),
        Layer::Unknown,
        Role::Unknown,
        "bytes",
    )
    .note(
        "not read: neither HTTP/1.1 nor HTTP/2, by the client's first bytes or after a CONNECT; this \
         holds for both directions",
    )
}
