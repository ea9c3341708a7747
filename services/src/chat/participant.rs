//! A participant of a hall: its place in the ring, and the stream of what it has not read.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::watch;

use super::Name;
use super::hall::Shared;
use crate::error::Error;
use crate::model::ChatMessage;

/// So many messages are taken from the ring at a time, so that one who has much to read does not
/// take the lock for each.
const BATCH: usize = 64;

/// Where a participant is, for those who deliver to see.
pub(super) struct Place {
    pub(super) name: Name,
    /// How many of all messages that were told it has read, or had no wish to.
    pub(super) read: AtomicU64,
    /// Whether it has been found too slow. Set with the hall locked, before what it has missed
    /// leaves the ring.
    pub(super) dropped: AtomicBool,
}

impl Place {
    pub(super) fn new(name: Name, read: u64) -> Self {
        Self {
            name,
            read: AtomicU64::new(read),
            dropped: AtomicBool::new(false),
        }
    }
}

/// In the hall until it is dropped.
pub(super) struct Participant {
    hall: Arc<Shared>,
    place: Arc<Place>,
    /// The sequence number of the last message that it got.
    last: u64,
    newest: watch::Receiver<u64>,
    batch: VecDeque<Arc<ChatMessage>>,
}

impl Participant {
    pub(super) fn new(
        hall: Arc<Shared>,
        place: Arc<Place>,
        after: u64,
        newest: watch::Receiver<u64>,
    ) -> Self {
        Self {
            hall,
            place,
            last: after,
            newest,
            batch: VecDeque::new(),
        }
    }

    /// What it has not read, until it is found too slow.
    pub(super) fn messages(
        self,
    ) -> impl futures::Stream<Item = Result<ChatMessage, Error>> + Send + 'static {
        futures::stream::unfold(Some(self), |participant| async move {
            let mut participant = participant?;
            match participant.next().await {
                Ok(message) => Some((Ok(message), Some(participant))),
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    async fn next(&mut self) -> Result<ChatMessage, Error> {
        loop {
            if let Some(message) = self.batch.pop_front() {
                self.last = message.sequence;
                self.place.read.fetch_add(1, Ordering::Relaxed);
                return Ok(ChatMessage::clone(&message));
            }
            // Seen before the ring is looked at, so that what comes in between wakes it again.
            self.newest.mark_unchanged();
            let read = self.place.read.load(Ordering::Relaxed);
            self.batch = self.hall.after(read, BATCH);
            if self.place.dropped.load(Ordering::Relaxed) {
                return Err(too_slow(self.last, self.hall.queue()));
            }
            if self.batch.is_empty() {
                // Fails only when the sender is gone, and the hall holds it.
                let _ = self.newest.changed().await;
            }
        }
    }
}

impl Drop for Participant {
    fn drop(&mut self) {
        self.hall.leave(&self.place);
    }
}

fn too_slow(last: u64, queue: usize) -> Error {
    Error::ResourceExhausted(format!(
        "more than {queue} messages waited to be read: the last that you got is {last}, join \
         again after it and read faster"
    ))
}
