//! Runs a demo, and gives up before a room grows restless.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::colours::shown;
use crate::demo::Demo;
use crate::mask::without_colours;
use crate::stage::{OURS, Stage};

use process::Process;
use servers::Servers;

mod process;
mod servers;

/// How long a demo may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Lines are held back so long: a demo that fails at once shows nothing but its tape.
    pub hold: Duration,
    /// Until its first output.
    pub first: Duration,
    /// Until its end.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            hold: Duration::from_millis(600),
            first: Duration::from_secs(2),
            whole: Duration::from_secs(10),
        }
    }
}

/// A demo that ran to its end, as its head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// What it printed, to stdout and stderr.
    pub output: String,
    /// Until its first output.
    pub first: Duration,
    /// Until its end.
    pub took: Duration,
}

/// A demo that did not.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct Failed {
    /// In a few words, for the room to read.
    pub why: String,
    /// How many lines were shown before.
    pub shown: usize,
    /// All that it printed.
    pub output: String,
}

/// Runs a demo; `show` gets its lines, with their ends, as they may be seen.
///
/// # Errors
/// A program is missing, it is too slow, ends otherwise than its head says, or lacks an expected line.
pub fn run(
    stage: &Stage,
    demo: &Demo,
    limits: Limits,
    show: &mut dyn FnMut(&str),
) -> Result<Ran, Failed> {
    let mut seen = Seen::new(show);
    let ended = attempt(stage, demo, limits, &mut seen);
    match ended.and_then(|ended| judge(demo, &seen.output, ended)) {
        Ok((first, took)) => {
            seen.release();
            let output = seen.output;
            Ok(Ran {
                output,
                first,
                took,
            })
        }
        Err(error) => Err(Failed {
            why: error.to_string(),
            shown: seen.shown,
            output: seen.output,
        }),
    }
}

/// What a demo has printed, and how much of it the room has seen.
struct Seen<'a> {
    output: String,
    released: usize,
    shown: usize,
    show: &'a mut dyn FnMut(&str),
}

impl<'a> Seen<'a> {
    fn new(show: &'a mut dyn FnMut(&str)) -> Self {
        Self {
            output: String::new(),
            released: 0,
            shown: 0,
            show,
        }
    }

    fn release(&mut self) {
        for line in self.output[self.released..].split_inclusive('\n') {
            (self.show)(line);
            self.shown += 1;
        }
        self.released = self.output.len();
    }
}

/// How a demo ended: its code, when it first printed, when it was done.
type Ended = (Option<i32>, Option<Duration>, Duration);

fn attempt(stage: &Stage, demo: &Demo, limits: Limits, seen: &mut Seen<'_>) -> Result<Ended> {
    let script = std::fs::read_to_string(stage.root().join(Demo::file(&demo.name)))
        .with_context(|| format!("{} cannot be read", Demo::file(&demo.name).display()))?;
    missing(stage, demo, &script)?;
    let began = Instant::now();
    let servers = Servers::start(stage, &script, limits.first)?;
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let (mut child, lines) = start(stage, demo, &servers, folder.path())?;
    let first = follow(&lines, began, limits, seen)?;
    let status = child.wait()?;
    Ok((status.code(), first, began.elapsed()))
}

fn judge(demo: &Demo, output: &str, ended: Ended) -> Result<(Duration, Duration)> {
    let (code, first, took) = ended;
    if code != Some(demo.ends) {
        bail!(
            "it ended with {}",
            code.map_or("a signal".to_owned(), |code| code.to_string())
        );
    }
    let plain = without_colours(output);
    let lacks = |text: &&String| !plain.lines().any(|line| line.contains(text.as_str()));
    if let Some(expected) = demo.expected.iter().find(lacks) {
        bail!("{expected:?} was not printed");
    }
    Ok((first.context("it printed nothing")?, took))
}

/// Programs are looked for before anything is printed, so that a room sees no `command not found`.
fn missing(stage: &Stage, demo: &Demo, script: &str) -> Result<()> {
    let is_word = |it: char| !(it.is_alphanumeric() || it == '-' || it == '_');
    let named = |program: &&str| script.split(is_word).any(|word| word == *program);
    let ours = OURS.iter().filter(|it| named(it)).copied();
    let needed = demo.needs.iter().map(String::as_str).chain(["bash"]);
    match ours.chain(needed).find(|it| stage.find(it).is_none()) {
        Some(program) => bail!("{program} is not here"),
        None => Ok(()),
    }
}

fn start(
    stage: &Stage,
    demo: &Demo,
    servers: &Servers,
    folder: &Path,
) -> Result<(Process, Receiver<String>)> {
    let (reader, writer) = std::io::pipe()?;
    let mut command = stage.command("bash");
    command
        .arg(stage.root().join(Demo::file(&demo.name)))
        .envs(servers.variables())
        .current_dir(folder)
        .stderr(writer.try_clone()?)
        .stdout(writer);
    let process = Process::spawn(command)?;
    Ok((process, read_lines(reader)))
}

fn read_lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from
            .read_until(b'\n', &mut line)
            .is_ok_and(|count| count > 0)
        {
            let text = String::from_utf8_lossy(&line).into_owned();
            if sender.send(text).is_err() {
                return;
            }
            line.clear();
        }
    });
    lines
}

/// Takes lines until the last; tells when the first came.
fn follow(
    lines: &Receiver<String>,
    began: Instant,
    limits: Limits,
    seen: &mut Seen<'_>,
) -> Result<Option<Duration>> {
    let mut first = None;
    loop {
        let passed = began.elapsed();
        let until = match first {
            None => limits.first,
            Some(_) if passed < limits.hold => limits.hold,
            Some(_) => limits.whole,
        };
        match lines.recv_timeout(until.min(limits.whole).saturating_sub(passed)) {
            Ok(line) => {
                first.get_or_insert_with(|| began.elapsed());
                seen.output.push_str(&shown(&line));
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(first),
            Err(RecvTimeoutError::Timeout) if first.is_none() => {
                bail!("it printed nothing within {} s", limits.first.as_secs());
            }
            Err(RecvTimeoutError::Timeout) if began.elapsed() >= limits.whole => {
                bail!("it did not end within {} s", limits.whole.as_secs());
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if began.elapsed() >= limits.hold {
            seen.release();
        }
    }
}
