//! What has come since the last look, while a connection is watched: a line a unit, or each unit as
//! hex or tree.

mod run;
mod told;

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::Duration;

use super::paint::{BROKEN, PLAIN, QUIET};
use super::{Unit, View, units};
use crate::dissection::{Buffer, BufferId, Dissection};
use crate::recording::Direction;
use crate::seen::Sight;
use run::Run;
use told::{Told, begun};

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

#[cfg(test)]
mod tests;
