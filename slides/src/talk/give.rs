//! Gives a talk: what is looked at before, the deck, what a rehearsal leaves.

use std::env;
use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::{Context as _, Result};

use crate::console::listener::Listener;
use crate::console::plan::clocked;
use crate::console::{self, heard_path};
use crate::deck::{Deck, LANGUAGES};
use crate::fill::{self, Filled};
use crate::ready;
use crate::rehearsal::{self, Rehearsal};
use crate::rows::fitted;
use crate::signals;
use crate::stage::Stage;

use super::DECK;

/// A deck that is about to be shown.
pub(super) struct Talk {
    /// Where its demos run.
    pub stage: Stage,
    /// What is shown.
    pub deck: Deck,
    /// The deck's name.
    pub name: String,
    /// The deck's language.
    pub language: String,
}

impl Talk {
    /// Looks whether all is there, starts the deck and waits for its end.
    pub(super) fn give(&self, rehearse: bool) -> Result<ExitCode> {
        let root = self.stage.root();
        let filled = fill::fill(root, &self.name, &self.language, &self.deck)?;
        let (title, count) = (&self.deck.title, self.deck.slides.len());
        say(&format!(
            "{title}: {count} slides, {}",
            clocked(self.deck.length)
        ))?;
        let heard = heard_path(root, &self.name, &self.language)?;
        let presenterm = ready::check(&self.stage, &self.deck, &heard)?;
        // Before anybody begins to speak: a rehearsal that cannot listen would measure nothing.
        let listener = rehearse.then(|| console::listen(&heard, rehearsal::PATIENCE));
        let listener = listener.transpose()?;
        if !self.starts(rehearse)? {
            return Ok(ExitCode::FAILURE);
        }
        let mut command = command(&presenterm, &filled);
        let status = match listener {
            Some(listener) => self.rehearse(&mut command, &listener)?,
            None => {
                let shown = command.status();
                shown.with_context(|| format!("{} does not start", presenterm.display()))?
            }
        };
        passed_on(status)
    }

    /// Waits until the presenter has looked at all that.
    fn starts(&self, rehearse: bool) -> Result<bool> {
        if let Some(last) = Rehearsal::read(self.stage.root(), &self.name, &self.language) {
            say(&format!("  {last}"))?;
        }
        say(&second(&self.console()))?;
        let clock = if rehearse {
            " and the clock of the rehearsal"
        } else {
            ""
        };
        say(&format!("Enter starts the deck{clock}, Ctrl-C leaves."))?;
        let mut answer = String::new();
        Ok(std::io::stdin().lock().read_line(&mut answer)? > 0)
    }

    /// How the console of this deck is started.
    fn console(&self) -> String {
        let program = env::args().next().unwrap_or_else(|| "trivium".to_owned());
        let mut words = vec![program.as_str(), "talk"];
        if self.name != DECK {
            words.push(&self.name);
        }
        if self.language != LANGUAGES[0] {
            words.extend(["--lang", self.language.as_str()]);
        }
        words.push("--console");
        words.join(" ")
    }

    fn rehearse(&self, command: &mut Command, listener: &Listener) -> Result<ExitStatus> {
        let asked = signals::asked_to_end(&signals::ANY)?;
        let ended = AtomicBool::new(false);
        let (status, rehearsal) = thread::scope(|scope| {
            let mut shown: Child = command.spawn().context("presenterm does not start")?;
            let watch = scope.spawn(|| rehearsal::measure(listener, &self.deck, &ended));
            let status = wait(&mut shown, &asked);
            ended.store(true, Ordering::Release);
            let rehearsal = watch.join().expect("measuring does not panic");
            Ok::<_, anyhow::Error>((status?, rehearsal?))
        })?;
        self.keep(&rehearsal)?;
        Ok(status)
    }

    fn keep(&self, rehearsal: &Rehearsal) -> Result<()> {
        if rehearsal.reached == 1 {
            return tell("No slide but the title was shown: the rehearsal is not kept.");
        }
        let file = Rehearsal::file(&self.name, &self.language);
        let before = Rehearsal::read(self.stage.root(), &self.name, &self.language);
        if let Some(before) = before.filter(|before| before.shown() > rehearsal.shown()) {
            let shown = rehearsal.shown();
            return tell(&format!(
                "{shown} slides were shown, and {} in the one that is kept: it stays in {}.",
                before.shown(),
                file.display()
            ));
        }
        rehearsal.write(self.stage.root(), &self.name, &self.language)?;
        let planned = clocked(self.deck.length);
        tell(&format!("{rehearsal}; {planned} are planned."))?;
        tell(&format!("Each slide's time is in {}.", file.display()))?;
        for (number, slide) in rehearsal.late().iter().take(SLOWEST) {
            let title = &slide.title;
            let (used, planned) = (slide.used(), slide.planned());
            tell(&format!("  slide {number}, {title}: {used} of {planned}"))?;
        }
        Ok(())
    }
}

/// Tells of the console; a command that would be cut at the terminal's edge has a row of its own.
fn second(command: &str) -> String {
    let row = format!("In a second terminal: {command}");
    if row.chars().count() <= usize::from(ready::SIZE.0) {
        return row;
    }
    format!("In a second terminal:\n  {command}")
}

/// Of the slides that took longer than planned, so many are told.
const SLOWEST: usize = 5;

/// Demos may run when they are asked to, and the changes of slides are published.
fn command(presenterm: &Path, filled: &Filled) -> Command {
    let mut command = Command::new(presenterm);
    command.args(["-x", "-P", "-c"]);
    command.arg(&filled.config).arg(&filled.deck);
    command
}

/// Waits for the deck's end, and ends it where this program is asked to: what was measured is then kept.
fn wait(shown: &mut Child, asked: &AtomicBool) -> std::io::Result<ExitStatus> {
    loop {
        if let Some(status) = shown.try_wait()? {
            return Ok(status);
        }
        if asked.load(Ordering::Acquire) {
            shown.kill()?;
            return shown.wait();
        }
        thread::sleep(rehearsal::PATIENCE);
    }
}

/// presenterm's exit code is this program's.
fn passed_on(status: ExitStatus) -> Result<ExitCode> {
    let code = status.code().context("presenterm was ended by a signal")?;
    // On Unix a code has eight bits.
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// Says it in rows that end between words; a command that is copied is said as it is.
fn tell(text: &str) -> Result<()> {
    say(&fitted(text, &std::io::stdout()))
}

fn say(line: &str) -> Result<()> {
    let mut out = anstream::stdout();
    Ok(writeln!(out, "{line}")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_command_has_a_row_of_its_own() {
        assert_eq!(second("a talk"), "In a second terminal: a talk");
        let long = "target/release/trivium talk bytes-on-the-wire --lang pt-BR --console";
        assert_eq!(second(long), format!("In a second terminal:\n  {long}"));
    }
}
