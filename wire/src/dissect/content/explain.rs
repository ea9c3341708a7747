//! Explains a message that is whole: undoes its compression, gives it to the dissector of its format,
//! and records what it says as a payload.

mod grpc;
mod packed;

use bytes::Bytes;

use super::super::output::Output;
use super::super::tree::is_sound;
use super::super::{json, protobuf, sse, text, xml};
use super::kind::Kind;
use super::stream::{Messages, Stream};
use super::{BodyPiece, Context};
use crate::dissection::{BufferId, Payload, PayloadKind, Piece};
use crate::span::{Layer, Role, Span};

/// A message, and where it is.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) buffer: BufferId,
    /// Place of the first byte in the buffer.
    pub(super) start: usize,
    pub(super) bytes: Bytes,
}

impl Message {
    pub(super) fn copy_of(piece: BodyPiece<'_>) -> Self {
        Self {
            buffer: piece.buffer,
            start: piece.start,
            bytes: Bytes::copy_from_slice(piece.bytes),
        }
    }

    /// Where it is.
    fn at(&self) -> Piece {
        Piece {
            buffer: self.buffer,
            range: self.start..self.start + self.bytes.len(),
        }
    }

    /// What comes after the first `count` bytes.
    fn after(&self, count: usize) -> Self {
        let count = count.min(self.bytes.len());
        Self {
            buffer: self.buffer,
            start: self.start + count,
            bytes: self.bytes.slice(count..),
        }
    }

    /// All of it as a leaf.
    fn leaf(&self, layer: Layer, role: Role, name: &'static str) -> Vec<Span> {
        let span = Span::new(self.at().range, layer, role, name);
        [span]
            .into_iter()
            .filter(|_| !self.bytes.is_empty())
            .collect()
    }
}

/// What a piece of a body that is one message is, before the message is whole: compressed, or of the
/// format that its media type names.
pub(super) fn of_piece(context: Context<'_>) -> (Layer, Role) {
    let layer = match Kind::of(&context.described.media_type) {
        Kind::Json | Kind::Stream(Messages::Lines) => Layer::Json,
        Kind::Xml => Layer::Xml,
        Kind::Protobuf => Layer::Protobuf,
        Kind::Text => Layer::Text,
        Kind::Stream(Messages::Grpc) | Kind::GrpcWebText => Layer::Grpc,
        Kind::Stream(Messages::Events) => Layer::Sse,
        Kind::Binary | Kind::Unsaid => Layer::Unknown,
    };
    match &*context.described.encoding {
        "" | "identity" => (layer, Role::Value),
        "gzip" | "x-gzip" | "deflate" => (Layer::Gzip, Role::Compressed),
        _ => (Layer::Unknown, Role::Compressed),
    }
}

/// A body that is one message.
pub(super) fn body(message: Message, context: Context<'_>, output: &mut Output) -> Vec<Span> {
    let kind = Kind::of(&context.described.media_type);
    packed::unpacked("body", message, context, output, |message, output| {
        plain(kind, message, context, output)
    })
}

/// One message of a body that carries several.
pub(super) fn message(
    messages: Messages,
    message: Message,
    context: Context<'_>,
    output: &mut Output,
) -> Vec<Span> {
    if message.bytes.is_empty() {
        return Vec::new();
    }
    match messages {
        Messages::Grpc => grpc::message(&message, context, output),
        Messages::Events => event(&message, context, output),
        Messages::Lines => line(&message, context, output),
    }
}

/// What is not compressed, or not any more.
fn plain(kind: Kind, message: Message, context: Context<'_>, output: &mut Output) -> Vec<Span> {
    let (bytes, start) = (&message.bytes[..], message.start);
    let most = context.limits.spans();
    let (kind, spans) = match kind {
        Kind::Json => (PayloadKind::Json, json::spans_within(most, bytes, start)),
        Kind::Xml => (PayloadKind::Xml, xml::spans_within(most, bytes, start)),
        Kind::Text => (PayloadKind::Text, text::spans_within(most, bytes, start)),
        Kind::Protobuf => (
            PayloadKind::Binary,
            protobuf::spans_within(most, bytes, start, None, ""),
        ),
        Kind::Binary => (PayloadKind::Binary, binary(&message)),
        Kind::GrpcWebText => (PayloadKind::Text, grpc_web_text(&message)),
        Kind::Stream(messages) => return several(messages, &message, context, output),
        Kind::Unsaid => unsaid(&message, context),
    };
    payload(kind, message, context, output);
    spans
}

