//! The lines of a head: where they end, and with what.

use crate::dissect::row::Row;

/// Characters that HTTP calls optional whitespace, RFC 9110, section 5.6.3.
pub(super) const BLANK: [u8; 2] = *b" \t";

/// One line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Place of its first byte.
    pub(super) start: usize,
    /// Without its end.
    pub(super) text: &'a [u8],
    /// Bytes that end it: 2 for CRLF, 1 for a bare LF, 0 where the input stops.
    pub(super) end: usize,
}

impl Line<'_> {
    /// Bytes with its end.
    pub(super) fn length(&self) -> usize {
        self.text.len() + self.end
    }

    /// Lays the span of its end.
    pub(super) fn lay_end(&self, row: &mut Row) {
        lay_end(self.end, row);
    }
}

/// Lays the span of a line's end, of 0, 1 or 2 bytes.
pub(super) fn lay_end(end: usize, row: &mut Row) {
    let name = if end == 1 { "LF" } else { "CRLF" };
    row.lay(end, name, "", "the end of a line");
    if end == 1 {
        row.breaks("a line ends with CR and LF; this LF stands alone (RFC 9112, section 2.2)");
    }
}

/// Cuts bytes into lines; `start` is the place of the first byte.
pub(super) fn lines(bytes: &[u8], start: usize) -> impl Iterator<Item = Line<'_>> {
    let mut next = start;
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(move |line| {
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            let whole = text.len() < line.len();
            let text = match text.strip_suffix(b"\r") {
                Some(text) if whole => text,
                _ => text,
            };
            let start = next;
            next += line.len();
            let end = line.len() - text.len();
            Line { start, text, end }
        })
}

/// Bytes of the line end at the front: `Some(0)` where there is none, `None` where only more bytes
/// can tell.
pub(super) fn line_end(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'\n', ..] => Some(1),
        [b'\r', b'\n', ..] => Some(2),
        [] | [b'\r'] => None,
        _ => Some(0),
    }
}

/// Bytes to the end of the first empty line that follows another one. `scanned` is where the search
/// may begin, and becomes where the next one may: so that a head that comes byte by byte is not
/// searched from its beginning each time.
pub(super) fn head_end(bytes: &[u8], scanned: &mut usize) -> Option<usize> {
    while let Some(found) = line_feed(bytes, scanned) {
        match line_end(&bytes[found + 1..]) {
            Some(0) => *scanned = found + 1,
            Some(end) => return Some(found + 1 + end),
            None => return None,
        }
    }
    None
}

/// The next LF from `scanned` on, which becomes its place, or the end where there is none.
pub(super) fn line_feed(bytes: &[u8], scanned: &mut usize) -> Option<usize> {
    let rest = bytes.get(*scanned..).unwrap_or_default();
    let found = rest.iter().position(|byte| *byte == b'\n');
    *scanned += found.unwrap_or(rest.len());
    found.map(|_| *scanned)
}
