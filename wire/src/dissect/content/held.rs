//! What has come of a message that is not whole yet.

use bytes::{Bytes, BytesMut};

use super::super::output::Output;
use super::explain::Message;
use super::{BodyPiece, Context};
use crate::dissection::{BufferId, Derivation, Piece};
use crate::recording::Direction;
use crate::span::Span;

/// The pieces of a message so far.
#[derive(Debug, Default)]
pub(super) struct Held {
    bytes: BytesMut,
    from: Vec<Piece>,
}

impl Held {
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Bytes that are kept.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Keeps one more piece.
    pub(super) fn push(&mut self, piece: BodyPiece<'_>) {
        let end = piece.start + piece.bytes.len();
        self.bytes.extend_from_slice(piece.bytes);
        match self.from.last_mut() {
            Some(last) if last.buffer == piece.buffer && last.range.end == piece.start => {
                last.range.end = end;
            }
            _ if piece.bytes.is_empty() => {}
            _ => self.from.push(Piece {
                buffer: piece.buffer,
                range: piece.start..end,
            }),
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Makes a derived buffer of what is kept, and keeps nothing any more.
    pub(super) fn derive(
        &mut self,
        what: &str,
        context: Context<'_>,
        output: &mut Output,
        explain: impl FnOnce(Message, &mut Output) -> Vec<Span>,
    ) {
        let Self { bytes, from } = std::mem::take(self);
        let bytes = bytes.freeze();
        let title = title(what, context.place.direction, context.pieces_are);
        derive(title, context.pieces_are, from, bytes, output, explain);
    }
}

/// A derived buffer, explained as a message.
pub(super) fn derive(
    title: String,
    by: Derivation,
    from: Vec<Piece>,
    bytes: Bytes,
    output: &mut Output,
    explain: impl FnOnce(Message, &mut Output) -> Vec<Span>,
) {
    let kept = bytes.clone();
    output.derive(title, by, from, bytes, |buffer: BufferId, output| {
        let message = Message {
            buffer,
            start: 0,
            bytes: kept,
        };
        explain(message, output)
    });
}

/// What a reader is told of a derived buffer.
pub(super) fn title(what: &str, direction: Direction, by: Derivation) -> String {
    let whose = match direction {
        Direction::Up => "request",
        Direction::Down => "response",
    };
    let done = match by {
        Derivation::Dechunked => "dechunked",
        Derivation::Unmasked => "unmasked",
        Derivation::Reassembled => "reassembled",
        Derivation::Inflated => "inflated",
        Derivation::HuffmanDecoded => "Huffman-decoded",
    };
    format!("{whose} {what}, {done}")
}
