//! The chat.

use super::{Field, Kind, Operation, Repeat, Shape, field, optional, unary};

const CHAT_MESSAGE: &[Field] = &[
    field("user", Shape::Text),
    field("text", Shape::Text),
    optional("timestamp", Shape::Timestamp),
    optional("sequence", Shape::Integer),
    optional("id", Shape::Text),
];

/// See [`Chat::chat`](crate::Chat::chat).
pub static CHAT: Operation = Operation {
    kind: Kind::Bidirectional,
    repeat: Repeat::Unsafe,
    ..unary(
        "chat",
        "chat",
        &[
            optional("user", Shape::Text),
            optional("after", Shape::Integer),
        ],
        Shape::Record(CHAT_MESSAGE),
        "Takes part in the chat: everybody hears everything, in the same order.",
    )
};

/// See [`Chat::post_message`](crate::Chat::post_message).
pub static POST_MESSAGE: Operation = Operation {
    repeat: Repeat::Unsafe,
    ..unary(
        "chat",
        "post_message",
        CHAT_MESSAGE,
        Shape::Record(CHAT_MESSAGE),
        "Says one line without taking part; gives it with its place in the order.",
    )
};

/// See [`Chat::list_participants`](crate::Chat::list_participants).
pub static LIST_PARTICIPANTS: Operation = unary(
    "chat",
    "list_participants",
    &[],
    Shape::List(&Shape::Text),
    "The names of those who take part now.",
);
