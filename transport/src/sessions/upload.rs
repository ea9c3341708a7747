//! A client stream between the calls of its client: a task reads it, fed by numbered batches. The
//! task ends with the upload, when that is cancelled, and its stream when the server closes.

use std::sync::Arc;

use futures::future::{BoxFuture, Shared};
use futures::{FutureExt, StreamExt, stream};
use services::{Code, Error, Stream};
use tokio::sync::{Mutex, mpsc};
use tokio::task::{AbortHandle, JoinError};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::Session;

/// Batches that wait for the reader; a sender who is faster waits in the call. A batch can hold as
/// much as a message, so one has to do.
const WAITING_BATCHES: usize = 1;

type Outcome<R> = Shared<BoxFuture<'static, Result<R, Error>>>;

/// An upload of `T` that gives an `R`, which is kept until it is asked for.
pub struct Upload<T, R> {
    /// Sends of one upload take turns. This lock is held while one waits for the reader, for that
    /// is what the others have to wait for.
    turn: Mutex<Turn<T>>,
    /// Owns the task.
    outcome: Outcome<R>,
    task: AbortHandle,
    closing: CancellationToken,
}

struct Turn<T> {
    batches: mpsc::Sender<Batch<T>>,
    next_seq: i32,
}

/// What the stream is made of. That the channel closes without an end says that the sender gave up.
enum Batch<T> {
    Items(Vec<T>),
    End,
}

impl<T: Send + 'static, R: Clone + Send + Sync + 'static> Upload<T, R> {
    /// Begins the work that reads the stream. When `closing` is cancelled, the stream ends with
    /// [`Error::Unavailable`] as soon as what was sent is read.
    pub fn start<F>(closing: CancellationToken, work: impl FnOnce(Stream<T>) -> F) -> Self
    where
        F: Future<Output = Result<R, Error>> + Send + 'static,
    {
        let (batches, received) = mpsc::channel(WAITING_BATCHES);
        let work = tokio::spawn(work(items(received, closing.clone())));
        let task = work.abort_handle();
        let outcome = AbortOnDropHandle::new(work)
            .map(|joined| joined.unwrap_or_else(|error| Err(aborted(&error))));
        let next_seq = 0;
        Self {
            turn: Mutex::new(Turn { batches, next_seq }),
            outcome: outcome.boxed().shared(),
            task,
            closing,
        }
    }

    /// Takes a batch, all of it or, when this is dropped, nothing. Batches are numbered from 0 on;
    /// a number that was taken before is acknowledged and ignored. So is a batch that comes when
    /// the work has all that it wants.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for a negative number, [`Error::OutOfRange`] where numbers are
    /// missing or used up, [`Error::Unavailable`] when the server closes, and the error of work
    /// that has failed already.
    pub async fn send(&self, seq: i32, items: Vec<T>) -> Result<(), Error> {
        if seq < 0 {
            return Err(Error::invalid("seq", seq, "count from 0"));
        }
        let mut turn = self.turn.lock().await;
        if seq < turn.next_seq {
            return Ok(());
        }
        if seq > turn.next_seq {
            return Err(gap(seq, turn.next_seq));
        }
        let following = seq.checked_add(1).ok_or_else(used_up)?;
        tokio::select! {
            biased;
            () = self.closing.cancelled() => return Err(Error::closing()),
            passed = self.pass_on(&turn.batches, Batch::Items(items)) => passed?,
        }
        turn.next_seq = following;
        Ok(())
    }

    /// Ends the stream and gives the result of the work.
    ///
    /// # Errors
    /// The work's; [`Error::Cancelled`] where the upload is cancelled meanwhile.
    pub async fn finish(&self) -> Result<R, Error> {
        let turn = self.turn.lock().await;
        self.pass_on(&turn.batches, Batch::End).await?;
        drop(turn);
        self.outcome.clone().await
    }

    /// Gives the upload up: its work is dropped, and who waits for it is told.
    pub fn cancel(&self) {
        self.task.abort();
    }

    /// Queues a batch. Work that has ended already reads no more of them.
    async fn pass_on(
        &self,
        batches: &mpsc::Sender<Batch<T>>,
        batch: Batch<T>,
    ) -> Result<(), Error> {
        match batches.reserve().await {
            Ok(room) => {
                room.send(batch);
                Ok(())
            }
            Err(_) => self.outcome.clone().await.map(drop),
        }
    }
}

impl<T, R> Session for Arc<Upload<T, R>> {
    fn is_finished(&self) -> bool {
        self.task.is_finished()
    }
}

/// The items as the work reads them. What was sent before the server closes still counts.
fn items<T: Send + 'static>(
    batches: mpsc::Receiver<Batch<T>>,
    closing: CancellationToken,
) -> Stream<T> {
    let batches = stream::unfold(Some((batches, closing)), |state| async move {
        let (mut batches, closing) = state?;
        let batch = tokio::select! {
            biased;
            batch = batches.recv() => batch,
            () = closing.cancelled() => return Some((vec![Err(Error::closing())], None)),
        };
        match batch {
            Some(Batch::Items(items)) => {
                let items = items.into_iter().map(Ok).collect();
                Some((items, Some((batches, closing))))
            }
            Some(Batch::End) => None,
            None => Some((vec![Err(given_up())], None)),
        }
    });
    batches.flat_map(stream::iter).boxed()
}

/// The servers' guard turns panics of their backends into errors before they come to this.
fn aborted(error: &JoinError) -> Error {
    if error.is_cancelled() {
        return given_up();
    }
    Error::new(Code::Internal, "the upload was aborted")
}

fn given_up() -> Error {
    Error::new(Code::Cancelled, "the upload was given up before its end")
}

fn gap(seq: i32, expected: i32) -> Error {
    let text = format!("seq is {seq}, {expected} is expected: send what is missing first");
    Error::OutOfRange(text)
}

fn used_up() -> Error {
    Error::OutOfRange("the sequence numbers are used up: open another upload".into())
}
