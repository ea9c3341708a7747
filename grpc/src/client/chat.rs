//! Chat.

use async_trait::async_trait;
use futures::StreamExt;
use services::chat::text_fits;
use services::model::{ChatMessage, Join};
use services::{Chat, Context, Error, Stream};

use super::Client;
use crate::contract::chat::ListParticipantsRequest;
use crate::contract::chat::chat_service_client::ChatServiceClient;
use crate::convert;

#[async_trait]
impl Chat for Client {
    async fn chat(
        &self,
        context: &Context,
        join: &Join,
        messages: Stream<ChatMessage>,
    ) -> Result<Stream<ChatMessage>, Error> {
        let (origin, bytes, join) = (self.origin.clone(), self.options.reply_bytes, join.clone());
        let call = move |channel, mut request: tonic::Request<_>| async move {
            convert::join_to_wire(&join, request.metadata_mut());
            let stub = ChatServiceClient::with_origin(channel, origin);
            let mut stub = stub.max_decoding_message_size(bytes);
            stub.chat_stream(request).await
        };
        let (to_wire, from_wire) = (
            convert::chat_message_to_wire,
            convert::chat_message_from_wire,
        );
        let messages = messages.map(|message| {
            let message = message?;
            text_fits(&message.text).map(|()| message)
        });
        self.converse(context, messages.boxed(), to_wire, from_wire, call)
            .await
    }

    async fn post_message(
        &self,
        context: &Context,
        message: &ChatMessage,
    ) -> Result<ChatMessage, Error> {
        text_fits(&message.text)?;
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
