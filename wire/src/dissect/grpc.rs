//! gRPC's message prefix: a flag and a length (gRPC over HTTP/2, "Length-Prefixed-Message"), and the
//! trailers that gRPC-Web sends as a message.

use std::ops::Range;

use super::tree::characters;
use crate::span::{Layer, Role, Span};

/// Bytes of the prefix.
pub const PREFIX_BYTES: usize = 5;

/// What comes before each message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prefix {
    /// 1 for a compressed message; gRPC-Web adds 128 for trailers.
    pub flags: u8,
    /// Bytes of the message after the prefix.
    pub length: usize,
}

impl Prefix {
    /// The prefix at the front of these bytes, if it is whole.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (flags, rest) = bytes.split_first()?;
        let length = u32::from_be_bytes(*rest.first_chunk()?);
        Some(Self {
            flags: *flags,
            length: usize::try_from(length).unwrap_or(usize::MAX),
        })
    }

    /// Whether the message is compressed, as `grpc-encoding` says.
    #[must_use]
    pub fn is_compressed(self) -> bool {
        self.flags & 1 == 1
    }

    /// Whether the message is gRPC-Web's trailers.
    #[must_use]
    pub fn is_trailers(self) -> bool {
        self.flags & 0x80 != 0
    }

    /// The spans that tile it, of which the first byte is at `start`.
    #[must_use]
    pub fn spans(self, start: usize) -> Vec<Span> {
        let flag = Span::new(
            start..start + 1,
            Layer::Grpc,
            Role::Framing,
            "compressed flag",
        );
        let length = start + 1..start + PREFIX_BYTES;
        let length = Span::new(length, Layer::Grpc, Role::Framing, "message length");
        vec![
            flag.value(self.flags.to_string()).note(self.about_flags()),
            length
                .value(self.length.to_string())
                .note("bytes of the message that follows, the most significant first: always four"),
        ]
    }

    fn about_flags(self) -> &'static str {
        match self.flags {
            0 => "the message is not compressed",
            1 => "the message is compressed, as grpc-encoding says",
            0x80 => "trailers follow instead of a message (gRPC-Web)",
            0x81 => "compressed trailers follow instead of a message (gRPC-Web)",
            _ => "no such flag: only 0 and 1 are defined, and 128 in gRPC-Web",
        }
    }
}

/// A line of gRPC-Web's trailers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TrailerLine {
    /// With its line end, counted from the message's first byte.
    pub(super) range: Range<usize>,
    /// Place of the colon, and of what comes after the value.
    marks: Option<[usize; 3]>,
    /// Name and value, if it is a field.
    pub(super) field: Option<(String, String)>,
}

/// The lines of gRPC-Web's trailers: fields as HTTP/1.1 writes them, without an empty line at the end.
pub(super) fn trailer_lines(bytes: &[u8]) -> Vec<TrailerLine> {
    let mut start = 0;
    let lines = bytes.split_inclusive(|byte| *byte == b'\n').map(|line| {
        let range = start..start + line.len();
        start = range.end;
        trailer_line(line, range)
    });
    lines.collect()
}

fn trailer_line(line: &[u8], range: Range<usize>) -> TrailerLine {
    let text = line.trim_ascii_end();
    let colon = text.iter().position(|byte| *byte == b':');
    let marks = colon.map(|colon| {
        let value = text.len() - text[colon + 1..].trim_ascii_start().len();
        [colon, value, text.len()]
    });
    let field = marks.map(|[colon, value, end]| {
        let part = |range: Range<usize>| characters(&text[range]).collect();
        (part(0..colon), part(value..end))
    });
    TrailerLine {
        range,
        marks,
        field,
    }
}

/// The spans that tile the lines, of which the first byte is at `start` of its buffer.
pub(super) fn trailer_spans(lines: &[TrailerLine], start: usize) -> Vec<Span> {
    let spans = lines.iter().map(|line| {
        let at = start + line.range.start;
        let whole = at..start + line.range.end;
        let (Some([colon, value, end]), Some((name, said))) = (line.marks, &line.field) else {
            return Span::broken(
                whole,
                Layer::Grpc,
                "a trailer is a name, a colon and a value",
            );
        };
        let leaf = |range: Range<usize>, name| {
            let range = at + range.start..at + range.end;
            Span::new(range, Layer::Grpc, Role::Headers, name)
        };
        let parts = [
            leaf(0..colon, "name").value(name),
            leaf(colon..value, "colon"),
            leaf(value..end, "value").value(said),
            leaf(end..line.range.len(), "line end"),
        ];
        let parts = parts.into_iter().filter(|part| !part.range.is_empty());
        Span::new(whole, Layer::Grpc, Role::Headers, name.clone())
            .value(said)
            .children(parts.collect())
    });
    spans.collect()
}
