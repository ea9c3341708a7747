//! The chat: polls down and sends up at the same time, on two connections, as long as the stream
//! is read.

use std::mem;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use services::chat::text_fits;
use services::model::{ChatMessage, Join};
use services::stream::covered;
use services::{Chat, Context, Error, Stream};
use tokio::time::Instant;

use super::Client;
use super::poll::{LONGEST_WAIT, Poll, streaming};
use super::upload::{Unsent, send};
use crate::contract::{self, Step};
use crate::convert::{
    chat_line_to_wire, chat_message_from_wire, join_to_wire, participants_from_wire, post_to_wire,
};

/// How long the stream down may take to tell why nothing goes up any more.
const LAST_WORDS: Duration = Duration::from_secs(1);

#[async_trait]
impl Chat for Client {
    async fn chat(
        &self,
        context: &Context,
        join: &Join,
        messages: Stream<ChatMessage>,
    ) -> Result<Stream<ChatMessage>, Error> {
        let talk = Talk::open(self, context, join, messages).await?;
        let messages = stream::unfold(talk, |mut talk| async move {
            let message = talk.next().await?;
            Some((message, talk))
        });
        Ok(covered(context, messages.boxed()))
    }

    async fn post_message(
        &self,
        context: &Context,
        message: &ChatMessage,
    ) -> Result<ChatMessage, Error> {
        text_fits(&message.text)?;
        let params = post_to_wire(message)?;
        self.call(
            context,
            contract::POST_MESSAGE,
            params,
            chat_message_from_wire,
        )
        .await
    }

    async fn list_participants(&self, context: &Context) -> Result<Vec<String>, Error> {
        self.call(
            context,
            contract::LIST_PARTICIPANTS,
            Vec::new(),
            participants_from_wire,
        )
        .await
    }
}

/// One participant. Dropping it before its end leaves the chat at the server too.
struct Talk {
    heard: Poll<ChatMessage>,
    said: Said,
}

/// What goes up.
enum Said {
    /// Lines are sent until their stream ends, then what goes up is closed.
    Going(BoxFuture<'static, Result<(), Unsent>>),
    /// All was sent.
    Whole,
    /// The server takes no more; what comes down tells why, until then.
    Refused { error: Error, until: Instant },
}

impl Talk {
    async fn open(
        client: &Client,
        context: &Context,
        join: &Join,
        lines: Stream<ChatMessage>,
    ) -> Result<Self, Error> {
        let params = join_to_wire(join)?;
        let (read, last) = (chat_message_from_wire, Step::Cancel);
        let heard = Poll::open(client, context, contract::CHAT, params, read, last).await?;
        let (client, context, id) = (client.clone(), streaming(context), heard.id.clone());
        let lines = lines.map(|line| {
            let line = line?;
            text_fits(&line.text)?;
            chat_line_to_wire(&line)
        });
        let lines = lines.boxed();
        let said = async move {
            let _keeping = client.http.keep(1);
            let closed = send(&client, &context, contract::CHAT, &id, lines).await;
            closed.map(drop)
        };
        let said = Said::Going(said.boxed());
        Ok(Self { heard, said })
    }

    async fn next(&mut self) -> Option<Result<ChatMessage, Error>> {
        loop {
            if let Some(message) = self.heard.ready() {
                return Some(message);
            }
            if self.heard.has_ended() {
                return self.last_words();
            }
            if let Err(error) = self.step().await {
                self.said = Said::Whole;
                return Some(Err(self.heard.end(error)));
            }
        }
    }

    /// A stream that ends well, while not everything was said, has not ended well for its caller.
    fn last_words(&mut self) -> Option<Result<ChatMessage, Error>> {
        match mem::replace(&mut self.said, Said::Whole) {
            Said::Refused { error, .. } => Some(Err(error)),
            Said::Going(_) | Said::Whole => None,
        }
    }

    /// Waits for messages, or for the end of what goes up.
    async fn step(&mut self) -> Result<(), Error> {
        match &mut self.said {
            Said::Whole => self.heard.ask(LONGEST_WAIT).await,
            Said::Going(going) => tokio::select! {
                biased;
                sent = going => self.sent(sent),
                asked = self.heard.ask(LONGEST_WAIT) => asked,
            },
            Said::Refused { error, until } => {
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Err(error.clone());
                }
                self.heard.ask(left).await
            }
        }
    }

    fn sent(&mut self, sent: Result<(), Unsent>) -> Result<(), Error> {
        self.said = match sent {
            Ok(()) => Said::Whole,
            Err(Unsent::BySender(error)) => return Err(error),
            Err(Unsent::ByServer(error)) => {
                let until = Instant::now() + LAST_WORDS;
                Said::Refused { error, until }
            }
        };
        Ok(())
    }
}
