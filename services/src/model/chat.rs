//! Chat.

/// Who takes part in the chat, and from where on: see [`chat`](crate::Chat::chat).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Join {
    /// The participant's name; where it is empty, that of the first message sent.
    pub user: String,
    /// The sequence number of the last message seen: the first one to come is the next. 0 is
    /// everything that the server keeps; without it only what is said from now on comes.
    pub after: Option<u64>,
}

/// One line of the chat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChatMessage {
    /// Who said it; where a sender leaves it empty, the server writes the name that was joined with.
    pub user: String,
    /// What was said.
    pub text: String,
    /// When, in seconds since 1970-01-01T00:00:00Z; the server sets it where it is 0.
    pub timestamp: i64,
    /// Its place in the one order that all participants see, from 1; the server sets it.
    pub sequence: u64,
    /// The sender's own id for it, or empty. A second message of the same user with the same id is
    /// dropped, which makes it safe to send again.
    pub id: String,
}
