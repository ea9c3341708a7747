//! `slides/run`: the live demo, or its tape.

use std::env;
use std::io::Write as _;

use anyhow::{Context as _, Result};
use unicode_width::UnicodeWidthStr as _;

use crate::colours::shown;
use crate::demo::Demo;
use crate::live::{self, Failed, Limits};
use crate::mask::comparable;
use crate::stage::{COLUMNS, Stage};
use crate::tape::Tape;

/// The environment variable that forbids tapes: a demo that fails then fails.
pub const LIVE: &str = "TALK_LIVE";

/// The environment variable that names a folder of outputs, `NAME.out`, which `slides/run` prints instead.
pub const REPLAY: &str = "TALK_REPLAY";

/// Runs a demo in front of a room.
///
/// # Errors
/// There is no such demo; or it failed and there is no tape, or tapes are forbidden.
pub fn run(stage: &Stage, name: &str) -> Result<()> {
    let demo = Demo::read(stage.root(), name)?;
    let failed = match live::run(stage, &demo, Limits::default(), &mut show) {
        Ok(_) => return Ok(()),
        Err(failed) => failed,
    };
    if env::var_os(LIVE).is_some() {
        return Err(failed.into());
    }
    let tape = Tape::read(stage.root(), name)
        .with_context(|| format!("{name} failed, since {failed}, and has no tape"))?;
    play(&tape, &failed);
    Ok(())
}

/// Goes on where the live demo left off, so that the slide has the rows that it was made for.
fn play(tape: &Tape, failed: &Failed) {
    show(&shown(&note(&tape.date, &failed.why)));
    let lines = tape.output.split_inclusive('\n');
    lines.skip(said_already(tape, failed)).for_each(show);
}

/// How many of the tape's lines the room has seen live: what a failure said of itself is none of them.
fn said_already(tape: &Tape, failed: &Failed) -> usize {
    let recorded = comparable(&tape.output, &tape.masks);
    let live = comparable(&failed.output, &tape.masks);
    let alike = recorded.iter().zip(live.iter().take(failed.shown));
    alike
        .take_while(|(recorded, live)| recorded == live)
        .count()
}

/// Says that it is a tape, and why, in one row: a slide keeps no more for it.
fn note(date: &str, why: &str) -> String {
    let label = format!(" tape of {date} ");
    let left = usize::from(COLUMNS).saturating_sub(label.width() + 1);
    let why: String = why
        .chars()
        .filter(|it| !it.is_control())
        .take(left)
        .collect();
    format!("\x1b[30;43m{label}\x1b[0m {why}\n")
}

fn show(line: &str) {
    let mut stdout = std::io::stdout().lock();
    // A slide that is no longer looked at is not worth an error.
    let _ = stdout
        .write_all(line.as_bytes())
        .and_then(|()| stdout.flush());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::{Mask, without_colours};

    #[test]
    fn a_tape_goes_on_after_the_lines_that_were_shown_live() {
        let tape = Tape {
            date: "2026-11-21".to_owned(),
            masks: vec![Mask::Durations],
            output: "8 in 5 ms\nSTRASSE\n".to_owned(),
        };
        let failed = |output: &str, shown| Failed {
            why: "it ended with 3".to_owned(),
            shown,
            output: output.to_owned(),
        };
        assert_eq!(
            said_already(&tape, &failed("8 in 7 ms\nboom\nboom\n", 3)),
            1
        );
        assert_eq!(said_already(&tape, &failed("8 in 7 ms\nSTRASSE\n", 2)), 2);
        assert_eq!(said_already(&tape, &failed("8 in 7 ms\n", 0)), 0);
    }

    #[test]
    fn a_note_has_one_row_however_much_there_is_to_say() {
        let note = note("2026-11-21", &"\"XML-RPC\" was not printed\n".repeat(9));
        let plain = without_colours(&note);
        assert_eq!(plain.trim_end().width(), usize::from(COLUMNS));
        assert_eq!(plain.lines().count(), 1);
    }
}
