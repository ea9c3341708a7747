//! Lines of a request's head, with how they end.

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Carriage return and line feed, as HTTP writes it.
    CrLf,
    /// Line feed alone.
    Lf,
    /// The file ends first.
    None,
}

/// A line without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) text: &'a [u8],
    pub(super) end: End,
}

/// The first line, and what is behind it.
pub(super) fn first(bytes: &[u8]) -> (Line<'_>, &[u8]) {
    let Some(at) = bytes.iter().position(|byte| *byte == b'\n') else {
        let line = Line {
            text: bytes,
            end: End::None,
        };
        return (line, &[]);
    };
    let (text, behind) = (&bytes[..at], &bytes[at + 1..]);
    let line = match text.strip_suffix(b"\r") {
        Some(text) => Line {
            text,
            end: End::CrLf,
        },
        None => Line { text, end: End::Lf },
    };
    (line, behind)
}
