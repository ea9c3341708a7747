//! gzip, RFC 1952, and zlib, RFC 1950, which HTTP calls deflate: what is around the compressed data.

mod header;
mod inflate;

#[cfg(test)]
mod tests;

use std::ops::Range;

use bytes::Bytes;

use crate::span::{Certainty, Layer, Role, Span};
use inflate::{End, Inflater};

/// Compressed data, explained and undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// The spans that tile the compressed data.
    pub spans: Vec<Span>,
    /// Where the deflated data of each member is, in the compressed data's buffer.
    pub deflated: Vec<Range<usize>>,
    /// What they inflate to, one after the other, as far as it goes.
    pub bytes: Bytes,
    /// Whether all is undone: nothing is missing, broken, or more than may be.
    pub is_whole: bool,
}

/// gzip's members, of which the first byte is at `start` of its buffer, and at most `limit` bytes of
/// what they inflate to.
#[must_use]
pub fn gunzip(bytes: &[u8], start: usize, limit: usize) -> Unpacked {
    let mut reader = Reader::new(bytes, start, limit);
    while reader.is_whole && reader.at < bytes.len() {
        reader.member();
    }
    reader.finish()
}

/// A zlib stream, of which the first byte is at `start` of its buffer, and at most `limit` bytes of
/// what it inflates to. Some senders leave zlib's header out, which RFC 9110, section 8.4.1.2,
/// mentions: then it is deflated data alone.
#[must_use]
pub fn zlib(bytes: &[u8], start: usize, limit: usize) -> Unpacked {
    let mut reader = Reader::new(bytes, start, limit);
    let has_header = header::is_zlib(bytes);
    if has_header {
        reader.leaf(
            2,
            "header",
            "method and window size, checked (RFC 1950, section 2.2)",
        );
    }
    let before = reader.bytes_out();
    if reader.deflated() && has_header {
        let sum = inflate::adler32(&reader.inflater.bytes[before..]);
        let note = "Adler-32 of what was compressed (RFC 1950, section 2.2)";
        reader.checked(sum.to_be_bytes(), "checksum", note);
    }
    reader.rest("nothing follows a zlib stream");
    reader.finish()
}

/// Reads compressed data.
struct Reader<'a> {
    bytes: &'a [u8],
    start: usize,
    at: usize,
    spans: Vec<Span>,
    deflated: Vec<Range<usize>>,
    inflater: Inflater,
    is_whole: bool,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8], start: usize, limit: usize) -> Self {
        Self {
            bytes,
            start,
            at: 0,
            spans: Vec::new(),
            deflated: Vec::new(),
            inflater: Inflater::new(limit),
            is_whole: true,
        }
    }

    /// One member of a gzip file, as a span of its own.
    fn member(&mut self) {
        let (before, first) = (self.bytes_out(), self.start + self.at);
        let others = std::mem::take(&mut self.spans);
        match header::parts(&self.bytes[self.at..]) {
            Ok(parts) => {
                for part in parts {
                    self.put(part.length, part.name, part.note, part.value);
                }
                if self.deflated() {
                    self.trailer(before);
                }
            }
            Err(rule) => self.rest(rule),
        }
        let children = std::mem::replace(&mut self.spans, others);
        let range = first..self.start + self.at;
        let span = Span::new(range, Layer::Gzip, Role::Compressed, "gzip member");
        self.spans
            .push(span.note("RFC 1952, section 2.3").children(children));
    }

    /// What comes after a member's data.
    fn trailer(&mut self, before: usize) {
        let inflated = &self.inflater.bytes[before..];
        let sum = inflate::crc32(inflated);
        // Modulo 2^32, as RFC 1952 says.
        let [a, b, c, d, ..] = inflated.len().to_le_bytes();
        self.checked(
            sum.to_le_bytes(),
            "CRC32",
            "of what was compressed (RFC 1952, section 2.3.1)",
        );
        let note = "bytes that were compressed, modulo 2^32 (RFC 1952, section 2.3.1)";
        self.checked([a, b, c, d], "ISIZE", note);
    }

    fn bytes_out(&self) -> usize {
        self.inflater.bytes.len()
    }

    fn leaf(&mut self, count: usize, name: &'static str, note: &'static str) {
        self.put(count, name, note, String::new());
    }

    fn put(&mut self, count: usize, name: &'static str, note: &'static str, value: String) {
        let span = Span::new(self.next(count), Layer::Gzip, Role::Framing, name);
        self.spans.push(span.note(note).value(value));
        self.at += count;
    }

    /// Where the next `count` bytes are.
    fn next(&self, count: usize) -> Range<usize> {
        self.start + self.at..self.start + self.at + count
    }

    /// Four bytes that have to be these.
    fn checked(&mut self, expected: [u8; 4], name: &'static str, note: &'static str) {
        let Some(found) = self.bytes.get(self.at..self.at + 4) else {
            return self.rest("the data ends before its checksum");
        };
        let is_right = found == expected;
        let value = match name {
            "ISIZE" => u32::from_le_bytes(expected).to_string(),
            _ => found.iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        self.put(4, name, note, value);
        if let Some(span) = self.spans.last_mut().filter(|_| !is_right) {
            span.certainty = Certainty::Broken;
            span.note = "this is not what the inflated data gives".into();
        }
    }

    /// Deflated data up to its end; whether that came.
    fn deflated(&mut self) -> bool {
        let (count, end) = self.inflater.inflate(&self.bytes[self.at..]);
        let range = self.next(count);
        if count > 0 {
            self.deflated.push(range.clone());
            let span = Span::new(range, Layer::Gzip, Role::Compressed, "deflated data");
            self.spans.push(span.note(match end {
                End::Limit => "stopped: it inflates to more bytes than are kept of one body",
                _ => "values and encoding in one: repetitions and Huffman codes (RFC 1951)",
            }));
            self.at += count;
        }
        self.is_whole &= end == End::Whole;
        match end {
            End::Whole => {}
            End::Torn => self.tell_torn(),
            End::Broken => self.rest("no deflated data (RFC 1951)"),
            End::Limit => self.unread(),
        }
        end == End::Whole
    }

    fn tell_torn(&mut self) {
        if let Some(span) = self.spans.last_mut() {
            span.certainty = Certainty::Broken;
            span.note = "the deflated data ends before it is whole".into();
        }
    }

    /// What comes after a limit.
    fn unread(&mut self) {
        let count = self.bytes.len() - self.at;
        if count > 0 {
            let span = Span::new(self.next(count), Layer::Gzip, Role::Compressed, "rest");
            self.spans.push(span.note("not looked into"));
            self.at += count;
        }
    }

    /// Whatever is left breaks this rule.
    fn rest(&mut self, rule: &'static str) {
        let count = self.bytes.len() - self.at;
        if count > 0 {
            self.spans
                .push(Span::broken(self.next(count), Layer::Gzip, rule));
            self.at += count;
            self.is_whole = false;
        }
    }

    fn finish(self) -> Unpacked {
        Unpacked {
            spans: self.spans,
            deflated: self.deflated,
            bytes: self.inflater.bytes.into(),
            is_whole: self.is_whole,
        }
    }
}
