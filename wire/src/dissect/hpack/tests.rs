//! The examples of RFC 7541, a second opinion, and bytes that break rules.

mod examples;
mod hostile;
mod oracle;

use super::{Block, Decoder, Explained};
use crate::dissect::output::Output;
use crate::dissection::BufferId;
use crate::recording::Direction;
use crate::span::tiles;

/// Where these tests say that their blocks are.
const BUFFER: BufferId = BufferId::Recorded(0, Direction::Up);

/// What a block says; its spans tile it.
fn explain(decoder: &mut Decoder, bytes: &[u8]) -> Explained {
    let mut output = Output::default();
    let block = Block {
        buffer: BUFFER,
        start: 100,
        bytes,
    };
    let explained = decoder.block(block, &mut output);
    tiles(&explained.spans, 100..100 + bytes.len()).expect("spans tile the block");
    output.take().check().expect("spans tile derived buffers");
    explained
}

/// Names and values.
fn texts(explained: &Explained) -> Vec<(&str, &str)> {
    let fields = explained.fields.iter();
    let texts = fields.map(|field| (field.name.as_str(), field.value.as_str()));
    texts.collect()
}

/// Bytes written as hexadecimal digits, with or without blanks.
fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .collect();
    let pairs = digits.chunks(2);
    pairs
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).expect("two digits"))
        .collect()
}
