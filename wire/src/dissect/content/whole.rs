//! A body that is one message: it is explained when it is whole.

use super::super::output::Output;
use super::explain::{self, Message};
use super::held::Held;
use super::{BodyPiece, Context};
use crate::span::{Layer, Span};

/// One message, piece by piece.
#[derive(Debug, Default)]
pub(super) struct Whole {
    held: Held,
    /// It is longer than what may be kept.
    is_too_long: bool,
}

impl Whole {
    pub(super) fn piece(
        &mut self,
        piece: BodyPiece<'_>,
        last: bool,
        context: Context<'_>,
        output: &mut Output,
    ) -> Vec<Span> {
        if last && self.held.is_empty() && !self.is_too_long {
            return explain::body(Message::copy_of(piece), context, output);
        }
        let span = self.keep(piece, context);
        if last {
            self.end(context, output);
        }
        span.into_iter().collect()
    }

    /// Keeps a piece for later; the leaf that it is in its own buffer.
    fn keep(&mut self, piece: BodyPiece<'_>, context: Context<'_>) -> Option<Span> {
        let count = self.held.len().saturating_add(piece.bytes.len());
        self.is_too_long |= count > context.limits.message_bytes;
        match self.is_too_long {
            true => self.held.clear(),
            false => self.held.push(piece),
        }
        let range = piece.start..piece.start + piece.bytes.len();
        let (layer, role) = explain::of_piece(context);
        let layer = match self.is_too_long {
            true => Layer::Unknown,
            false => layer,
        };
        let span = Span::new(range, layer, role, "body");
        let span = span.note(match self.is_too_long {
            true => "not looked into: the body is longer than what is kept of one",
            false => "a piece of the body, which is explained when it is whole",
        });
        Some(span).filter(|_| !piece.bytes.is_empty())
    }

    pub(super) fn end(&mut self, context: Context<'_>, output: &mut Output) {
        if self.held.is_empty() {
            return;
        }
        self.held
            .derive("body", context, output, |message, output| {
                explain::body(message, context, output)
            });
    }
}
