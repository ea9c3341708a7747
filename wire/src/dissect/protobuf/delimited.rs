//! Values behind a length: strings, bytes, messages, and numbers packed one behind the other
//! (protobuf.dev, Encoding, "Length-Delimited Records").

use std::fmt::Write;

use prost_reflect::{Kind, MessageDescriptor};

use super::field::{Place, too_deep};
use super::guess::{self, Guess};
use super::part::{Cursor, Part};
use super::scalar::{self, Said};
use super::tag::{Tag, WireType};
use super::{Context, DEPTH, Rule, join, varint};
use crate::span::{Layer, Role, Span, VALUE_CHARACTERS};

/// Bytes of a `bytes` field of which the value shows the hexadecimal digits.
const SHOWN: usize = 64;

/// Characters of a map's key that a path has at most: keys may be as long as messages.
const KEY_CHARACTERS: usize = 64;

/// The length and what is behind it. Says what it says where that fits into a word.
pub(super) fn read(
    place: &Place<'_>,
    cursor: &mut Cursor<'_>,
    next: &mut usize,
    spans: &mut Vec<Span>,
) -> Result<String, Rule> {
    let (length_part, length) = cursor.varint()?;
    spans.push(place.context.certain(length_leaf(length_part, length)));
    let part = usize::try_from(length)
        .ok()
        .and_then(|length| cursor.take(length));
    let part = part.ok_or("the length goes past the end of the message")?;
    match place.declared {
        Some(declared) if declared.is_packed(WireType::Delimited) => {
            Ok(packed(place, declared.own_wire_type(), part, next, spans))
        }
        Some(declared) => Ok(match &declared.kind {
            Kind::Message(message) => nested(place, Some(message), part, spans),
            Kind::Bytes => one(place, part, bytes(part.bytes), spans),
            _ => text(place, part, spans),
        }),
        None => Ok(guessed(place, part, next, spans)),
    }
}

fn length_leaf(part: Part<'_>, length: u64) -> Span {
    let note = match length {
        0 => "nothing follows: the value is empty".to_owned(),
        _ if part.bytes.len() == 1 => "so many bytes follow".to_owned(),
        _ => format!("so many bytes follow; {}", varint::note(part.bytes, length)),
    };
    Span::new(part.range(), Layer::Protobuf, Role::Encoding, "length")
        .value(length.to_string())
        .note(note)
}

/// The one leaf of a value; none for an empty one.
fn one(place: &Place<'_>, part: Part<'_>, said: Said, spans: &mut Vec<Span>) -> String {
    let value = said.value.clone();
    if !part.bytes.is_empty() {
        spans.push(place.leaf(part, said, &place.path));
    }
    value
}

fn text(place: &Place<'_>, part: Part<'_>, spans: &mut Vec<Span>) -> String {
    match std::str::from_utf8(part.bytes) {
        Ok(text) => {
            let said = Said {
                name: "string",
                value: beginning(text, VALUE_CHARACTERS).to_owned(),
                note: "UTF-8, as it is: protobuf escapes nothing".to_owned(),
            };
            one(place, part, said, spans)
        }
        Err(_) => {
            let rule = "a string must be UTF-8 (protobuf.dev, Language Guide, Scalar Value Types)";
            spans.push(Span::broken(part.range(), Layer::Protobuf, rule));
            String::new()
        }
    }
}

