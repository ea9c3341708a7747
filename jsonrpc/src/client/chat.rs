//! The chat over the wire: a subscription, and calls that name it, as one stream.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use async_trait::async_trait;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use services::chat::text_fits;
use services::model::{ChatMessage, Join};
use services::operation::{CHAT, LIST_PARTICIPANTS, POST_MESSAGE};
use services::{Chat, Context, DeadlineScope, Error, Stream};

use super::batches::batches;
use super::stream::Items;
use super::wire::ask;
use super::{Client, NOTHING};
use crate::contract;
use crate::convert::{
    self, chat_message_from_wire, chat_message_to_wire, join_to_wire, posted_message_to_wire,
};
use crate::transport::link::Link;

#[async_trait]
impl Chat for Client {
    async fn chat(
        &self,
        context: &Context,
        join: &Join,
        messages: Stream<ChatMessage>,
    ) -> Result<Stream<ChatMessage>, Error> {
        let params = join_to_wire(join);
        let heard = self.items(context, &CHAT, params, chat_message_from_wire);
        let heard = heard.await?;
        let said = heard.place().map(|(link, subscription)| Up {
            link,
            subscription,
            context: endless(context),
        });
        let conversation = Conversation {
            heard,
            said: said.map(|up| up.say(messages).boxed()),
        };
        Ok(services::stream::covered(context, conversation.boxed()))
    }

    async fn post_message(
        &self,
        context: &Context,
        message: &ChatMessage,
    ) -> Result<ChatMessage, Error> {
        text_fits(&message.text)?;
        let params = posted_message_to_wire(message);
        let message = self.call(context, POST_MESSAGE.name, params).await;
        message.map(chat_message_from_wire)
    }

    async fn list_participants(&self, context: &Context) -> Result<Vec<String>, Error> {
        self.call(context, LIST_PARTICIPANTS.name, NOTHING).await
    }
}

/// The same context for the calls inside of an open chat, which its deadline does not cover unless
/// it covers the stream whole.
fn endless(context: &Context) -> Context {
    let mut context = context.clone();
    if context.scope == DeadlineScope::Opening {
        context.deadline = None;
    }
    context
}

/// The upward half of a chat: calls on the connection of its subscription.
struct Up {
    link: Arc<Link>,
    subscription: Box<RawValue>,
    context: Context,
}

impl Up {
    /// Says each line as it comes, and leaves at the end. The next batch waits until the server has
    /// read the one before.
    async fn say(self, messages: Stream<ChatMessage>) -> Result<(), Error> {
        let (send, close) = (contract::send(CHAT.name), contract::close(CHAT.name));
        let messages = messages.map(|message| {
            let message = message?;
            text_fits(&message.text).map(|()| message)
        });
        let batches = batches(messages.boxed(), written_bytes).enumerate();
        futures::pin_mut!(batches);
        while let Some((seq, batch)) = batches.next().await {
            let items: Vec<_> = batch?.into_iter().map(chat_message_to_wire).collect();
            let params = (&self.subscription, seq, items);
            if self.call(&send, params).await? == Chatting::Ended {
                return Ok(());
            }
        }
        self.call(&close, [&self.subscription]).await.map(drop)
    }

    /// One call; what it answers beside an error does not matter.
    async fn call<P: Serialize>(&self, method: &str, params: P) -> Result<Chatting, Error> {
        let own = self.context.fresh_exchange();
        let answer = ask::<_, IgnoredAny>(&self.link, &own, method, params).await;
        // The bytes of the wire are counted with the subscription, which shares it.
        let part = own.exchange().body;
        self.context.learn(|whole| {
            whole.body.up += part.up;
            whole.body.down += part.down;
        });
        match answer {
            Ok(_) => Ok(Chatting::On),
            Err(Error::NotFound(_) | Error::Unavailable { .. }) => Ok(Chatting::Ended),
            Err(error) => Err(error),
        }
    }
}

/// Whether the server still has the chat. Where it has ended, or the connection broke, that is told
/// behind what is still to be heard.
#[derive(PartialEq, Eq)]
enum Chatting {
    On,
    Ended,
}

/// At most so many bytes is a line as JSON: a control character is written with six.
fn written_bytes(message: &ChatMessage) -> usize {
    /// Names of members, brackets, and numbers.
    const AROUND: usize = 120;
    6 * (message.user.len() + message.text.len() + message.id.len()) + AROUND
}

/// Both halves of a chat. Dropping it unsubscribes.
struct Conversation {
    heard: Items<convert::ChatMessage, ChatMessage>,
    /// `None` when everything is said.
    said: Option<BoxFuture<'static, Result<(), Error>>>,
}

impl Conversation {
    /// Goes on with what is to be said; gives what ends the chat.
    fn speak(&mut self, task: &mut TaskContext<'_>) -> Option<Error> {
        let said = self.said.as_mut()?;
        let Poll::Ready(outcome) = said.poll_unpin(task) else {
            return None;
        };
        self.said = None;
        outcome.err()
    }
}

impl futures::Stream for Conversation {
    type Item = Result<ChatMessage, Error>;

    fn poll_next(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Some(error) = this.speak(task) {
            this.heard.give_up();
            return Poll::Ready(Some(Err(error)));
        }
        let heard = this.heard.poll_next_unpin(task);
        if this.heard.is_over() {
            this.said = None;
        }
        heard
    }
}
