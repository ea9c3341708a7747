//! What has come since the last look, while a connection is watched: a line a unit, or each unit as
//! hex or tree.

mod run;

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::Duration;

use super::ledger::arrow;
use super::paint::{self, BROKEN, Line, PLAIN, QUIET};
use super::words::unit_name;
use super::{Unit, View, derived_in, derived_title, thousands, units};
use crate::dissection::{Buffer, BufferId, Dissection};
use crate::recording::Direction;
use crate::seen::Sight;
use crate::span::{Certainty, Layer, Role, Span};
use run::Run;

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
    /// beginning. Who watches for long keeps a [`Live`].
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
        let mut live = Live::new(*self, form);
        live.came(taken, at, out)?;
        live.finish(out)
    }
}

/// A watch that goes on: it knows what it has told.
///
/// Units that are alike and say nothing, as the pieces of a long upload, become one line, again each
/// time that as many more have come as were told, when a second has passed, or when something else
/// comes that way.
#[derive(Debug)]
pub struct Live {
    view: View,
    form: Form,
    ways: HashMap<BufferId, Way>,
}

/// One direction of a connection.
#[derive(Debug, Default)]
struct Way {
    run: Option<Run>,
}

impl Live {
    /// Nothing has come yet.
    #[must_use]
    pub fn new(view: View, form: Form) -> Self {
        Self {
            view,
            form,
            ways: HashMap::new(),
        }
    }

    /// Writes what a dissector's `take` gave, which came at that time, counted from the watch's
    /// beginning.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn came(
        &mut self,
        taken: &Dissection,
        at: Duration,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let sight = Sight::of(taken);
        for buffer in &taken.recorded {
            for unit in units(buffer, &buffer.range()) {
                let text = self.unit(&sight, buffer, &unit, at);
                out.write_all(text.as_bytes())?;
            }
            let way = self.ways.get_mut(&buffer.id);
            let run = way.and_then(|way| way.run.as_mut());
            let due = run.and_then(|run| run.due(&self.view));
            out.write_all(due.unwrap_or_default().as_bytes())?;
        }
        self.alone(&sight, at, out)
    }

    /// What is printed of a unit at once: nothing of one that is counted first.
    fn unit(
        &mut self,
        sight: &Sight<'_>,
        buffer: &Buffer,
        unit: &Unit<'_>,
        at: Duration,
    ) -> String {
        let way = self.ways.entry(buffer.id).or_default();
        let told = Told::of_unit(sight, buffer, unit, at);
        if way.run.as_mut().is_some_and(|run| run.goes_on(&told)) {
            return String::new();
        }
        let before = way.run.take();
        let before = before.map_or_else(String::new, |run| run.rest(&self.view));
        let below = match self.form {
            Form::Lines => String::new(),
            Form::Hex => self.view.hex_unit(sight, buffer, unit.span, &unit.range),
            Form::Tree => self.view.tree_unit(sight, buffer, unit.span, &unit.range),
        };
        if told.says_nothing() {
            way.run = Some(Run::begin(told, below));
            return before;
        }
        before + &told.line(&self.view) + &below
    }

    /// Writes that nothing comes any more in one direction: after what [`Live::came`] got of it.
    /// `broken` is as in [`Ending::broken`](crate::recording::Ending::broken).
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn ended(
        &mut self,
        (connection, direction): (usize, Direction),
        broken: bool,
        at: Duration,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let id = BufferId::Recorded(connection, direction);
        let way = self.ways.remove(&id);
        let carried = way.is_some();
        if let Some(run) = way.and_then(|way| way.run) {
            out.write_all(run.rest(&self.view).as_bytes())?;
        }
        let mut line = begun(&self.view, id, at);
        match broken {
            true => line.push(BROKEN, "broke off"),
            false => line.push(PLAIN, "end"),
        }
        if !carried {
            line.push(QUIET, ", and nothing came this way");
        }
        out.write_all(line.end().as_bytes())
    }

    /// Writes what was counted and has not been told: the watch is over.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn finish(&mut self, out: &mut impl Write) -> io::Result<()> {
        let mut ways: Vec<_> = self.ways.drain().collect();
        ways.sort_by_key(|(id, _)| *id);
        for run in ways.into_iter().filter_map(|(_, way)| way.run) {
            out.write_all(run.rest(&self.view).as_bytes())?;
        }
        Ok(())
    }

    /// What became whole with no unit, since the connection ended.
    fn alone(&self, sight: &Sight<'_>, at: Duration, out: &mut impl Write) -> io::Result<()> {
        for buffer in sight.derived_alone() {
            let told = Told::of_derived(sight, buffer, at);
            out.write_all(told.line(&self.view).as_bytes())?;
            let more = match self.form {
                Form::Lines => String::new(),
                Form::Hex => self.view.hex_derived(sight, buffer),
                Form::Tree => self.view.tree_derived(sight, buffer),
            };
            out.write_all(more.as_bytes())?;
        }
        Ok(())
    }
}

/// What a line tells.
#[derive(Debug)]
struct Told {
    id: BufferId,
    at: Duration,
    layer: Layer,
    name: String,
    said: Vec<String>,
    /// Why the bytes are not understood; empty where they are.
    note: String,
    size_bytes: usize,
    /// How many of them break rules.
    broken_bytes: usize,
    /// Whether something became whole with it.
    completes: bool,
}

impl Told {
    fn of_unit(sight: &Sight<'_>, buffer: &Buffer, unit: &Unit<'_>, at: Duration) -> Self {
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

    fn of_derived(sight: &Sight<'_>, buffer: &Buffer, at: Duration) -> Self {
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

    fn says_nothing(&self) -> bool {
        self.said.is_empty() && self.broken_bytes == 0 && !self.completes
    }

    fn line(&self, view: &View) -> String {
        self.line_of(view, &[])
    }

    /// With words that come before all others.
    fn line_of(&self, view: &View, first: &[String]) -> String {
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
fn begun(view: &View, id: BufferId, at: Duration) -> Line {
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

#[cfg(test)]
mod tests;
