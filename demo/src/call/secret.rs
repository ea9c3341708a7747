//! A password that is not to stand on the command line, where other programs and the shell's
//! history see it.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context as _, bail};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use services::Operation;

use crate::value::Value;

/// What stands for a password that is read from standard input.
const FROM_INPUT: &str = "-";

/// The arguments of a call, with the password read where a `-` stands for it.
///
/// # Errors
/// Where standard input cannot be read or has none.
pub(super) fn filled_in(
    operation: &Operation,
    mut values: Vec<Value>,
) -> anyhow::Result<Vec<Value>> {
    let fields = operation.parameters.iter();
    let place = fields.into_iter().position(|field| field.name == "senha");
    if let Some(Value::Text(word)) = place.and_then(|place| values.get_mut(place))
        && word == FROM_INPUT
    {
        *word = if io::stdin().is_terminal() {
            typed()?
        } else {
            first_line()?
        };
    }
    Ok(values)
}

fn first_line() -> anyhow::Result<String> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    if read.context("standard input cannot be read")? == 0 {
        bail!("standard input is empty: the password is its first line");
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Without showing it.
fn typed() -> anyhow::Result<String> {
    let mut out = io::stderr();
    write!(out, "senha: ")?;
    out.flush()?;
    enable_raw_mode()?;
    let typed = keys();
    disable_raw_mode()?;
    writeln!(out)?;
    typed
}

fn keys() -> anyhow::Result<String> {
    let mut typed = String::new();
    loop {
        let Event::Key(KeyEvent {
            code,
            modifiers,
            kind: KeyEventKind::Press | KeyEventKind::Repeat,
            ..
        }) = read()?
        else {
            continue;
        };
        match code {
            KeyCode::Enter => return Ok(typed),
            KeyCode::Char('c' | 'd') if modifiers == KeyModifiers::CONTROL => {
                bail!("no password was given")
            }
            KeyCode::Char(character) => typed.push(character),
            KeyCode::Backspace => drop(typed.pop()),
            _ => {}
        }
    }
}
