//! What travels beside the arguments of a call. Dropping a call's future or stream cancels it, so
//! there is no cancellation token here.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::error::Error;

/// What travels beside the arguments: cheap to clone, and streams own theirs.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// When the caller stops waiting; `None` is never.
    pub deadline: Option<Instant>,
    /// How much of a server stream the deadline covers.
    pub scope: DeadlineScope,
    /// What the caller sent beside the arguments.
    pub metadata: Metadata,
    /// Who calls, at a server; `None` in the same process.
    pub peer: Option<SocketAddr>,
    exchange: Arc<Mutex<Exchange>>,
}

/// How much of a server stream a deadline covers. Unary calls and client streams are covered whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeadlineScope {
    /// Until the stream is open: an endless stream may go on.
    #[default]
    Opening,
    /// Until the stream's end. A `grpc-timeout` that comes over gRPC means this.
    Whole,
}

/// What a client learnt of one exchange, left in its [`Context`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchange {
    /// The name of the server that answered, where it says so.
    pub server: Option<String>,
    /// What the server sent beside the result.
    pub metadata: Metadata,
    /// Bytes of the encoded messages, without headers or framing.
    pub body: ByteCount,
    /// Bytes that the connection carried from the call's start to its end, its set-up included
    /// where the call opened it. Calls that share a connection at the same time share its bytes.
    pub wire: ByteCount,
}

/// Bytes in both directions, as the client sees them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ByteCount {
    /// From client to server.
    pub up: u64,
    /// From server to client.
    pub down: u64,
}

impl Context {
    /// A context without deadline or metadata.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A context whose deadline is that far from now.
    #[must_use]
    pub fn with_timeout(timeout: Duration) -> Self {
        Self {
            deadline: Instant::now().checked_add(timeout),
            ..Self::default()
        }
    }

    /// The same context, with that timeout from now where it has no deadline of its own.
    #[must_use]
    pub fn or_timeout(&self, timeout: Option<Duration>) -> Self {
        let from_now = || timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        Self {
            deadline: self.deadline.or_else(from_now),
            ..self.clone()
        }
    }

    /// What is left until the deadline: zero when it has passed, `None` without one.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline
            .map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Runs that future until the deadline, then drops it, which cancels its work. Where the
    /// deadline has passed already the future is not started, so that the answer does not depend
    /// on how fast it is.
    ///
    /// # Errors
    /// The future's own, or [`Error::DeadlineExceeded`].
    pub async fn within<T>(
        &self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        // Pinned first: a call's future is large, and is not to be moved again.
        let call = pin!(call);
        match self.deadline {
            None => call.await,
            Some(deadline) if deadline <= Instant::now() => Err(Error::deadline_exceeded()),
            Some(deadline) => timeout_at(deadline, call)
                .await
                .unwrap_or_else(|_| Err(Error::deadline_exceeded())),
        }
    }

    /// What the client has learnt of the exchange so far.
    #[must_use]
    pub fn exchange(&self) -> Exchange {
        self.exchange
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Leaves what a client learnt; all clones of this context see it.
    pub fn learn(&self, update: impl FnOnce(&mut Exchange)) {
        update(&mut self.exchange.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The same deadline and metadata with an exchange of its own: what a gateway or a balancer
    /// gives to the next call.
    #[must_use]
    pub fn fresh_exchange(&self) -> Self {
        Self {
            exchange: Arc::default(),
            ..self.clone()
        }
    }
}

/// Names and values beside a call. Names are lower case. `Debug` shows names only, since values
/// may be secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Metadata(Option<Arc<BTreeMap<String, String>>>);

impl Metadata {
    /// The value of that name, which is given in lower case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.as_ref()?.get(name).map(String::as_str)
    }

    /// Sets the value of a name, which is folded to lower case.
    pub fn insert(&mut self, name: &str, value: impl Into<String>) {
        let entries = Arc::make_mut(self.0.get_or_insert_default());
        entries.insert(name.to_ascii_lowercase(), value.into());
    }

    /// Names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let entries = self.0.iter().flat_map(|entries| entries.iter());
        entries.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|entries| entries.is_empty())
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.iter().map(|(name, _)| (name, "…")))
            .finish()
    }
}
