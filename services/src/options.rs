//! Plain options for servers and clients of every protocol, and the counters that both share.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::context::ByteCount;
use crate::error::Code;
use crate::operation::Operation;

/// How a server serves.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The server's name, sent with every answer; `None` sends none. Where the backend is a client,
    /// an answer carries the name that it has learnt instead: of who did the work.
    pub name: Option<String>,
    /// What one peer may ask for.
    pub limits: Limits,
    /// How long calls in flight may go on after the shutdown; open streams end at once.
    pub drain: Duration,
    /// How long a new connection may stay silent, and a request may take to arrive.
    pub request_timeout: Duration,
    /// How long an opened stream that nobody touches lives, over protocols that poll.
    pub stream_idle: Duration,
    /// Further values of `Host` that a server bound to a loopback address accepts.
    pub allowed_hosts: Vec<String>,
    /// Further values of `Origin` that a server accepts.
    pub allowed_origins: Vec<String>,
    /// Bytes of all connections.
    pub traffic: Arc<Traffic>,
    /// Who is told of each call.
    pub observer: Option<Arc<dyn Observer>>,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            name: None,
            limits: Limits::default(),
            drain: Duration::from_secs(5),
            request_timeout: Duration::from_secs(30),
            stream_idle: Duration::from_secs(60),
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            traffic: Arc::default(),
            observer: None,
        }
    }
}

/// What a server bears before it refuses.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at a time; more wait in the listener's queue. The default leaves room for four
    /// classes of a thousand who chat, each over a connection of its own; a system that grants
    /// fewer file descriptors lowers it.
    pub connections: usize,
    /// Largest message in bytes; `None` is the protocol's own (gRPC 4 MiB, the others 2 MiB).
    pub message_bytes: Option<usize>,
    /// Calls in flight on one connection; more are not read until one is done.
    pub calls_per_connection: usize,
    /// Open streams of one server, over protocols that poll or subscribe.
    pub streams: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4_096,
            message_bytes: None,
            calls_per_connection: 64,
            streams: 1_000,
        }
    }
}

/// How a client calls.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// For unary calls whose context has no deadline; `None` waits for ever. Streams have none.
    pub timeout: Option<Duration>,
    /// Connections that are kept; HTTP/1.1 opens one for each call in flight and keeps this many.
    pub connections: usize,
    /// Largest reply in bytes.
    pub reply_bytes: usize,
    /// Bytes of all connections.
    pub traffic: Arc<Traffic>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            timeout: Some(Duration::from_secs(10)),
            connections: 16,
            reply_bytes: 64 * 1024 * 1024,
            traffic: Arc::default(),
        }
    }
}

/// Bytes and connections of one program end, counted at its sockets. Readable while it runs.
#[derive(Debug, Default)]
pub struct Traffic {
    sent: AtomicU64,
    received: AtomicU64,
    connections: AtomicU64,
}

impl Traffic {
    /// Counts one connection opened.
    pub fn connection_opened(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts bytes written to a socket.
    pub fn add_sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Counts bytes read from a socket.
    pub fn add_received(&self, bytes: usize) {
        self.received.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Connections opened so far.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// Bytes so far as a client sees them: up is sent.
    pub fn as_client(&self) -> ByteCount {
        ByteCount {
            up: self.sent.load(Ordering::Relaxed),
            down: self.received.load(Ordering::Relaxed),
        }
    }

    /// Bytes so far as a server sees them: up is received.
    pub fn as_server(&self) -> ByteCount {
        let ByteCount { up, down } = self.as_client();
        ByteCount { up: down, down: up }
    }
}

/// Is told of each call that a server serves.
pub trait Observer: Send + Sync + fmt::Debug {
    /// A call has begun; [`call_ended`](Self::call_ended) follows once.
    fn call_started(&self, operation: &'static Operation) {
        let _ = operation;
    }

    /// An item of the caller's stream was read.
    fn item_received(&self, operation: &'static Operation) {
        let _ = operation;
    }

    /// An item of a stream was given to the caller.
    fn item_sent(&self, operation: &'static Operation) {
        let _ = operation;
    }

    /// A call is over: answered, failed, or given up by its caller.
    fn call_ended(&self, call: &CallRecord);
}

/// One call that is over.
#[derive(Debug, Clone)]
pub struct CallRecord {
    /// Which operation.
    pub operation: &'static Operation,
    /// Who called.
    pub peer: Option<SocketAddr>,
    /// How it ended: `None` is well. A call or stream dropped by its caller is `Cancelled`.
    pub outcome: Option<Code>,
    /// From the call's start to its end; a stream's last item is its end.
    pub elapsed: Duration,
    /// Items that a stream carried, both ways.
    pub items: u64,
}
