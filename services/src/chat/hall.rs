//! What rooms are made of: a ring of the last messages that all participants of this process read,
//! each at its own place. A message is held once however many read it, so one that nobody waits
//! for costs the others nothing.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::StreamExt;
use tokio::sync::watch;

use super::participant::{Participant, Place};
use super::ring::Ring;
use super::{Name, Seat};
use crate::error::Error;
use crate::model::ChatMessage;

/// What a [`Hall`] keeps and bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HallLimits {
    /// Messages that are kept for those who resume; 10,000 by the contract.
    pub kept: usize,
    /// Messages that a participant may leave unread. One who leaves more is dropped. What was there
    /// when it joined is not counted for as long as it reads on.
    pub queue: usize,
}

impl Default for HallLimits {
    fn default() -> Self {
        Self {
            kept: 10_000,
            queue: 1_000,
        }
    }
}

/// The messages and the participants of one process. Nothing runs in the background: who delivers
/// a message wakes the participants, and their streams do the rest. Clones are the same hall.
#[derive(Clone)]
pub struct Hall(Arc<Shared>);

/// What a hall and the streams of its participants share.
pub(super) struct Shared {
    limits: HallLimits,
    state: Mutex<State>,
    /// The newest sequence number: wakes the participants.
    newest: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    ring: Ring,
    present: Vec<Present>,
}

/// A participant as those who deliver see it.
struct Present {
    place: Arc<Place>,
    /// The fewest messages that were ever unread: how far it still is behind from having joined
    /// with a history to read.
    backlog: u64,
}

impl Present {
    fn keeps_up(&mut self, told: u64, limits: HallLimits) -> bool {
        let unread = told.saturating_sub(self.place.read.load(Ordering::Relaxed));
        self.backlog = self.backlog.min(unread);
        let keeps_up = unread - self.backlog <= limits.queue as u64;
        if !keeps_up {
            self.place.dropped.store(true, Ordering::Relaxed);
        }
        keeps_up
    }
}

impl State {
    fn put(&mut self, message: Arc<ChatMessage>, limits: HallLimits) {
        self.ring.put(message, limits);
        let told = self.ring.told;
        self.present
            .retain_mut(|present| present.keeps_up(told, limits));
    }
}

impl Hall {
    /// An empty hall.
    #[must_use]
    pub fn new(limits: HallLimits) -> Self {
        Self(Arc::new(Shared {
            limits,
            state: Mutex::default(),
            newest: watch::Sender::new(0),
        }))
    }

    /// Takes part: see [`ChatRoom::join`](super::ChatRoom::join).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where `after` is older than what is kept, or newer than the newest
    /// message.
    pub fn join(&self, name: Name, after: Option<u64>) -> Result<Seat, Error> {
        let mut state = self.0.lock();
        let after = state.ring.start(after, self.0.limits)?;
        let read = state.ring.told_until(after);
        let place = Arc::new(Place::new(name, read));
        let backlog = state.ring.told - read;
        state.present.push(Present {
            place: Arc::clone(&place),
            backlog,
        });
        drop(state);
        let newest = self.0.newest.subscribe();
        let participant = Participant::new(Arc::clone(&self.0), place, after, newest);
        let messages = participant.messages().boxed();
        Ok(Seat { after, messages })
    }

    /// Gives a message the next place and tells everybody: see
    /// [`ChatRoom::post`](super::ChatRoom::post). For a hall whose order is its own.
    #[must_use]
    pub fn post(&self, mut message: ChatMessage) -> ChatMessage {
        let mut state = self.0.lock();
        message.sequence = state.ring.newest + 1;
        let message = Arc::new(message);
        if let Some(first) = state.ring.first_said(&message) {
            return first.clone();
        }
        state.put(Arc::clone(&message), self.0.limits);
        drop(state);
        self.0.tell(message.sequence);
        Arc::unwrap_or_clone(message)
    }

    /// Tells everybody a message that has its place already. One whose place is not after all
    /// others was delivered before, and is left out.
    pub fn deliver(&self, message: ChatMessage) {
        let sequence = message.sequence;
        let mut state = self.0.lock();
        if sequence <= state.ring.newest {
            return;
        }
        state.put(Arc::new(message), self.0.limits);
        drop(state);
        self.0.tell(sequence);
    }

    /// The sequence number of the newest message; 0 before the first.
    #[must_use]
    pub fn newest(&self) -> u64 {
        self.0.lock().ring.newest
    }

    /// Waits until the message with that sequence number was delivered.
    pub async fn reached(&self, sequence: u64) {
        let mut newest = self.0.newest.subscribe();
        // Fails only when the sender is gone, and this hall holds it.
        let _ = newest.wait_for(|&newest| newest >= sequence).await;
    }

    /// The names of the participants, sorted, each once.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let state = self.0.lock();
        let named = |present: &Present| present.place.name.get().cloned();
        let mut names: Vec<_> = state.present.iter().filter_map(named).collect();
        drop(state);
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl Default for Hall {
    fn default() -> Self {
        Self::new(HallLimits::default())
    }
}

/// Shows nothing of what was said.
impl fmt::Debug for Hall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.0.lock();
        f.debug_struct("Hall")
            .field("limits", &self.0.limits)
            .field("newest", &state.ring.newest)
            .field("participants", &state.present.len())
            .finish_non_exhaustive()
    }
}

impl Shared {
    /// Every use of the lock is short, and none holds it while it waits.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Two who deliver at once may come here in either order.
    fn tell(&self, sequence: u64) {
        self.newest
            .send_modify(|newest| *newest = sequence.max(*newest));
    }

    /// At most `limit` messages after the first so many.
    pub(super) fn after(&self, read: u64, limit: usize) -> VecDeque<Arc<ChatMessage>> {
        self.lock().ring.after(read, limit)
    }

    /// How many messages a participant may leave unread.
    pub(super) fn queue(&self) -> usize {
        self.limits.queue
    }

    pub(super) fn leave(&self, place: &Arc<Place>) {
        let mut state = self.lock();
        state
            .present
            .retain(|present| !Arc::ptr_eq(&present.place, place));
    }
}
