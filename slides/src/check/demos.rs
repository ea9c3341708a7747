//! Each demo, live.

use std::path::Path;
use std::time::Duration;

use unicode_width::UnicodeWidthStr as _;

use super::fault::Fault;
use crate::demo::Demo;
use crate::live::{self, Failed, Limits, Ran};
use crate::mask::without_colours;
use crate::stage::{COLUMNS, Stage};
use crate::tape::Tape;

/// Until a demo's first output: a room waits no longer for a sign.
const FIRST: Duration = Duration::from_secs(1);

/// How many lines that differ from a tape are told: the others follow from them.
const TOLD: usize = 3;

/// What became of a demo.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What slides are drawn with: what it printed, else its tape.
    pub(super) output: String,
    /// What is wrong with it.
    pub(super) faults: Vec<Fault>,
    /// Whether it ran.
    pub(super) ran: bool,
    /// Programs of others that it needs and that are not here.
    pub(super) missing: Vec<String>,
}

/// Runs a demo, and compares it with its tape.
pub(super) fn run(stage: &Stage, name: &str) -> Outcome {
    let file = Demo::file(name);
    let Ok(demo) = Demo::read(stage.root(), name) else {
        // Every deck that names it tells why.
        return Outcome::default();
    };
    let tape = Tape::read(stage.root(), name).ok();
    let needed = demo.needs.iter().filter(|it| stage.find(it).is_none());
    let missing: Vec<String> = needed.cloned().collect();
    let ran = missing
        .is_empty()
        .then(|| tried(stage, &demo, tape.as_ref()));
    let faults = match &ran {
        None => Vec::new(),
        Some(Err(failed)) => vec![failure(&file, failed)],
        Some(Ok(ran)) => judge(&file, ran, tape.as_ref()),
    };
    let taped = tape.map(|tape| tape.output);
    let output = match ran {
        Some(Ok(ran)) => Some(ran.output),
        _ => taped,
    };
    Outcome {
        ran: missing.is_empty(),
        output: output.unwrap_or_default(),
        faults,
        missing,
    }
}

/// How often a demo runs at most. A machine that does other work may be slow once; and a call that a
/// second's end parts from the one before carries a new `date`, some twenty bytes more, which no mask may
/// hide. What is wrong is wrong each time.
const TRIES: usize = 3;

fn tried(stage: &Stage, demo: &Demo, tape: Option<&Tape>) -> Result<Ran, Failed> {
    let once = || live::run(stage, demo, Limits::default(), &mut |_| {});
    let holds = |ran: &Result<Ran, Failed>| {
        ran.as_ref().is_ok_and(|ran| {
            let same = tape.is_none_or(|tape| tape.differences(&ran.output).is_empty());
            ran.first <= FIRST && same
        })
    };
    let mut ran = once();
    for _ in 1..TRIES {
        if holds(&ran) {
            break;
        }
        ran = once();
    }
    ran
}

fn failure(file: &Path, failed: &Failed) -> Fault {
    let plain = without_colours(&failed.output);
    let lines: Vec<&str> = plain.lines().collect();
    let last = lines[lines.len().saturating_sub(TOLD)..].iter();
    let last: String = last.map(|line| format!("\n    {line}")).collect();
    Fault::new(file, 1, format!("it fails: {}{last}", failed.why))
}

fn judge(file: &Path, ran: &Ran, tape: Option<&Tape>) -> Vec<Fault> {
    let fault = |what: String| Fault::new(file, 1, what);
    let mut faults = Vec::new();
    if ran.first > FIRST {
        let first = ran.first.as_millis();
        faults.push(fault(format!(
            "its first output came after {first} ms: begin with a line that comes at once"
        )));
    }
    let plain = without_colours(&ran.output).replace('\t', "    ");
    let wide = plain.lines().find(|line| line.width() > COLUMNS.into());
    faults.extend(wide.map(|line| fault(format!("wider than {COLUMNS} columns: {line:?}"))));
    let differences = tape.map(|tape| tape.differences(&ran.output));
    for difference in differences.unwrap_or_default().iter().take(TOLD) {
        faults.push(fault(format!(
            "{difference}: mask it, or trivium talk --record"
        )));
    }
    faults
}
