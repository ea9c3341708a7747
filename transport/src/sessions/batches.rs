//! Numbered batches as one stream: what its sender gives in separate calls comes out in order,
//! each item once, to one reader. Uploads are made of it, and the upward half of a chat.

use std::sync::Arc;
use std::vec;

use futures::{StreamExt, stream};
use services::{Code, Error, Stream};
use tokio::sync::{Mutex, mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::Session;

/// Batches that wait for the reader; a sender who is faster waits in the call. A batch can hold as
/// much as a message, so one has to do.
const WAITING_BATCHES: usize = 1;

/// The sender's end of a stream of `T`. Dropping it before [`end`](Self::end) breaks the stream off.
pub struct Inbox<T> {
    /// Sends take turns. This lock is held while one waits for the reader, for that is what the
    /// others have to wait for.
    turn: Mutex<Turn<T>>,
    /// How many batches the reader has taken whole; closed when it reads no more.
    taken: watch::Receiver<i32>,
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

/// Why a batch was not taken.
#[derive(Debug, Clone, PartialEq)]
pub enum Refused {
    /// The reader has all that it wants, or has failed: it knows what to say of it.
    Unread,
    /// Something is wrong with the batch, or the server closes.
    Error(Error),
}

impl<T: Send + 'static> Inbox<T> {
    /// Both ends. When `closing` is cancelled, the stream ends with [`Error::Unavailable`] as soon
    /// as what was sent is read.
    #[must_use]
    pub fn new(closing: CancellationToken) -> (Self, Stream<T>) {
        let (batches, waiting) = mpsc::channel(WAITING_BATCHES);
        let (count, taken) = watch::channel(0);
        let outlet = Outlet {
            batches: Some(waiting),
            items: Vec::new().into_iter(),
            taken: count,
            closing: closing.clone(),
        };
        let items = stream::unfold(outlet, |mut outlet| async move {
            let item = outlet.next().await?;
            Some((item, outlet))
        });
        let next_seq = 0;
        let inbox = Self {
            turn: Mutex::new(Turn { batches, next_seq }),
            taken,
            closing,
        };
        (inbox, items.boxed())
    }

    /// Queues a batch, all of it or, when this is dropped, nothing. Batches are numbered from 0
    /// on; a number that came before is acknowledged and ignored. One batch waits for the reader,
    /// and the next waits here.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for a negative number, [`Error::OutOfRange`] where numbers are
    /// missing or used up, [`Error::Unavailable`] when the server closes; [`Refused::Unread`].
    pub async fn send(&self, seq: i32, items: Vec<T>) -> Result<(), Refused> {
        if seq < 0 {
            return Err(Error::invalid("seq", seq, "count from 0").into());
        }
        let mut turn = self.turn.lock().await;
        if seq < turn.next_seq {
            return Ok(());
        }
        if seq > turn.next_seq {
            return Err(gap(seq, turn.next_seq).into());
        }
        let following = seq.checked_add(1).ok_or_else(used_up)?;
        tokio::select! {
            biased;
            () = self.closing.cancelled() => return Err(Error::closing().into()),
            queued = queue(&turn.batches, Batch::Items(items)) => queued?,
        }
        turn.next_seq = following;
        Ok(())
    }

    /// The same, acknowledged when the reader has taken the batch's last item; so is a number that
    /// came before. It says that the reader has the items, not what came of them: a line of a chat
    /// is said when it comes back with its sequence. When this is dropped, the batch may be queued
    /// already: send it again by the same number.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn deliver(&self, seq: i32, items: Vec<T>) -> Result<(), Refused> {
        self.send(seq, items).await?;
        let mut taken = self.taken.clone();
        tokio::select! {
            biased;
            waited = taken.wait_for(|&taken| taken > seq) => match waited {
                Ok(_) => Ok(()),
                Err(_) => Err(Refused::Unread),
            },
            () = self.closing.cancelled() => Err(Error::closing().into()),
        }
    }

    /// Ends the stream after what was sent.
    ///
    /// # Errors
    /// [`Refused::Unread`].
    pub async fn end(&self) -> Result<(), Refused> {
        let turn = self.turn.lock().await;
        queue(&turn.batches, Batch::End).await
    }
}

impl<T> Session for Arc<Inbox<T>> {
    fn is_finished(&self) -> bool {
        // Fails when the reader is gone.
        self.taken.has_changed().is_err()
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// For readers that leave no more to say than that they are gone.
impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Error(error) => error,
            Refused::Unread => {
                Self::NotFound("the stream has ended and takes no more: open another".into())
            }
        }
    }
}

async fn queue<T>(batches: &mpsc::Sender<Batch<T>>, batch: Batch<T>) -> Result<(), Refused> {
    let room = batches.reserve().await.map_err(|_| Refused::Unread)?;
    room.send(batch);
    Ok(())
}

/// The reader's end.
struct Outlet<T> {
    /// `None` when the stream has ended.
    batches: Option<mpsc::Receiver<Batch<T>>>,
    items: vec::IntoIter<T>,
    taken: watch::Sender<i32>,
    closing: CancellationToken,
}

impl<T> Outlet<T> {
    /// The next item as the reader sees it. What was sent before the server closes still counts.
    async fn next(&mut self) -> Option<Result<T, Error>> {
        loop {
            if let Some(item) = self.items.next() {
                self.count();
                return Some(Ok(item));
            }
            let batch = tokio::select! {
                biased;
                batch = self.batches.as_mut()?.recv() => batch,
                () = self.closing.cancelled() => return self.broken_off(Error::closing()),
            };
            match batch {
                Some(Batch::Items(items)) => self.items = items.into_iter(),
                Some(Batch::End) => return None,
                None => return self.broken_off(given_up()),
            }
            if self.items.len() == 0 {
                self.count();
            }
        }
    }

    /// Counts a batch when its last item goes out, and an empty one when it comes.
    fn count(&self) {
        if self.items.len() == 0 {
            self.taken
                .send_modify(|taken| *taken = taken.saturating_add(1));
        }
    }

    fn broken_off(&mut self, error: Error) -> Option<Result<T, Error>> {
        self.batches = None;
        Some(Err(error))
    }
}

fn given_up() -> Error {
    Error::new(Code::Cancelled, "the stream was given up before its end")
}

fn gap(seq: i32, expected: i32) -> Error {
    let text = format!("seq is {seq}, {expected} is expected: send what is missing first");
    Error::OutOfRange(text)
}

fn used_up() -> Error {
    Error::OutOfRange("the sequence numbers are used up: open another stream".into())
}
