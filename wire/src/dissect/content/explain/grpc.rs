//! gRPC's messages, and gRPC-Web's trailers.

use super::super::super::grpc::{self as prefix, Prefix};
use super::super::super::output::Output;
use super::super::super::{json, protobuf};
use super::super::Context;
use super::{Message, packed, too_long};
use crate::dissection::{Head, HeadKind, HeaderField, Payload, PayloadKind, Piece};
use crate::span::{Certainty, Layer, Role, Span};

/// One message, or what there is of it.
pub(super) fn message(message: &Message, context: Context<'_>, output: &mut Output) -> Vec<Span> {
    let Some(prefix) = Prefix::read(&message.bytes) else {
        let rule = "a message begins with five bytes (gRPC over HTTP/2, Length-Prefixed-Message)";
        return vec![Span::broken(message.at().range, Layer::Grpc, rule)];
    };
    let inner = message.after(prefix::PREFIX_BYTES);
    let is_whole = inner.bytes.len() == prefix.length;
    let mut children = prefix.spans(message.start);
    children.extend(match (is_whole, prefix.is_trailers()) {
        (false, _) => inner.leaf(Layer::Grpc, Role::Unknown, "part of a message"),
        (true, true) => trailers(&inner, context, output),
        (true, false) => carried(inner, prefix, context, output),
    });
    let name = match prefix.is_trailers() {
        true => "trailers",
        false => "message",
    };
    let mut span = Span::new(message.at().range, Layer::Grpc, Role::Framing, name);
    if !is_whole {
        span.certainty = Certainty::Broken;
        span.note = "the message ends before it is whole".into();
    }
    vec![span.children(children)]
}

/// What comes after the prefix.
fn carried(
    message: Message,
    prefix: Prefix,
    context: Context<'_>,
    output: &mut Output,
) -> Vec<Span> {
    if !prefix.is_compressed() {
        return plain(message, context, output);
    }
    packed::unpacked(
        "message",
        message,
        context,
        output,
        |message, output| match too_long(&message) {
            Some(spans) => spans,
            None => plain(message, context, output),
        },
    )
}

fn plain(message: Message, context: Context<'_>, output: &mut Output) -> Vec<Span> {
    let (bytes, start) = (&message.bytes[..], message.start);
    let most = context.limits.spans();
    let path = &context.described.path;
    let descriptor = context
        .knowledge
        .message_of_call(path, context.place.direction);
    let spans = match context.described.media_type.contains("+json") {
        true => json::spans_within(most, bytes, start),
        false => protobuf::spans_within(most, bytes, start, descriptor.as_ref(), ""),
    };
    // An empty message is a message too: every field has its default.
    output.payload(Payload {
        place: context.place,
        kind: PayloadKind::Grpc,
        at: message.at(),
        bytes: message.bytes,
    });
    spans
}

/// gRPC-Web's trailers, which come as a last message instead of header fields.
fn trailers(message: &Message, context: Context<'_>, output: &mut Output) -> Vec<Span> {
    let lines = prefix::trailer_lines(&message.bytes);
    let fields = lines.iter().filter_map(|line| {
        let at = Piece {
            buffer: message.buffer,
            range: message.start + line.range.start..message.start + line.range.end,
        };
        let (name, value) = line.field.clone()?;
        Some(HeaderField {
            name,
            value,
            at,
            wire_bytes: line.range.len(),
            plain_bytes: line.range.len(),
        })
    });
    let fields = fields.collect();
    if context.whole {
        output.head(Head {
            place: context.place,
            kind: HeadKind::Trailers,
            fields,
            table: None,
        });
    }
    prefix::trailer_spans(&lines, message.start)
}
