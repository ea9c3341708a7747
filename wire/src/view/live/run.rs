//! Units that are alike and say nothing: one line for many of them.

use std::time::Duration;

use super::super::{View, thousands};
use super::told::Told;

/// What comes longer than this after what was told is told, however little it is: who watches a slow
/// stream sees that it goes on.
const PATIENCE: Duration = Duration::from_secs(1);

/// Units of one direction that follow each other and are alike.
#[derive(Debug)]
pub(super) struct Run {
    /// The line for those that have not been told; its size is that of all of them.
    told: Told,
    /// What is shown below the first of them, until it is shown.
    more: String,
    /// Units that have been told.
    told_units: usize,
    /// Units that have not.
    new_units: usize,
    /// When the last of those came that have been told.
    told_at: Duration,
}

impl Run {
    /// The first unit, which has not been told.
    pub(super) fn begin(told: Told, more: String) -> Self {
        Self {
            told_at: told.at,
            told,
            more,
            told_units: 0,
            new_units: 1,
        }
    }

    /// Counts a unit, if it is like those before.
    pub(super) fn goes_on(&mut self, next: &Told) -> bool {
        let is_alike = next.says_nothing()
            && (next.layer, &next.name, &next.note)
                == (self.told.layer, &self.told.name, &self.told.note);
        if is_alike {
            self.new_units += 1;
            self.told.size_bytes += next.size_bytes;
            self.told.at = next.at;
        }
        is_alike
    }

    /// The line, if as many units have come as were told, or it was told long ago.
    pub(super) fn due(&mut self, view: &View) -> Option<String> {
        let is_late = self.told.at.saturating_sub(self.told_at) >= PATIENCE;
        let is_due = self.new_units >= self.told_units || is_late;
        (is_due && self.new_units > 0).then(|| self.tell(view))
    }

    /// What has not been told; nothing where all has.
    pub(super) fn rest(mut self, view: &View) -> String {
        match self.new_units {
            0 => String::new(),
            _ => self.tell(view),
        }
    }

    fn tell(&mut self, view: &View) -> String {
        let count = thousands(self.new_units);
        let times = match (self.told_units, self.new_units) {
            (0, 1) => Vec::new(),
            (0, _) => vec![format!("{count} times")],
            (_, 1) => vec!["once more".to_owned()],
            _ => vec![format!("{count} more")],
        };
        let text = self.told.line_of(view, &times) + &std::mem::take(&mut self.more);
        self.told_units += self.new_units;
        self.new_units = 0;
        self.told_at = self.told.at;
        self.told.size_bytes = 0;
        text
    }
}
