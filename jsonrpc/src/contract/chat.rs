//! The chat: what everybody says comes as a subscription, what the participant says goes in calls
//! that name the subscription.

use jsonrpsee::core::SubscriptionResult;
use jsonrpsee::proc_macros::rpc;

use super::Answer;
use crate::convert::{ChatMessage, Integer};

/// See [`services::Chat`].
#[rpc(server)]
pub trait Chat {
    /// See [`services::Chat::chat`].
    #[subscription(
        name = "subscribe_chat" => "chat",
        unsubscribe = "unsubscribe_chat",
        item = crate::convert::StreamItem<ChatMessage>,
        with_extensions
    )]
    async fn chat(&self, user: Option<String>, after: Option<Integer>) -> SubscriptionResult;

    /// Says something in a chat of the same connection. The first call has the sequence number 0,
    /// each further one the next; a repeated number is ignored. Answers true when the chat has read
    /// it: it is said when it comes back.
    #[method(name = "chat.send", with_extensions)]
    async fn chat_send(
        &self,
        subscription: String,
        // The code that the macro makes has a variable `seq` of its own.
        #[argument(rename = "seq")] sequence: i32,
        items: Vec<ChatMessage>,
    ) -> Answer<bool>;

    /// Leaves a chat of the same connection: what was said up to the participant's last line still
    /// comes, then the subscription ends. Answers true.
    #[method(name = "chat.close", with_extensions)]
    async fn chat_close(&self, subscription: String) -> Answer<bool>;

    /// See [`services::Chat::post_message`].
    #[method(name = "post_message", with_extensions)]
    async fn post_message(
        &self,
        user: String,
        text: String,
        timestamp: Option<i64>,
        sequence: Option<Integer>,
        id: Option<String>,
    ) -> Answer<ChatMessage>;

    /// See [`services::Chat::list_participants`].
    #[method(name = "list_participants", with_extensions)]
    async fn list_participants(&self) -> Answer<Vec<String>>;
}
