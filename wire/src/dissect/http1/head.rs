//! Heads of messages: the start line and the header fields, RFC 9112, sections 2 to 5.

use super::fields::{self, Fields};
use super::lines::{Line, lines};
use super::notes;
use crate::dissect::row::Row;
use crate::dissection::{BufferId, HeaderField};
use crate::span::{Layer, Role, Span};

/// A head that begins as one has to.
#[derive(Debug)]
pub(super) struct Head {
    /// What the start line says.
    pub(super) start: Start,
    /// Header fields in order.
    pub(super) fields: Vec<HeaderField>,
    /// All of it.
    pub(super) span: Span,
}

/// What a start line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Start {
    /// `POST /RPC2 HTTP/1.1`
    Request {
        /// `POST`
        method: String,
        /// `/RPC2`
        target: String,
    },
    /// `HTTP/1.1 200 OK`
    Response {
        /// `200`
        status: u16,
    },
}

impl Head {
    /// Reads a head; `None` where the first line is no start line of that kind.
    pub(super) fn read(
        bytes: &[u8],
        start: usize,
        buffer: BufferId,
        is_request: bool,
    ) -> Option<Self> {
        let mut lines = lines(bytes, start);
        let first = lines.next()?;
        let (start_line, said) = match is_request {
            true => request_line(first)?,
            false => status_line(first)?,
        };
        let mut read = Fields::new(buffer);
        for line in lines {
            read.line(line);
        }
        let Fields { fields, spans, .. } = read;
        let mut row = Row::new(start, Layer::Http1, Role::Headers);
        row.push(start_line);
        row.extend(spans);
        let name = if is_request {
            "request head"
        } else {
            "response head"
        };
        let mut span = row.within(name).value(said.to_string());
        fields::mark_unclear_ends(&mut span, &fields, is_request);
        Some(Self {
            start: said,
            fields,
            span,
        })
    }

    /// Values of all fields of that name, in lower case, as written.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        fields::all(&self.fields, name)
    }

    /// The value of the first field of that name; empty where there is none.
    pub(super) fn first<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap_or_default()
    }
}

impl std::fmt::Display for Start {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Request { method, target } => write!(out, "{method} {target}"),
            Self::Response { status } => write!(out, "{status}"),
        }
    }
}

/// `POST /RPC2 HTTP/1.1`, RFC 9112, section 3.
fn request_line(line: Line<'_>) -> Option<(Span, Start)> {
    let space = line.text.iter().position(|byte| *byte == b' ')?;
    let second = line.text.iter().rposition(|byte| *byte == b' ')?;
    let method = &line.text[..space];
    let target = line.text.get(space + 1..second)?;
    let version = &line.text[second + 1..];
    if !fields::is_token(method) || target.is_empty() || !is_version(version) {
        return None;
    }
    let method = String::from_utf8_lossy(method).into_owned();
    let text = String::from_utf8_lossy(target).into_owned();
    let mut row = Row::new(line.start, Layer::Http1, Role::Headers);
    row.lay(space, "method", &*method, notes::method(&method));
    row.lay(1, "SP", "", "one space parts the parts of a start line");
    row.lay(target.len(), "request target", &*text, notes::TARGET);
    if target.iter().any(|byte| *byte <= b' ' || *byte == 0x7f) {
        row.breaks(
            "a request target has no spaces and no control characters (RFC 9112, section 3.2)",
        );
    }
    row.lay(1, "SP", "", "one space parts the parts of a start line");
    lay_version(version, &mut row);
    line.lay_end(&mut row);
    let said = Start::Request {
        method,
        target: text,
    };
    Some((row.within("request line").value(said.to_string()), said))
}

/// `HTTP/1.1 200 OK`, RFC 9112, section 4. Some servers leave out the space before no reason.
fn status_line(line: Line<'_>) -> Option<(Span, Start)> {
    let text = line.text;
    let space = text.iter().position(|byte| *byte == b' ')?;
    let version = &text[..space];
    let code = text.get(space + 1..space + 4)?;
    let rest = &text[space + 4..];
    let parted = rest.first().is_none_or(|byte| *byte == b' ');
    if !is_version(version) || !code.iter().all(u8::is_ascii_digit) || !parted {
        return None;
    }
    let status = code
        .iter()
        .fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    let reason = rest.get(1..).unwrap_or_default();
    let mut row = Row::new(line.start, Layer::Http1, Role::Headers);
    lay_version(version, &mut row);
    row.lay(1, "SP", "", "one space parts the parts of a start line");
    row.lay(3, "status code", status.to_string(), notes::status(status));
    row.lay(
        rest.len().min(1),
        "SP",
        "",
        "one space, even before no reason",
    );
    let said = String::from_utf8_lossy(reason);
    row.lay(reason.len(), "reason phrase", said.as_ref(), notes::REASON);
    line.lay_end(&mut row);
    let span = row.within("status line").value(format!("{status} {said}"));
    Some((span, Start::Response { status }))
}

fn lay_version(version: &[u8], row: &mut Row) {
    let text = String::from_utf8_lossy(version);
    let note = "the version of HTTP that the sender speaks (RFC 9112, section 2.3)";
    row.lay(version.len(), "version", text.as_ref(), note);
}

fn is_version(text: &[u8]) -> bool {
    matches!(text, [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor] if minor.is_ascii_digit())
}
