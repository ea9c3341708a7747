//! Varints: seven bits of a number in each byte, the lowest first, and the eighth bit says whether
//! another byte follows (protobuf.dev, Encoding, "Base 128 Varints").

use std::fmt::Write;

use super::Rule;

/// Bytes of the longest varint: 64 bits in sevens.
const MOST: usize = 10;

pub(super) const TORN: Rule = "the message ends within a varint";
const TOO_LONG: Rule = "a varint has at most 10 bytes (protobuf.dev, Encoding, Base 128 Varints)";
const TOO_LARGE: Rule = "the tenth byte of a varint holds one bit: this one has more than 64";

/// The varint at the front: how many bytes it has, and its number.
pub(super) fn read(bytes: &[u8]) -> Result<(usize, u64), Rule> {
    let mut number = 0;
    for (place, byte) in bytes.iter().take(MOST).enumerate() {
        if place == MOST - 1 && *byte > 1 {
            return Err(if *byte < 0x80 { TOO_LARGE } else { TOO_LONG });
        }
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Ok((place + 1, number));
        }
    }
    Err(TORN)
}

/// How many bytes that number takes, when none is wasted.
pub(super) fn size(number: u64) -> usize {
    let bits = 64 - (number | 1).leading_zeros() as usize;
    bits.div_ceil(7)
}

/// How its bytes make up a number: `0xac 0x02 = 0x2c + (0x02 << 7)`.
pub(super) fn sum(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:#04x} ");
    }
    for (place, byte) in bytes.iter().enumerate() {
        let low = byte & 0x7f;
        let _ = match place {
            0 => write!(text, "= {low:#04x}"),
            _ => write!(text, " + ({low:#04x} << {})", 7 * place),
        };
    }
    text
}

/// A sentence on the bytes of a varint.
pub(super) fn note(bytes: &[u8], number: u64) -> String {
    let mut text = match bytes {
        [byte] => format!("a varint of one byte, {byte:#04x}: numbers up to 127 need no more"),
        [_, _] | [_, _, _] => format!("a varint, 7 bits a byte, lowest first: {}", sum(bytes)),
        _ => format!(
            "a varint of {} bytes, 7 bits each, lowest first",
            bytes.len()
        ),
    };
    let needed = size(number);
    if needed < bytes.len() {
        let _ = write!(text, "; {needed} would do");
    }
    text
}

/// The number that zigzag maps to it: 0, -1, 1, -2, … for 0, 1, 2, 3, …
pub(super) fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// What zigzag maps a number to.
pub(super) fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}
