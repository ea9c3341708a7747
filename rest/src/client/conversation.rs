//! One participant of the chat over two kinds of request: it hears by one stream of events, and
//! says each of its messages by a POST, one at a time, which keeps their order. Both are driven by
//! whoever reads the one stream that they are; nothing is spawned.

use std::future::poll_fn;
use std::task::{Context as Task, Poll, ready};

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use services::error::excerpt;
use services::model::{ChatMessage, Join};
use services::{Chat, Context, Error, Stream};

use super::{Client, gather, step};

/// So many messages are taken from the participant while there is none for it, before others get
/// their turn.
const TURN: usize = 32;

pub(super) struct Conversation {
    client: Client,
    context: Context,
    /// What the streams of events learn, which is told when they end.
    listening: Vec<Context>,
    /// Empty until the participant has said something, where it joined without a name.
    name: String,
    /// The name that its first message is about to give it.
    name_to_be: String,
    /// Its first message, which it hears when it is among the participants.
    held: Option<ChatMessage>,
    /// What the participant says; `None` when it has left.
    saying: Option<Stream<ChatMessage>>,
    /// Its message that is on its way.
    posting: Option<BoxFuture<'static, Result<Posted, Error>>>,
    hearing: Stream<ChatMessage>,
    /// What it hears after its first message, where that has given it its name.
    hearing_next: Option<Stream<ChatMessage>>,
    /// The place of the last message that it heard.
    heard: u64,
    /// The place of the last of its own messages.
    said: u64,
}

/// A message that the server has taken.
struct Posted {
    message: ChatMessage,
    /// What is said after it, heard in the name that it gave.
    named: Option<(Context, Stream<ChatMessage>)>,
}

impl Conversation {
    pub(super) async fn open(
        client: Client,
        context: &Context,
        join: &Join,
        saying: Stream<ChatMessage>,
    ) -> Result<Self, Error> {
        let listening = context.fresh_exchange();
        let hearing = client.listen(&listening, join).await;
        let learnt = listening.exchange();
        context.learn(|exchange| {
            exchange.server = learnt.server;
            exchange.metadata = learnt.metadata;
        });
        Ok(Self {
            hearing: hearing?,
            client,
            context: context.clone(),
            listening: vec![listening],
            name: join.user.trim().to_owned(),
            name_to_be: String::new(),
            held: None,
            saying: Some(saying),
            posting: None,
            hearing_next: None,
            heard: join.after.unwrap_or_default(),
            said: 0,
        })
    }

    /// What the participant hears, until it has left and has heard its own last words. Its
    /// connection closes with the end of this, and so it leaves the room.
    pub(super) fn messages(self) -> Stream<ChatMessage> {
        stream::unfold(Some(self), |conversation| async move {
            let mut conversation = conversation?;
            match poll_fn(|task| conversation.poll(task)).await? {
                Ok(message) => Some((Ok(message), Some(conversation))),
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
            if let Poll::Ready(heard) = self.poll_hearing(task) {
                return Poll::Ready(heard);
            }
            if said.is_pending() {
                return Poll::Pending;
            }
        }
        task.waker().wake_by_ref();
        Poll::Pending
    }

    fn poll_hearing(&mut self, task: &mut Task<'_>) -> Poll<Option<Result<ChatMessage, Error>>> {
        loop {
            if self.said <= self.heard
                && let Some(named) = self.hearing_next.take()
            {
                self.hearing = named;
            }
            let message = match self.held.take() {
                Some(held) => held,
                None => match ready!(self.hearing.poll_next_unpin(task)) {
                    Some(Ok(message)) => message,
                    end => return Poll::Ready(end),
                },
            };
            if self.is_being_named() && message.user == self.name_to_be {
                self.held = Some(message);
                return Poll::Pending;
            }
            if message.sequence > self.heard {
                self.heard = message.sequence;
                return Poll::Ready(Some(Ok(message)));
            }
        }
    }

    /// Whether its first message is on its way: then `posting` wakes who waits for what is held.
    fn is_being_named(&self) -> bool {
        self.name.is_empty() && self.posting.is_some()
    }

    /// One step of what it says: a message read, or one that the server has taken.
    fn poll_saying(&mut self, task: &mut Task<'_>) -> Poll<Result<(), Error>> {
        if let Some(posting) = &mut self.posting {
            let posted = ready!(posting.poll_unpin(task));
            self.posting = None;
            let Posted { message, named } = posted?;
            // The place of a message that was said before may be before those heard already.
            self.said = self.said.max(message.sequence);
            if let Some((listening, hearing)) = named {
                self.name = message.user;
                self.listening.push(listening);
                self.hearing_next = Some(hearing);
            }
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
        let user = self.speaker(&message.user)?;
        let message = ChatMessage { user, ..message };
        let unnamed = self.name.is_empty();
        if unnamed {
            self.name_to_be.clone_from(&message.user);
        }
        let (client, context) = (self.client.clone(), self.context.clone());
        self.posting = Some(
            async move {
                let post = step(&context);
                let posted = client.post_message(&post, &message).await;
                gather(&context, &post);
                let message = posted?;
                let named = if unnamed {
                    Some(rejoined(&client, &context, &message).await?)
                } else {
                    None
                };
                Ok(Posted { message, named })
            }
            .boxed(),
        );
        Ok(())
    }

    /// In whose name a message is said: the server cannot tell that a POST is a participant's.
    fn speaker(&self, user: &str) -> Result<String, Error> {
        let (user, name) = (user.trim(), &*self.name);
        if user.is_empty() || name.is_empty() || user == name {
            let speaker = if name.is_empty() { user } else { name };
            return Ok(speaker.to_owned());
        }
        let wanted = format!("you joined as \"{}\", speak in that name", excerpt(name));
        Err(Error::invalid("user", user, &wanted))
    }

    /// Who has left has heard its own last words.
    fn has_left(&self) -> bool {
        self.saying.is_none() && self.posting.is_none() && self.said <= self.heard
    }
}

/// What is said after a participant's first message, heard in the name that it gave.
async fn rejoined(
    client: &Client,
    context: &Context,
    first: &ChatMessage,
) -> Result<(Context, Stream<ChatMessage>), Error> {
    let listening = step(context);
    let join = Join {
        user: first.user.clone(),
        after: Some(first.sequence),
    };
    let hearing = client.listen(&listening, &join).await?;
    Ok((listening, hearing))
}

impl Drop for Conversation {
    fn drop(&mut self) {
        self.hearing = stream::empty().boxed();
        self.hearing_next = None;
        for listening in &self.listening {
            gather(&self.context, listening);
        }
    }
}
