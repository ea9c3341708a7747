//! Exercise 6: retries that do no harm. The student's function is compiled with rustc beside a world
//! whose service fails by a script and whose clock is not the machine's, so that every run is alike.

use std::collections::hash_map::RandomState;
use std::ffi::OsString;
use std::fs;
use std::hash::{BuildHasher as _, Hasher as _};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::exercise::Place;
use crate::language::Text;
use crate::program::{self, Ran};
use crate::report::{Part, Report};

/// What is compiled beside `retry.rs`; `world.rs` is the one that the student reads.
const HARNESS: [(&str, &str); 5] = [
    ("main.rs", include_str!("retries/harness/main.rs")),
    ("pauses.rs", include_str!("retries/harness/pauses.rs")),
    ("rules.rs", include_str!("retries/harness/rules.rs")),
    ("script.rs", include_str!("retries/harness/script.rs")),
    ("world.rs", include_str!("../6-harmless-retries/world.rs")),
];

/// The compiler takes a second or two.
const COMPILING: Duration = Duration::from_secs(120);
/// The run waits for nothing: past this it is in a loop that neither sends nor sleeps.
const RUNNING: Duration = Duration::from_secs(10);

/// As many lines of the compiler as a student reads at once.
const COMPILER_LINES: usize = 40;

/// The names of the harness's rules, in its order.
fn rules() -> [Text; 10] {
    [
        tell!(
            "An answer is given as it came",
            "Uma resposta é entregue como veio"
        ),
        tell!(
            "What was never sent is sent again",
            "O que nunca saiu é enviado de novo"
        ),
        tell!(
            "What is safe to repeat is repeated",
            "O que é seguro repetir é repetido"
        ),
        tell!(
            "What may have been done is not done twice",
            "O que talvez já esteja feito não é feito duas vezes"
        ),
        tell!(
            "A key makes it safe to repeat",
            "Uma chave torna seguro repetir"
        ),
        tell!(
            "What is wrong is not repeated",
            "O que está errado não é repetido"
        ),
        tell!(
            "The number of sends is bounded",
            "O número de envios tem limite"
        ),
        tell!("The deadline covers everything", "O deadline cobre tudo"),
        tell!("Pauses grow", "As pausas crescem"),
        tell!(
            "Pauses differ from client to client",
            "As pausas mudam de cliente para cliente"
        ),
    ]
}

/// Compiles `retry.rs` and runs it through all the rules.
///
/// # Errors
/// A file that cannot be read or written, a machine without rustc.
pub fn check(place: &Place) -> Result<Report> {
    let folder = tempfile::tempdir().context("there is no temporary folder")?;
    fs::write(folder.path().join("retry.rs"), place.read("retry.rs")?)?;
    for (file, text) in HARNESS {
        fs::write(folder.path().join(file), text)?;
    }
    let compiled = compile(folder.path())?;
    if !compiled.succeeded() {
        return Ok(waiting(refused(&compiled)));
    }
    tried(folder.path())
}

/// Runs what was compiled, and reads what it wrote of each rule.
fn tried(folder: &Path) -> Result<Report> {
    let token = token();
    fs::write(folder.join("token"), &token)?;
    let mut check = Command::new(folder.join("check"));
    let ran = program::run(check.current_dir(folder), RUNNING)?;
    // It is not there where the process ended before its first line.
    let written = fs::read(folder.join("verdicts")).unwrap_or_default();
    let written = String::from_utf8_lossy(&written);
    let lines: Vec<&str> = written.lines().collect();
    let count = rules().len();
    Ok(match lines.split_last() {
        Some((last, lines)) if *last == token && lines.len() == count => judged(lines),
        // A loop in one rule keeps the later ones from being looked at.
        _ if lines.len() < count => unfinished(&ran, &lines),
        // So many lines without the last one were not written by the check.
        _ => unfinished(&ran, &[]),
    })
}

/// What nobody can know before the run: the standard library's hash maps have keys by chance.
fn token() -> String {
    let number = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", number(), number())
}

fn judged(lines: &[&str]) -> Report {
    let parts = rules().into_iter().zip(lines);
    parts.map(|(name, line)| part(name, line)).collect()
}

fn compile(folder: &Path) -> Result<Ran> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let mut command = Command::new(rustc);
    // What is not used yet is no fault of somebody who has just begun.
    command.args([
        "--edition",
        "2024",
        "-A",
        "warnings",
        "--color",
        "never",
        "main.rs",
        "-o",
        "check",
    ]);
    let ran = program::run(command.current_dir(folder), COMPILING);
    ran.context("this check needs Rust's compiler: install it from https://rustup.rs")
}

fn compiles() -> Text {
    tell!("retry.rs compiles", "retry.rs compila")
}

fn refused(compiled: &Ran) -> Part {
    let lines: Vec<&str> = compiled.stderr.lines().take(COMPILER_LINES).collect();
    let said = lines.join("\n");
    Part::wrong(
        compiles(),
        tell!("rustc says:\n{said}", "rustc diz:\n{said}"),
    )
}

/// A report of that part, with all rules still to come.
fn waiting(first: Part) -> Report {
    let rest = rules().map(|name| Part::waits(name, later()));
    std::iter::once(first).chain(rest).collect()
}

fn later() -> Text {
    tell!("Not tried yet.", "Ainda não foi tentado.")
}

fn part(name: Text, line: &str) -> Part {
    match line.split('\t').collect::<Vec<_>>()[..] {
        ["ok", ..] => Part::judged(name, Vec::new()),
        ["wrong", en, pt] => Part::wrong(name, tell!("{en}", "{pt}")),
        _ => Part::wrong(name, ended()),
    }
}

fn ended() -> Text {
    tell!(
        "The program ended here, and not by itself: look for what ends a process.",
        "O programa terminou aqui, e não por si: procure o que encerra um processo."
    )
}

/// What was tried before the run ended too early.
fn unfinished(ran: &Ran, lines: &[&str]) -> Report {
    let stuck = match ran.status {
        None => tell!(
            "Your function did not come back: it neither sends nor sleeps, and goes on.",
            "A sua função não voltou: não envia nem dorme, e continua."
        ),
        Some(_) => ended(),
    };
    let rules = rules().into_iter().enumerate();
    let parts = rules.map(|(place, name)| match lines.get(place) {
        Some(line) => part(name, line),
        None if place == lines.len() => Part::wrong(name, stuck.clone()),
        None => Part::waits(name, later()),
    });
    parts.collect()
}
