//! Ledgers side by side: a line each, figures first, then a bar on the scale of the largest.
//!
//! A bar has a letter a role besides its colour, so it reads in a pipe too. Cells are rounded along the
//! bar, so its length is true, and a part of less than half a cell may have none.

use super::paint::{self, Line, PLAIN, QUIET, STRONG};
use super::{View, escape, thousands};
use crate::ledger::{Ledger, Tally};
use crate::recording::Direction;
use crate::span::Role;

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Whose bytes: `gRPC`. Not repeated where it is as in the row before.
    pub title: String,
    /// Which of its calls: `cold`.
    pub state: String,
    /// Where they went.
    pub ledger: Ledger,
}

/// Whether directions have lines of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ways {
    /// A line for both together.
    #[default]
    Together,
    /// A line each, up first.
    Apart,
}

/// Shorter than this a bar tells nothing, and is left out.
const SHORTEST_BAR: usize = 6;
/// Names of figures are shortened where the bar would not get this many columns.
const FAIR_BAR: usize = 14;
/// Longer bars tell no more.
const LONGEST_BAR: usize = 60;
/// A longer title is cut.
const LONGEST_TITLE: usize = 24;

impl View {
    /// The table: a line of names, one or two lines a row, a legend. Roles that no row has are left
    /// out, if they are compression or unknown.
    #[must_use]
    pub fn ledger(&self, rows: &[Row], ways: Ways) -> String {
        let lines: Vec<_> = rows.iter().flat_map(|row| lines(row, ways)).collect();
        let table = Table::of(&lines, self.width());
        let mut text = table.head(self.line());
        let mut before = None;
        for line in &lines {
            let title = Some(line.title).filter(|title| before != Some(*title));
            before = Some(line.title);
            text.push_str(&table.row(self.line(), title.unwrap_or_default(), line));
        }
        text.push_str(&table.legend(self.line()));
        text
    }
}

/// A line of figures.
struct Figures<'a> {
    title: &'a str,
    state: String,
    tally: Tally,
}

fn lines(row: &Row, ways: Ways) -> Vec<Figures<'_>> {
    let line = |state: String, tally| Figures {
        title: &row.title,
        state,
        tally,
    };
    match ways {
        Ways::Together => vec![line(row.state.clone(), row.ledger.both())],
        Ways::Apart => Direction::BOTH
            .map(|way| {
                let state = format!("{} {}", row.state, arrow(way));
                line(state.trim().to_owned(), *row.ledger.way(way))
            })
            .into(),
    }
}

/// `→` from the client to the server.
pub(super) fn arrow(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "→",
        Direction::Down => "←",
    }
}

/// What stands above a role's figures, whole and shortened, and its letter in bars.
fn names(role: Role) -> (&'static str, &'static str, &'static str) {
    match role {
        Role::Value => ("value", "value", "V"),
        Role::Encoding => ("encoding", "enc.", "E"),
        Role::Compressed => ("compressed", "comp.", "C"),
        Role::Headers => ("headers", "head.", "H"),
        Role::Framing => ("framing", "frame", "F"),
        Role::Setup => ("set-up", "setup", "S"),
        Role::Unknown => ("unknown", "unkn.", "?"),
    }
}

