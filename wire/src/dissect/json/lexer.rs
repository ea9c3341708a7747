//! JSON's tokens: where they end, and what they say.

use super::super::tree::{characters, preview};

/// What may stand between tokens, RFC 8259, section 2.
pub(super) fn is_whitespace(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Where the string ends whose quotation mark is at `at`: past the closing one.
///
/// # Errors
/// The rule that it breaks.
pub(super) fn string_end(bytes: &[u8], at: usize) -> Result<usize, &'static str> {
    let mut next = at + 1;
    loop {
        match bytes.get(next) {
            Some(b'"') => break,
            Some(b'\\') => next += escape_length(&bytes[next + 1..])?,
            Some(0..0x20) => return Err("control characters are escaped (RFC 8259, section 7)"),
            Some(_) => next += 1,
            None => return Err("a string ends with a quotation mark (RFC 8259, section 7)"),
        }
    }
    match std::str::from_utf8(&bytes[at..next]) {
        Ok(_) => Ok(next + 1),
        Err(_) => Err("JSON is UTF-8 (RFC 8259, section 8.1)"),
    }
}

/// Length of an escape with its backslash, of which what comes after the backslash is given.
fn escape_length(after: &[u8]) -> Result<usize, &'static str> {
    match after.first() {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
        Some(b'u') if code_unit(after).is_some() => Ok(6),
        _ => Err("no such escape (RFC 8259, section 7)"),
    }
}

/// What `uXXXX` stands for.
fn code_unit(after: &[u8]) -> Option<u16> {
    let digits = after.get(1..5)?;
    let digits = std::str::from_utf8(digits).ok()?;
    let all_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| all_hex)
}

/// What a string says whose quotation marks are left out; only its first characters where it is
/// longer than a span's value. Half of a surrogate pair is replaced.
pub(super) fn text(raw: &[u8]) -> String {
    match raw.contains(&b'\\') {
        true => preview(
            char::decode_utf16(units(raw)).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER)),
        ),
        false => preview(characters(raw)),
    }
}

/// A string's UTF-16 units, in which escapes count.
fn units(raw: &[u8]) -> impl Iterator<Item = u16> {
    let mut rest = raw;
    let mut second_half = None;
    std::iter::from_fn(move || {
        if let Some(unit) = second_half.take() {
            return Some(unit);
        }
        if let Some((b'\\', after)) = rest.split_first() {
            let length = escape_length(after).unwrap_or(1);
            rest = rest.get(length..).unwrap_or_default();
            return Some(escaped(after));
        }
        let character = characters(rest.get(..4).unwrap_or(rest)).next()?;
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        let mut pair = [0; 2];
        let pair = character.encode_utf16(&mut pair);
        second_half = pair.get(1).copied();
        pair.first().copied()
    })
}

/// What an escape stands for, of which what comes after the backslash is given.
fn escaped(after: &[u8]) -> u16 {
    match after.first() {
        Some(b'b') => 0x8,
        Some(b'f') => 0xC,
        Some(b'n') => 0xA,
        Some(b'r') => 0xD,
        Some(b't') => 0x9,
        Some(b'u') => code_unit(after).unwrap_or(0xFFFD),
        Some(other) => u16::from(*other),
        None => 0xFFFD,
    }
}

/// Where the number ends that begins at `at`.
///
/// # Errors
/// The rule that it breaks.
pub(super) fn number_end(bytes: &[u8], at: usize) -> Result<usize, &'static str> {
    const RULE: &str = "no number of JSON's (RFC 8259, section 6)";
    let mut next = at + usize::from(bytes.get(at) == Some(&b'-'));
    next = match bytes.get(next) {
        Some(b'0') => next + 1,
        _ => digits_end(bytes, next).ok_or(RULE)?,
    };
    if bytes.get(next) == Some(&b'.') {
        next = digits_end(bytes, next + 1).ok_or(RULE)?;
    }
    if let Some(b'e' | b'E') = bytes.get(next) {
        let signed = matches!(bytes.get(next + 1), Some(b'+' | b'-'));
        next = digits_end(bytes, next + 1 + usize::from(signed)).ok_or(RULE)?;
    }
    Ok(next)
}

/// Where digits end, of which there has to be one.
fn digits_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?.iter();
    let count = rest.take_while(|byte| byte.is_ascii_digit()).count();
    (count > 0).then_some(at + count)
}

/// The literal at the front, with the name of its type.
pub(super) fn literal(rest: &[u8]) -> Option<(&'static str, &'static str)> {
    let literals = [("boolean", "true"), ("boolean", "false"), ("null", "null")];
    let mut literals = literals.into_iter();
    literals.find(|(_, text)| rest.starts_with(text.as_bytes()))
}
