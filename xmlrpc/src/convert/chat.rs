//! Chat. A *line* is what a participant says, a *message* is what everybody hears: the line with
//! its place in the order. A line that XML cannot carry is refused, a message is shown, since it
//! may come from another protocol.

use dxr::Value;
use services::Error;
use services::model::{ChatMessage, Join};

use super::fields::{
    Members, integer, integer_to_wire, record_to_wire, shown_to_wire, text, text_to_wire, texts,
    time, time_to_wire,
};
use super::params::optional_params;

/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z in Unix seconds: what `dateTime.iso8601` spans.
const TIMES: (i64, i64) = (-62_135_596_800, 253_402_300_799);

/// The parameters of `chat.open`, without `after` where only what comes from now on is wanted.
///
/// # Errors
/// [`Error::InvalidArgument`] for text that XML cannot carry, or a sequence number past 2⁵³.
pub fn join_to_wire(join: &Join) -> Result<Vec<Value>, Error> {
    let mut values = vec![text_to_wire("user", &join.user)?];
    if let Some(after) = join.after {
        values.push(integer_to_wire("after", after)?);
    }
    Ok(values)
}

/// The reverse of [`join_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for other parameters.
pub fn join_from_wire(values: Vec<Value>) -> Result<Join, Error> {
    let ([], [user, after]) = optional_params(values, [], ["user", "after"])?;
    let user = user.map(|user| text("user", user)).transpose()?;
    Ok(Join {
        user: user.unwrap_or_default(),
        after: after.map(|after| integer("after", after)).transpose()?,
    })
}

/// What a participant says: without a time where the server is to set it, and without the place in
/// the order, which the server sets in any case.
///
/// # Errors
/// [`Error::InvalidArgument`] for text that XML cannot carry, or a time outside of the years 1 to
/// 9999.
pub fn chat_line_to_wire(line: &ChatMessage) -> Result<Value, Error> {
    let mut members = vec![
        ("user", text_to_wire("user", &line.user)?),
        ("text", text_to_wire("text", &line.text)?),
        ("id", text_to_wire("id", &line.id)?),
    ];
    if line.timestamp != 0 {
        members.push(("timestamp", time_to_wire("timestamp", line.timestamp)?));
    }
    let members = members.into_iter();
    Ok(Value::Struct(
        members.map(|(name, value)| (name.into(), value)).collect(),
    ))
}

/// The reverse of [`chat_line_to_wire`]; a member that is missing is empty, but `text`.
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn chat_line_from_wire(value: Value) -> Result<ChatMessage, Error> {
    let mut members = Members::of("message", value)?;
    Ok(ChatMessage {
        user: members.take_optional("user", text)?.unwrap_or_default(),
        text: members.take("text", text)?,
        timestamp: members
            .take_optional("timestamp", time)?
            .unwrap_or_default(),
        sequence: members
            .take_optional("sequence", integer)?
            .unwrap_or_default(),
        id: members.take_optional("id", text)?.unwrap_or_default(),
    })
}

/// The parameters of `post_message`, without those at the end that say nothing. The sequence is
/// the server's to set, so it goes as 0.
///
/// # Errors
/// As [`chat_line_to_wire`].
pub fn post_to_wire(line: &ChatMessage) -> Result<Vec<Value>, Error> {
    let mut values = vec![
        text_to_wire("user", &line.user)?,
        text_to_wire("text", &line.text)?,
    ];
    if line.timestamp != 0 || !line.id.is_empty() {
        values.push(time_to_wire("timestamp", line.timestamp)?);
    }
    if !line.id.is_empty() {
        values.extend([Value::Integer(0), text_to_wire("id", &line.id)?]);
    }
    Ok(values)
}

/// The reverse of [`post_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for other parameters.
pub fn post_from_wire(values: Vec<Value>) -> Result<ChatMessage, Error> {
    let optional = ["timestamp", "sequence", "id"];
    let ([user, line], [timestamp, sequence, id]) =
        optional_params(values, ["user", "text"], optional)?;
    let timestamp = timestamp.map(|at| time("timestamp", at)).transpose()?;
    let sequence = sequence
        .map(|place| integer("sequence", place))
        .transpose()?;
    let id = id.map(|id| text("id", id)).transpose()?;
    Ok(ChatMessage {
        user: text("user", user)?,
        text: text("text", line)?,
        timestamp: timestamp.unwrap_or_default(),
        sequence: sequence.unwrap_or_default(),
        id: id.unwrap_or_default(),
    })
}

/// What everybody hears. A time that `dateTime.iso8601` cannot tell is told as the nearest that it
/// can: nobody on another protocol can end the streams of this one by it.
///
/// # Errors
/// [`Error::InvalidArgument`] for a sequence number past 2⁵³, which no room reaches.
pub fn chat_message_to_wire(message: &ChatMessage) -> Result<Value, Error> {
    let timestamp = message.timestamp.clamp(TIMES.0, TIMES.1);
    Ok(record_to_wire([
        ("user", shown_to_wire(&message.user)),
        ("text", shown_to_wire(&message.text)),
        ("timestamp", time_to_wire("timestamp", timestamp)?),
        ("sequence", integer_to_wire("sequence", message.sequence)?),
        ("id", shown_to_wire(&message.id)),
    ]))
}

/// The reverse of [`chat_message_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn chat_message_from_wire(value: Value) -> Result<ChatMessage, Error> {
    let mut members = Members::of("message", value)?;
    Ok(ChatMessage {
        user: members.take("user", text)?,
        text: members.take("text", text)?,
        timestamp: members.take("timestamp", time)?,
        sequence: members.take("sequence", integer)?,
        id: members.take("id", text)?,
    })
}

/// The result of `list_participants`.
#[must_use]
pub fn participants_to_wire(names: &[String]) -> Value {
    Value::Array(names.iter().map(|name| shown_to_wire(name)).collect())
}

/// The reverse of [`participants_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn participants_from_wire(value: Value) -> Result<Vec<String>, Error> {
    texts("participants", value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_of_another_protocol_is_shown_whatever_it_holds() {
        let message = ChatMessage {
            user: "A\u{1}na".into(),
            text: "bell\u{7}\r\n".into(),
            timestamp: i64::MAX,
            sequence: 1 << 40,
            id: "\u{FFFF}".into(),
        };
        let shown = chat_message_to_wire(&message).and_then(chat_message_from_wire);
        let wanted = ChatMessage {
            user: "A\u{FFFD}na".into(),
            text: "bell\u{FFFD}\r\n".into(),
            timestamp: TIMES.1,
            sequence: 1 << 40,
            id: "\u{FFFD}".into(),
        };
        assert_eq!(shown, Ok(wanted));
    }

    #[test]
    fn a_line_goes_there_and_back_without_a_place() {
        let line = ChatMessage {
            user: "Ana".into(),
            text: "olá".into(),
            timestamp: 900_684_535,
            sequence: 7,
            id: "a-1".into(),
        };
        let came = ChatMessage {
            sequence: 0,
            ..line.clone()
        };
        let sent = chat_line_to_wire(&line).and_then(chat_line_from_wire);
        assert_eq!(sent.as_ref(), Ok(&came));
        assert_eq!(post_to_wire(&line).and_then(post_from_wire), Ok(came));
        let bare = ChatMessage {
            user: "Ana".into(),
            text: "olá".into(),
            ..ChatMessage::default()
        };
        let posted = post_to_wire(&bare).expect("XML carries it");
        assert_eq!(posted.len(), 2);
        assert_eq!(post_from_wire(posted), Ok(bare));
    }
}
