//! The uploads that are open: a client stream that comes in separate calls. Nothing in here knows
//! JSON-RPC; a session is a task that reads a stream, fed by `send`, which ends when nobody touches
//! it, when it is closed, or with its table.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{StreamExt, stream};
use jsonrpsee::core::id_providers::RandomStringIdProvider;
use jsonrpsee::core::traits::IdProvider;
use jsonrpsee::types::SubscriptionId;
use services::error::excerpt;
use services::{Code, Error, Stream};
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

/// Letters and digits of an id: 190 random bits. Who knows it may send, so nobody may guess it.
const ID_LETTERS: usize = 32;

/// Sends that wait for the reader of a session. A further one is answered when there is room.
const WAITING_SENDS: usize = 4;

/// The sessions of one server: uploads of `T`, each of which gives an `R`.
#[derive(Debug)]
pub struct Sessions<T, R>(Arc<Table<T, R>>);

#[derive(Debug)]
struct Table<T, R> {
    idle: Duration,
    open: Mutex<HashMap<String, Arc<Session<T, R>>>>,
}

/// Dropping it ends its task.
#[derive(Debug)]
struct Session<T, R> {
    parts: mpsc::Sender<Part<T>>,
    outcome: watch::Receiver<Option<Result<R, Error>>>,
    progress: Arc<Mutex<Progress>>,
    task: AbortHandle,
    _permit: OwnedSemaphorePermit,
}

impl<T, R> Drop for Session<T, R> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Debug)]
struct Progress {
    next_seq: i32,
    touched: Instant,
}

/// What a session's stream is made of. Without an end the sender has broken off.
#[derive(Debug)]
enum Part<T> {
    Items(Vec<T>),
    End,
}

impl<T: Send + 'static, R: Clone + Send + Sync + 'static> Sessions<T, R> {
    /// No sessions yet. One that nobody touches for `idle` ends.
    #[must_use]
    pub fn new(idle: Duration) -> Self {
        let open = Mutex::default();
        Self(Arc::new(Table { idle, open }))
    }

    /// Opens a session, which `work` reads; gives its id. The permit is kept as long as it lives.
    pub fn open(
        &self,
        permit: OwnedSemaphorePermit,
        work: impl FnOnce(Stream<T>) -> BoxFuture<'static, Result<R, Error>>,
    ) -> String {
        let id = unguessable();
        let (parts, received) = mpsc::channel(WAITING_SENDS);
        let (tell, outcome) = watch::channel(None);
        let progress = Arc::new(Mutex::new(Progress {
            next_seq: 0,
            touched: Instant::now(),
        }));
        let task = tokio::spawn(run(Run {
            work: work(uploaded(received)),
            tell,
            progress: Arc::clone(&progress),
            table: Arc::downgrade(&self.0),
            idle: self.0.idle,
            id: id.clone(),
        }));
        let session = Session {
            parts,
            outcome,
            progress,
            task: task.abort_handle(),
            _permit: permit,
        };
        self.0.lock().insert(id.clone(), Arc::new(session));
        id
    }

    /// Sends items under a sequence number, from 0 on; a number that has come before is ignored.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown id, [`Error::OutOfRange`] where numbers are missing,
    /// and the error of an upload that has failed already.
    pub async fn send(&self, id: &str, seq: i32, items: Vec<T>) -> Result<(), Error> {
        if seq < 0 {
            return Err(Error::invalid("seq", seq, "count from 0"));
        }
        let session = self.0.lock().get(id).cloned();
        let session = session.ok_or_else(|| unknown(id))?;
        session.progress().touched = Instant::now();
        let Ok(room) = session.parts.reserve().await else {
            // Nobody reads any more: the upload has failed, or has all that it wants.
            return session.ended(id).await.map(drop);
        };
        let mut progress = session.progress();
        let expected = progress.next_seq;
        if seq > expected {
            let text = format!("seq is {seq}, {expected} is expected: send what is missing first");
            return Err(Error::OutOfRange(text));
        }
        if seq == expected {
            progress.next_seq = expected.checked_add(1).ok_or_else(too_long)?;
            room.send(Part::Items(items));
        }
        Ok(())
    }

    /// Gives an upload up: its work is dropped.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown id.
    pub fn cancel(&self, id: &str) -> Result<(), Error> {
        let session = self.0.lock().remove(id);
        session.map(drop).ok_or_else(|| unknown(id))
    }

    /// Ends the upload and the session; gives the result. Dropping this future gives the upload up.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown id, and the upload's own error.
    pub async fn close(&self, id: &str) -> Result<R, Error> {
        let session = self.0.lock().remove(id);
        let session = session.ok_or_else(|| unknown(id))?;
        // Where nobody reads any more, the outcome is there already.
        let _ = session.parts.send(Part::End).await;
        session.ended(id).await
    }
}

impl<T, R: Clone> Session<T, R> {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the outcome.
    async fn ended(&self, id: &str) -> Result<R, Error> {
        let mut outcome = self.outcome.clone();
        let told = outcome.wait_for(Option::is_some).await;
        // The task is gone without an outcome: the session has expired.
        let told = told.map_err(|_| unknown(id))?;
        told.clone().unwrap_or_else(|| Err(unknown(id)))
    }
}

impl<T, R> Table<T, R> {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Session<T, R>>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the task of a session needs.
struct Run<T, R> {
    work: BoxFuture<'static, Result<R, Error>>,
    tell: watch::Sender<Option<Result<R, Error>>>,
    progress: Arc<Mutex<Progress>>,
    table: Weak<Table<T, R>>,
    idle: Duration,
    id: String,
}

/// Works until nobody has touched the session for its idle time. Then it is forgotten, with its
/// outcome where that was never asked for.
async fn run<T, R>(run: Run<T, R>) {
    let mut work = Some(run.work);
    loop {
        let touched = run
            .progress
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .touched;
        let expires = touched + run.idle;
        if expires <= Instant::now() {
            break;
        }
        let working = async {
            match &mut work {
                Some(work) => work.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            outcome = working => {
                work = None;
                run.tell.send_replace(Some(outcome));
            }
            () = sleep_until(expires) => {}
        }
    }
    drop(work);
    if let Some(table) = run.table.upgrade() {
        table.lock().remove(&run.id);
    }
}

/// The items of a session as one stream. One that stops without its end was broken off.
fn uploaded<T: Send + 'static>(parts: mpsc::Receiver<Part<T>>) -> Stream<T> {
    let batches = stream::unfold(Some(parts), |parts| async move {
        let mut parts = parts?;
        match parts.recv().await {
            Some(Part::Items(items)) => {
                let items: Vec<_> = items.into_iter().map(Ok).collect();
                Some((stream::iter(items), Some(parts)))
            }
            Some(Part::End) => None,
            None => Some((stream::iter(vec![Err(broken_off())]), None)),
        }
    });
    batches.flatten().boxed()
}

fn unguessable() -> String {
    match RandomStringIdProvider::new(ID_LETTERS).next_id() {
        SubscriptionId::Str(text) => text.into_owned(),
        SubscriptionId::Num(number) => number.to_string(),
    }
}

fn unknown(id: &str) -> Error {
    let id = excerpt(id);
    let text = format!("there is no open upload \"{id}\": it ended or expired, open another");
    Error::NotFound(text)
}

fn broken_off() -> Error {
    Error::new(Code::Cancelled, "the upload was given up before its end")
}

fn too_long() -> Error {
    Error::OutOfRange("the sequence numbers are used up: open another upload".into())
}