fn payload(kind: PayloadKind, message: Message, context: Context<'_>, output: &mut Output) {
    if context.whole && !message.bytes.is_empty() {
        output.payload(Payload {
            place: context.place,
            kind,
            at: message.at(),
            bytes: message.bytes,
        });
    }
}

fn binary(message: &Message) -> Vec<Span> {
    let spans = message.leaf(Layer::Unknown, Role::Value, "data");
    let note = "bytes of a type that no dissector here looks into";
    spans.into_iter().map(|span| span.note(note)).collect()
}

fn grpc_web_text(message: &Message) -> Vec<Span> {
    let spans = message.leaf(Layer::Grpc, Role::Unknown, "messages in base64");
    let note = "gRPC-Web as text: its messages are spelt in base64, which is not undone here";
    spans.into_iter().map(|span| span.note(note)).collect()
}

/// Bytes that a compressed message or stream may inflate to and still be explained part by part: what
/// gRPC's libraries take by default. Parts of two bytes are spans of hundreds, and a bomb is made of
/// them.
const INFLATED_BYTES: usize = 4 * 1024 * 1024;

/// What came out of a compressed message, if it is too long to be explained part by part.
fn too_long(message: &Message) -> Option<Vec<Span>> {
    let spans = message.leaf(Layer::Unknown, Role::Value, "data");
    let note = "not looked into: it inflates to more than is explained part by part";
    let spans = spans.into_iter().map(|span| span.note(note)).collect();
    (message.bytes.len() > INFLATED_BYTES).then_some(spans)
}

/// Messages one after another that came out of a compressed body.
fn several(
    messages: Messages,
    message: &Message,
    context: Context<'_>,
    output: &mut Output,
) -> Vec<Span> {
    if let Some(spans) = too_long(message) {
        return spans;
    }
    let piece = BodyPiece {
        buffer: message.buffer,
        start: message.start,
        bytes: &message.bytes,
    };
    Stream::new(messages).piece(piece, true, context, output)
}

/// A message of which nobody says what it is: by its looks, and what looks like JSON or XML but
/// breaks its rules is text.
fn unsaid(message: &Message, context: Context<'_>) -> (PayloadKind, Vec<Span>) {
    let (bytes, start) = (&message.bytes[..], message.start);
    let most = context.limits.spans();
    let (kind, spans) = match Kind::sniffed(bytes) {
        Kind::Json => (PayloadKind::Json, json::spans_within(most, bytes, start)),
        Kind::Xml => (PayloadKind::Xml, xml::spans_within(most, bytes, start)),
        Kind::Text => (PayloadKind::Text, text::spans_within(most, bytes, start)),
        _ => (
            PayloadKind::Binary,
            message.leaf(Layer::Unknown, Role::Unknown, "data"),
        ),
    };
    let (kind, spans) = match is_sound(&spans) {
        true => (kind, spans),
        false => (PayloadKind::Text, text::spans_within(most, bytes, start)),
    };
    (kind, spans.into_iter().map(Span::guessed).collect())
}

fn event(message: &Message, context: Context<'_>, output: &mut Output) -> Vec<Span> {
    let event = sse::event_within(context.limits.spans(), &message.bytes, message.start);
    if let Some(data) = event.data {
        let range = data.range;
        let message = Message {
            buffer: message.buffer,
            start: range.start,
            bytes: data.bytes,
        };
        if context.whole {
            output.payload(Payload {
                place: context.place,
                kind: PayloadKind::Event,
                at: Piece {
                    buffer: message.buffer,
                    range,
                },
                bytes: message.bytes,
            });
        }
    }
    let range = message.at().range;
    vec![Span::new(range, Layer::Sse, Role::Framing, "event").children(event.spans)]
}

/// A JSON text on a line of its own.
fn line(message: &Message, context: Context<'_>, output: &mut Output) -> Vec<Span> {
    let end = message.bytes.len();
    let text = message.bytes.strip_suffix(b"\n");
    let text = text.unwrap_or(&message.bytes);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let count = text.len();
    let text = Message {
        bytes: message.bytes.slice(..count),
        ..message.clone()
    };
    let mut spans = match text.bytes.is_empty() {
        true => Vec::new(),
        false => plain(Kind::Json, text, context, output),
    };
    if count < end {
        let range = message.start + count..message.start + end;
        let span = Span::new(range, Layer::Json, Role::Framing, "line end");
        spans.push(span.note("ends a message: newline-delimited JSON has one a line"));
    }
    spans
}
