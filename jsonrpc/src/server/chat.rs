//! The chat over the backend: a subscription, and calls that name it.

use jsonrpsee::core::{SubscriptionResult, async_trait};
use jsonrpsee::{ConnectionId, Extensions, PendingSubscriptionSink};

use super::subscription::{opening, subscribed};
use super::{Room, context};
use crate::contract::Answer;
use crate::contract::chat::ChatServer;
use crate::convert::{
    ChatMessage, Integer, chat_message_from_wire, chat_message_to_wire, join_from_wire,
    posted_message_from_wire,
};
use crate::error::to_wire;

#[async_trait]
impl ChatServer for Room {
    async fn chat(
        &self,
        pending: PendingSubscriptionSink,
        call: &Extensions,
        user: Option<String>,
        after: Option<Integer>,
    ) -> SubscriptionResult {
        let context = context(call);
        let join = join_from_wire(user, after);
        // Held until the last item is on its way: who is told that the chat is gone finds out why.
        let (_open, messages) = self.chats.open(&pending, self.closing.clone());
        let open = self.backend.chat(&context, &join, messages);
        subscribed(pending, opening(call).run(open).await, chat_message_to_wire).await
    }

    async fn chat_send(
        &self,
        call: &Extensions,
        subscription: String,
        seq: i32,
        items: Vec<ChatMessage>,
    ) -> Answer<bool> {
        let messages = items.into_iter().map(chat_message_from_wire).collect();
        let sent = self
            .chats
            .send(connection(call), &subscription, seq, messages);
        let sent = context(call).within(sent).await;
        sent.map_err(|error| to_wire(&error))
    }

    async fn chat_close(&self, call: &Extensions, subscription: String) -> Answer<bool> {
        let closed = self.chats.close(connection(call), &subscription);
        let closed = context(call).within(closed).await;
        closed.map_err(|error| to_wire(&error))
    }

    async fn post_message(
        &self,
        call: &Extensions,
        user: String,
        text: String,
        timestamp: Option<i64>,
        sequence: Option<Integer>,
        id: Option<String>,
    ) -> Answer<ChatMessage> {
        let message = posted_message_from_wire(user, text, timestamp, sequence, id);
        match self.backend.post_message(&context(call), &message).await {
            Ok(message) => Ok(chat_message_to_wire(message)),
            Err(error) => Err(to_wire(&error)),
        }
    }

    async fn list_participants(&self, call: &Extensions) -> Answer<Vec<String>> {
        let participants = self.backend.list_participants(&context(call)).await;
        participants.map_err(|error| to_wire(&error))
    }
}

/// Which connection calls, by the number that the transport gave it.
fn connection(call: &Extensions) -> ConnectionId {
    call.get().copied().unwrap_or_default()
}
