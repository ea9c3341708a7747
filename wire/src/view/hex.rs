//! Annotated hex: each leaf's place, bytes and characters on the left, on the right what they are and,
//! the first time, why. Buffers that were derived follow the unit with which they became whole.

use std::collections::HashSet;
use std::io::{self, Write};
use std::ops::Range;

use super::paint::{self, Line, QUIET, STRONG};
use super::words::{label, unit_name, with_layer};
use super::{View, bytes, derived_in, derived_title, escape, place};
use crate::dissection::{Buffer, Derivation, Excerpt, Origin};
use crate::seen::{Sight, within};
use crate::span::{Layer, Role, Span};

/// Of a leaf with more bytes than this only [`FIRST_BYTES`] are shown.
const MOST_BYTES: usize = 64;
/// What is shown of a long leaf: whole rows at every width.
const FIRST_BYTES: usize = 32;
/// Of more siblings than this only [`FIRST_SIBLINGS`] are shown.
const MOST_SIBLINGS: usize = 48;
/// What is shown of many siblings.
const FIRST_SIBLINGS: usize = 32;
/// Deeper spans are not moved further to the right.
const DEEPEST_INDENT: usize = 8;
/// Columns before the note of a unit.
const UNIT_INDENT: usize = 3;
/// Digits of a place.
const PLACE_COLUMNS: usize = 6;

impl View {
    /// Writes an excerpt as annotated hex, with what was derived from it.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn hex(
        &self,
        sight: &Sight<'_>,
        excerpt: &Excerpt,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let mut hex = Hex::new(*self);
        self.each_unit(sight, excerpt, out, |buffer, unit| {
            hex.unit(sight, buffer, unit.span, &unit.range)
        })?;
        out.write_all(hex.legend().as_bytes())
    }

    /// One unit of a recorded buffer as annotated hex, with what became whole with it.
    pub(super) fn hex_unit(
        &self,
        sight: &Sight<'_>,
        buffer: &Buffer,
        span: &Span,
        range: &Range<usize>,
    ) -> String {
        Hex::new(*self).unit(sight, buffer, span, range)
    }

    /// A derived buffer as annotated hex, with what became whole with it.
    pub(super) fn hex_derived(&self, sight: &Sight<'_>, buffer: &Buffer) -> String {
        let mut hex = Hex::new(*self);
        hex.derived(buffer);
        derived_in(sight, buffer.id, buffer.range(), &mut |derived| {
            hex.derived(derived)
        });
        hex.text
    }
}

/// A view in the making.
struct Hex<'a> {
    view: View,
    /// Bytes of a row.
    row: usize,
    /// The column at which words begin.
    words: usize,
    /// Notes are told once.
    told: HashSet<&'a str>,
    layers: Vec<Layer>,
    text: String,
}

impl<'a> Hex<'a> {
    fn new(view: View) -> Self {
        let row = match view.width() {
            ..72 => 4,
            72..116 => 8,
            _ => 16,
        };
        Self {
            view,
            row,
            words: PLACE_COLUMNS + 2 + row * 3 + 1 + row + 2,
            told: HashSet::new(),
            layers: Vec::new(),
            text: String::new(),
        }
    }

    fn unit(
        &mut self,
        sight: &Sight<'a>,
        buffer: &'a Buffer,
        span: &'a Span,
        range: &Range<usize>,
    ) -> String {
        self.head(span, range);
        match span.children.is_empty() {
            true => self.leaf(buffer, span, range, 0),
            false => {
                self.unit_note(span);
                self.spans(buffer, &span.children, range, 0);
            }
        }
        derived_in(sight, buffer.id, range.clone(), &mut |derived| {
            self.derived(derived)
        });
        std::mem::take(&mut self.text)
    }

    /// A line over a unit, with a rule that leads to its place.
    fn head(&mut self, span: &Span, range: &Range<usize>) {
        let end = self.view.width();
        let at = format!(" {}", place(range));
        let mut line = self.view.line();
        line.push(QUIET, "── ");
        let layer = paint::layer(span.layer).bold();
        // A leaf says its value beside its bytes.
        let name = match span.children.is_empty() {
            true => with_layer(span, span.name.to_string()),
            false => unit_name(span),
        };
        line.push_until(layer, &name, end.saturating_sub(at.len() + 2));
        line.push(QUIET, " ");
        let rule = end.saturating_sub(line.columns() + at.len());
        line.push(QUIET, &"─".repeat(rule));
        line.push(QUIET, &at);
        self.text.push_str(&line.end());
    }

    fn derived(&mut self, buffer: &'a Buffer) {
        let mut line = self.view.line();
        line.push(QUIET, "└─ ");
        let mut title = format!("{}, {}", derived_title(buffer), bytes(buffer.bytes.len()));
        let huffman = matches!(&buffer.origin, Origin::Derived { by, .. } if *by == Derivation::HuffmanDecoded);
        if huffman {
            title = format!("{title}: {}", escape::bytes(&buffer.bytes));
        }
        line.push_until(STRONG, &title, self.view.width());
        self.text.push_str(&line.end());
        if !huffman {
            self.spans(buffer, &buffer.spans, &buffer.range(), 0);
        }
    }

