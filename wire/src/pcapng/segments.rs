//! The TCP segments that could have carried a recording.

use std::net::SocketAddr;
use std::time::Duration;

use crate::recording::{Direction, RecordedConnection, Recording};

/// Bytes of payload that a segment has at most: 16 KiB, so that a packet stays below 64 KiB.
pub(super) const MOST_BYTES: usize = 16 * 1024;
/// What lies between the first sequence numbers of two connections, modulo 2^32: far, so that a port
/// that is used again is not mistaken for a repetition. 2^32 divided by the golden ratio.
const SEQUENCE_STEP: u32 = 0x9E37_79B9;

/// One segment.
#[derive(Debug, Clone)]
pub(super) struct Segment<'a> {
    /// From the beginning of the recording.
    pub(super) at: Duration,
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    pub(super) kind: Kind,
    pub(super) sequence: u32,
    /// What it says to have got; `None` before there was anything.
    pub(super) acknowledged: Option<u32>,
    pub(super) bytes: &'a [u8],
}

/// What a segment is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Data,
    Acknowledgement,
    End,
    Reset,
}

/// All segments of all connections, oldest first.
pub(super) fn of(recording: &Recording) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    for (number, connection) in (0_u32..).zip(&recording.connections) {
        let mut speech = Speech::new(connection, number.wrapping_mul(SEQUENCE_STEP));
        speech.speak();
        segments.append(&mut speech.segments);
    }
    // Stable: what happened at the same time on a connection stays in order.
    segments.sort_by_key(|segment| segment.at);
    segments
}

/// One connection in the making.
struct Speech<'a> {
    connection: &'a RecordedConnection,
    /// What each side has sent, as the next sequence number.
    next: [u32; 2],
    segments: Vec<Segment<'a>>,
}

impl<'a> Speech<'a> {
    fn new(connection: &'a RecordedConnection, first: u32) -> Self {
        Self {
            connection,
            next: [first; 2],
            segments: Vec::new(),
        }
    }

    fn speak(&mut self) {
        let connection = self.connection;
        self.open(connection.opened);
        let mut ends = self.ends().into_iter().peekable();
        for chunk in &connection.chunks {
            while let Some((at, direction)) = ends.next_if(|(at, _)| *at < chunk.at) {
                self.end(at, direction);
            }
            self.data(chunk.at, chunk.direction, &chunk.bytes);
        }
        for (at, direction) in ends {
            self.end(at, direction);
        }
        self.reset();
    }

    /// The good ends, in order.
    fn ends(&self) -> Vec<(Duration, Direction)> {
        let ended = |direction: Direction| {
            let ending = self.connection.ended[direction.index()]?;
            (!ending.broken).then_some((ending.at, direction))
        };
        let mut ends: Vec<_> = Direction::BOTH.into_iter().filter_map(ended).collect();
        ends.sort();
        ends
    }

    fn open(&mut self, at: Duration) {
        self.say(at, Direction::Up, Kind::Open, &[]);
        // The client has got nothing yet that it could acknowledge.
        if let Some(first) = self.segments.last_mut() {
            first.acknowledged = None;
        }
        self.say(at, Direction::Down, Kind::Open, &[]);
        self.say(at, Direction::Up, Kind::Acknowledgement, &[]);
    }

    fn data(&mut self, at: Duration, direction: Direction, bytes: &'a [u8]) {
        for bytes in bytes.chunks(MOST_BYTES) {
            self.say(at, direction, Kind::Data, bytes);
            self.say(at, direction.back(), Kind::Acknowledgement, &[]);
        }
    }

    fn end(&mut self, at: Duration, direction: Direction) {
        self.say(at, direction, Kind::End, &[]);
        self.say(at, direction.back(), Kind::Acknowledgement, &[]);
    }

    /// One direction that broke off ends both, and nothing comes after it: bytes that were already
    /// on their way the other way are told first.
    fn reset(&mut self) {
        let broken = Direction::BOTH.into_iter().filter_map(|direction| {
            let ending = self.connection.ended[direction.index()]?;
            ending.broken.then_some((ending.at, direction))
        });
        let last = self.segments.iter().map(|segment| segment.at).max();
        if let Some((at, direction)) = broken.min() {
            let at = at.max(last.unwrap_or_default());
            self.say(at, direction, Kind::Reset, &[]);
        }
    }

    fn say(&mut self, at: Duration, direction: Direction, kind: Kind, bytes: &'a [u8]) {
        let RecordedConnection { client, server, .. } = *self.connection;
        let (from, to) = match direction {
            Direction::Up => (client, server),
            Direction::Down => (server, client),
        };
        let sequence = self.next[direction.index()];
        self.segments.push(Segment {
            at,
            from,
            to,
            kind,
            sequence,
            acknowledged: Some(self.next[direction.back().index()]),
            bytes,
        });
        self.next[direction.index()] = sequence.wrapping_add(length(kind, bytes));
    }
}

/// What a segment adds to the sequence number: an opening and an end count as a byte, RFC 9293,
/// section 3.4.
fn length(kind: Kind, bytes: &[u8]) -> u32 {
    match kind {
        Kind::Open | Kind::End => 1,
        Kind::Data => u32::try_from(bytes.len()).expect("a segment has 16 KiB at most"),
        Kind::Acknowledgement | Kind::Reset => 0,
    }
}
