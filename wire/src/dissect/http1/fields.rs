//! Header fields, RFC 9112, section 5: of heads and of trailers.

use super::lines::{BLANK, Line};
use super::notes;
use crate::dissect::row::{Row, breaks};
use crate::dissection::{BufferId, HeaderField, Piece};
use crate::span::{Layer, Role, Span};

/// Header fields, line by line.
#[derive(Debug)]
pub(super) struct Fields {
    buffer: BufferId,
    /// What the fields say.
    pub(super) fields: Vec<HeaderField>,
    /// A span for each line.
    pub(super) spans: Vec<Span>,
    /// Whether the line before was a field, so that the next one may fold.
    may_fold: bool,
}

impl Fields {
    /// None yet; they are in that buffer.
    pub(super) fn new(buffer: BufferId) -> Self {
        Self {
            buffer,
            fields: Vec::new(),
            spans: Vec::new(),
            may_fold: false,
        }
    }

    /// Reads the next line, the empty one at the end among them.
    pub(super) fn line(&mut self, line: Line<'_>) {
        let span = match line.text {
            [] => empty_line(line),
            _ if line.end == 0 => broken(line, "the connection ended within this line"),
            [first, ..] if BLANK.contains(first) => self.fold(line),
            text => match text.iter().position(|byte| *byte == b':') {
                Some(colon) => self.field(line, colon),
                None => broken(line, "a colon follows a field's name (RFC 9112, section 5)"),
            },
        };
        self.may_fold = span.name != "not understood" && !line.text.is_empty();
        self.spans.push(span);
    }

    fn field(&mut self, line: Line<'_>, colon: usize) -> Span {
        let name = line.text[..colon].trim_ascii_end();
        if !is_token(name) {
            let rule = "a field's name has letters, digits and some marks (RFC 9110, section 5.1)";
            return broken(line, rule);
        }
        let value = line.text[colon + 1..].trim_ascii();
        let name = String::from_utf8_lossy(name).into_owned();
        let text = String::from_utf8_lossy(value).into_owned();
        let span = self.explain(line, colon, &name, value, &text);
        self.fields.push(HeaderField {
            name,
            value: text,
            at: Piece {
                buffer: self.buffer,
                range: line.start..line.start + line.length(),
            },
            wire_bytes: line.length(),
            plain_bytes: line.length(),
        });
        span
    }

    fn explain(&self, line: Line<'_>, colon: usize, name: &str, value: &[u8], text: &str) -> Span {
        let after = &line.text[colon + 1..];
        let before_value = after.len() - after.trim_ascii_start().len();
        let mut row = Row::new(line.start, Layer::Http1, Role::Headers);
        row.lay(name.len(), "field name", name, "case does not matter");
        row.lay(colon - name.len(), "whitespace", "", "");
        if colon > name.len() {
            row.breaks("no whitespace before the colon (RFC 9112, section 5.1)");
        }
        row.lay(1, "colon", "", "ends the name");
        row.lay(
            before_value,
            "OWS",
            "",
            "optional whitespace, one space by habit",
        );
        row.lay(value.len(), "field value", text, "");
        if value.iter().any(is_forbidden) {
            row.breaks("no control characters in a value (RFC 9110, section 5.5)");
        }
        let after_value = after.len() - before_value - value.len();
        row.lay(after_value, "OWS", "", "optional whitespace");
        line.lay_end(&mut row);
        let name = name.to_ascii_lowercase();
        let note = notes::field(&name);
        row.within(name).value(text).note(note)
    }

    /// RFC 9112, section 5.2: a line that begins with a blank goes on with the value before it.
    fn fold(&mut self, line: Line<'_>) -> Span {
        let last = self.fields.last_mut().filter(|_| self.may_fold);
        let Some(field) = last else {
            return broken(line, "a blank begins a line only within a field's value");
        };
        field.value.push(' ');
        field
            .value
            .push_str(String::from_utf8_lossy(line.text.trim_ascii()).as_ref());
        field.at.range.end += line.length();
        field.wire_bytes += line.length();
        field.plain_bytes += line.length();
        let range = line.start..line.start + line.length();
        let mut span = Span::new(range, Layer::Http1, Role::Headers, "obs-fold")
            .value(String::from_utf8_lossy(line.text.trim_ascii()));
        breaks(
            &mut span,
            "a value may no longer go on over lines (RFC 9112, section 5.2)",
        );
        span
    }
}

fn empty_line(line: Line<'_>) -> Span {
    let mut row = Row::new(line.start, Layer::Http1, Role::Headers);
    line.lay_end(&mut row);
    let mut span = row.within("empty line");
    let only = span.children.pop();
    if let Some(only) = only {
        span.certainty = only.certainty;
        span.note = only.note;
    }
    if span.certainty == crate::span::Certainty::Sure {
        span.note = "ends the head; what follows is the body (RFC 9112, section 2.1)".into();
    }
    span
}

fn broken(line: Line<'_>, rule: &'static str) -> Span {
    Span::broken(line.start..line.start + line.length(), Layer::Http1, rule)
}

/// RFC 9110, section 5.6.2.
pub(super) fn is_token(text: &[u8]) -> bool {
    let may = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !text.is_empty() && text.iter().all(may)
}

fn is_forbidden(byte: &u8) -> bool {
    byte.is_ascii_control() && *byte != b'\t'
}

/// Values of all fields of that name, in lower case, as written.
pub(super) fn all<'a>(fields: &'a [HeaderField], name: &'a str) -> impl Iterator<Item = &'a str> {
    fields
        .iter()
        .filter(move |field| field.name.eq_ignore_ascii_case(name))
        .map(|field| field.value.as_str())
}

/// The elements of lists in all fields of that name, in lower case: `gzip` and `chunked` of
/// `gzip, chunked`.
pub(super) fn elements(fields: &[HeaderField], name: &str) -> Vec<String> {
    all(fields, name)
        .flat_map(|value| value.split(','))
        .map(|element| element.trim().to_ascii_lowercase())
        .filter(|element| !element.is_empty())
        .collect()
}

/// Marks the fields that leave open where the body ends: they are how requests are smuggled past a
/// proxy, RFC 9112, section 11.2.
pub(super) fn mark_unclear_ends(head: &mut Span, fields: &[HeaderField], is_request: bool) {
    let codings = elements(fields, "transfer-encoding");
    let mut lengths = elements(fields, "content-length");
    lengths.dedup();
    let is_number = |length: &String| length.parse::<u64>().is_ok() && !length.starts_with('+');
    if is_request && codings.last().is_some_and(|last| last != "chunked") {
        let rule =
            "a request's last coding is chunked, or nobody knows its end (RFC 9112, section 6.3)";
        mark(head, "transfer-encoding", rule);
    }
    if !codings.is_empty() {
        let rule = "not beside Transfer-Encoding, which counts (RFC 9112, section 6.3)";
        mark(head, "content-length", rule);
    } else if lengths.len() != 1 || !lengths.iter().all(is_number) {
        let rule = "just one number says how long the body is (RFC 9110, section 8.6)";
        mark(head, "content-length", rule);
    }
}

/// The fields of that name break a rule.
fn mark(head: &mut Span, name: &str, rule: &'static str) {
    let fields = head.children.iter_mut().filter(|span| span.name == name);
    for field in fields {
        breaks(field, rule);
        let parts = field.children.iter_mut();
        for value in parts.filter(|span| span.name == "field value") {
            breaks(value, rule);
        }
    }
}
