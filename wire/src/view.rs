//! What a dissection looks like on a terminal: [`hex`], [`tree`], [`raw`] and [`ledger`] of an
//! excerpt, and [`live`] while it comes.
//!
//! Nothing that a peer sent reaches the terminal as it is: [`escape`] says what becomes of it. Nothing
//! is left out silently either: what is too long is cut, and the count of what is not shown stands
//! there.

pub mod escape;
pub mod hex;
pub mod ledger;
pub mod live;
pub mod paint;
pub mod raw;
pub mod tree;
mod words;

use std::io::{self, Write};
use std::ops::Range;

use crate::dissection::{Buffer, BufferId, Excerpt, Origin, Piece};
use crate::seen::{Sight, within};
use crate::span::Span;
use paint::{Line, QUIET, STRONG};

/// How wide, and whether in colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Columns of the terminal; fewer than [`FEWEST_COLUMNS`] count as so many.
    pub columns: usize,
    /// The caller knows whether somebody looks at it, and what `NO_COLOR` says.
    pub colour: Colour,
}

/// Whether in colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// Plain text.
    #[default]
    Never,
    /// With ANSI's escape sequences for colours.
    Always,
}

/// Narrower than this no view has room for bytes and words beside them.
pub const FEWEST_COLUMNS: usize = 60;

impl Default for View {
    /// As wide as terminals are that nobody has widened, and plain.
    fn default() -> Self {
        Self {
            columns: 80,
            colour: Colour::Never,
        }
    }
}

impl View {
    fn width(&self) -> usize {
        self.columns.max(FEWEST_COLUMNS)
    }

    fn line(&self) -> Line {
        Line::new(self.colour)
    }

    /// Writes every unit of an excerpt as `show` tells, with a line above each piece.
    fn each_unit<'a>(
        &self,
        sight: &Sight<'a>,
        excerpt: &Excerpt,
        out: &mut impl Write,
        mut show: impl FnMut(&'a Buffer, Unit<'a>) -> String,
    ) -> io::Result<()> {
        for piece in &excerpt.pieces {
            let buffer = sight.dissection().buffer(piece.buffer);
            if let Some(buffer) = buffer {
                out.write_all(self.piece_head(buffer, &piece.range).as_bytes())?;
                for unit in units(buffer, &piece.range) {
                    out.write_all(show(buffer, unit).as_bytes())?;
                }
            }
            let missing = self.missing(buffer, &piece.range);
            out.write_all(missing.unwrap_or_default().as_bytes())?;
        }
        Ok(())
    }

    /// A line above a piece of an excerpt.
    fn piece_head(&self, buffer: &Buffer, range: &Range<usize>) -> String {
        let mut line = self.line();
        line.push(STRONG, &buffer.title);
        line.push(QUIET, &format!(", {}", place(range)));
        line.end()
    }

    /// A line that says which bytes of a piece are not here any more; `None` where all are.
    fn missing(&self, buffer: Option<&Buffer>, range: &Range<usize>) -> Option<String> {
        let there = buffer.map_or(0..0, |buffer| within(range, &buffer.range()));
        let missing = range.len() - there.len();
        (missing > 0).then(|| {
            let mut line = self.line();
            let text = format!(
                "{} of {} are not kept any more",
                bytes(missing),
                range.len()
            );
            line.push(QUIET, &text);
            line.end()
        })
    }
}

/// A top-level span, as far as it is in an excerpt.
#[derive(Debug, Clone)]
struct Unit<'a> {
    span: &'a Span,
    /// What of the span is in the excerpt.
    range: Range<usize>,
}

/// The top-level spans of a buffer that have a byte of `range`.
fn units<'a>(buffer: &'a Buffer, range: &Range<usize>) -> impl Iterator<Item = Unit<'a>> {
    let range = range.clone();
    let first = buffer
        .spans
        .partition_point(|span| span.range.end <= range.start);
    let spans = buffer.spans[first..].iter();
    let end = range.end;
    spans
        .take_while(move |span| span.range.start < end)
        .map(move |span| Unit {
            span,
            range: within(&span.range, &range),
        })
}

/// Calls `each` with every buffer that became whole in that range, and what became whole in it, with
/// how deep it stands.
fn derived_in<'a>(
    sight: &Sight<'a>,
    buffer: BufferId,
    range: Range<usize>,
    each: &mut impl FnMut(&'a Buffer),
) {
    let mut waiting: Vec<_> = sight.derived_in(buffer, range).collect();
    waiting.reverse();
    // Each buffer is whole with the last byte of one other only, so none comes twice.
    while let Some(next) = waiting.pop() {
        each(next);
        let after = waiting.len();
        waiting.extend(sight.derived_in(next.id, next.range()));
        waiting[after..].reverse();
    }
}

/// `derived 3: message, unmasked, from 61..128`
fn derived_title(buffer: &Buffer) -> String {
    let name = match buffer.id {
        BufferId::Derived(number) => format!("derived {number}: "),
        BufferId::Recorded(..) => String::new(),
    };
    match &buffer.origin {
        Origin::Recorded => format!("{name}{}", buffer.title),
        Origin::Derived { from, .. } => {
            format!("{name}{}, from {}", buffer.title, pieces(from))
        }
    }
}

/// Pieces that are named one by one; of more only their number is told.
const NAMED_PIECES: usize = 3;

fn pieces(pieces: &[Piece]) -> String {
    let name = |piece: &Piece| match piece.buffer {
        BufferId::Recorded(..) => range(&piece.range),
        BufferId::Derived(number) => format!("derived {number}, {}", range(&piece.range)),
    };
    let named: Vec<_> = pieces.iter().take(NAMED_PIECES).map(name).collect();
    match pieces.len().saturating_sub(NAMED_PIECES) {
        0 => named.join(" and "),
        more => format!("{} and {more} more pieces", named.join(", ")),
    }
}

fn range(range: &Range<usize>) -> String {
    format!("{}..{}", range.start, range.end)
}

/// `24..103, 79 bytes`
fn place(bytes_at: &Range<usize>) -> String {
    format!("{}, {}", range(bytes_at), bytes(bytes_at.len()))
}

/// `1 byte`, `16,320 bytes`
fn bytes(count: usize) -> String {
    match count {
        1 => "1 byte".to_owned(),
        _ => format!("{} bytes", thousands(count)),
    }
}

/// A count with its thousands apart.
fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
