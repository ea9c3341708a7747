//! What the check says: where it is, on a terminal; what it saw; what is wrong.

use std::io::{IsTerminal as _, stderr, stdout};
use std::process::ExitCode;

use super::demos::Outcome;
use super::drawn::Drawn;
use super::{Fault, Named, peers_are_required};
use crate::export::Size;
use crate::rows::fitted;

/// What was found so far.
#[derive(Debug, Default)]
pub struct Report {
    faults: Vec<Fault>,
    skips: Vec<String>,
    rows: Vec<String>,
    demos: usize,
}

impl Report {
    /// What is wrong.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// What could not be looked at on this machine.
    pub fn skips(&self) -> &[String] {
        &self.skips
    }

    /// Tells whoever waits what goes on now.
    pub(super) fn doing(&self, what: &str) {
        if stderr().is_terminal() {
            eprint!("\r\x1b[K{what}");
        }
    }

    /// Takes faults.
    pub(super) fn wrong(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.extend(faults);
    }

    /// A demo ran, or could not.
    pub(super) fn ran(&mut self, name: &str, outcome: &Outcome) {
        self.demos += usize::from(outcome.ran);
        if !outcome.missing.is_empty() {
            let missing = outcome.missing.join(", ");
            self.skipped(&format!(
                "{name} did not run, {missing} is not here: peers/install"
            ));
        }
    }

    /// Something could not be looked at on this machine.
    pub(super) fn skipped(&mut self, what: &str) {
        self.skips.push(what.to_owned());
    }

    /// A deck was drawn.
    pub(super) fn drawn(&mut self, named: &Named, size: Size, drawn: Drawn) {
        let Named { name, language, .. } = named;
        let (slides, tallest) = (drawn.slides, drawn.tallest);
        let (rows, of, title) = (tallest.rows, tallest.of, tallest.title);
        let (language, size) = (format!("{language:<5}"), format!("{size:<6}"));
        self.rows.push(format!(
            "{name:<20} {language} {size} {slides:>3} slides, tallest {rows:>2} of {of} rows: {title}"
        ));
        self.wrong(drawn.faults);
    }

    /// Says it all.
    pub(super) fn end(mut self) -> ExitCode {
        self.doing("");
        for row in &self.rows {
            println!("{}", fitted(row, &stdout()));
        }
        println!("{} demos ran live.", self.demos);
        for skip in &self.skips {
            eprintln!("{}", fitted(&format!("SKIPPED: {skip}"), &stderr()));
        }
        self.faults.sort();
        self.faults.dedup();
        for fault in &self.faults {
            eprintln!("{}", fitted(&fault.to_string(), &stderr()));
        }
        let failed = !self.faults.is_empty() || (!self.skips.is_empty() && peers_are_required());
        match self.faults.len() {
            0 if failed => eprintln!("Nothing may be skipped here: REQUIRE_PEERS is 1."),
            0 => println!("Nothing is wrong."),
            1 => eprintln!("1 fault."),
            count => eprintln!("{count} faults."),
        }
        ExitCode::from(u8::from(failed))
    }
}
