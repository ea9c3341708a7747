//! A terminal that gives each key at once, and gets its ways back whatever happens.

use std::io;
use std::panic;

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

/// Until it is dropped, keys come one by one and a paste comes whole.
#[derive(Debug)]
pub(super) struct RawMode;

impl RawMode {
    pub(super) fn enter() -> io::Result<Self> {
        enable_raw_mode()?;
        let raw_mode = Self;
        restore_before_a_panic_is_told();
        execute!(io::stdout(), EnableBracketedPaste)?;
        Ok(raw_mode)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        restore();
    }
}

/// Where the terminal is gone there is nothing to restore.
fn restore() {
    let _ = execute!(io::stdout(), DisableBracketedPaste);
    let _ = disable_raw_mode();
}

/// A panic is told before anything is dropped, and in raw mode its lines would be stairs. Panics of
/// other threads do not end the chat, so they leave the terminal alone.
fn restore_before_a_panic_is_told() {
    let owner = std::thread::current().id();
    let told = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == owner {
            restore();
        }
        told(panic);
    }));
}
