//! The presenter's console: clock, pace, notes and what comes next, in a second terminal.
//!
//! It hears presenterm and steers nothing: a console that breaks, or is not there, takes nothing from
//! the talk.

use std::env;
use std::fs;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use crossterm::event::{self, Event};
use ratatui::DefaultTerminal;

use crate::deck::Deck;
use crate::fill;
use crate::rehearsal::Rehearsal;
use crate::signals;

use keys::Flow;
use listener::{ADDRESS, Listener};
use state::State;
use view::{Palette, Surroundings};

pub mod jump;
pub mod keys;
pub mod listener;
pub mod pace;
pub mod plan;
pub mod state;
pub mod view;

/// How long a key may wait while the console listens: too short to be felt.
const PATIENCE: Duration = Duration::from_millis(40);

/// Shows the console of a deck until the presenter leaves it.
///
/// # Errors
/// Not a terminal, no such deck, or the port of the slide changes is taken.
pub fn run(root: &Path, name: &str, language: &str) -> Result<()> {
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        bail!("the console needs a terminal: start it in one of its own, without a pipe");
    }
    let deck = Deck::read(root, name, language)?;
    let listener = listen(&heard_path(root, name, language)?, PATIENCE)?;
    let around = Surroundings {
        clock: String::new(),
        rehearsed: Rehearsal::read(root, name, language),
        palette: palette(),
    };
    // Not when the terminal closes: then nothing is to be put back, and it would be read for ever.
    let asked = signals::asked_to_end(&[signals::SIGTERM])?;
    let mut terminal = ratatui::try_init().context("the terminal cannot be drawn on")?;
    let ended = watch(&mut terminal, &listener, State::new(deck), around, &asked);
    ratatui::try_restore().context("the terminal cannot be put back: reset does it")?;
    ended
}

/// Listens for a deck, and tells what to do where that is not possible.
///
/// # Errors
/// The port is taken.
pub fn listen(deck: &Path, patience: Duration) -> Result<Listener> {
    Listener::bind(deck, patience).with_context(|| {
        let port = ADDRESS.port();
        format!("UDP port {port} cannot be listened on: end the program that has it (ss -ulp)")
    })
}

/// The path by which presenterm tells of a deck: that of the filled one, without links in it.
///
/// # Errors
/// Its folder cannot be made.
pub fn heard_path(root: &Path, name: &str, language: &str) -> Result<PathBuf> {
    let file = fill::file(root, name, language);
    let (folder, name) = file
        .parent()
        .zip(file.file_name())
        .context("a deck lies in a folder")?;
    let real = fs::create_dir_all(folder).and_then(|()| folder.canonicalize());
    let real = real.with_context(|| format!("{} cannot be made", folder.display()))?;
    Ok(real.join(name))
}

/// <https://no-color.org>: any value but an empty one.
fn palette() -> Palette {
    match env::var_os("NO_COLOR") {
        Some(value) if !value.is_empty() => Palette::PLAIN,
        _ => Palette::COLOURED,
    }
}

fn watch(
    terminal: &mut DefaultTerminal,
    listener: &Listener,
    mut state: State,
    mut around: Surroundings,
    asked: &AtomicBool,
) -> Result<()> {
    while !asked.load(Ordering::Acquire) {
        let now = Instant::now();
        around.clock = chrono::Local::now().format("%H:%M:%S").to_string();
        let mut last = 0;
        terminal.draw(|frame| last = view::draw(frame, &state.screen(now), &around))?;
        state.limit_scroll(last);
        if let Some(told) = listener.hear().context("the deck cannot be heard")? {
            state.told(told, Instant::now());
        }
        while event::poll(Duration::ZERO)? {
            if let Event::Key(key) = event::read()?
                && keys::press(&mut state, key, Instant::now()) == Flow::Leave
            {
                return Ok(());
            }
        }
    }
    Ok(())
}
