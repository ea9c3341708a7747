//! A fake server of the chat, which fails when it is told to.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::{StreamExt, future, stream};
use services::model::{ChatMessage, Join};
use services::{Chat, Code, Context, Error, Stream};

type Down = UnboundedSender<Result<ChatMessage, Error>>;

/// What servers share that are one room.
#[derive(Default)]
pub(super) struct Room {
    pub(super) said: Vec<ChatMessage>,
    pub(super) joins: Vec<Join>,
    participants: Vec<Down>,
    /// The next line is kept, and its sender loses the connection before it comes back.
    pub(super) swallows: bool,
    /// As a course's server: no numbers, no ids, nothing kept.
    pub(super) course: bool,
    /// How the next ones who join fare, the last one first.
    pub(super) refusals: Vec<Error>,
    /// What becomes of the connections when a line is sent.
    pub(super) refuses_lines: Option<Error>,
    /// The next one who joins gets so many lines of those kept, then the connection breaks.
    pub(super) breaks_after: Option<usize>,
    /// How long each line takes on its way down.
    pub(super) lag: Duration,
}

impl Room {
    pub(super) fn say(&mut self, mut message: ChatMessage) {
        if let Some(error) = self.refuses_lines.clone() {
            return self.cut(error);
        }
        if self.course {
            message.id = String::new();
        } else if !message.id.is_empty() && self.said.iter().any(|said| said.id == message.id) {
            return;
        } else {
            message.sequence = self.said.len() as u64 + 1;
        }
        if message.timestamp == 0 {
            message.timestamp = services::local::Clock::System.now();
        }
        self.said.push(message.clone());
        if std::mem::take(&mut self.swallows) {
            self.cut(gone());
        }
        for participant in &self.participants {
            let _ = participant.unbounded_send(Ok(message.clone()));
        }
    }

    /// Every connection breaks.
    pub(super) fn cut(&mut self, error: Error) {
        for participant in self.participants.drain(..) {
            let _ = participant.unbounded_send(Err(error.clone()));
        }
    }

    fn join(&mut self, join: &Join) -> Result<Stream<ChatMessage>, Error> {
        if let Some(refusal) = self.refusals.pop() {
            return Err(refusal);
        }
        self.joins.push(join.clone());
        let (down, received) = unbounded();
        if let Some(after) = join.after.filter(|_| !self.course) {
            let newer = self.said.iter().filter(|said| said.sequence > after);
            let most = self.breaks_after.unwrap_or(usize::MAX);
            for message in newer.take(most) {
                let _ = down.unbounded_send(Ok(message.clone()));
            }
            if self.breaks_after.take().is_some() {
                let _ = down.unbounded_send(Err(gone()));
            }
        }
        self.participants.push(down);
        let lag = self.lag;
        let late = move |item| async move {
            tokio::time::sleep(lag).await;
            item
        };
        Ok(received.then(late).boxed())
    }
}

pub(super) fn gone() -> Error {
    Error::new(Code::Unavailable, "the connection is gone")
}

#[derive(Clone, Default)]
pub(super) struct Server(pub(super) Arc<Mutex<Room>>);

#[async_trait]
impl Chat for Server {
    async fn chat(
        &self,
        _: &Context,
        join: &Join,
        messages: Stream<ChatMessage>,
    ) -> Result<Stream<ChatMessage>, Error> {
        let down = self.0.lock().unwrap().join(join)?;
        let room = Arc::clone(&self.0);
        let up = messages.filter_map(move |message| {
            room.lock().unwrap().say(message.unwrap());
            future::ready(None)
        });
        Ok(stream::select(up, down).boxed())
    }

    async fn post_message(&self, _: &Context, _: &ChatMessage) -> Result<ChatMessage, Error> {
        Err(Error::unknown_operation("post_message"))
    }

    async fn list_participants(&self, _: &Context) -> Result<Vec<String>, Error> {
        Err(Error::unknown_operation("list_participants"))
    }
}