    fn spans(&mut self, buffer: &'a Buffer, spans: &'a [Span], range: &Range<usize>, depth: usize) {
        let first = spans.partition_point(|span| span.range.end <= range.start);
        let end = spans.partition_point(|span| span.range.start < range.end);
        let there = &spans[first..end.max(first)];
        let shown = match there.len() {
            ..=MOST_SIBLINGS => there.len(),
            _ => FIRST_SIBLINGS,
        };
        for span in &there[..shown] {
            self.span(buffer, span, &within(&span.range, range), depth);
        }
        if let (Some(next), Some(last)) = (there.get(shown), there.last()) {
            let left = within(&(next.range.start..last.range.end), range);
            let spans = super::thousands(there.len() - shown);
            self.aside(
                depth,
                &format!("… {spans} more spans, {}", bytes(left.len())),
            );
        }
    }

    fn span(&mut self, buffer: &'a Buffer, span: &'a Span, range: &Range<usize>, depth: usize) {
        if span.children.is_empty() {
            return self.leaf(buffer, span, range, depth);
        }
        for (number, row) in label(span, self.room(depth)).into_iter().enumerate() {
            let mut line = self.view.line();
            if number == 0 {
                line.pad(PLACE_COLUMNS + 2);
                line.push_until(QUIET, &place(range), self.words - 1);
            }
            line.pad(self.indent(depth));
            line.push(paint::layer(span.layer).bold(), &row);
            self.text.push_str(&line.end());
        }
        self.note(span, depth);
        self.spans(buffer, &span.children, range, depth + 1);
    }

    fn leaf(&mut self, buffer: &'a Buffer, span: &'a Span, range: &Range<usize>, depth: usize) {
        // Bytes without a layer that are not unknown are explained in another buffer, or said to be of
        // a type that is not looked into.
        let is_known = span.layer != Layer::Unknown || span.role == Role::Unknown;
        if is_known && !self.layers.contains(&span.layer) {
            self.layers.push(span.layer);
        }
        let style = paint::leaf(span);
        let shown = match range.len() {
            ..=MOST_BYTES => range.len(),
            _ => FIRST_BYTES,
        };
        let all = buffer.slice(range.start..range.start + shown);
        let mut rows = all.chunks(self.row);
        let labels = label(span, self.room(depth))
            .into_iter()
            .map(|row| (style, row));
        let notes = self.notes(span, depth).into_iter().map(|row| (QUIET, row));
        let mut words = labels.chain(notes);
        let mut at = range.start;
        loop {
            let (bytes, word) = (rows.next(), words.next());
            if bytes.is_none() && word.is_none() {
                break;
            }
            let mut line = self.view.line();
            self.bytes(&mut line, at, bytes.unwrap_or_default(), style);
            at += bytes.map_or(0, <[u8]>::len);
            if let Some((style, word)) = word {
                line.pad(self.indent(depth));
                line.push(style, &word);
            }
            self.text.push_str(&line.end());
        }
        if shown < range.len() {
            let more = super::thousands(range.len() - shown);
            let mut line = self.view.line();
            line.pad(PLACE_COLUMNS + 2);
            line.push(QUIET, &format!("… {more} more"));
            self.text.push_str(&line.end());
        }
    }

    /// A row of bytes with its place and characters; nothing for none.
    fn bytes(&self, line: &mut Line, at: usize, bytes: &[u8], style: anstyle::Style) {
        if bytes.is_empty() {
            return;
        }
        line.push_right(QUIET, &at.to_string(), PLACE_COLUMNS);
        line.pad(PLACE_COLUMNS + 2);
        let hex: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        line.push(style, &hex.join(" "));
        line.pad(PLACE_COLUMNS + 2 + self.row * 3 + 1);
        let characters = bytes.iter().map(|byte| match byte {
            b' '..=b'~' => char::from(*byte),
            _ => '·',
        });
        line.push(style, &characters.collect::<String>());
    }

    /// The rows of a note that has not been told yet.
    fn notes(&mut self, span: &'a Span, depth: usize) -> Vec<String> {
        match !span.note.is_empty() && self.told.insert(&span.note) {
            true => escape::wrap(&span.note, self.room(depth)),
            false => Vec::new(),
        }
    }

    /// Below the head of a unit, where the whole width is free.
    fn unit_note(&mut self, span: &'a Span) {
        if !span.note.is_empty() && self.told.insert(&span.note) {
            for row in escape::wrap(&span.note, self.view.width() - UNIT_INDENT) {
                let mut line = self.view.line();
                line.pad(UNIT_INDENT);
                line.push(QUIET, &row);
                self.text.push_str(&line.end());
            }
        }
    }

    fn note(&mut self, span: &'a Span, depth: usize) {
        for row in self.notes(span, depth) {
            self.aside(depth, &row);
        }
    }

    /// A quiet line in the column of words.
    fn aside(&mut self, depth: usize, text: &str) {
        let mut line = self.view.line();
        line.pad(self.indent(depth));
        line.push_until(QUIET, text, self.view.width());
        self.text.push_str(&line.end());
    }

    fn indent(&self, depth: usize) -> usize {
        self.words + depth.min(DEEPEST_INDENT)
    }

    fn room(&self, depth: usize) -> usize {
        self.view.width().saturating_sub(self.indent(depth))
    }

    /// What the colours mean; without colours nothing.
    fn legend(&self) -> String {
        let mut line = self.view.line();
        if self.view.colour == super::Colour::Never || self.layers.is_empty() {
            return String::new();
        }
        line.push(QUIET, "colours: ");
        for layer in &self.layers {
            line.push(paint::layer(*layer), paint::layer_name(*layer));
            line.push(QUIET, "  ");
        }
        line.push(STRONG, "values");
        line.end()
    }
}
