//! The tap: a TCP proxy between any client and any server. It writes down every byte with its
//! direction and time, before it passes it on, and can delay what passes as a [`Link`] would.
//!
//! It keeps what TCP promises both ends: a receiver that does not read stops its sender, an end of
//! one direction (FIN) leaves the other open, and a connection cut off (RST) is cut off.

pub mod cost;
mod flow;
mod link;
mod log;
mod relay;
mod schedule;
mod shared;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::recording::{Event, EventKind, Recording};
pub use link::{Link, Stall, StallAt};
use log::Log;
use schedule::Schedule;
use shared::{Open, Shared};

/// Events that wait for a watcher at most. An event has at most 64 KiB of bytes, so that a watcher
/// who stands still costs 4 MiB.
const EVENTS: usize = 64;
/// How long no connection is accepted after one could not be: when files have run out, trying again
/// at once would only burn a core.
const PAUSE: Duration = Duration::from_millis(50);

/// A proxy that records. It ends, and cuts its connections, when it is dropped.
#[derive(Debug)]
pub struct Tap {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

/// How a tap works; by default as fast as it can.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TapOptions {
    /// What lies between client and server.
    pub link: Link,
}

impl Tap {
    /// Listens on `listen`, with port 0 on any free one, and passes what comes on to `to`. Keeps all
    /// in memory: [`Tap::recording`].
    ///
    /// # Errors
    /// An address that cannot be listened on; [`io::ErrorKind::InvalidInput`] for a link with a rate
    /// of 0 or times past a day.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O and time.
    pub fn start(listen: SocketAddr, to: SocketAddr, options: TapOptions) -> io::Result<Self> {
        let began = Instant::now();
        Self::start_with(listen, to, options, began, Log::keeping(began))
    }

    /// The same for traffic without an end: keeps nothing, and gives what happens as it happens.
    ///
    /// At most 64 events, 4 MiB, wait for the watcher; one who is slower than the traffic slows it.
    /// One who drops the receiver leaves the traffic alone.
    ///
    /// # Errors
    /// As [`Tap::start`].
    ///
    /// # Panics
    /// As [`Tap::start`].
    pub fn watched(
        listen: SocketAddr,
        to: SocketAddr,
        options: TapOptions,
    ) -> io::Result<(Self, mpsc::Receiver<Event>)> {
        let (watcher, events) = mpsc::channel(EVENTS);
        let began = Instant::now();
        let log = Log::telling(began, watcher);
        Ok((Self::start_with(listen, to, options, began, log)?, events))
    }

    fn start_with(
        listen: SocketAddr,
        to: SocketAddr,
        options: TapOptions,
        began: Instant,
        log: Log,
    ) -> io::Result<Self> {
        options.link.check()?;
        let listener = std::net::TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(to, log, options.link, began));
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            accepting,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// All that has passed until now. Over a link, bytes are in it from when they entered.
    ///
    /// A client that has an answer finds it here, whole. Of a watched tap it has only the beginning,
    /// and the events belong into it: [`Recording::push`].
    #[must_use]
    pub fn recording(&self) -> Recording {
        self.shared.log.recording()
    }

    /// Bytes that have passed until now, up and down.
    #[must_use]
    pub fn size_bytes(&self) -> [u64; 2] {
        self.shared.log.size_bytes()
    }

    /// Why the server could not be reached, if it was not since the last time this was asked. Such a
    /// connection is cut, and recorded as one that broke off both ways without a byte.
    #[must_use]
    pub fn take_refusal(&self) -> Option<io::Error> {
        self.shared.log.take_refusal()
    }

    /// Waits until no connection is open. One that is still on its way in does not count.
    pub async fn quiet(&self) {
        let mut open = self.shared.open.subscribe();
        // It fails once the sender is gone, which this tap holds.
        drop(open.wait_for(|open| *open == 0).await);
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        // Its connections are tasks of its own, and end with it.
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    let mut count = 0;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((client, address)) => {
                    let open = Open::new(Arc::clone(&shared));
                    let kind = EventKind::Opened { client: address, server: shared.to };
                    shared.log.write(count, kind).await;
                    connections.spawn(carry(open, count, client));
                    count += 1;
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn carry(open: Open, number: usize, client: TcpStream) {
    relay::relay(Arc::clone(&open.0), number, client).await;
}
