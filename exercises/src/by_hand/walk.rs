//! The records of a message, as the wire format has them: <https://protobuf.dev/programming-guides/encoding/>.

use anyhow::{Context as _, Result, bail};

/// One record: a tag and its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// The field's number.
    pub(super) number: u64,
    /// The tag as a number, with the wire type in it.
    pub(super) tag: u64,
    /// Where the tag stands in the message, from 0 on.
    pub(super) at: usize,
    /// The tag's own bytes.
    pub(super) tag_bytes: Vec<u8>,
    pub(super) payload: Payload,
}

/// What a record carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Payload {
    /// The number, and its bytes.
    Varint(u64, Vec<u8>),
    Fixed64(Vec<u8>),
    /// What stands behind the length.
    Bytes(Vec<u8>),
    Fixed32(Vec<u8>),
}

impl Payload {
    /// Its bytes, without a length.
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Varint(_, bytes)
            | Self::Fixed64(bytes)
            | Self::Bytes(bytes)
            | Self::Fixed32(bytes) => bytes,
        }
    }

    /// The number of a varint, 0 for anything else.
    pub(super) fn varint(&self) -> u64 {
        match self {
            Self::Varint(number, _) => *number,
            _ => 0,
        }
    }
}

/// All records of a message, in their order.
///
/// # Errors
/// Where the bytes are no message.
pub(super) fn records(message: &[u8]) -> Result<Vec<Record>> {
    let mut records = Vec::new();
    let mut rest = message;
    while !rest.is_empty() {
        let at = message.len() - rest.len();
        let (tag, tag_bytes) = varint(&mut rest)?;
        let payload = match tag & 7 {
            0 => {
                let (number, bytes) = varint(&mut rest)?;
                Payload::Varint(number, bytes)
            }
            1 => Payload::Fixed64(take(&mut rest, 8)?),
            2 => {
                let (length, _) = varint(&mut rest)?;
                Payload::Bytes(take(&mut rest, usize::try_from(length)?)?)
            }
            5 => Payload::Fixed32(take(&mut rest, 4)?),
            other => bail!("wire type {other} at byte {at}"),
        };
        records.push(Record {
            number: tag >> 3,
            tag,
            at,
            tag_bytes,
            payload,
        });
    }
    Ok(records)
}

/// Groups of seven bits, the least significant first; the top bit tells that another follows.
fn varint(rest: &mut &[u8]) -> Result<(u64, Vec<u8>)> {
    let end = rest.iter().take(10).position(|byte| byte & 0x80 == 0);
    let end = end.context("a varint does not end")?;
    let bytes = take(rest, end + 1)?;
    let joined = |number: u64, byte: &u8| (number << 7) | u64::from(byte & 0x7f);
    Ok((bytes.iter().rev().fold(0, joined), bytes))
}

fn take(rest: &mut &[u8], length: usize) -> Result<Vec<u8>> {
    let (taken, behind) = rest
        .split_at_checked(length)
        .context("the message ends too early")?;
    *rest = behind;
    Ok(taken.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_told_apart() {
        let records = records(&[0x08, 0xd2, 0x09, 0x12, 0x01, 0x61]).expect("it is a message");
        assert_eq!(records.len(), 2);
        assert_eq!((records[0].number, records[0].payload.varint()), (1, 1234));
        assert_eq!((records[1].at, records[1].payload.bytes()), (3, &b"a"[..]));
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        for message in [&[0x08][..], &[0x08, 0x80], &[0x12, 0x05, 0x61], &[0x0b]] {
            assert!(records(message).is_err(), "{message:?}");
        }
    }
}
