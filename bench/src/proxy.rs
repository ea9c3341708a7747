//! A TCP proxy that counts: every row is counted at the same place, whatever library it uses.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::measurement::UpDown;

/// As much of each direction as holds the head of an HTTP message.
const HEAD_BYTES: usize = 4 * 1024;

/// A running proxy before one server; dropped, it cuts its connections.
pub struct Proxy {
    /// Where clients connect.
    pub address: SocketAddr,
    connections: JoinHandle<()>,
    recording: Arc<Recording>,
}

/// What passed.
#[derive(Debug, Default)]
struct Recording {
    up: Mutex<Direction>,
    down: Mutex<Direction>,
}

#[derive(Debug, Default)]
struct Direction {
    bytes: u64,
    head: Vec<u8>,
}

/// What has passed so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// All bytes of all connections.
    pub bytes: UpDown,
    /// What the first HTTP/1.1 request and reply tell in `Content-Length`; `None` where one of
    /// them tells nothing.
    pub content_length: Option<UpDown>,
}

impl Proxy {
    /// Listens on a free loopback port.
    ///
    /// # Errors
    /// The system's, where it has no port left.
    pub async fn start(upstream: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let recording = Arc::default();
        let accepting = accept(listener, upstream, Arc::clone(&recording));
        Ok(Self {
            address,
            connections: tokio::spawn(accepting),
            recording,
        })
    }

    /// What has passed so far. A client that has its answer finds all of it counted, since a byte
    /// counts before it is passed on.
    #[must_use]
    pub fn passed(&self) -> Passed {
        let (up, down) = (locked(&self.recording.up), locked(&self.recording.down));
        let lengths = content_length(&up.head).zip(content_length(&down.head));
        Passed {
            bytes: UpDown {
                up: up.bytes,
                down: down.bytes,
            },
            content_length: lengths.map(|(up, down)| UpDown { up, down }),
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.connections.abort();
    }
}

/// Owns the connections, which end with it.
async fn accept(listener: TcpListener, upstream: SocketAddr, recording: Arc<Recording>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        connections.spawn(carry(client, upstream, Arc::clone(&recording)));
    }
}

/// Both directions of one connection until both have ended.
async fn carry(client: TcpStream, upstream: SocketAddr, recording: Arc<Recording>) {
    let Ok(server) = TcpStream::connect(upstream).await else {
        return;
    };
    for stream in [&client, &server] {
        // Without it a small call waits for an acknowledgement; the bytes are the same.
        let _ = stream.set_nodelay(true);
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::join!(
        pump(from_client, to_server, &recording.up),
        pump(from_server, to_client, &recording.down),
    );
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, direction: &Mutex<Direction>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        locked(direction).record(&buffer[..count]);
        if to.write_all(&buffer[..count]).await.is_err() {
            break;
        }
    }
    // A receiver that is gone needs no farewell.
    let _ = to.shutdown().await;
}

impl Direction {
    fn record(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        let room = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(room));
    }
}

fn locked(direction: &Mutex<Direction>) -> std::sync::MutexGuard<'_, Direction> {
    direction.lock().unwrap_or_else(PoisonError::into_inner)
}

fn content_length(recorded: &[u8]) -> Option<u64> {
    let text = String::from_utf8_lossy(recorded);
    let (head, _) = text.split_once("\r\n\r\n")?;
    let value = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then_some(value)
    });
    value?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_length_is_found_whatever_its_case() {
        let message = b"HTTP/1.1 200 OK\r\nserver: x\r\ncontent-LENGTH:  90\r\n\r\nbody";
        assert_eq!(content_length(message), Some(90));
    }

    #[test]
    fn a_message_without_content_length_tells_nothing() {
        assert_eq!(content_length(b"POST / HTTP/1.1\r\nhost: a\r\n\r\n"), None);
        assert_eq!(content_length(b"PRI * HTTP/2.0"), None);
    }
}
