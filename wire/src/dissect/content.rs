//! What messages carry, by media type: finds where a message ends, undoes what can be undone
//! (compression, frames), and gives it to the dissector of its format.
//!
//! A message that lies in one piece is explained where it lies. One that comes in several pieces is
//! put together in a derived buffer, where it is explained, and its pieces stay leaves.

mod explain;
mod held;
mod kind;
mod stream;
mod whole;

#[cfg(test)]
mod tests;

use super::connection::Input;
use super::knowledge::Knowledge;
use super::limits::Limits;
use super::output::Output;
use crate::dissection::{BufferId, Derivation, Place};
use crate::span::Span;
use kind::Kind;
use stream::Stream;
use whole::Whole;

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
    pieces_are: Derivation,
    body: Body,
}

/// How a body is read.
#[derive(Debug)]
enum Body {
    /// One message, whatever it is.
    Whole(Whole),
    /// One message after another.
    Stream(Stream),
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

/// All that one needs to know to explain a message.
#[derive(Debug, Clone, Copy)]
struct Context<'a> {
    described: &'a Described,
    place: Place,
    pieces_are: Derivation,
    knowledge: &'a Knowledge,
    limits: Limits,
    /// Whether the message is whole; if not, the connection ended in the middle of it.
    whole: bool,
}

impl Content {
    /// A body of which nothing has come yet. What comes in several pieces counts as
    /// [`Derivation::Reassembled`].
    #[must_use]
    pub fn new(described: Described, place: Place) -> Self {
        let body = match Kind::of(&described.media_type).messages() {
            Some(messages) if messages.come_plain(&described.encoding) => {
                Body::Stream(Stream::new(messages))
            }
            _ => Body::Whole(Whole::default()),
        };
        Self {
            described,
            place,
            pieces_are: Derivation::Reassembled,
            body,
        }
    }

    /// Tells what it is that makes pieces of the body: [`Derivation::Dechunked`] for chunks.
    #[must_use]
    pub fn in_pieces_by(mut self, derivation: Derivation) -> Self {
        self.pieces_are = derivation;
        self
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
        let (body, context) = self.parts(input, true);
        match body {
            Body::Whole(whole) => whole.piece(piece, last, context, output),
            Body::Stream(stream) => stream.piece(piece, last, context, output),
        }
    }

    /// Nothing follows: what came before is whole. Called once, unless a piece was `last`.
    pub fn end(&mut self, input: &Input<'_>, output: &mut Output) {
        self.finish(input, output, true);
    }

    /// Nothing follows, although more was to come: what came before is explained as far as it goes.
    /// Called instead of [`Content::end`].
    pub fn cut_off(&mut self, input: &Input<'_>, output: &mut Output) {
        self.finish(input, output, false);
    }

    fn finish(&mut self, input: &Input<'_>, output: &mut Output, is_whole: bool) {
        let (body, context) = self.parts(input, is_whole);
        match body {
            Body::Whole(whole) => whole.end(context, output),
            Body::Stream(stream) => stream.end(context, output),
        }
    }

    fn parts<'a>(&'a mut self, input: &Input<'a>, whole: bool) -> (&'a mut Body, Context<'a>) {
        let context = Context {
            described: &self.described,
            place: self.place,
            pieces_are: self.pieces_are,
            knowledge: input.knowledge,
            limits: input.limits,
            whole,
        };
        (&mut self.body, context)
    }
}