/// Some more than the first `characters` characters, which [`Span::value`] cuts: a text may be as
/// long as a message, and is not to be copied for that.
fn beginning(text: &str, characters: usize) -> &str {
    let most = (characters + 1) * 4;
    let mut ends = (0..=most.min(text.len())).rev();
    let end = ends.find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

fn bytes(bytes: &[u8]) -> Said {
    let mut value = String::new();
    for byte in bytes.iter().take(SHOWN) {
        let _ = write!(value, "{byte:02x}");
    }
    if bytes.len() > SHOWN {
        value.push('…');
    }
    Said {
        name: "bytes",
        value,
        note: format!("{} bytes as they are, here in hexadecimal", bytes.len()),
    }
}

/// Numbers one behind the other: tag and length are there once for all.
fn packed(
    place: &Place<'_>,
    wire_type: WireType,
    part: Part<'_>,
    next: &mut usize,
    spans: &mut Vec<Span>,
) -> String {
    let mut cursor = Cursor::new(part);
    while !cursor.is_empty() {
        if place.context.left.get() == 0 {
            spans.extend(cursor.unread());
            break;
        }
        place.context.tells(1);
        match place.scalar(wire_type, &mut cursor) {
            Ok((part, said)) => {
                let path = join(&place.path, &next.to_string());
                spans.push(place.leaf(part, said, &path));
                *next += 1;
            }
            Err(rule) => spans.extend(cursor.broken(rule)),
        }
    }
    String::new()
}

fn nested(
    place: &Place<'_>,
    message: Option<&MessageDescriptor>,
    part: Part<'_>,
    spans: &mut Vec<Span>,
) -> String {
    let around = place.context;
    if around.depth >= DEPTH {
        spans.extend(too_deep(part));
        return String::new();
    }
    let entry = message.filter(|_| place.declared.is_some_and(|declared| declared.map));
    let key = entry.map(|entry| key_of(entry, part));
    let path = match &key {
        Some(key) => join(&place.path, key),
        None => place.path.clone(),
    };
    let context = Context {
        left: around.left,
        message,
        path: &path,
        depth: around.depth + 1,
        guessed: around.guessed || message.is_none(),
        entry: entry.is_some(),
    };
    spans.extend(context.all_fields(part));
    key.unwrap_or_default()
}

/// The key of a map's entry, wherever in it it comes; one that is left out is its type's default
/// (protobuf.dev, Encoding, "Maps").
fn key_of(entry: &MessageDescriptor, part: Part<'_>) -> String {
    let kind = entry.map_entry_key_field().kind();
    let mut key = match kind {
        Kind::String => String::new(),
        Kind::Bool => "false".to_owned(),
        _ => "0".to_owned(),
    };
    let mut cursor = Cursor::new(part);
    while let Ok(tag) = Tag::read(&mut cursor) {
        let Some(said) = skip(&tag, &kind, &mut cursor) else {
            break;
        };
        if tag.number == 1 {
            key = said;
        }
    }
    if let Some((end, _)) = key.char_indices().nth(KEY_CHARACTERS) {
        key.truncate(end);
        key.push('…');
    }
    key
}

/// The value behind a tag, as a key; `None` where there is none, or a group.
fn skip(tag: &Tag<'_>, kind: &Kind, cursor: &mut Cursor<'_>) -> Option<String> {
    match tag.wire_type {
        WireType::Varint => {
            let (_, number) = cursor.varint().ok()?;
            Some(scalar::varint_value(kind, number))
        }
        WireType::Fixed64 => {
            let bits = cursor.take(8)?.bytes.first_chunk().copied()?;
            Some(scalar::fixed64(Some(kind), u64::from_le_bytes(bits)).value)
        }
        WireType::Fixed32 => {
            let bits = cursor.take(4)?.bytes.first_chunk().copied()?;
            Some(scalar::fixed32(Some(kind), u32::from_le_bytes(bits)).value)
        }
        WireType::Delimited => {
            let (_, length) = cursor.varint().ok()?;
            let part = cursor.take(usize::try_from(length).ok()?)?;
            let most = part.bytes.len().min((KEY_CHARACTERS + 1) * 4);
            Some(String::from_utf8_lossy(&part.bytes[..most]).into_owned())
        }
        WireType::GroupBegin | WireType::GroupEnd => None,
    }
}

/// Bytes of which no descriptor tells the type.
fn guessed(place: &Place<'_>, part: Part<'_>, next: &mut usize, spans: &mut Vec<Span>) -> String {
    match guess::guess(part.bytes) {
        Guess::Empty => String::new(),
        Guess::Message => nested(place, None, part, spans),
        Guess::Text => text(place, part, spans),
        Guess::Packed(wire_type) => packed(place, wire_type, part, next, spans),
        Guess::Bytes => one(place, part, bytes(part.bytes), spans),
    }
}