/// Widths of columns.
struct Table {
    title: usize,
    state: usize,
    /// Roles with their heads and widths.
    roles: Vec<(Role, &'static str, usize)>,
    total: usize,
    /// Columns of the longest bar; 0 for none.
    bar: usize,
    /// Bytes of the longest bar.
    largest: usize,
}

impl Table {
    fn of(lines: &[Figures<'_>], columns: usize) -> Self {
        let whole = Self::with_heads(lines, columns, |role| names(role).0);
        match whole.bar < FAIR_BAR {
            true => Self::with_heads(lines, columns, |role| names(role).1),
            false => whole,
        }
    }

    fn with_heads(lines: &[Figures<'_>], columns: usize, head: fn(Role) -> &'static str) -> Self {
        let widest =
            |width: &dyn Fn(&Figures<'_>) -> usize| lines.iter().map(width).max().unwrap_or(0);
        let shown = |role: &Role| {
            let rare = matches!(role, Role::Compressed | Role::Unknown);
            !rare || lines.iter().any(|line| line.tally.of(*role) > 0)
        };
        let role = |role: Role| {
            let figures = widest(&|line| thousands(line.tally.of(role)).len());
            (role, head(role), figures.max(head(role).len()))
        };
        let mut table = Self {
            title: widest(&|line| escape::columns(line.title)).min(LONGEST_TITLE),
            state: widest(&|line| escape::columns(&line.state)),
            roles: Role::ALL.into_iter().filter(shown).map(role).collect(),
            total: widest(&|line| thousands(line.tally.total()).len()).max("total".len()),
            bar: 0,
            largest: lines
                .iter()
                .map(|line| line.tally.total())
                .max()
                .unwrap_or(0),
        };
        // On a narrow terminal names give way, figures never.
        let beyond = table.figures_end().saturating_sub(columns);
        table.title = table.title.saturating_sub(beyond);
        let room = columns.saturating_sub(table.figures_end() + 1);
        table.bar = room.min(LONGEST_BAR);
        if table.bar < SHORTEST_BAR {
            table.bar = 0;
        }
        table
    }

    /// The column after the state.
    fn figures_start(&self) -> usize {
        self.title + if self.state > 0 { 1 + self.state } else { 0 }
    }

    /// The column after the total.
    fn figures_end(&self) -> usize {
        let roles: usize = self.roles.iter().map(|(_, _, width)| 1 + width).sum();
        self.figures_start() + roles + 1 + self.total
    }

    fn head(&self, mut line: Line) -> String {
        line.push(QUIET, "bytes");
        let mut column = self.figures_start();
        for (_, head, width) in &self.roles {
            column += 1 + width;
            line.push_right(QUIET, head, column);
        }
        line.push_right(QUIET, "total", self.figures_end());
        line.end()
    }

    fn row(&self, mut line: Line, title: &str, figures: &Figures<'_>) -> String {
        line.push_until(STRONG, title, self.title);
        line.pad(self.title + usize::from(self.state > 0));
        line.push(PLAIN, &figures.state);
        let mut column = self.figures_start();
        for (role, _, width) in &self.roles {
            column += 1 + width;
            let bytes = figures.tally.of(*role);
            let style = if bytes == 0 { QUIET } else { PLAIN };
            line.push_right(style, &thousands(bytes), column);
        }
        line.push_right(
            STRONG,
            &thousands(figures.tally.total()),
            self.figures_end(),
        );
        line.pad(self.figures_end() + 1);
        for (role, _, _) in &self.roles {
            let cells = self.cells(&figures.tally, *role);
            line.push(paint::role(*role), &names(*role).2.repeat(cells));
        }
        line.end()
    }

    /// Cells of that role: from where the roles before it end to where it ends, both rounded.
    fn cells(&self, tally: &Tally, role: Role) -> usize {
        let until = |bytes: usize| match self.largest {
            0 => 0,
            largest => (bytes * self.bar * 2 + largest) / (largest * 2),
        };
        let roles = Role::ALL.iter().take_while(|before| **before != role);
        let before: usize = roles.map(|before| tally.of(*before)).sum();
        until(before + tally.of(role)) - until(before)
    }

    fn legend(&self, mut line: Line) -> String {
        for (place, (role, _, _)) in self.roles.iter().enumerate().filter(|_| self.bar > 0) {
            let (name, _, letter) = names(*role);
            line.push(PLAIN, if place == 0 { "" } else { "  " });
            line.push(paint::role(*role), letter);
            line.push(QUIET, &format!(" {name}"));
        }
        match line.columns() {
            0 => String::new(),
            _ => line.end(),
        }
    }
}

#[cfg(test)]
mod tests;
