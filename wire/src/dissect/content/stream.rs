//! A body of messages one after another: each is explained as soon as it is whole.

mod ends;

use super::super::output::Output;
use super::explain::{self, Message};
use super::held::Held;
use super::{BodyPiece, Context};
use crate::span::{Layer, Role, Span};
use ends::Ends;

/// What messages follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Messages {
    /// gRPC's, each after a prefix of five bytes.
    Grpc,
    /// Server-sent events, each up to an empty line.
    Events,
    /// JSON texts, each on a line.
    Lines,
}

impl Messages {
    /// Whether the ends of messages can be seen in a body of that `Content-Encoding`. gRPC compresses
    /// each message by itself, and its ends can.
    pub(super) fn come_plain(self, encoding: &str) -> bool {
        self == Self::Grpc || matches!(encoding, "" | "identity")
    }
}

/// Messages, piece by piece.
#[derive(Debug)]
pub(super) struct Stream {
    messages: Messages,
    ends: Ends,
    held: Held,
    /// The message that is coming is longer than what may be kept.
    skips: bool,
}

impl Stream {
    pub(super) fn new(messages: Messages) -> Self {
        Self {
            messages,
            ends: Ends::new(messages),
            held: Held::default(),
            skips: false,
        }
    }

    pub(super) fn piece(
        &mut self,
        piece: BodyPiece<'_>,
        last: bool,
        context: Context<'_>,
        output: &mut Output,
    ) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut rest = piece;
        while let Some(end) = self.ends.next(rest.bytes) {
            let (message, after) = split(rest, end);
            rest = after;
            spans.extend(self.finished(message, context, output));
        }
        if last && self.held.is_empty() && !self.skips {
            spans.extend(self.explain(Message::copy_of(rest), self.remainder(context), output));
            return spans;
        }
        spans.extend(self.keep(rest, context));
        if last {
            self.end(context, output);
        }
        spans
    }

    /// A message ends with these bytes.
    fn finished(
        &mut self,
        piece: BodyPiece<'_>,
        context: Context<'_>,
        output: &mut Output,
    ) -> Vec<Span> {
        if self.held.is_empty() && !self.skips {
            return self.explain(Message::copy_of(piece), context, output);
        }
        let span = self.keep(piece, context);
        self.derive(context, output);
        self.skips = false;
        span.into_iter().collect()
    }

    /// Keeps part of a message for later; the leaf that it is in its own buffer.
    fn keep(&mut self, piece: BodyPiece<'_>, context: Context<'_>) -> Option<Span> {
        let count = self.held.len().saturating_add(piece.bytes.len());
        self.skips |= count > context.limits.message_bytes;
        match self.skips {
            true => self.held.clear(),
            false => self.held.push(piece),
        }
        let range = piece.start..piece.start + piece.bytes.len();
        let span = Span::new(range, self.layer(), Role::Value, "part of a message");
        let span = span.note(match self.skips {
            true => "not looked into: the message is longer than what is kept of one",
            false => "the message comes in several pieces, and is explained when it is whole",
        });
        Some(span).filter(|_| !piece.bytes.is_empty())
    }

    /// Nothing follows.
    pub(super) fn end(&mut self, context: Context<'_>, output: &mut Output) {
        self.derive(self.remainder(context), output);
    }

    /// As the last message is, after which its end has not come: an event or a gRPC message is not
    /// whole then, but a line is, and so is an event whose last line end was a lone CR.
    fn remainder<'a>(&self, context: Context<'a>) -> Context<'a> {
        Context {
            whole: context.whole && self.ends.may_end(),
            ..context
        }
    }

    fn derive(&mut self, context: Context<'_>, output: &mut Output) {
        if self.held.is_empty() {
            return;
        }
        let messages = self.messages;
        self.held
            .derive("message", context, output, |message, output| {
                explain::message(messages, message, context, output)
            });
    }

    fn explain(&self, message: Message, context: Context<'_>, output: &mut Output) -> Vec<Span> {
        explain::message(self.messages, message, context, output)
    }

    fn layer(&self) -> Layer {
        match self.messages {
            Messages::Grpc => Layer::Grpc,
            Messages::Events => Layer::Sse,
            Messages::Lines => Layer::Json,
        }
    }
}

/// The first `count` bytes of a piece, and the others.
fn split(piece: BodyPiece<'_>, count: usize) -> (BodyPiece<'_>, BodyPiece<'_>) {
    let (first, rest) = piece.bytes.split_at(count);
    let message = BodyPiece {
        bytes: first,
        ..piece
    };
    let after = BodyPiece {
        start: piece.start + count,
        bytes: rest,
        ..piece
    };
    (message, after)
}
