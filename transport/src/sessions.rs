//! Streams that come in separate calls, by id: the calls need not share a connection, so whoever
//! knows an id has the stream, and one that nobody asks for is ended after a while. Knows no
//! protocol.

/// Numbered batches as one stream.
pub mod batches;

/// Who answers a stream, for the calls that come after its opening.
pub mod opened;

/// A client stream between the calls of its client.
pub mod upload;

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use services::error::excerpt;
use services::operation::Kind;
use services::{Error, Operation};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

pub use batches::{Inbox, Refused};
pub use opened::Opened;
pub use upload::Upload;

/// Random bytes of an id. Who knows it may use the stream, so nobody may guess another's: RFC 6749,
/// section 10.10, asks for a chance of at most 2^-128.
const ID_BYTES: usize = 16;

/// Longer than any server runs.
const FAR_AWAY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// What a session keeps between its calls. Dropping the last clone ends its work.
pub trait Session: Clone {
    /// Whether its work is done, so that it is kept only for who asks what came of it.
    fn is_finished(&self) -> bool;
}

/// The place that an open stream takes, of as many as the server allows.
pub type Place = OwnedSemaphorePermit;

/// The open sessions of a server, as many as there are places, each ended when nobody has touched
/// it for a while.
pub struct Sessions<S> {
    open: Mutex<HashMap<String, Entry<S>>>,
    places: Box<dyn Fn() -> Option<Place> + Send + Sync>,
    idle: Duration,
}

struct Entry<S> {
    operation: &'static Operation,
    session: S,
    touched: Instant,
    /// Calls that use it now: while there is one it is not idle.
    in_use: usize,
    _place: Place,
}

/// Gives a place as long as fewer than `limit` are taken, which is what [`Sessions::new`] wants.
pub fn places(limit: usize) -> impl Fn() -> Option<Place> + Send + Sync {
    let free = Arc::new(Semaphore::new(limit.min(Semaphore::MAX_PERMITS)));
    move || Arc::clone(&free).try_acquire_owned().ok()
}

impl<S: Session> Sessions<S> {
    /// No sessions yet. `places` gives a place as long as one is free; a server with streams of
    /// another kind counts them there too. A session that nobody touches for `idle` ends, as long
    /// as [`expire`](Self::expire) is polled.
    pub fn new(places: impl Fn() -> Option<Place> + Send + Sync + 'static, idle: Duration) -> Self {
        Self {
            open: Mutex::default(),
            places: Box::new(places),
            idle,
        }
    }

    /// A place for a stream that is about to be opened. Where there is none, the finished session
    /// that was touched longest ago goes.
    ///
    /// # Errors
    /// [`Error::ResourceExhausted`] where all places are taken by streams that go on.
    pub fn place(&self) -> Result<Place, Error> {
        let freed = || {
            drop(self.take_finished()?);
            (self.places)()
        };
        (self.places)().or_else(freed).ok_or_else(too_many)
    }

    /// Keeps a session and gives its id: 32 hexadecimal digits.
    ///
    /// # Errors
    /// [`Error::Internal`] where the system gives no random numbers.
    pub fn insert(
        &self,
        place: Place,
        operation: &'static Operation,
        session: S,
    ) -> Result<String, Error> {
        let id = new_id()?;
        let entry = Entry {
            operation,
            session,
            touched: Instant::now(),
            in_use: 0,
            _place: place,
        };
        self.lock().insert(id.clone(), entry);
        Ok(id)
    }

    /// The session of that operation and id, which does not expire while the lease is held.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not open, or not that operation's.
    pub fn lease(&self, operation: &Operation, id: &str) -> Result<Lease<'_, S>, Error> {
        let mut open = self.lock();
        let entry = open
            .get_mut(id)
            .filter(|entry| entry.operation == operation);
        let entry = entry.ok_or_else(|| unknown(operation, id))?;
        entry.in_use += 1;
        Ok(Lease {
            sessions: self,
            id: id.into(),
            session: entry.session.clone(),
        })
    }

    /// Takes the session of that operation and id out, and frees its place.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not open, or not that operation's.
    pub fn remove(&self, operation: &Operation, id: &str) -> Result<S, Error> {
        let mut open = self.lock();
        let own = open
            .get(id)
            .is_some_and(|entry| entry.operation == operation);
        let entry = if own { open.remove(id) } else { None };
        entry
            .map(|entry| entry.session)
            .ok_or_else(|| unknown(operation, id))
    }

    /// Ends idle sessions, for as long as it is polled.
    pub async fn expire(&self) -> Infallible {
        loop {
            let now = Instant::now();
            // Ended outside of the lock: dropping a stream can run any backend's code.
            let expired: Vec<Entry<S>> = self.take_expired(now);
            drop(expired);
            sleep_until(self.next_expiry(now)).await;
        }
    }

    fn take_finished(&self) -> Option<Entry<S>> {
        let mut open = self.lock();
        let finished = open
            .iter()
            .filter(|(_, entry)| entry.in_use == 0 && entry.session.is_finished());
        let (id, _) = finished.min_by_key(|(_, entry)| entry.touched)?;
        let id = id.clone();
        open.remove(&id)
    }

    fn take_expired(&self, now: Instant) -> Vec<Entry<S>> {
        let mut open = self.lock();
        let expired =
            open.extract_if(|_, entry| entry.in_use == 0 && self.expiry(entry.touched) <= now);
        expired.map(|(_, entry)| entry).collect()
    }

    /// A session that is opened or released later expires later.
    fn next_expiry(&self, now: Instant) -> Instant {
        let open = self.lock();
        let idle = open.values().filter(|entry| entry.in_use == 0);
        let first = idle.map(|entry| entry.touched).min();
        self.expiry(first.unwrap_or(now))
    }
}

impl<S> Sessions<S> {
    /// When a session expires that was touched then. An idle time past all calendars is far away.
    fn expiry(&self, touched: Instant) -> Instant {
        touched.checked_add(self.idle).unwrap_or(touched + FAR_AWAY)
    }

    fn release(&self, id: &str) {
        if let Some(entry) = self.lock().get_mut(id) {
            entry.in_use -= 1;
            entry.touched = Instant::now();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Entry<S>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A session in use.
pub struct Lease<'a, S> {
    sessions: &'a Sessions<S>,
    id: String,
    /// What is used.
    pub session: S,
}

impl<S> Drop for Lease<'_, S> {
    fn drop(&mut self) {
        self.sessions.release(&self.id);
    }
}

/// The error of a stream past the server's limit.
#[must_use]
pub fn too_many() -> Error {
    Error::ResourceExhausted("too many streams are open: end some, or try again later".into())
}

fn new_id() -> Result<String, Error> {
    let mut bytes = [0; ID_BYTES];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::internal("the system gives no random numbers", error))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn unknown(operation: &Operation, id: &str) -> Error {
    let stream = match operation.kind {
        Kind::ClientStream => "upload",
        Kind::ServerStream | Kind::Bidirectional | Kind::Unary => "stream",
    };
    let id = excerpt(id);
    let text = format!("there is no open {stream} \"{id}\": it ended or expired, open another");
    Error::NotFound(text)
}
