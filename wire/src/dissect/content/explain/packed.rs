//! Messages that are compressed.

use super::super::super::gzip::{self, Unpacked};
use super::super::super::output::Output;
use super::super::{Context, held};
use super::Message;
use crate::dissection::{Derivation, Piece};
use crate::span::{Layer, Role, Span};

/// Undoes the compression, if there is one, and lets `explain` tell what comes out: in a derived
/// buffer, while the compressed bytes are told where they are.
pub(super) fn unpacked(
    what: &str,
    message: Message,
    context: Context<'_>,
    output: &mut Output,
    explain: impl FnOnce(Message, &mut Output) -> Vec<Span>,
) -> Vec<Span> {
    let limit = context.limits.inflated_bytes;
    let unpacked = match &*context.described.encoding {
        "" | "identity" => return explain(message, output),
        "gzip" | "x-gzip" => gzip::gunzip(&message.bytes, message.start, limit),
        "deflate" => gzip::zlib(&message.bytes, message.start, limit),
        _ => return opaque(&message, &context.described.encoding),
    };
    if !unpacked.bytes.is_empty() {
        let title = held::title(what, context.place.direction, Derivation::Inflated);
        derive(title, &message, &unpacked, context, output, explain);
    }
    unpacked.spans
}

fn derive(
    title: String,
    message: &Message,
    unpacked: &Unpacked,
    context: Context<'_>,
    output: &mut Output,
    explain: impl FnOnce(Message, &mut Output) -> Vec<Span>,
) {
    let from = unpacked.deflated.iter().map(|range| Piece {
        buffer: message.buffer,
        range: range.clone(),
    });
    let (from, bytes) = (from.collect(), unpacked.bytes.clone());
    let is_too_long = bytes.len() > context.limits.message_bytes;
    let note = match unpacked.is_whole {
        true => "not looked into: it inflates to more than what is kept of a message",
        false => "not looked into: the compressed data is not whole, or inflates to too much",
    };
    held::derive(
        title,
        Derivation::Inflated,
        from,
        bytes,
        output,
        |message, output| match unpacked.is_whole && !is_too_long {
            true => explain(message, output),
            false => {
                let spans = message.leaf(Layer::Unknown, Role::Value, "data");
                spans.into_iter().map(|span| span.note(note)).collect()
            }
        },
    );
}

/// What is compressed in a way that is not undone here.
fn opaque(message: &Message, encoding: &str) -> Vec<Span> {
    let spans = message.leaf(Layer::Unknown, Role::Compressed, "compressed data");
    let note = match encoding {
        "br" => "compressed with Brotli (RFC 7932), which is not undone here",
        "zstd" => "compressed with Zstandard (RFC 8878), which is not undone here",
        _ => "compressed in a way that is not undone here: see Content-Encoding",
    };
    spans.into_iter().map(|span| span.note(note)).collect()
}
