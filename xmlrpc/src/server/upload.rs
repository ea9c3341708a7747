//! A client stream between the calls of its client.

use std::sync::Arc;

use futures::future::{BoxFuture, Shared};
use futures::{FutureExt, StreamExt, stream};
use services::model::{Metric, MetricsSummary};
use services::{Backend, Code, Context, Error, Stream};
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// Batches that wait for the backend; a sender who is faster waits in the call. A batch can hold as
/// much as a message, so one has to do.
const WAITING_BATCHES: usize = 1;

type Outcome = Shared<BoxFuture<'static, Result<MetricsSummary, Error>>>;

/// An upload: a call of the backend whose items arrive in calls of their own. It runs in a task,
/// which ends with this.
pub(super) struct Upload {
    /// Sends of one upload take turns. This lock is held while one waits for the backend, for that
    /// is what the others have to wait for.
    state: Mutex<State>,
    /// Owns the task.
    outcome: Outcome,
    closing: CancellationToken,
}

struct State {
    batches: mpsc::Sender<Batch>,
    /// The number of the next batch.
    seq: i32,
}

/// What the backend's stream is made of. That the channel closes without an end says that the
/// sender gave up.
enum Batch {
    Items(Vec<Metric>),
    End,
}

impl Upload {
    /// Begins `record_metrics`. The context's deadline covers it whole.
    pub(super) fn start(
        backend: Arc<dyn Backend>,
        context: Context,
        closing: CancellationToken,
    ) -> Self {
        let (batches, received) = mpsc::channel(WAITING_BATCHES);
        let metrics = items(received, closing.clone());
        let task = tokio::spawn(async move { backend.record_metrics(&context, metrics).await });
        let outcome = AbortOnDropHandle::new(task).map(|joined| {
            joined.unwrap_or_else(|_| Err(Error::new(Code::Internal, "the upload was aborted")))
        });
        Self {
            state: Mutex::new(State { batches, seq: 0 }),
            outcome: outcome.boxed().shared(),
            closing,
        }
    }

    /// Takes a batch, all of it or, when this is dropped, nothing. A number that was taken before
    /// is acknowledged and ignored.
    pub(super) async fn send(&self, seq: i32, items: Vec<Metric>) -> Result<(), Error> {
        let mut state = self.state.lock().await;
        if seq < state.seq {
            return Ok(());
        }
        if seq > state.seq {
            return Err(gap(seq, state.seq));
        }
        self.pass_on(&state.batches, Batch::Items(items)).await?;
        state.seq = state.seq.saturating_add(1);
        Ok(())
    }

    /// Ends the stream and gives the backend's result.
    pub(super) async fn finish(&self) -> Result<MetricsSummary, Error> {
        let state = self.state.lock().await;
        self.pass_on(&state.batches, Batch::End).await?;
        self.outcome.clone().await
    }

    pub(super) fn is_finished(&self) -> bool {
        self.outcome.peek().is_some() || self.outcome.clone().now_or_never().is_some()
    }

    /// Queues a batch. A backend that has answered already reads no more of them.
    async fn pass_on(&self, batches: &mpsc::Sender<Batch>, batch: Batch) -> Result<(), Error> {
        let permit = tokio::select! {
            permit = batches.reserve() => permit,
            () = self.closing.cancelled() => return Err(Error::closing()),
        };
        match permit {
            Ok(permit) => {
                permit.send(batch);
                Ok(())
            }
            Err(_) => self.outcome.clone().await.map(drop),
        }
    }
}

/// The items as the backend reads them.
fn items(batches: mpsc::Receiver<Batch>, closing: CancellationToken) -> Stream<Metric> {
    let batches = stream::unfold(Some((batches, closing)), |state| async move {
        let (mut batches, closing) = state?;
        let batch = tokio::select! {
            biased;
            () = closing.cancelled() => return Some((vec![Err(Error::closing())], None)),
            batch = batches.recv() => batch,
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

fn given_up() -> Error {
    Error::new(Code::Cancelled, "the sender gave the upload up")
}

fn gap(seq: i32, wanted: i32) -> Error {
    Error::OutOfRange(format!("seq is {seq}: {wanted} comes next"))
}
