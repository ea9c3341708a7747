//! What rooms are made of: a ring of the last messages that all participants of this process read,
//! each at its own place. A message is held once however many read it, so one that nobody waits
//! for costs the others nothing.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::StreamExt;
use tokio::sync::watch;

use super::participant::{Participant, Place};
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
    /// By sequence number. So many more than are kept for resuming that a participant who is not
    /// dropped yet always finds its next message.
    ring: VecDeque<Arc<ChatMessage>>,
    /// Those messages of the ring that have an id.
    said: HashSet<Said>,
    newest: u64,
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
    fn keeps_up(&mut self, newest: u64, limits: HallLimits) -> bool {
        let unread = newest.saturating_sub(self.place.read.load(Ordering::Relaxed));
        self.backlog = self.backlog.min(unread);
        let keeps_up = unread - self.backlog <= limits.queue as u64;
        if !keeps_up {
            self.place.dropped.store(true, Ordering::Relaxed);
        }
        keeps_up
    }
}

/// A message by its sender and the sender's own id for it.
struct Said(Arc<ChatMessage>);

impl Said {
    fn key(&self) -> (&str, &str) {
        (&self.0.user, &self.0.id)
    }
}

impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Said {}

impl Hash for Said {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl State {
    fn first_said(&self, message: &Arc<ChatMessage>) -> Option<&ChatMessage> {
        if message.id.is_empty() {
            return None;
        }
        let first = self.said.get(&Said(Arc::clone(message)));
        first.map(|said| &*said.0)
    }

    fn put(&mut self, message: Arc<ChatMessage>, limits: HallLimits) {
        self.newest = message.sequence;
        if !message.id.is_empty() {
            self.said.replace(Said(Arc::clone(&message)));
        }
        self.ring.push_back(message);
        if self.ring.len() > limits.kept.saturating_add(limits.queue) {
            self.forget_oldest();
        }
        let newest = self.newest;
        self.present
            .retain_mut(|present| present.keeps_up(newest, limits));
    }

    fn forget_oldest(&mut self) {
        if let Some(oldest) = self.ring.pop_front() {
            let sequence = oldest.sequence;
            let said = Said(oldest);
            // Unless it was said again since, in a room that has lost the first from its memory.
            if self
                .said
                .get(&said)
                .is_some_and(|known| known.0.sequence == sequence)
            {
                self.said.remove(&said);
            }
        }
    }

    /// The place before the first message that is kept for those who resume.
    fn oldest(&self, limits: HallLimits) -> u64 {
        let beyond = self.ring.len().saturating_sub(limits.kept);
        let first = self.ring.get(beyond);
        first.map_or(self.newest, |message| message.sequence.saturating_sub(1))
    }

    fn start(&self, after: Option<u64>, limits: HallLimits) -> Result<u64, Error> {
        let oldest = self.oldest(limits);
        match after {
            None => Ok(self.newest),
            Some(0) => Ok(oldest),
            Some(after) if after > self.newest => Err(ahead(after, self.newest)),
            Some(after) if after < oldest => Err(forgotten(after, oldest)),
            Some(after) => Ok(after),
        }
    }
}

fn ahead(after: u64, newest: u64) -> Error {
    Error::OutOfRange(format!(
        "after is \"{after}\": the newest message is {newest}, join without after"
    ))
}

fn forgotten(after: u64, oldest: u64) -> Error {
    Error::OutOfRange(format!(
        "after is \"{after}\": only messages after {oldest} are kept, join after 0 for all of them"
    ))
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
        let after = state.start(after, self.0.limits)?;
        let place = Arc::new(Place::new(name, after));
        let backlog = state.newest - after;
        state.present.push(Present {
            place: Arc::clone(&place),
            backlog,
        });
        drop(state);
        let participant = Participant::new(Arc::clone(&self.0), place, self.0.newest.subscribe());
        let messages = participant.messages().boxed();
        Ok(Seat { after, messages })
    }

    /// Gives a message the next place and tells everybody: see
    /// [`ChatRoom::post`](super::ChatRoom::post). For a hall whose order is its own.
    #[must_use]
    pub fn post(&self, mut message: ChatMessage) -> ChatMessage {
        let mut state = self.0.lock();
        message.sequence = state.newest + 1;
        let message = Arc::new(message);
        if let Some(first) = state.first_said(&message) {
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
        if sequence <= state.newest {
            return;
        }
        state.put(Arc::new(message), self.0.limits);
        drop(state);
        self.0.tell(sequence);
    }

    /// The sequence number of the newest message; 0 before the first.
    #[must_use]
    pub fn newest(&self) -> u64 {
        self.0.lock().newest
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
            .field("newest", &state.newest)
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

    /// At most `limit` messages after that place.
    pub(super) fn after(&self, place: u64, limit: usize) -> VecDeque<Arc<ChatMessage>> {
        let state = self.lock();
        let start = state
            .ring
            .partition_point(|message| message.sequence <= place);
        let end = state.ring.len().min(start.saturating_add(limit));
        state.ring.range(start..end).cloned().collect()
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
