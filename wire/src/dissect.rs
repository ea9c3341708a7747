//! Dissectors: from bytes to spans. A [`Dissector`] is fed what connections carry, whole or piece by
//! piece, and recognises by itself what they speak. It keeps what is not whole yet, and no more of it
//! than its [`Limits`] allow.
//!
//! How they work together: [`connection`] holds what has come and is not read yet, and offers it to
//! the reader of the protocol that the connection speaks ([`http1`], [`websocket`], [`http2`]). A
//! reader takes one unit at a time off the front: a head, a chunk, a frame. What messages carry goes
//! through [`content`], which knows media types and gives the bytes to [`json`], [`xml`], [`protobuf`],
//! [`grpc`], [`sse`] or [`gzip`]: plain functions from bytes to spans.

pub mod connection;
pub mod content;
pub mod grpc;
pub mod gzip;
pub mod hpack;
pub mod http1;
pub mod http2;
pub mod json;
pub mod knowledge;
pub mod limits;
pub mod output;
mod path;
pub mod protobuf;
mod row;
#[cfg(test)]
mod shown;
pub mod sse;
pub mod text;
mod tree;
pub mod websocket;
pub mod xml;

use std::net::SocketAddr;

use crate::dissection::Dissection;
use crate::recording::{Direction, Recording};
use connection::Connection;
pub use knowledge::Knowledge;
pub use limits::Limits;
use output::Output;

/// Explains what connections carry, as it comes.
#[derive(Debug)]
pub struct Dissector {
    knowledge: Knowledge,
    limits: Limits,
    connections: Vec<Option<Connection>>,
    output: Output,
}

impl Dissector {
    /// A dissector that has seen nothing yet.
    #[must_use]
    pub fn new(knowledge: Knowledge, limits: Limits) -> Self {
        Self {
            knowledge,
            limits,
            connections: Vec::new(),
            output: Output::default(),
        }
    }

    /// A whole recording at once.
    #[must_use]
    pub fn dissect(recording: &Recording, knowledge: &Knowledge) -> Dissection {
        let mut dissector = Self::new(knowledge.clone(), Limits::none());
        for (number, connection) in recording.connections.iter().enumerate() {
            dissector.opened(number, connection.client, connection.server);
            for chunk in &connection.chunks {
                dissector.feed(number, chunk.direction, &chunk.bytes);
            }
            for direction in Direction::BOTH {
                dissector.ended(number, direction);
            }
        }
        dissector.take()
    }

    /// A connection has been opened. Without it, it counts as opened with its first bytes.
    pub fn opened(&mut self, connection: usize, _client: SocketAddr, _server: SocketAddr) {
        self.connection(connection);
    }

    /// Bytes have come.
    pub fn feed(&mut self, connection: usize, direction: Direction, bytes: &[u8]) {
        self.with(connection, |connection, output| {
            connection.feed(direction, bytes, output);
        });
    }

    /// A direction has ended, well or not: what waits for more is told as it is.
    pub fn ended(&mut self, connection: usize, direction: Direction) {
        self.with(connection, |connection, output| {
            connection.ended(direction, output);
        });
        let state = self.connections.get_mut(connection);
        if let Some(state) = state.filter(|state| state.as_ref().is_some_and(Connection::is_over)) {
            // What a connection knew is of no use to another: a long watch forgets it.
            *state = None;
        }
    }

    /// What has been understood since the last time.
    #[must_use]
    pub fn take(&mut self) -> Dissection {
        self.output.take()
    }

    fn with(&mut self, number: usize, work: impl FnOnce(&mut Connection, &mut Output)) {
        self.connection(number);
        if let Some(Some(connection)) = self.connections.get_mut(number) {
            work(connection, &mut self.output);
        }
    }

    /// Makes room for that connection, if it is new.
    fn connection(&mut self, number: usize) {
        while self.connections.len() <= number {
            let number = self.connections.len();
            let connection = Connection::new(number, self.knowledge.clone(), self.limits);
            self.connections.push(Some(connection));
        }
    }
}
