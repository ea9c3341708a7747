//! Chat.

use async_trait::async_trait;
use services::model::{ChatMessage, Join};
use services::{Chat, Context, Error, Stream};

use super::Client;
use crate::contract::chat::ListParticipantsRequest;
use crate::convert;

#[async_trait]
impl Chat for Client {
    async fn chat(
        &self,
        context: &Context,
        join: &Join,
        messages: Stream<ChatMessage>,
    ) -> Result<Stream<ChatMessage>, Error> {
        let (mut stub, join) = (self.chat.clone(), join.clone());
        let call = move |mut request: tonic::Request<_>| async move {
            convert::join_to_wire(&join, request.metadata_mut());
            stub.chat_stream(request).await
        };
        let (to_wire, from_wire) = (
            convert::chat_message_to_wire,
            convert::chat_message_from_wire,
        );
        self.converse(context, messages, to_wire, from_wire, call)
            .await
    }

    async fn post_message(
        &self,
        context: &Context,
        message: &ChatMessage,
    ) -> Result<ChatMessage, Error> {
        let mut stub = self.chat.clone();
        let message = convert::chat_message_to_wire(message);
        let call = async move |request| stub.post_message(request).await;
        let said = self.unary(context, message, call).await?;
        Ok(convert::chat_message_from_wire(said))
    }

    async fn list_participants(&self, context: &Context) -> Result<Vec<String>, Error> {
        let mut stub = self.chat.clone();
        let call = async move |request| stub.list_participants(request).await;
        let reply = self
            .unary(context, ListParticipantsRequest {}, call)
            .await?;
        Ok(reply.users)
    }
}
