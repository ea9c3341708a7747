//! The tree of spans, a line each: what it is and says on the left, its place and size on the right.
//! It is folded: neighbours that say nothing (quotes, colons, line ends) share a line, and a span whose
//! value has all that its leaves say stands for them.

use std::io::{self, Write};
use std::ops::Range;

use super::paint::{self, QUIET, STRONG};
use super::words::{unit_name, words};
use super::{View, bytes, derived_in, derived_title, range as show_range, thousands};
use crate::dissection::{Buffer, Excerpt};
use crate::seen::{Sight, within};
use crate::span::{Certainty, Role, Span};

/// Of more siblings than this only [`FIRST_SIBLINGS`] are shown.
const MOST_SIBLINGS: usize = 64;
/// What is shown of many siblings.
const FIRST_SIBLINGS: usize = 40;
/// Names of folded spans that are told; of more, how many.
const FOLDED_NAMES: usize = 4;
/// Deeper spans are not moved further to the right.
const DEEPEST_INDENT: usize = 12;

impl View {
    /// Writes an excerpt as a tree, with what was derived from it.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn tree(
        &self,
        sight: &Sight<'_>,
        excerpt: &Excerpt,
        out: &mut impl Write,
    ) -> io::Result<()> {
        self.each_unit(sight, excerpt, out, |buffer, unit| {
            self.tree_unit(sight, buffer, unit.span, &unit.range)
        })
    }

    /// One unit of a recorded buffer as a tree, with what became whole with it.
    pub(super) fn tree_unit(
        &self,
        sight: &Sight<'_>,
        buffer: &Buffer,
        span: &Span,
        range: &Range<usize>,
    ) -> String {
        let mut tree = Tree {
            view: *self,
            text: String::new(),
        };
        tree.line(paint::layer(span.layer).bold(), 0, &unit_name(span), range);
        tree.spans(&span.children, range, 1);
        derived_in(sight, buffer.id, range.clone(), &mut |derived| {
            tree.derived(derived)
        });
        tree.text
    }

    /// A derived buffer as a tree, with what became whole with it.
    pub(super) fn tree_derived(&self, sight: &Sight<'_>, buffer: &Buffer) -> String {
        let mut tree = Tree {
            view: *self,
            text: String::new(),
        };
        tree.derived(buffer);
        derived_in(sight, buffer.id, buffer.range(), &mut |derived| {
            tree.derived(derived)
        });
        tree.text
    }
}

/// A tree in the making.
struct Tree {
    view: View,
    text: String,
}

impl Tree {
    fn derived(&mut self, derived: &Buffer) {
        self.line(STRONG, 1, &derived_title(derived), &derived.range());
        self.spans(&derived.spans, &derived.range(), 2);
    }

    fn spans(&mut self, spans: &[Span], range: &Range<usize>, depth: usize) {
        let first = spans.partition_point(|span| span.range.end <= range.start);
        let end = spans.partition_point(|span| span.range.start < range.end);
        let there = &spans[first..end.max(first)];
        let shown = match there.len() {
            ..=MOST_SIBLINGS => there.len(),
            _ => FIRST_SIBLINGS,
        };
        for group in there[..shown].chunk_by(|one, next| is_mute(one) && is_mute(next)) {
            match group {
                [span] => self.span(span, range, depth),
                mute => self.folded(mute, range, depth),
            }
        }
        if let (Some(next), Some(last)) = (there.get(shown), there.last()) {
            let left = within(&(next.range.start..last.range.end), range);
            let text = format!("… {} more", thousands(there.len() - shown));
            self.line(QUIET, depth, &text, &left);
        }
    }

    fn span(&mut self, span: &Span, range: &Range<usize>, depth: usize) {
        let style = match span.children.is_empty() {
            true if is_mute(span) => QUIET,
            true => paint::leaf(span),
            false => paint::layer(span.layer),
        };
        let range = within(&span.range, range);
        if span.children.is_empty() || !says_it_all(span) {
            self.line(style, depth, &words(span), &range);
            return self.spans(&span.children, &range, depth + 1);
        }
        // What is folded is still marked as what it is.
        let doubt = if guesses(span) { " (a guess)" } else { "" };
        self.line(style, depth, &format!("{}{doubt}", words(span)), &range);
    }

    fn folded(&mut self, spans: &[Span], range: &Range<usize>, depth: usize) {
        let names: Vec<_> = spans
            .iter()
            .take(FOLDED_NAMES)
            .map(|span| &*span.name)
            .collect();
        let mut text = names.join(", ");
        if spans.len() > FOLDED_NAMES {
            text.push_str(&format!(", {} more", spans.len() - FOLDED_NAMES));
        }
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
            return;
        };
        let all = within(&(first.range.start..last.range.end), range);
        self.line(QUIET, depth, &text, &all);
    }

    fn line(&mut self, style: anstyle::Style, depth: usize, text: &str, range: &Range<usize>) {
        let end = self.view.width();
        let at = format!("  {} {:>9}", show_range(range), bytes(range.len()));
        let mut line = self.view.line();
        line.pad(2 * depth.min(DEEPEST_INDENT));
        line.push_until(style, text, end.saturating_sub(at.len()));
        line.push_right(QUIET, &at, end);
        self.text.push_str(&line.end());
    }
}

/// Whether a span's own value has all that what is in it would add: that only spells it.
fn says_it_all(span: &Span) -> bool {
    !span.value.is_empty() && span.children.iter().all(|child| spells(child, &span.value))
}

fn spells(span: &Span, value: &str) -> bool {
    let said = !span.value.is_empty() && value.contains(&span.value);
    let adds = span.role == Role::Value && !said;
    span.certainty != Certainty::Broken
        && match span.children.is_empty() {
            true => !adds,
            false => said && span.children.iter().all(|child| spells(child, value)),
        }
}

/// Whether anything in a span that is told as sure is a guess.
fn guesses(span: &Span) -> bool {
    let guess = |leaf: &Span| leaf.certainty == Certainty::Guess;
    span.certainty == Certainty::Sure && span.leaves().any(guess)
}

/// Whether it says nothing that a reader would miss.
fn is_mute(span: &Span) -> bool {
    let says = !span.value.trim().is_empty() || span.role == Role::Value;
    span.children.is_empty() && span.certainty != Certainty::Broken && !says
}
