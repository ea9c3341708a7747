//! A recording piece by piece: what a tap tells while it goes on.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;

use super::{Chunk, Direction, Ending, RecordedConnection, Recording};

/// Something that happened on a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Connection, counted from 0 in the order in which they came.
    pub connection: usize,
    /// When, from [`Recording::began`].
    pub at: Duration,
    /// What.
    pub kind: EventKind,
}

/// What happened on a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// A client has come.
    Opened {
        /// Where it called from.
        client: SocketAddr,
        /// Where the server listens.
        server: SocketAddr,
    },
    /// One read of a socket gave bytes.
    Bytes {
        /// Which way they went.
        direction: Direction,
        /// Never empty.
        bytes: Bytes,
    },
    /// Nothing comes any more in one direction.
    Ended {
        /// Which.
        direction: Direction,
        /// As in [`Ending::broken`].
        broken: bool,
    },
}

/// Stands for a client or server that no event has named.
const NOBODY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

impl Recording {
    /// Adds what happened. Events of a connection come in order; a connection whose opening was
    /// missed gets the address `0.0.0.0:0` for both its ends.
    pub fn push(&mut self, event: Event) {
        let connection = self.connection(event.connection, event.at);
        match event.kind {
            EventKind::Opened { client, server } => {
                connection.client = client;
                connection.server = server;
                connection.opened = event.at;
            }
            EventKind::Bytes { direction, bytes } => connection.chunks.push(Chunk {
                direction,
                at: event.at,
                bytes,
            }),
            EventKind::Ended { direction, broken } => {
                connection.ended[direction.index()] = Some(Ending {
                    at: event.at,
                    broken,
                });
            }
        }
    }

    /// The connection of that number, which is there from now on.
    fn connection(&mut self, number: usize, opened: Duration) -> &mut RecordedConnection {
        while self.connections.len() <= number {
            let unnamed = RecordedConnection::new(NOBODY, NOBODY, opened);
            self.connections.push(unnamed);
        }
        &mut self.connections[number]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(connection: usize, millis: u64, kind: EventKind) -> Event {
        let at = Duration::from_millis(millis);
        Event {
            connection,
            at,
            kind,
        }
    }

    #[test]
    fn events_add_up_to_a_recording() {
        let client = SocketAddr::from(([127, 0, 0, 1], 50_000));
        let server = SocketAddr::from(([127, 0, 0, 1], 9_000));
        let direction = Direction::Up;
        let bytes = Bytes::from_static(b"hello");
        let mut recording = Recording::begin();
        for (millis, kind) in [
            (1, EventKind::Opened { client, server }),
            (2, EventKind::Bytes { direction, bytes }),
            (
                3,
                EventKind::Ended {
                    direction,
                    broken: true,
                },
            ),
        ] {
            recording.push(event(0, millis, kind));
        }
        let connection = &recording.connections[0];
        assert_eq!((connection.client, connection.server), (client, server));
        assert_eq!(connection.opened, Duration::from_millis(1));
        assert_eq!(connection.bytes(Direction::Up), b"hello");
        let at = Duration::from_millis(3);
        let broken = Some(Ending { at, broken: true });
        assert_eq!(connection.ended, [broken, None]);
    }

    #[test]
    fn a_connection_whose_opening_was_missed_keeps_its_bytes() {
        let direction = Direction::Down;
        let bytes = Bytes::from_static(b"late");
        let mut recording = Recording::begin();
        recording.push(event(1, 5, EventKind::Bytes { direction, bytes }));
        assert_eq!(recording.connections.len(), 2);
        assert_eq!(recording.connections[1].client, NOBODY);
        assert_eq!(recording.size_bytes(Direction::Down), 4);
    }
}
