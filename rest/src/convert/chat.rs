//! Chat.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use services::{Error, model};

use super::{integer, present, present_integer, present_whole};
use crate::codec::percent;

/// One message with its place: a result, or an item of the stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct ChatMessage {
    pub user: String,
    pub text: String,
    pub timestamp: i64,
    pub sequence: u64,
    pub id: String,
}

/// A message to its object.
#[must_use]
pub fn chat_message_to_wire(message: model::ChatMessage) -> ChatMessage {
    ChatMessage {
        user: message.user,
        text: message.text,
        timestamp: message.timestamp,
        sequence: message.sequence,
        id: message.id,
    }
}

/// An object to its message.
#[must_use]
pub fn chat_message_from_wire(message: ChatMessage) -> model::ChatMessage {
    model::ChatMessage {
        user: message.user,
        text: message.text,
        timestamp: message.timestamp,
        sequence: message.sequence,
        id: message.id,
    }
}

/// The body of `post_message`: what the server sets may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct PostedMessage<'a> {
    pub user: Cow<'a, str>,
    pub text: Cow<'a, str>,
    #[serde(
        default,
        deserialize_with = "present_whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<i64>,
    #[serde(
        default,
        deserialize_with = "present_integer",
        skip_serializing_if = "Option::is_none"
    )]
    pub sequence: Option<u64>,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub id: Option<Cow<'a, str>>,
}

/// A message that is to be said to its object.
#[must_use]
pub fn posted_message_to_wire(message: &model::ChatMessage) -> PostedMessage<'_> {
    PostedMessage {
        user: Cow::Borrowed(&message.user),
        text: Cow::Borrowed(&message.text),
        timestamp: Some(message.timestamp).filter(|timestamp| *timestamp != 0),
        sequence: None,
        id: Some(Cow::Borrowed(&*message.id)).filter(|id| !id.is_empty()),
    }
}

/// An object to the message that is to be said.
#[must_use]
pub fn posted_message_from_wire(message: PostedMessage<'_>) -> model::ChatMessage {
    model::ChatMessage {
        user: message.user.into_owned(),
        text: message.text.into_owned(),
        timestamp: message.timestamp.unwrap_or_default(),
        sequence: message.sequence.unwrap_or_default(),
        id: message.id.map(Cow::into_owned).unwrap_or_default(),
    }
}

/// The query that asks for `chat`; empty where nothing is to be said.
#[must_use]
pub fn join_to_wire(join: &model::Join) -> String {
    let user = Some(&join.user).filter(|user| !user.is_empty());
    let user = user.map(|user| format!("user={}", percent::encode(user)));
    let after = join.after.map(|after| format!("after={after}"));
    let pairs: Vec<_> = user.into_iter().chain(after).collect();
    pairs.join("&")
}

/// A query to its join.
///
/// # Errors
/// [`Error::InvalidArgument`] where it is malformed.
pub fn join_from_wire(query: &str) -> Result<model::Join, Error> {
    let [user, after] = percent::optional(query, ["user", "after"])?;
    let after = after.map(|after| integer("after", &after)).transpose()?;
    Ok(model::Join {
        user: user.unwrap_or_default(),
        after,
    })
}

/// The result of `list_participants`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participants {
    /// Sorted, each once.
    pub participants: Vec<String>,
}
