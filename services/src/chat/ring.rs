//! The last messages in their order, and which of them have been said already.

use std::collections::{HashSet, VecDeque};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::HallLimits;
use crate::error::Error;
use crate::model::ChatMessage;

#[derive(Default)]
pub(super) struct Ring {
    /// By sequence number. So many more than are kept for resuming that a participant who is not
    /// dropped yet always finds its next message.
    messages: VecDeque<Arc<ChatMessage>>,
    /// Those of them that have an id.
    said: HashSet<Said>,
    /// The newest sequence number.
    pub(super) newest: u64,
    /// How many messages were ever told. Participants are counted by these, since a hall that
    /// begins in the middle of an order, or misses a part of it, has gaps in its sequence numbers.
    pub(super) told: u64,
}

impl Ring {
    pub(super) fn first_said(&self, message: &Arc<ChatMessage>) -> Option<&ChatMessage> {
        if message.id.is_empty() {
            return None;
        }
        let first = self.said.get(&Said(Arc::clone(message)));
        first.map(|said| &*said.0)
    }

    pub(super) fn put(&mut self, message: Arc<ChatMessage>, limits: HallLimits) {
        self.newest = message.sequence;
        self.told += 1;
        if !message.id.is_empty() {
            self.said.replace(Said(Arc::clone(&message)));
        }
        self.messages.push_back(message);
        if self.messages.len() > limits.kept.saturating_add(limits.queue) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some(oldest) = self.messages.pop_front() {
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
        let beyond = self.messages.len().saturating_sub(limits.kept);
        let first = self.messages.get(beyond);
        first.map_or(self.newest, |message| message.sequence.saturating_sub(1))
    }

    /// At most `limit` messages after the first so many.
    pub(super) fn after(&self, read: u64, limit: usize) -> VecDeque<Arc<ChatMessage>> {
        let length = self.messages.len();
        let skipped = usize::try_from(read.saturating_sub(self.forgotten()));
        let start = skipped.map_or(length, |skipped| skipped.min(length));
        let end = start.saturating_add(limit).min(length);
        self.messages.range(start..end).cloned().collect()
    }

    /// How many messages were told and are in the ring no more.
    fn forgotten(&self) -> u64 {
        self.told - self.messages.len() as u64
    }

    /// How many messages were told up to that sequence number.
    pub(super) fn told_until(&self, sequence: u64) -> u64 {
        let earlier = |message: &Arc<ChatMessage>| message.sequence <= sequence;
        self.forgotten() + self.messages.partition_point(earlier) as u64
    }

    pub(super) fn start(&self, after: Option<u64>, limits: HallLimits) -> Result<u64, Error> {
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
