//! The chat: one session with two halves. What comes down is polled for, what goes up comes in
//! numbered batches, and closing ends the half that goes up.

use std::sync::Arc;

use dxr::Value;
use futures::{StreamExt, stream};
use services::model::ChatMessage;
use services::{Backend, Context, Error, Stream};
use tokio::sync::mpsc;
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

/// Somebody who takes part.
pub(super) struct Participant {
    pub(super) heard: Download,
    said: Inbox<ChatMessage>,
}

impl Participant {
    /// Takes lines. When it has answered, the chat has read them; they are said when they come
    /// back with their place in the order.
    pub(super) async fn send(&self, seq: i32, lines: Vec<ChatMessage>) -> Result<(), Error> {
        tokio::select! {
            biased;
            delivered = self.said.deliver(seq, lines) => Ok(delivered?),
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
