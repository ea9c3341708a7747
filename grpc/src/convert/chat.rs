//! Chat ↔ wire types. Who joins travels in the metadata of the call: its messages are the chat's.

use services::Error;
use services::model::{ChatMessage, Join};
use tonic::metadata::{MetadataMap, MetadataValue};

use super::files::{signed, unsigned};
use crate::contract::chat::ChatMessage as ChatMessageMessage;

/// The metadata that holds the participant's name, where it is ASCII.
const USER: &str = "chat-user";

/// The metadata that holds it otherwise, in UTF-8: gRPC writes what ends on `-bin` in Base64
/// (`grpc/doc/PROTOCOL-HTTP2.md`, "Custom-Metadata").
const USER_BIN: &str = "chat-user-bin";

/// The metadata that holds the sequence number of the last message seen, in decimal digits.
const AFTER: &str = "chat-after";

/// A message of the chat as protobuf's.
#[must_use]
pub fn chat_message_to_wire(message: &ChatMessage) -> ChatMessageMessage {
    ChatMessageMessage {
        user: message.user.clone(),
        text: message.text.clone(),
        timestamp: message.timestamp,
        sequence: signed(message.sequence),
        id: message.id.clone(),
    }
}

/// A message of the chat from protobuf's. A sequence number below zero is none.
#[must_use]
pub fn chat_message_from_wire(message: ChatMessageMessage) -> ChatMessage {
    ChatMessage {
        user: message.user,
        text: message.text,
        timestamp: message.timestamp,
        sequence: unsigned(message.sequence),
        id: message.id,
    }
}

/// Sets the metadata of who joins, in place of what a gateway may have been sent itself.
pub fn join_to_wire(join: &Join, metadata: &mut MetadataMap) {
    metadata.remove(USER);
    metadata.remove_bin(USER_BIN);
    metadata.remove(AFTER);
    if is_header(&join.user) {
        let user = MetadataValue::try_from(&join.user).expect("visible ASCII is a header");
        metadata.insert(USER, user);
    } else if !join.user.is_empty() {
        let user = MetadataValue::from_bytes(join.user.as_bytes());
        metadata.insert_bin(USER_BIN, user);
    }
    if let Some(after) = join.after {
        metadata.insert(AFTER, MetadataValue::from(after));
    }
}

/// Whether a name arrives as it is in a header: ASCII that is printed, without the spaces at its
/// ends that HTTP takes away.
fn is_header(name: &str) -> bool {
    let printed = |byte| matches!(byte, b' '..=b'~');
    !name.is_empty() && name.bytes().all(printed) && name.trim_matches(' ').len() == name.len()
}

/// Who joins, from the metadata. Names that are no ASCII are read from either field.
///
/// # Errors
/// [`Error::InvalidArgument`] for a name that is no UTF-8 or no Base64, and for a place that is no
/// number.
pub fn join_from_wire(metadata: &MetadataMap) -> Result<Join, Error> {
    Ok(Join {
        user: user(metadata)?,
        after: after(metadata)?,
    })
}

fn user(metadata: &MetadataMap) -> Result<String, Error> {
    let unreadable = |field, wanted: &str| Error::InvalidArgument(format!("{field} is {wanted}"));
    if let Some(value) = metadata.get_bin(USER_BIN) {
        let bytes = value.to_bytes();
        let bytes =
            bytes.map_err(|_| unreadable(USER_BIN, "no Base64: a gRPC library writes it"))?;
        return String::from_utf8(bytes.to_vec())
            .map_err(|_| unreadable(USER_BIN, "no UTF-8: write the name in it"));
    }
    let Some(value) = metadata.get(USER) else {
        return Ok(String::new());
    };
    String::from_utf8(value.as_bytes().to_vec())
        .map_err(|_| unreadable(USER, "no UTF-8: put the name into chat-user-bin"))
}

fn after(metadata: &MetadataMap) -> Result<Option<u64>, Error> {
    let Some(value) = metadata.get(AFTER) else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(value.as_bytes());
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(after) if digits => Ok(Some(after)),
        _ => Err(Error::invalid(
            AFTER,
            text,
            "write the sequence number of the last message seen, or leave it out",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use services::Code;

    fn joined(user: &str, after: Option<u64>) -> MetadataMap {
        let user = user.into();
        let mut metadata = MetadataMap::new();
        join_to_wire(&Join { user, after }, &mut metadata);
        metadata
    }

    #[test]
    fn every_name_arrives_as_it_is() {
        for user in [
            "",
            "Ana",
            "José",
            "Ana María ",
            " ",
            "a\u{1b}[31m\n",
            "~",
            "😀",
        ] {
            for after in [None, Some(0), Some(u64::MAX)] {
                let join = join_from_wire(&joined(user, after)).unwrap();
                assert_eq!((join.user.as_str(), join.after), (user, after));
            }
        }
    }

    #[test]
    fn a_name_in_ascii_is_readable_on_the_wire_and_another_is_base64() {
        assert_eq!(joined("Ana", None).get(USER).unwrap(), "Ana");
        let metadata = joined("José", None);
        assert_eq!(
            metadata.get_bin(USER_BIN).unwrap().as_encoded_bytes(),
            b"Sm9zw6k"
        );
        assert!(metadata.get(USER).is_none());
    }

    #[test]
    fn who_joins_stands_in_place_of_what_was_passed_on() {
        let mut metadata = joined("José", Some(7));
        join_to_wire(
            &Join {
                user: "Ana".into(),
                after: None,
            },
            &mut metadata,
        );
        assert_eq!(
            join_from_wire(&metadata).unwrap(),
            Join {
                user: "Ana".into(),
                after: None
            }
        );
    }

    #[test]
    fn a_place_that_is_no_number_and_a_name_that_is_no_text_are_invalid() {
        for (field, value) in [
            (AFTER, &b"x"[..]),
            (AFTER, b""),
            (AFTER, b"-1"),
            (AFTER, b"+1"),
            (AFTER, b"18446744073709551616"),
            (USER, b"\xff"),
            (USER_BIN, b"%%%"),
            (USER_BIN, b"/w"),
        ] {
            let value = http::HeaderValue::from_bytes(value).unwrap();
            let headers =
                http::HeaderMap::from_iter([(http::HeaderName::from_static(field), value)]);
            let error = join_from_wire(&MetadataMap::from_headers(headers)).unwrap_err();
            assert_eq!(error.code(), Code::InvalidArgument, "{error}");
            assert!(error.to_string().starts_with(field), "{error}");
        }
    }
}
