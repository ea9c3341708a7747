//! One participant: what it says and what it hears, driven by whoever reads the one stream that
//! both are. Nothing is spawned, so a participant who does not read is not listened to either.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context as Task, Poll, ready};

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};

use super::checked;
use crate::chat::{ChatRoom, Name, Seat};
use crate::error::Error;
use crate::local::Clock;
use crate::model::ChatMessage;
use crate::stream::Stream;

/// So many messages are taken from a participant while there is none for it, before others get
/// their turn.
const TURN: usize = 32;

pub(super) struct Participation {
    room: Arc<dyn ChatRoom>,
    clock: Clock,
    name: Name,
    /// What the participant says; `None` when it has left.
    saying: Option<Stream<ChatMessage>>,
    /// Its message that is on its way to the room: one at a time, which keeps their order.
    posting: Option<BoxFuture<'static, Result<ChatMessage, Error>>>,
    hearing: Stream<ChatMessage>,
    /// The place of the last message that it heard.
    heard: u64,
    /// The place of the last of its own messages.
    said: u64,
}

impl Participation {
    pub(super) fn new(
        room: Arc<dyn ChatRoom>,
        clock: Clock,
        name: Name,
        seat: Seat,
        saying: Stream<ChatMessage>,
    ) -> Self {
        Self {
            room,
            clock,
            name,
            saying: Some(saying),
            posting: None,
            hearing: seat.messages,
            heard: seat.after,
            said: 0,
        }
    }

    /// What it hears. The participation is dropped with the end of this, and leaves the room.
    pub(super) fn messages(self) -> Stream<ChatMessage> {
        stream::unfold(Some(self), |participation| async move {
            let mut participation = participation?;
            match poll_fn(|task| participation.poll(task)).await? {
                Ok(message) => Some((Ok(message), Some(participation))),
                Err(error) => Some((Err(error), None)),
            }
        })
        .boxed()
    }

    /// The next message that it hears. Saying and hearing take turns, so that neither waits for an
    /// end of the other.
    fn poll(&mut self, task: &mut Task<'_>) -> Poll<Option<Result<ChatMessage, Error>>> {
        for _ in 0..TURN {
            let said = self.poll_saying(task)?;
            if self.has_left() {
                return Poll::Ready(None);
            }
            if let Poll::Ready(heard) = self.hearing.poll_next_unpin(task) {
                if let Some(Ok(message)) = &heard {
                    self.heard = message.sequence;
                }
                return Poll::Ready(heard);
            }
            if said.is_pending() {
                return Poll::Pending;
            }
        }
        task.waker().wake_by_ref();
        Poll::Pending
    }

    /// One step of what it says: a message read, or one that the room has taken.
    fn poll_saying(&mut self, task: &mut Task<'_>) -> Poll<Result<(), Error>> {
        if let Some(posting) = &mut self.posting {
            let posted = ready!(posting.poll_unpin(task));
            self.posting = None;
            // The place of a message that was said before may be before those heard already.
            self.said = self.said.max(posted?.sequence);
            return Poll::Ready(Ok(()));
        }
        let Some(saying) = &mut self.saying else {
            return Poll::Pending;
        };
        match ready!(saying.poll_next_unpin(task)) {
            Some(message) => self.post(message?)?,
            None => self.saying = None,
        }
        Poll::Ready(Ok(()))
    }

    fn post(&mut self, message: ChatMessage) -> Result<(), Error> {
        let message = checked(message, &self.name, self.clock)?;
        let room = Arc::clone(&self.room);
        self.posting = Some(async move { room.post(message).await }.boxed());
        Ok(())
    }

    /// Who has left has heard its own last words.
    fn has_left(&self) -> bool {
        self.saying.is_none() && self.posting.is_none() && self.said <= self.heard
    }
}
