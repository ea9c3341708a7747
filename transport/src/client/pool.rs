//! The connections of one client that are idle, and how another is opened.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use services::error::excerpt;
use services::{ByteCount, Error, Traffic};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::request::RequestBody;
use crate::socket;

/// How long an idle connection may take to be ready. It is at once, unless the server answered the
/// last request before it had read it whole.
const READY: Duration = Duration::from_millis(100);

/// The idle connections to one address; the last one used is used first, so that the others age
/// and their server closes them.
#[derive(Debug)]
pub(super) struct Pool {
    address: String,
    traffic: Arc<Traffic>,
    kept: AtomicUsize,
    idle: Mutex<Vec<Pooled>>,
}

/// More connections that a client keeps, until this is dropped.
#[derive(Debug)]
pub struct Keeping {
    pool: Arc<Pool>,
    more: usize,
}

impl Keeping {
    pub(super) fn new(pool: Arc<Pool>, more: usize) -> Self {
        pool.kept.fetch_add(more, Ordering::Relaxed);
        Self { pool, more }
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        self.pool.kept.fetch_sub(self.more, Ordering::Relaxed);
    }
}

/// A connection: who holds it may send one request on it. Dropping it closes it.
#[derive(Debug)]
pub(super) struct Pooled {
    pub(super) sender: SendRequest<RequestBody>,
    counter: Arc<Traffic>,
    driver: AbortHandle,
}

impl Drop for Pooled {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Pooled {
    /// What the connection has carried so far.
    pub(super) fn bytes(&self) -> ByteCount {
        self.counter.as_client()
    }

    async fn is_usable(&mut self) -> bool {
        if self.sender.is_ready() {
            return true;
        }
        let ready = Box::pin(timeout(READY, self.sender.ready()));
        matches!(ready.await, Ok(Ok(())))
    }
}

impl Pool {
    pub(super) fn new(address: String, traffic: Arc<Traffic>, kept: usize) -> Arc<Self> {
        Arc::new(Self {
            address,
            traffic,
            kept: AtomicUsize::new(kept),
            idle: Mutex::default(),
        })
    }

    /// An idle connection that still lives, as far as can be seen.
    pub(super) async fn take(&self) -> Option<Pooled> {
        loop {
            let mut pooled = self.lock().pop()?;
            if pooled.is_usable().await {
                return Some(pooled);
            }
        }
    }

    /// Keeps an idle connection, or closes it where enough are kept.
    pub(super) fn put(&self, pooled: Pooled) {
        let kept = self.kept.load(Ordering::Relaxed);
        let mut idle = self.lock();
        if idle.len() >= kept {
            idle.retain(|pooled| !pooled.sender.is_closed());
        }
        if idle.len() < kept && !pooled.sender.is_closed() {
            idle.push(pooled);
        }
    }

    /// Closes every idle connection.
    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    /// Opens a connection.
    pub(super) async fn open(&self) -> Result<Pooled, Error> {
        let socket = socket::connect(&self.address, Arc::clone(&self.traffic)).await?;
        let counter = socket.counter();
        let opened = http1::handshake(TokioIo::new(socket)).await;
        let (sender, connection) = opened.map_err(|cause| self.failed(cause))?;
        let driving = tokio::spawn(async move {
            // What breaks the connection is told to the call that uses it.
            let _ = connection.await;
        });
        Ok(Pooled {
            sender,
            counter,
            driver: driving.abort_handle(),
        })
    }

    /// The error of an exchange that did not come to its end: where a streamed request gave up
    /// itself, its own.
    pub(super) fn failed(&self, cause: hyper::Error) -> Error {
        let own = std::error::Error::source(&cause).and_then(|source| source.downcast_ref());
        if let Some(own) = own {
            return Error::clone(own);
        }
        let address = excerpt(&self.address);
        if cause.is_parse() {
            let text = format!("the reply of {address} is not HTTP/1.1: check the address");
            return Error::internal(text, cause);
        }
        let text = format!(
            "the connection to {address} broke before the reply was whole; whether the call was \
             done is unknown: look, or call again where that is safe"
        );
        Error::unavailable(text, cause)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Pooled>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
