//! Chunks, RFC 9112, section 7.1: a size in hexadecimal, the bytes, and so on to a chunk of none.

use super::body::{Body, Stage, Step};
use super::fields::Fields;
use super::lines::{Line, head_end, line_end, line_feed, lines};
use super::piece_bytes;
use crate::dissect::connection::Input;
use crate::dissect::output::Output;
use crate::dissect::row::Row;
use crate::dissection::{Head, HeadKind, Place};
use crate::span::{Layer, Role, Span};

/// Bytes of a line with a chunk's size, its extensions among them, that are looked at. Recipients
/// have to limit them (RFC 9112, section 7.1.1); 4,096 are far more than anybody sends.
const SIZE_LINE_BYTES: usize = 4096;

/// Reads a chunk; of one that is not to be kept whole, or cannot be, only the line with its size.
pub(super) fn chunk(
    body: &mut Body,
    input: &Input<'_>,
    scanned: &mut usize,
    output: &mut Output,
) -> Step {
    let most = SIZE_LINE_BYTES.min(input.limits.message_bytes).max(1);
    let found = line_feed(input.bytes, scanned).filter(|place| *place < most);
    let Some(line_bytes) = found.map(|place| place + 1) else {
        let take = input.bytes.len().min(most);
        return match input.ended || take == most {
            true => lost(
                input,
                take,
                "a chunk begins with a line that tells its size",
            ),
            false => Step::NeedsMore,
        };
    };
    let Some(size) = size(&input.bytes[..line_bytes]) else {
        let rule = "a chunk's size is a hexadecimal number (RFC 9112, section 7.1)";
        return lost(input, line_bytes, rule);
    };
    if size == 0 {
        body.end(input, output);
        body.stage = Stage::Trailers;
        return Step::Took(vec![size_line(input, line_bytes, 0).within("last chunk")]);
    }
    let data_end = line_bytes.saturating_add(size);
    let whole = data_end.saturating_add(2);
    if input.bytes.len() < whole && whole <= input.limits.message_bytes && !input.ended {
        return Step::NeedsMore;
    }
    let mut row = size_line(input, line_bytes, size);
    let said = format!("{size} bytes");
    let fits = whole <= input.limits.message_bytes && input.bytes.len() >= whole;
    if fits && input.bytes[data_end..whole] == *b"\r\n" {
        row.extend(body.piece(input, line_bytes..data_end, false, output));
        row.lay(2, "CRLF", "", "the end of a chunk");
        return Step::Took(vec![row.within("chunk").value(said)]);
    }
    body.stage = Stage::ChunkData(size);
    Step::Took(vec![row.within("chunk head").value(said)])
}

/// The line end after a chunk that came in pieces.
pub(super) fn chunk_end(body: &mut Body, input: &Input<'_>) -> Step {
    let mut row = Row::new(input.start, Layer::Http1, Role::Framing);
    match line_end(input.bytes) {
        None if !input.ended => return Step::NeedsMore,
        None | Some(0) => {
            return lost(
                input,
                1,
                "CRLF follows a chunk's bytes (RFC 9112, section 7.1)",
            );
        }
        Some(end) => super::lines::lay_end(end, &mut row),
    }
    body.stage = Stage::Chunk;
    Step::Took(row.spans())
}

/// The fields after the last chunk, RFC 9112, section 7.1.2, with the empty line.
pub(super) fn trailers(
    place: Place,
    input: &Input<'_>,
    scanned: &mut usize,
    output: &mut Output,
) -> Step {
    let too_long = input.bytes.len() > input.limits.message_bytes;
    let end = match line_end(input.bytes) {
        Some(0) => head_end(input.bytes, scanned),
        Some(end) => return Step::Done(vec![end_of_body(input, end)]),
        None => None,
    };
    let end = end.filter(|end| *end <= input.limits.message_bytes);
    match end {
        Some(end) => {
            let mut fields = Fields::new(input.buffer());
            for line in lines(&input.bytes[..end], input.start) {
                fields.line(line);
            }
            let mut row = Row::new(input.start, Layer::Http1, Role::Headers);
            row.extend(fields.spans);
            output.head(Head {
                place,
                kind: HeadKind::Trailers,
                fields: fields.fields,
                table: None,
            });
            Step::Done(vec![row.within("trailers")])
        }
        None if too_long => lost(
            input,
            piece_bytes(input),
            "these trailers are longer than what is kept",
        ),
        None if input.ended => lost(
            input,
            input.bytes.len(),
            "the connection ended before the trailers did",
        ),
        None => Step::NeedsMore,
    }
}

fn end_of_body(input: &Input<'_>, end: usize) -> Span {
    let mut row = Row::new(input.start, Layer::Http1, Role::Framing);
    super::lines::lay_end(end, &mut row);
    let mut span = row.within("end of the chunked body");
    // One leaf says it all.
    if let Some(leaf) = span.children.pop() {
        span.certainty = leaf.certainty;
        span.note = leaf.note;
    }
    span
}

/// The number at the front of a chunk's first line.
fn size(line: &[u8]) -> Option<usize> {
    let digits = digits(line);
    let after = line[digits..].trim_ascii_start().first();
    if digits == 0 || digits > 16 || after.is_some_and(|byte| *byte != b';') {
        return None;
    }
    let text = std::str::from_utf8(&line[..digits]).ok()?;
    usize::from_str_radix(text, 16).ok()
}

fn digits(line: &[u8]) -> usize {
    line.iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count()
}

/// Lays the line with a chunk's size.
fn size_line(input: &Input<'_>, line_bytes: usize, size: usize) -> Row {
    let bytes = &input.bytes[..line_bytes];
    let digits = digits(bytes);
    let mut row = Row::new(input.start, Layer::Http1, Role::Framing);
    let note = match size {
        0 => "a chunk of no bytes ends the body (RFC 9112, section 7.1)",
        _ => "how many bytes follow, in hexadecimal (RFC 9112, section 7.1)",
    };
    row.lay(digits, "chunk size", size.to_string(), note);
    for Line { text, end, .. } in lines(&bytes[digits..], input.start + digits) {
        let said = String::from_utf8_lossy(text);
        let note = "an extension, which nobody uses (RFC 9112, section 7.1.1)";
        row.lay(text.len(), "chunk extension", said, note);
        super::lines::lay_end(end, &mut row);
    }
    row
}

/// The first `take` bytes break a rule, and nobody can tell where what follows begins.
fn lost(input: &Input<'_>, take: usize, rule: &'static str) -> Step {
    Step::Lost(vec![Span::broken(input.first(take), Layer::Http1, rule)])
}
