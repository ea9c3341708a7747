//! What has come since the last look, while a connection is watched: a line a unit, or each unit as
//! hex or tree.

use std::io::{self, Write};
use std::time::Duration;

use super::ledger::arrow;
use super::paint::{self, PLAIN, QUIET};
use super::words::unit_name;
use super::{Unit, View, derived_in, thousands, units};
use crate::dissection::{Buffer, BufferId, Dissection};
use crate::seen::Sight;
use crate::span::{Role, Span};

/// How units are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// A line each: when, which connection, which way, what it is and says, how long.
    #[default]
    Lines,
    /// A line each, and annotated hex below it.
    Hex,
    /// A line each, and the tree below it.
    Tree,
}

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

impl View {
    /// Writes what a dissector's `take` gave, which came at that time, counted from the watch's
    /// beginning.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn live(
        &self,
        taken: &Dissection,
        at: Duration,
        form: Form,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let sight = Sight::of(taken);
        for buffer in &taken.recorded {
            for unit in units(buffer, &buffer.range()) {
                out.write_all(self.live_line(&sight, buffer, &unit, at).as_bytes())?;
                let more = match form {
                    Form::Lines => continue,
                    Form::Hex => self.hex_unit(&sight, buffer, unit.span, &unit.range),
                    Form::Tree => self.tree_unit(&sight, buffer, unit.span, &unit.range),
                };
                out.write_all(more.as_bytes())?;
            }
        }
        Ok(())
    }

    fn live_line(
        &self,
        sight: &Sight<'_>,
        buffer: &Buffer,
        unit: &Unit<'_>,
        at: Duration,
    ) -> String {
        let mut line = self.line();
        line.push(QUIET, &format!("{:>8.4} s ", at.as_secs_f64()));
        if let BufferId::Recorded(connection, direction) = buffer.id {
            line.push(PLAIN, &format!("#{connection} {} ", arrow(direction)));
        }
        let size = format!(" {} B", thousands(unit.range.len()));
        let room = self.width().saturating_sub(size.len());
        let name = unit_name(unit.span);
        line.push_until(paint::layer(unit.span.layer).bold(), &name, room);
        let said = gist(sight, buffer, unit);
        for said in said.iter().filter(|said| !name.contains(*said)) {
            line.push_until(PLAIN, &format!("  {said}"), room);
        }
        line.push_right(QUIET, &size, self.width());
        line.end()
    }
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
