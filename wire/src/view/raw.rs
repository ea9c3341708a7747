//! What the socket carried, as it reads: text as text with its line ends to be seen, and anything else
//! as hex. Nothing is explained, nothing that was derived is shown, and nothing is shortened.

use std::io::{self, Write};
use std::ops::Range;

use anstyle::Style;

use super::View;
use super::escape;
use super::paint::{self, Line, QUIET};
use crate::dissection::{Buffer, Excerpt};
use crate::seen::{Sight, leaves_in, within};
use crate::span::{Layer, Role, Span};

impl View {
    /// Writes an excerpt as the text that it is, hex where it is none. Each unit begins a line.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn raw(
        &self,
        sight: &Sight<'_>,
        excerpt: &Excerpt,
        out: &mut impl Write,
    ) -> io::Result<()> {
        self.each_unit(sight, excerpt, out, |buffer, unit| {
            self.raw_unit(buffer, unit.span, &unit.range)
        })
    }

    fn raw_unit(&self, buffer: &Buffer, span: &Span, range: &Range<usize>) -> String {
        let mut raw = Raw {
            view: *self,
            line: self.line(),
            text: String::new(),
            after_hex: false,
        };
        leaves_in(std::slice::from_ref(span), range, &mut |leaf| {
            let bytes = buffer.slice(within(&leaf.range, range));
            match std::str::from_utf8(bytes)
                .ok()
                .filter(|text| reads(leaf, text))
            {
                Some(text) => raw.text(paint::leaf(leaf), text),
                None => raw.hex(paint::leaf(leaf), bytes),
            }
        });
        raw.end_line();
        raw.text
    }
}

/// Fewer characters than this, in a format that is not text, are a number that looks like text.
const SHORTEST_TEXT: usize = 3;

/// Whether a leaf is to be read as text.
fn reads(leaf: &Span, text: &str) -> bool {
    match leaf.layer {
        Layer::Http1 | Layer::Xml | Layer::Json | Layer::Sse | Layer::Text => true,
        _ if matches!(leaf.role, Role::Framing | Role::Compressed) => false,
        _ => {
            let line_ends = ['\r', '\n'];
            let steers = |one: char| one.is_control() && !line_ends.contains(&one);
            text.len() >= SHORTEST_TEXT && !text.chars().any(steers)
        }
    }
}

/// A unit in the making.
struct Raw {
    view: View,
    line: Line,
    text: String,
    after_hex: bool,
}

impl Raw {
    fn text(&mut self, style: Style, text: &str) {
        if self.after_hex {
            self.push(style, " ");
        }
        self.after_hex = false;
        for line in text.split_inclusive('\n') {
            let content = line.trim_end_matches(['\r', '\n']);
            self.push(style, content);
            self.push(QUIET, &line[content.len()..]);
            if line.ends_with('\n') {
                self.end_line();
            }
        }
    }

    fn hex(&mut self, style: Style, bytes: &[u8]) {
        for byte in bytes {
            // A byte is not torn at the end of a line.
            match self.line.columns() {
                0 => {}
                columns if columns + 3 > self.view.width() => self.end_line(),
                _ => self.push(style, " "),
            }
            self.push(style, &format!("{byte:02x}"));
        }
        self.after_hex = true;
    }

    /// Text without line ends, broken where the line is full.
    fn push(&mut self, style: Style, text: &str) {
        let mut run = String::new();
        let mut columns = self.line.columns();
        for shown in text.chars().map(escape::character) {
            if columns + shown.columns() > self.view.width() {
                self.line.push(style, &run);
                run.clear();
                self.end_line();
                columns = 0;
            }
            columns += shown.columns();
            shown.push_to(&mut run);
        }
        self.line.push(style, &run);
    }

    fn end_line(&mut self) {
        let line = std::mem::replace(&mut self.line, self.view.line());
        if line.columns() > 0 {
            self.text.push_str(&line.end());
        }
    }
}
