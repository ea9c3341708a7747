//! The chat: server-sent events down, and one POST for each message up.

use async_trait::async_trait;
use services::chat::text_fits;
use services::model::{ChatMessage, Join};
use services::stream::covered;
use services::{Chat, Context, Error, Stream};

use super::Client;
use super::conversation::Conversation;
use crate::contract;
use crate::convert::{self, Participants};

#[async_trait]
impl Chat for Client {
    async fn chat(
        &self,
        context: &Context,
        join: &Join,
        messages: Stream<ChatMessage>,
    ) -> Result<Stream<ChatMessage>, Error> {
        let conversation = Conversation::open(self.clone(), context, join, messages).await?;
        Ok(covered(context, conversation.messages()))
    }

    async fn post_message(
        &self,
        context: &Context,
        message: &ChatMessage,
    ) -> Result<ChatMessage, Error> {
        text_fits(&message.text)?;
        let body = convert::posted_message_to_wire(message);
        let message = self.post(context, &contract::POST_MESSAGE, body);
        message.await.map(convert::chat_message_from_wire)
    }

    async fn list_participants(&self, context: &Context) -> Result<Vec<String>, Error> {
        let route = &contract::LIST_PARTICIPANTS;
        let Participants { participants } = self.get(context, route, route.path).await?;
        Ok(participants)
    }
}

impl Client {
    /// What is said in the chat.
    pub(super) async fn listen(
        &self,
        context: &Context,
        join: &Join,
    ) -> Result<Stream<ChatMessage>, Error> {
        let route = &contract::CHAT;
        let target = match convert::join_to_wire(join) {
            query if query.is_empty() => route.path.to_owned(),
            query => format!("{}?{query}", route.path),
        };
        self.open(context, route, &target, convert::chat_message_from_wire)
            .await
    }
}
