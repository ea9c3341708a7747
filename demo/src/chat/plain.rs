//! The chat without a terminal: lines from standard input, lines to standard output.

use std::io::{self, BufRead, Write};
use std::time::Duration;

use anyhow::Context as _;
use services::model::ChatMessage;
use tokio::sync::mpsc;

use super::look::line;
use super::talk::Face;
use super::typed::Typed;
use crate::print::{QUIET, note};

/// Lines that are read ahead.
const READ_AHEAD: usize = 16;

/// See the [module](self).
#[derive(Debug)]
pub(super) struct Plain {
    typed: mpsc::Receiver<io::Result<Typed>>,
}

impl Plain {
    pub(super) fn new() -> Self {
        let (sender, typed) = mpsc::channel(READ_AHEAD);
        // Standard input can be waited for on a thread only. It ends with its input, or with the
        // process.
        std::thread::spawn(move || {
            for typed in lines() {
                if sender.blocking_send(typed).is_err() {
                    break;
                }
            }
        });
        Self { typed }
    }
}

/// Every line of standard input; what is not UTF-8 in it is replaced.
fn lines() -> impl Iterator<Item = io::Result<Typed>> {
    let lines = io::stdin().lock().split(b'\n');
    lines.map(|line| line.map(|line| Typed::read(&String::from_utf8_lossy(&line))))
}

impl Face for Plain {
    /// A script has the time to wait until a server is back.
    const PATIENCE: Duration = Duration::from_secs(30);
    const IN_TURN: bool = true;

    async fn typed(&mut self) -> anyhow::Result<Option<Typed>> {
        let typed = self.typed.recv().await.transpose();
        typed.context("standard input cannot be read")
    }

    fn said(&mut self, message: &ChatMessage) -> io::Result<()> {
        let mut out = anstream::stdout();
        writeln!(out, "{}", line(message))?;
        out.flush()
    }

    fn note(&mut self, text: &str) -> io::Result<()> {
        note(&format!("{QUIET}{text}{QUIET:#}"));
        Ok(())
    }

    fn welcome(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn waiting(&mut self, _: usize) -> io::Result<()> {
        Ok(())
    }
}
