//! What passed between clients and a server: plain records. [`crate::dissect`] reads them.

mod event;

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use serde::Serialize;

pub use event::{Event, EventKind};

/// Which way bytes went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the client to the server.
    Up,
    /// From the server to the client.
    Down,
}

impl Direction {
    /// Both, the client's first.
    pub const BOTH: [Self; 2] = [Self::Up, Self::Down];

    /// 0 for up, 1 for down: for pairs that hold something for each.
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Self::Up => 0,
            Self::Down => 1,
        }
    }

    /// The other one.
    #[must_use]
    pub fn back(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}

/// All connections that a tap has carried, in the order in which they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// The moment from which every time of this recording counts.
    pub began: SystemTime,
    /// In the order in which they came; a connection's number is its place here.
    pub connections: Vec<RecordedConnection>,
}

/// One TCP connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedConnection {
    /// Where the client called from.
    pub client: SocketAddr,
    /// Where the server listens.
    pub server: SocketAddr,
    /// When the client came, from [`Recording::began`].
    pub opened: Duration,
    /// What was read, in the order in which it was read, both directions.
    pub chunks: Vec<Chunk>,
    /// When each direction ended, by [`Direction::index`]; `None` while it goes on.
    pub ended: [Option<Ending>; 2],
}

/// What one read of a socket gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Which way it went.
    pub direction: Direction,
    /// When it was read, from [`Recording::began`].
    pub at: Duration,
    /// Never empty.
    pub bytes: Bytes,
}

/// How and when one direction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ending {
    /// From [`Recording::began`].
    pub at: Duration,
    /// Whether it broke off (TCP's RST, or the peer is gone) instead of ending (TCP's FIN).
    pub broken: bool,
}

impl RecordedConnection {
    /// A connection on which nothing has passed yet.
    #[must_use]
    pub fn new(client: SocketAddr, server: SocketAddr, opened: Duration) -> Self {
        Self {
            client,
            server,
            opened,
            chunks: Vec::new(),
            ended: [None; 2],
        }
    }

    /// Bytes that went that way.
    #[must_use]
    pub fn size_bytes(&self, direction: Direction) -> usize {
        let there = self
            .chunks
            .iter()
            .filter(|chunk| chunk.direction == direction);
        there.map(|chunk| chunk.bytes.len()).sum()
    }

    /// All that went that way, in one piece.
    #[must_use]
    pub fn bytes(&self, direction: Direction) -> Vec<u8> {
        let there = self
            .chunks
            .iter()
            .filter(|chunk| chunk.direction == direction);
        there
            .flat_map(|chunk| chunk.bytes.iter().copied())
            .collect()
    }
}

impl Recording {
    /// A recording that begins now, of nothing yet.
    #[must_use]
    pub fn begin() -> Self {
        Self {
            began: SystemTime::now(),
            connections: Vec::new(),
        }
    }

    /// Bytes that went that way, over all connections.
    #[must_use]
    pub fn size_bytes(&self, direction: Direction) -> usize {
        let sizes = self
            .connections
            .iter()
            .map(|connection| connection.size_bytes(direction));
        sizes.sum()
    }
}
