//! The chat: one session with two halves. What comes down is polled for, what goes up comes in
//! numbered batches, and closing ends the half that goes up.

use std::sync::Arc;
use std::time::Duration;

use dxr::Value;
use futures::{StreamExt, stream};
use services::model::ChatMessage;
use services::{Backend, Context, Error, Stream};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;
use transport::sessions::{Inbox, Refused};

use super::Room;
use super::calls::written;
use super::download::{Download, closed};
use super::streams::Session;
use crate::convert::{
    chat_message_to_wire, join_from_wire, params, participants_to_wire, post_from_wire,
};

/// Messages that are taken from the room before they are asked for, beside one answer of `next`.
/// A participant who asks for no more falls behind in the room itself, whose limit counts.
const WAITING_MESSAGES: usize = 100;

/// How long `send` waits until its lines are taken: as long as `next` waits at most. They are not
/// taken from a participant who has so much to read that reading ahead has stopped.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// Somebody who takes part.
pub(super) struct Participant {
    pub(super) heard: Download,
    said: Inbox<ChatMessage>,
}

impl Participant {
    /// Takes lines. When it has answered, the chat has read them; they are said when they come
    /// back with their place in the order.
    ///
    /// # Errors
    /// Those of [`Inbox::deliver`]; [`Error::ResourceExhausted`] where they are not taken in time,
    /// after which the same lines may be sent again by the same number.
    pub(super) async fn send(&self, seq: i32, lines: Vec<ChatMessage>) -> Result<(), Error> {
        tokio::select! {
            biased;
            delivered = timeout(LONGEST_WAIT, self.said.deliver(seq, lines)) => {
                Ok(delivered.map_err(|_| unread())??)
            }
            () = self.heard.closed() => Err(closed()),
        }
    }

    /// Ends what goes up. A stream that has ended by itself has nothing left to end.
    pub(super) async fn close(&self) -> Result<(), Error> {
        match self.said.end().await {
            Ok(()) | Err(Refused::Unread) => Ok(()),
            Err(Refused::Error(error)) => Err(error),
        }
    }
}

fn unread() -> Error {
    let text = "nothing is taken until you have read: call chat.next, then send the same again";
    Error::ResourceExhausted(text.into())
}

pub(super) async fn chat(
    room: &Room,
    context: &Context,
    values: Vec<Value>,
) -> Result<Session, Error> {
    let join = join_from_wire(values)?;
    let (said, lines) = Inbox::new(room.closing.clone());
    let messages = room.backend.chat(context, &join, lines).await?;
    let messages = read_ahead(messages);
    let values = messages.map(|message| written(chat_message_to_wire(&message?)));
    let heard = Download::new(values.boxed());
    Ok(Session::Chat(Arc::new(Participant { heard, said })))
}

/// The same stream, read by a task that is a few messages ahead: a backend takes what goes up only
/// while what comes down is read, and a participant may say something between two polls. The task
/// ends when the stream that this gives is dropped.
fn read_ahead<T: Send + 'static>(mut messages: Stream<T>) -> Stream<T> {
    let (give, taken) = mpsc::channel(WAITING_MESSAGES);
    let read = async move {
        while let Some(message) = messages.next().await {
            if give.send(message).await.is_err() {
                return;
            }
        }
    };
    let task = AbortOnDropHandle::new(tokio::spawn(read));
    let messages = stream::unfold((taken, task), |(mut taken, task)| async move {
        let message = taken.recv().await?;
        Some((message, (taken, task)))
    });
    messages.boxed()
}

pub(super) async fn post_message(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let line = post_from_wire(values)?;
    let message = backend.post_message(context, &line).await?;
    written(chat_message_to_wire(&message))
}

pub(super) async fn list_participants(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let [] = params(values, [])?;
    let names = backend.list_participants(context).await?;
    Ok(participants_to_wire(&names))
}

#[cfg(test)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn lines_that_nobody_takes_are_refused_in_time_and_may_be_sent_again() {
        let (said, mut lines) = Inbox::new(CancellationToken::new());
        let heard = Download::new(stream::pending().boxed());
        let participant = Participant { heard, said };
        let line = || vec![ChatMessage::default()];
        let refused = participant.send(0, line()).await;
        assert_eq!(refused, Err(unread()));
        assert!(lines.next().await.is_some_and(|line| line.is_ok()));
        assert_eq!(participant.send(0, line()).await, Ok(()));
    }
}
