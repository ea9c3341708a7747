//! The chat. Others may speak in the same room at the same time, so each scenario has names of its
//! own and looks for their lines; what everybody must hear is heard by all that is read: each line's
//! place is the next.

mod hearing;
mod refusing;
mod saying;
mod taking_part;

use futures::StreamExt;
use futures::channel::mpsc::{UnboundedSender, unbounded};

use super::{Verdict, answer, unique};
use crate::backend::Backend;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::model::{ChatMessage, Join};
use crate::stream::Stream;

pub(super) use hearing::{ahead, eight_participants, everything_kept, resumed, same_order};
pub(super) use refusing::{anothers_name, refused};
pub(super) use saying::{
    first_name, longest_line, own_line, own_name, posted_again, said_again, timestamps, without_ids,
};
pub(super) use taking_part::{breaking_off, dropped, leaving, participants};

/// A participant.
struct Guest {
    /// What it says; it leaves when this is gone. Nothing is sent unless it hears, too.
    says: UnboundedSender<Result<ChatMessage, Error>>,
    hears: Stream<ChatMessage>,
    /// The place of the last line heard, or asked to resume after.
    heard: Option<u64>,
}

impl Guest {
    async fn join(backend: &dyn Backend, name: &str) -> Result<Self, String> {
        Self::resume(backend, name, None).await
    }

    async fn resume(backend: &dyn Backend, name: &str, after: Option<u64>) -> Result<Self, String> {
        let join = Join {
            user: name.into(),
            after,
        };
        let (says, said) = unbounded();
        let hears = backend.chat(&Context::new(), &join, said.boxed()).await;
        Ok(Self {
            says,
            hears: answer(&format!("chat({join:?})"), hears)?,
            heard: after.filter(|&after| after > 0),
        })
    }

    fn say(&self, message: ChatMessage) {
        // Fails where the chat has ended, of which hearing tells.
        let _ = self.says.unbounded_send(Ok(message));
    }

    /// The next line of anybody.
    async fn next(&mut self) -> Result<ChatMessage, String> {
        let line = self.hears.next().await;
        let line = line.ok_or("the chat ended before what was waited for")?;
        let line = answer("the chat", line)?;
        if self.heard.is_some_and(|heard| line.sequence != heard + 1) {
            return Err(format!("after {:?} came {line:?}", self.heard));
        }
        self.heard = Some(line.sequence);
        Ok(line)
    }

    /// The next so many lines of those people.
    async fn hear(&mut self, people: &[&str], count: usize) -> Result<Vec<ChatMessage>, String> {
        let mut lines = Vec::new();
        while lines.len() < count {
            let line = self.next().await?;
            if people.contains(&&*line.user) {
                lines.push(line);
            }
        }
        Ok(lines)
    }

    /// The error that the chat ends with, whatever is heard before.
    async fn ends(mut self) -> Result<Error, String> {
        while let Some(line) = self.hears.next().await {
            let Err(error) = line else { continue };
            return match self.hears.next().await {
                None => Ok(error),
                Some(more) => Err(format!("after its end the chat gave {more:?}")),
            };
        }
        Err("the chat ended without an error".into())
    }
}

/// A line with an id of its own.
fn line(user: &str, text: &str) -> ChatMessage {
    ChatMessage {
        user: user.into(),
        text: text.into(),
        id: unique("line"),
        ..ChatMessage::default()
    }
}

fn texts(lines: &[ChatMessage]) -> Vec<&str> {
    lines.iter().map(|line| &*line.text).collect()
}

async fn post(backend: &dyn Backend, message: &ChatMessage) -> Result<ChatMessage, String> {
    let posted = backend.post_message(&Context::new(), message).await;
    answer("post_message", posted)
}

/// Fails unless taking part fails with that code, at once or as the first thing heard.
async fn refuses(backend: &dyn Backend, join: &Join, wanted: Code) -> Verdict {
    let (_says, said) = unbounded();
    let opened = backend.chat(&Context::new(), join, said.boxed()).await;
    let heard = match opened {
        Ok(mut hears) => hears.next().await,
        Err(error) => Some(Err(error)),
    };
    match heard {
        Some(Err(error)) if error.code() == wanted => Ok(()),
        other => Err(format!("chat({join:?}) gave {other:?} instead of {wanted}")),
    }
}
