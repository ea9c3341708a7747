//! A server stream between the polls of its client.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dxr::Value;
use futures::{FutureExt, StreamExt};
use services::{Error, Stream};
use tokio::sync::Mutex;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::codec::size;

/// Most items of one answer.
const BATCH_ITEMS: usize = 100;

/// No more items are added to an answer that has about so many bytes.
const BATCH_BYTES: usize = 1024 * 1024;

/// A server stream whose items are polled for. The items given last are kept, so that a client
/// whose answer was lost can ask again.
pub(super) struct Download {
    /// Polls of one stream take turns. This lock is held while one waits for items, for that is
    /// what the others have to wait for.
    state: Mutex<State>,
    finished: AtomicBool,
    closed: CancellationToken,
}

/// What one poll gives.
pub(super) struct Batch {
    pub(super) items: Vec<Value>,
    /// What the next poll asks with.
    pub(super) cursor: i32,
    /// There are no more items.
    pub(super) done: bool,
}

struct State {
    /// `None` when it has ended.
    stream: Option<Stream<Value>>,
    failure: Option<Error>,
    /// The cursor of the first item of `batch`: how many items were acknowledged.
    start: i32,
    batch: Vec<Value>,
    /// The size of `batch`, roughly.
    bytes: usize,
}

impl Download {
    pub(super) fn new(stream: Stream<Value>) -> Self {
        let state = State {
            stream: Some(stream),
            failure: None,
            start: 0,
            batch: Vec::new(),
            bytes: 0,
        };
        Self {
            state: Mutex::new(state),
            finished: AtomicBool::new(false),
            closed: CancellationToken::new(),
        }
    }

    /// The items that follow that cursor, waiting so long for the first. Dropping this loses none.
    pub(super) async fn next(&self, cursor: i32, wait: Duration) -> Result<Batch, Error> {
        tokio::select! {
            biased;
            () = self.closed() => Err(closed()),
            batch = self.polled(cursor, wait) => batch,
        }
    }

    /// Ends a poll that waits; its stream is dropped with the last holder.
    pub(super) fn close(&self) {
        self.closed.cancel();
    }

    /// Waits until another call has closed it.
    pub(super) async fn closed(&self) {
        self.closed.cancelled().await;
    }

    pub(super) fn is_finished(&self) -> bool {
        self.finished.load(Ordering::Relaxed)
    }

    async fn polled(&self, cursor: i32, wait: Duration) -> Result<Batch, Error> {
        let mut state = self.state.lock().await;
        let batch = state.next(cursor, wait).await;
        self.finished.store(state.is_finished(), Ordering::Relaxed);
        batch
    }
}

impl State {
    async fn next(&mut self, cursor: i32, wait: Duration) -> Result<Batch, Error> {
        let end = self.end();
        if cursor == end {
            self.start = end;
            self.batch.clear();
            self.bytes = 0;
            self.fetch(wait).await;
        } else if cursor != self.start {
            return Err(out_of_reach(cursor, self.start, end));
        }
        match &self.failure {
            Some(failure) if self.batch.is_empty() => Err(failure.clone()),
            failure => Ok(Batch {
                items: self.batch.clone(),
                cursor: self.end(),
                done: self.stream.is_none() && failure.is_none(),
            }),
        }
    }

    /// Nothing is left to tell but what was told: a failure behind items waits for its poll.
    fn is_finished(&self) -> bool {
        self.stream.is_none() && (self.failure.is_none() || self.batch.is_empty())
    }

    /// Waits for one item, then takes what is ready.
    async fn fetch(&mut self, wait: Duration) {
        let Some(stream) = &mut self.stream else {
            return;
        };
        let Ok(first) = timeout(wait, stream.next()).await else {
            return;
        };
        self.took(first);
        while self.has_room()
            && let Some(stream) = &mut self.stream
            && let Some(item) = stream.next().now_or_never()
        {
            self.took(item);
        }
    }

    fn has_room(&self) -> bool {
        self.batch.len() < BATCH_ITEMS && self.bytes < BATCH_BYTES
    }

    fn took(&mut self, item: Option<Result<Value, Error>>) {
        match item {
            Some(Ok(value)) => {
                self.bytes += size(&value);
                self.batch.push(value);
            }
            Some(Err(error)) => {
                self.failure = Some(error);
                self.stream = None;
            }
            None => self.stream = None,
        }
    }

    fn end(&self) -> i32 {
        let items = i32::try_from(self.batch.len()).expect("a batch has at most 100 items");
        self.start.saturating_add(items)
    }
}

pub(super) fn closed() -> Error {
    Error::NotFound("the stream was closed by another call".into())
}

fn out_of_reach(cursor: i32, start: i32, end: i32) -> Error {
    Error::OutOfRange(format!(
        "cursor is {cursor}: only {start}, for the last items again, and {end} can be asked for"
    ))
}
