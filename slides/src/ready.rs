//! What a talk needs, looked at before the room does: each line tells what is there, or what to do.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use anyhow::{Context as _, Result, bail};

use crate::console;
use crate::deck::Deck;
use crate::demo::Demo;
use crate::rows::rows;
use crate::stage::Stage;
use crate::tape::Tape;

mod glyphs;
pub(crate) mod presenterm;
mod programs;

/// The smallest terminal that decks are made for, in columns and rows.
pub const SIZE: (u16, u16) = (80, 24);

/// A demo has a few servers, each on a free port; more than any needs.
const PORTS: usize = 16;

const QUIET: Style = Style::new().dimmed();
const CAREFUL: Style = AnsiColor::Yellow.on_default();

/// Looks at everything, offers to build and to install what is missing; gives where presenterm is.
///
/// # Errors
/// No terminal, one that is too small, or no presenterm: without those there is no talk. Anything else
/// is told, and the tapes play.
pub fn check(stage: &Stage, deck: &Deck, heard: &std::path::Path) -> Result<PathBuf> {
    let (columns, rows) = terminal()?;
    say("terminal", &format!("{columns} x {rows}"))?;
    programs::check(stage)?;
    let presenterm = presenterm::check(stage)?;
    listens(heard)?;
    ports()?;
    tapes(stage, deck)?;
    glyphs::show(stage, deck)?;
    Ok(presenterm)
}

fn terminal() -> Result<(u16, u16)> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        bail!("a talk needs a terminal: start it in one, without a pipe");
    }
    let (columns, rows) = crossterm::terminal::size().context("the terminal tells no size")?;
    if columns < SIZE.0 || rows < SIZE.1 {
        let (least_columns, least_rows) = SIZE;
        bail!(
            "the terminal has {columns} columns and {rows} rows, and decks need {least_columns} and \
             {least_rows}: make the window larger or the letters smaller, then start again"
        );
    }
    Ok((columns, rows))
}

fn listens(heard: &std::path::Path) -> Result<()> {
    match console::listen(heard, Duration::from_millis(1)) {
        Ok(_) => {
            let port = console::listener::ADDRESS.port();
            say("console", &format!("it can listen on UDP port {port}"))
        }
        Err(error) => warn("console", &format!("it will hear nothing: {error:#}")),
    }
}

fn ports() -> Result<()> {
    let bound = (0..PORTS).map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)));
    match bound.collect::<io::Result<Vec<_>>>() {
        Ok(_) => say("ports", "free ones are there"),
        Err(error) => warn("ports", &format!("none is free, tapes will play: {error}")),
    }
}

/// What plays if a demo fails, and which demos will fail for want of a program.
fn tapes(stage: &Stage, deck: &Deck) -> Result<()> {
    let demos: BTreeSet<&str> = deck.demos().collect();
    let lacks = |demo: &&&str| Tape::read(stage.root(), demo).is_err();
    let without: Vec<&str> = demos.iter().filter(lacks).copied().collect();
    let (count, all) = (demos.len() - without.len(), demos.len());
    say("tapes", &format!("{count} of {all} demos have one"))?;
    if !without.is_empty() {
        warn(
            "",
            &format!(
                "none: {}; trivium talk --record makes them",
                without.join(", ")
            ),
        )?;
    }
    for demo in demos {
        // One that cannot be read has stopped the deck already.
        let Ok(demo) = Demo::read(stage.root(), demo) else {
            continue;
        };
        let missing = demo.needs.iter().filter(|it| stage.find(it).is_none());
        for program in missing {
            let name = &demo.name;
            warn(
                "",
                &format!("{name} plays its tape: {program} is missing; peers/install has it"),
            )?;
        }
    }
    Ok(())
}

/// Columns of what a line is about.
const ABOUT: usize = 12;

/// A line of what was looked at.
fn say(about: &str, text: &str) -> Result<()> {
    lines(about, text, Style::new())
}

/// A line of what the presenter should know.
fn warn(about: &str, text: &str) -> Result<()> {
    lines(about, text, CAREFUL)
}

fn lines(about: &str, text: &str, style: Style) -> Result<()> {
    let columns = usize::from(SIZE.0) - ABOUT - 2;
    let mut about = about;
    for line in rows(text, columns, "") {
        let mut out = anstream::stdout();
        writeln!(
            out,
            "  {QUIET}{about:<ABOUT$}{QUIET:#}{style}{line}{style:#}"
        )?;
        about = "";
    }
    Ok(())
}

/// Asks. Enter alone is a no: it is pressed to start the deck, and what is asked for takes minutes.
fn agrees(question: &str) -> Result<bool> {
    let mut out = anstream::stdout();
    write!(out, "{} ", asked(question))?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(means_yes(&answer))
}

/// The question as it is to be seen, with room for an answer.
fn asked(question: &str) -> String {
    let columns = usize::from(SIZE.0) - ABOUT - 4;
    let rows = rows(&format!("{question} [y/N]"), columns, "");
    let rows = rows.iter().map(|row| format!("  {:<ABOUT$}{row}", ""));
    rows.collect::<Vec<_>>().join("\n")
}

fn means_yes(answer: &str) -> bool {
    let yes = ["y", "yes", "s", "sim"];
    yes.contains(&answer.trim().to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_alone_is_a_no() {
        for answer in ["", "\n", "\r\n", "n\n", "no\n", "yell\n"] {
            assert!(!means_yes(answer), "{answer:?}");
        }
        for answer in ["y\n", "Y\n", "Yes\n", "s\r\n", "sim\n"] {
            assert!(means_yes(answer), "{answer:?}");
        }
    }

    #[test]
    fn questions_fit_the_smallest_terminal_and_tell_what_a_no_brings() {
        for (question, told) in [
            (programs::question(), "without them tapes play"),
            (presenterm::QUESTION.to_owned(), "without it no slide"),
        ] {
            let asked = asked(&question);
            let rows = asked.lines().map(|row| row.chars().count() + 2);
            assert!(rows.max() <= Some(usize::from(SIZE.0)), "{asked}");
            assert!(asked.ends_with("[y/N]"), "{asked}");
            let words: Vec<&str> = asked.split_whitespace().collect();
            assert!(words.join(" ").contains(told), "{asked}");
        }
    }
}
