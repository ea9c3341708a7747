//! A client stream between the calls of its client: a task reads it, fed by numbered batches. The
//! task ends with the upload, when that is cancelled, and its stream when the server closes.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use services::{Code, Error, Stream};
use tokio::task::{AbortHandle, JoinError};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::Session;
use super::batches::{Inbox, Refused};

type Outcome<R> = Shared<BoxFuture<'static, Result<R, Error>>>;

/// An upload of `T` that gives an `R`, which is kept until it is asked for.
pub struct Upload<T, R> {
    inbox: Inbox<T>,
    /// Owns the task.
    outcome: Outcome<R>,
    task: AbortHandle,
}

impl<T: Send + 'static, R: Clone + Send + Sync + 'static> Upload<T, R> {
    /// Begins the work that reads the stream. When `closing` is cancelled, the stream ends with
    /// [`Error::Unavailable`] as soon as what was sent is read.
    pub fn start<F>(closing: CancellationToken, work: impl FnOnce(Stream<T>) -> F) -> Self
    where
        F: Future<Output = Result<R, Error>> + Send + 'static,
    {
        let (inbox, items) = Inbox::new(closing);
        let work = tokio::spawn(work(items));
        let task = work.abort_handle();
        let outcome = AbortOnDropHandle::new(work)
            .map(|joined| joined.unwrap_or_else(|error| Err(aborted(&error))));
        Self {
            inbox,
            outcome: outcome.boxed().shared(),
            task,
        }
    }

    /// Takes a batch, all of it or, when this is dropped, nothing. Batches are numbered from 0 on;
    /// a number that was taken before is acknowledged and ignored. So is a batch that comes when
    /// the work has all that it wants.
    ///
    /// # Errors
    /// Those of [`Inbox::send`], and the error of work that has failed already.
    pub async fn send(&self, seq: i32, items: Vec<T>) -> Result<(), Error> {
        self.unless_ended(self.inbox.send(seq, items).await).await
    }

    /// Ends the stream and gives the result of the work.
    ///
    /// # Errors
    /// The work's; [`Error::Cancelled`] where the upload is cancelled meanwhile.
    pub async fn finish(&self) -> Result<R, Error> {
        self.unless_ended(self.inbox.end().await).await?;
        self.outcome.clone().await
    }

    /// Gives the upload up: its work is dropped, and who waits for it is told.
    pub fn cancel(&self) {
        self.task.abort();
    }

    /// Work that has ended already reads no more: its outcome is the answer.
    async fn unless_ended(&self, queued: Result<(), Refused>) -> Result<(), Error> {
        match queued {
            Ok(()) => Ok(()),
            Err(Refused::Error(error)) => Err(error),
            Err(Refused::Unread) => self.outcome.clone().await.map(drop),
        }
    }
}

impl<T, R> Session for Arc<Upload<T, R>> {
    fn is_finished(&self) -> bool {
        self.task.is_finished()
    }
}

/// The servers' guard turns panics of their backends into errors before they come to this.
fn aborted(error: &JoinError) -> Error {
    if error.is_cancelled() {
        return Error::new(Code::Cancelled, "the upload was given up before its end");
    }
    Error::new(Code::Internal, "the upload was aborted")
}
