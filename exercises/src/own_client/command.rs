//! The student's program, as `command.txt` names it.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::exercise::Place;
use crate::language::{Text, excerpt};
use crate::program::{self, Ran};

/// The sheet gives a call two seconds; starting an interpreter and three calls fit in this.
const PATIENCE: Duration = Duration::from_secs(8);

/// What `command.txt` says.
pub(super) struct Program {
    words: Vec<String>,
    folder: PathBuf,
}

pub(super) fn name() -> Text {
    tell!(
        "command.txt names your program",
        "command.txt diz qual é o seu programa"
    )
}

impl Program {
    /// The program, or why there is none.
    pub(super) fn named(place: &Place) -> Result<Result<Self, Text>> {
        let text = place.text("command.txt")?;
        let lines = text.lines().map(str::trim);
        let lines: Vec<&str> = lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect();
        let [line] = lines[..] else {
            let count = lines.len();
            return Ok(Err(tell!(
                "The file has {count} lines beside its comments, and needs one: the command that starts your program.",
                "O arquivo tem {count} linhas além dos comentários, e precisa de uma: o comando que inicia o seu programa."
            )));
        };
        let program = Self {
            words: line.split_whitespace().map(str::to_owned).collect(),
            folder: place.folder.clone(),
        };
        Ok(program.starts().map(|()| program))
    }

    /// That there is such a program: without arguments it may say whatever it likes.
    fn starts(&self) -> Result<(), Text> {
        let Err(cause) = program::run(&mut self.command(&[]), PATIENCE) else {
            return Ok(());
        };
        let word = excerpt(&self.words[0]);
        let cause = cause.root_cause().to_string();
        Err(tell!(
            "{word} does not start: {cause}. It is looked for on PATH, and run in the folder of command.txt.",
            "{word} não inicia: {cause}. Ele é procurado no PATH e executado na pasta do command.txt."
        ))
    }

    /// What it does with a server, an operation and its arguments.
    pub(super) fn call(&self, address: &str, words: &[&str]) -> Result<Ran> {
        let url = format!("http://{address}/");
        let words: Vec<&str> = std::iter::once(url.as_str())
            .chain(words.iter().copied())
            .collect();
        program::run(&mut self.command(&words), PATIENCE)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.words[0]);
        command
            .args(&self.words[1..])
            .args(words)
            .current_dir(&self.folder);
        command
    }
}
