//! The types of the chat.

use serde::{Deserialize, Serialize};
use services::model;

use super::{Integer, or_default};

/// The parameters of `subscribe_chat`, by position.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Join<'a>(
    &'a str,
    #[serde(skip_serializing_if = "Option::is_none")] Option<Integer>,
);

/// Who takes part, to parameters.
#[must_use]
pub fn join_to_wire(join: &model::Join) -> Join<'_> {
    Join(&join.user, join.after.map(Integer))
}

/// Parameters, as `#[rpc]` has decoded them, to who takes part.
#[must_use]
pub fn join_from_wire(user: Option<String>, after: Option<Integer>) -> model::Join {
    model::Join {
        user: user.unwrap_or_default(),
        after: after.map(|after| after.0),
    }
}

/// One line of the chat: a result, an item of the stream down, an item of `chat.send`. Who sends
/// may leave out what the server sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct ChatMessage {
    pub user: String,
    pub text: String,
    #[serde(default, deserialize_with = "or_default")]
    pub timestamp: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub sequence: Integer,
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
}

/// A line to its object.
#[must_use]
pub fn chat_message_to_wire(message: model::ChatMessage) -> ChatMessage {
    ChatMessage {
        user: message.user,
        text: message.text,
        timestamp: message.timestamp,
        sequence: Integer(message.sequence),
        id: message.id,
    }
}

/// An object to its line.
#[must_use]
pub fn chat_message_from_wire(message: ChatMessage) -> model::ChatMessage {
    model::ChatMessage {
        user: message.user,
        text: message.text,
        timestamp: message.timestamp,
        sequence: message.sequence.0,
        id: message.id,
    }
}

/// The parameters of `post_message`, by position.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PostedMessage<'a>(&'a str, &'a str, i64, Integer, &'a str);

/// A line that is to be said, to parameters.
#[must_use]
pub fn posted_message_to_wire(message: &model::ChatMessage) -> PostedMessage<'_> {
    let sequence = Integer(message.sequence);
    let model::ChatMessage { user, text, id, .. } = message;
    PostedMessage(user, text, message.timestamp, sequence, id)
}

/// Parameters, as `#[rpc]` has decoded them, to a line that is to be said.
#[must_use]
pub fn posted_message_from_wire(
    user: String,
    text: String,
    timestamp: Option<i64>,
    sequence: Option<Integer>,
    id: Option<String>,
) -> model::ChatMessage {
    model::ChatMessage {
        user,
        text,
        timestamp: timestamp.unwrap_or_default(),
        sequence: sequence.unwrap_or_default().0,
        id: id.unwrap_or_default(),
    }
}
