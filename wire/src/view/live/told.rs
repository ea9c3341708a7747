//! A line of a watch: what a unit, or what became whole without one, says to somebody who watches
//! calls go by.

use std::time::Duration;

use super::super::ledger::arrow;
use super::super::paint::{self, BROKEN, Line, PLAIN, QUIET};
use super::super::words::unit_name;
use super::super::{Unit, View, derived_in, derived_title, thousands};
use crate::dissection::{Buffer, BufferId};
use crate::seen::Sight;
use crate::span::{Certainty, Layer, Role, Span};

/// Spans of a unit that are searched for what it says: of a long one the beginning is enough.
const SEARCHED_SPANS: usize = 500;
/// What is found of it; a line holds no more.
const FOUND: usize = 12;

/// Fields that tell what a message is about, in HTTP/2's words and in HTTP/1.1's.
const TELLING: [&str; 10] = [
    ":method",
    ":path",
    ":status",
    "grpc-status",
    "grpc-message",
    "method",
    "method name",
    "request target",
    "status code",
    "reason phrase",
];

/// What a line tells.
#[derive(Debug)]
pub(super) struct Told {
    id: BufferId,
    pub(super) at: Duration,
    pub(super) layer: Layer,
    pub(super) name: String,
    said: Vec<String>,
    /// Why the bytes are not understood; empty where they are.
    pub(super) note: String,
    pub(super) size_bytes: usize,
    /// How many of them break rules.
    broken_bytes: usize,
    /// Whether something became whole with it.
    completes: bool,
}

impl Told {
    pub(super) fn of_unit(
        sight: &Sight<'_>,
        buffer: &Buffer,
        unit: &Unit<'_>,
        at: Duration,
    ) -> Self {
        let span = unit.span;
        let mut broken_bytes = broken(std::slice::from_ref(span));
        let mut completes = false;
        derived_in(sight, buffer.id, unit.range.clone(), &mut |derived| {
            completes = true;
            broken_bytes += broken(&derived.spans);
        });
        Self {
            id: buffer.id,
            at,
            layer: span.layer,
            name: unit_name(span),
            said: gist(sight, buffer, unit),
            note: match (span.role, span.certainty) {
                (Role::Unknown, Certainty::Sure) => span.note.to_string(),
                _ => String::new(),
            },
            size_bytes: unit.range.len(),
            broken_bytes,
            completes,
        }
    }

    pub(super) fn of_derived(sight: &Sight<'_>, buffer: &Buffer, at: Duration) -> Self {
        let mut found = Vec::new();
        let mut left = SEARCHED_SPANS;
        let mut broken_bytes = broken(&buffer.spans);
        search(&buffer.spans, &mut left, &mut found);
        derived_in(sight, buffer.id, buffer.range(), &mut |derived| {
            broken_bytes += broken(&derived.spans);
            search(&derived.spans, &mut left, &mut found);
        });
        Self {
            id: sight.carried_by(buffer.id),
            at,
            layer: buffer
                .spans
                .first()
                .map_or(Layer::Unknown, |span| span.layer),
            name: derived_title(buffer),
            said: found,
            note: String::new(),
            size_bytes: buffer.bytes.len(),
            broken_bytes,
            completes: true,
        }
    }

    pub(super) fn says_nothing(&self) -> bool {
        self.said.is_empty() && self.broken_bytes == 0 && !self.completes
    }

    pub(super) fn line(&self, view: &View) -> String {
        self.line_of(view, &[])
    }

    /// With words that come before all others.
    pub(super) fn line_of(&self, view: &View, first: &[String]) -> String {
        let mut line = begun(view, self.id, self.at);
        let size = format!(" {} B", thousands(self.size_bytes));
        let room = view.width().saturating_sub(size.len());
        line.push_until(paint::layer(self.layer).bold(), &self.name, room);
        if self.broken_bytes > 0 && !self.name.contains("breaks the rules") {
            let text = format!("  {} B break the rules", thousands(self.broken_bytes));
            line.push_until(BROKEN, &text, room);
        }
        let said = self.said.iter().filter(|said| !self.name.contains(*said));
        for said in first.iter().chain(said) {
            line.push_until(PLAIN, &format!("  {said}"), room);
        }
        if !self.note.is_empty() {
            line.push_until(QUIET, &format!("  {}", self.note), room);
        }
        line.push_right(QUIET, &size, view.width());
        line.end()
    }
}

/// A line with when, which connection, and which way.
pub(super) fn begun(view: &View, id: BufferId, at: Duration) -> Line {
    let mut line = view.line();
    line.push(QUIET, &format!("{:>8.4} s ", at.as_secs_f64()));
    if let BufferId::Recorded(connection, direction) = id {
        line.push(PLAIN, &format!("#{connection} {} ", arrow(direction)));
    }
    line
}

/// Bytes that break rules.
fn broken(spans: &[Span]) -> usize {
    let leaves = spans.iter().flat_map(Span::leaves);
    let broken = leaves.filter(|leaf| leaf.certainty == Certainty::Broken);
    broken.map(|leaf| leaf.range.len()).sum()
}

/// What a unit, and what became whole with it, says to somebody who watches calls go by.
fn gist(sight: &Sight<'_>, buffer: &Buffer, unit: &Unit<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = SEARCHED_SPANS;
    search(&unit.span.children, &mut left, &mut found);
    derived_in(sight, buffer.id, unit.range.clone(), &mut |derived| {
        search(&derived.spans, &mut left, &mut found);
    });
    found
}

fn search(spans: &[Span], left: &mut usize, found: &mut Vec<String>) {
    for span in spans {
        if *left == 0 || found.len() >= FOUND {
            return;
        }
        *left -= 1;
        let named = TELLING.contains(&&*span.name) && !span.value.is_empty();
        match (named, span.children.is_empty(), &span.path) {
            (true, _, _) if span.name.starts_with("grpc-") => {
                found.push(format!("{} {}", span.name, span.value));
            }
            (true, _, _) => found.push(span.value.clone()),
            (false, true, Some(path)) => found.push(format!("{path} = {}", span.value)),
            (false, true, None) if span.role == Role::Value && !span.value.is_empty() => {
                found.push(span.value.clone());
            }
            (false, true, None) => {}
            (false, false, _) => search(&span.children, left, found),
        }
    }
}
