//! What Redis gives for a message of the stream, and a message of the chat.

use redis::Value;
use services::model::ChatMessage;

/// One entry of the stream, as it came: to be known again.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry(Value);

/// The place of an entry: milliseconds and a count in Redis' own use of streams, the sequence
/// number and 0 in ours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(pub(super) u64, pub(super) u64);

impl Place {
    /// As commands want it.
    pub(super) fn text(self) -> String {
        format!("{}-{}", self.0, self.1)
    }
}

impl Entry {
    /// The entries of an answer to `XRANGE` or `XREVRANGE`.
    pub(super) fn list(answer: Value) -> Vec<Self> {
        match answer {
            Value::Array(entries) => entries.into_iter().map(Self).collect(),
            _ => Vec::new(),
        }
    }

    /// The entries of an answer to `XREAD` for one stream; none where nothing came in time.
    pub(super) fn of_one_stream(answer: Value) -> Vec<Self> {
        let Value::Array(mut streams) = answer else {
            return Vec::new();
        };
        match streams.pop() {
            Some(Value::Array(mut name_and_entries)) => {
                name_and_entries.pop().map_or_else(Vec::new, Self::list)
            }
            _ => Vec::new(),
        }
    }

    /// The entry that a script gave.
    pub(super) fn one(answer: Value) -> Self {
        Self(answer)
    }

    /// Its place; `None` where this is no entry.
    pub(super) fn place(&self) -> Option<Place> {
        let Value::Array(parts) = &self.0 else {
            return None;
        };
        let (milliseconds, count) = text(parts.first()?)?.split_once('-')?;
        Some(Place(milliseconds.parse().ok()?, count.parse().ok()?))
    }

    /// The message; `None` for an entry that no server of ours has written.
    pub(super) fn message(&self) -> Option<ChatMessage> {
        let place = self.place().filter(|place| place.1 == 0)?;
        Some(ChatMessage {
            user: self.field("user")?.to_owned(),
            text: self.field("text")?.to_owned(),
            timestamp: self.field("timestamp")?.parse().ok()?,
            sequence: place.0,
            id: self.field("id")?.to_owned(),
        })
    }

    fn field(&self, name: &str) -> Option<&str> {
        let Value::Array(parts) = &self.0 else {
            return None;
        };
        let Value::Array(fields) = parts.get(1)? else {
            return None;
        };
        let mut pairs = fields.chunks_exact(2);
        let pair = pairs.find(|pair| text(&pair[0]) == Some(name))?;
        text(&pair[1])
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::BulkString(bytes) => std::str::from_utf8(bytes).ok(),
        Value::SimpleString(text) => Some(text),
        _ => None,
    }
}
