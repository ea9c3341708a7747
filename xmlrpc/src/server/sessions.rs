//! The open streams of a server, by id. XML-RPC knows neither streams nor connections, so whoever
//! knows an id has the stream, and one that nobody asks for is ended after a while.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use services::{Code, Error, Operation};
use tokio::time::{Instant, sleep_until};

use super::download::Download;
use super::upload::Upload;

/// Random bytes of an id: nobody can guess another's stream.
const ID_BYTES: usize = 16;

/// Longer than any server runs.
const FAR_AWAY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// The open streams, at most `limit`, each ended when nobody touched it for `idle`.
pub(super) struct Sessions {
    open: Mutex<HashMap<String, Entry>>,
    limit: usize,
    idle: Duration,
}

/// One open stream.
#[derive(Clone)]
pub(super) enum Session {
    Download(Arc<Download>),
    Upload(Arc<Upload>),
}

struct Entry {
    operation: &'static Operation,
    session: Session,
    touched: Instant,
    /// Calls that use it now: while there is one it is not idle.
    in_use: usize,
}

impl Session {
    /// Whether its work is done, so that it is kept only to answer a repeated call.
    fn is_finished(&self) -> bool {
        match self {
            Self::Download(download) => download.is_finished(),
            Self::Upload(upload) => upload.is_finished(),
        }
    }
}

impl Sessions {
    pub(super) fn new(limit: usize, idle: Duration) -> Self {
        let open = Mutex::default();
        Self { open, limit, idle }
    }

    /// Keeps a stream and gives its id. Where the limit is reached, one that is finished goes.
    pub(super) fn insert(
        &self,
        operation: &'static Operation,
        session: Session,
    ) -> Result<String, Error> {
        let id = new_id()?;
        let mut open = self.lock();
        if open.len() >= self.limit {
            evict_finished(&mut open).ok_or_else(|| too_many(self.limit))?;
        }
        let entry = Entry {
            operation,
            session,
            touched: Instant::now(),
            in_use: 0,
        };
        open.insert(id.clone(), entry);
        Ok(id)
    }

    /// The stream of that operation and id, which stays open at least as long as the lease.
    pub(super) fn lease(&self, operation: &Operation, id: &str) -> Result<Lease<'_>, Error> {
        let mut open = self.lock();
        let entry = open
            .get_mut(id)
            .filter(|entry| entry.operation == operation);
        let entry = entry.ok_or_else(unknown)?;
        entry.in_use += 1;
        Ok(Lease {
            sessions: self,
            id: id.into(),
            session: entry.session.clone(),
        })
    }

    /// Takes the stream of that operation and id out.
    pub(super) fn remove(&self, operation: &Operation, id: &str) -> Result<Session, Error> {
        let mut open = self.lock();
        if open
            .get(id)
            .is_none_or(|entry| entry.operation != operation)
        {
            return Err(unknown());
        }
        open.remove(id)
            .map(|entry| entry.session)
            .ok_or_else(unknown)
    }

    /// Ends idle streams, for as long as it is polled.
    pub(super) async fn expire(&self) -> Infallible {
        loop {
            let now = Instant::now();
            // Ended outside of the lock: dropping a stream can run any backend's code.
            let expired: Vec<Entry> = self.take_expired(now);
            drop(expired);
            sleep_until(self.next_expiry(now)).await;
        }
    }

    fn take_expired(&self, now: Instant) -> Vec<Entry> {
        let mut open = self.lock();
        let expired =
            open.extract_if(|_, entry| entry.in_use == 0 && self.expiry(entry.touched) <= now);
        expired.map(|(_, entry)| entry).collect()
    }

    /// A stream that is opened or released later expires later.
    fn next_expiry(&self, now: Instant) -> Instant {
        let open = self.lock();
        let idle = open.values().filter(|entry| entry.in_use == 0);
        let first = idle.map(|entry| entry.touched).min();
        self.expiry(first.unwrap_or(now))
    }

    /// When a stream expires that was touched then. An idle time past all calendars is far away.
    fn expiry(&self, touched: Instant) -> Instant {
        touched.checked_add(self.idle).unwrap_or(touched + FAR_AWAY)
    }

    fn release(&self, id: &str) {
        if let Some(entry) = self.lock().get_mut(id) {
            entry.in_use -= 1;
            entry.touched = Instant::now();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream in use.
pub(super) struct Lease<'a> {
    sessions: &'a Sessions,
    id: String,
    pub(super) session: Session,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        self.sessions.release(&self.id);
    }
}

fn evict_finished(open: &mut HashMap<String, Entry>) -> Option<Entry> {
    let finished = open
        .iter()
        .filter(|(_, entry)| entry.in_use == 0 && entry.session.is_finished());
    let (id, _) = finished.min_by_key(|(_, entry)| entry.touched)?;
    let id = id.clone();
    open.remove(&id)
}

fn new_id() -> Result<String, Error> {
    let mut bytes = [0; ID_BYTES];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::internal("the system gives no random numbers", error))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn unknown() -> Error {
    let message = "there is no open stream of that id: it was closed or left idle, open another";
    Error::NotFound(message.into())
}

fn too_many(limit: usize) -> Error {
    let message = format!("{limit} streams are open, the most this server allows: try later");
    Error::new(Code::ResourceExhausted, message)
}
