//! What bytes behind a length may be, when no descriptor tells: the likeliest of several readings.

use super::part::{Cursor, Part};
use super::tag::{Tag, WireType};

/// Field numbers from here on are kept for protobuf's own use, and nobody numbers so far: bytes with
/// such a number are hardly a message.
const LARGEST_FIELD: u32 = 18_999;

/// What bytes may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    Empty,
    Message,
    Text,
    /// Numbers of that wire type, one behind the other.
    Packed(WireType),
    Bytes,
}

/// In time linear in the number of bytes; a message within them is not looked into.
pub(super) fn guess(bytes: &[u8]) -> Guess {
    if bytes.is_empty() {
        return Guess::Empty;
    }
    let text = is_text(bytes);
    if is_message(bytes) && (!text || begins_like_a_message(bytes)) {
        Guess::Message
    } else if text {
        Guess::Text
    } else if are_doubles(bytes) {
        Guess::Packed(WireType::Fixed64)
    } else if are_varints(bytes) {
        Guess::Packed(WireType::Varint)
    } else {
        Guess::Bytes
    }
}

/// A tag of field 1 is a line feed (length-delimited) or a tab (64 bits), with which texts seldom
/// begin.
fn begins_like_a_message(text: &[u8]) -> bool {
    matches!(text, [b'\n' | b'\t', ..])
}

/// UTF-8 without control characters but line ends and tabs.
fn is_text(bytes: &[u8]) -> bool {
    let control = |byte: &u8| matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 127);
    !bytes.iter().any(control) && std::str::from_utf8(bytes).is_ok()
}

/// Whether there is nothing but fields, none of them a group.
fn is_message(bytes: &[u8]) -> bool {
    let mut cursor = Cursor::new(Part { bytes, start: 0 });
    while !cursor.is_empty() {
        if skip(&mut cursor).is_none() {
            return false;
        }
    }
    true
}

/// One field.
fn skip(cursor: &mut Cursor<'_>) -> Option<()> {
    let tag = Tag::read(cursor).ok()?;
    let tag = Some(tag).filter(|tag| tag.number <= LARGEST_FIELD)?;
    let length = match tag.wire_type {
        WireType::Varint => return cursor.varint().ok().map(|_| ()),
        WireType::Fixed64 => 8,
        WireType::Fixed32 => 4,
        WireType::Delimited => usize::try_from(cursor.varint().ok()?.1).ok()?,
        WireType::GroupBegin | WireType::GroupEnd => return None,
    };
    cursor.take(length).map(|_| ())
}

/// Whether all of them are numbers as people have them: neither tiny nor huge.
fn are_doubles(bytes: &[u8]) -> bool {
    let (numbers, rest) = bytes.as_chunks();
    let likely = |number: &[u8; 8]| {
        let number = f64::from_le_bytes(*number).abs();
        number == 0.0 || (1e-6..1e15).contains(&number)
    };
    rest.is_empty() && numbers.iter().all(likely)
}

/// Whether there are several varints of which none wastes a byte.
fn are_varints(bytes: &[u8]) -> bool {
    let mut cursor = Cursor::new(Part { bytes, start: 0 });
    let mut count = 0;
    while !cursor.is_empty() {
        match cursor.varint() {
            Ok((part, number)) if part.bytes.len() == super::varint::size(number) => count += 1,
            _ => return false,
        }
    }
    count > 1
}
