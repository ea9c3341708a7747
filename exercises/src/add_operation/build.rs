//! The programs of a workspace, built without optimisation.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::ROOMS;
use crate::language::Text;
use crate::program;

/// The first build has all libraries to build as well.
const BUILDING: Duration = Duration::from_secs(30 * 60);

/// As many lines of the compiler as a student reads at once.
const COMPILER_LINES: usize = 40;

/// Programs by their names.
pub(super) struct Programs(Vec<PathBuf>);

impl Programs {
    /// The program of that name.
    pub(super) fn named(&self, name: &str) -> Result<&Path> {
        let found = self
            .0
            .iter()
            .find(|path| path.file_stem().is_some_and(|stem| stem == name));
        let found = found.with_context(|| format!("cargo has built no {name}"))?;
        Ok(found)
    }
}

pub(super) fn name() -> Text {
    tell!("The workspace compiles", "O workspace compila")
}

/// The programs, or what the compiler says.
pub(super) fn programs(workspace: &Path) -> Result<Result<Programs, Text>> {
    eprintln!(
        "cargo build in {}: the first time takes minutes",
        workspace.display()
    );
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args([
        "build",
        "--bins",
        "--message-format",
        "json-render-diagnostics",
        "-p",
        "trivium",
    ]);
    for room in &ROOMS {
        command.args(["-p", room.program]);
    }
    let ran = program::run(command.current_dir(workspace), BUILDING);
    let ran = ran.context("this check needs cargo: install Rust from https://rustup.rs")?;
    if !ran.succeeded() {
        return Ok(Err(said(&ran.stderr)));
    }
    let lines = ran
        .stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let built = lines.filter_map(|line| Some(PathBuf::from(line["executable"].as_str()?)));
    let kept = built.map(|program| kept(&program));
    Ok(Ok(Programs(kept.collect::<Result<_>>()?)))
}

/// The program under a name that the next build, of whichever copy of the workspace, leaves alone.
fn kept(program: &Path) -> Result<PathBuf> {
    let missing = || format!("cargo names no program: {}", program.display());
    let (folder, name) = program
        .parent()
        .zip(program.file_name())
        .with_context(missing)?;
    let folder = folder.join("exercise-7");
    let link = folder.join(name);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    // There is none before the first check.
    let _ = fs::remove_file(&link);
    let linked = fs::hard_link(program, &link).or_else(|_| fs::copy(program, &link).map(drop));
    linked.with_context(|| format!("cannot write {}", link.display()))?;
    Ok(link)
}

/// From the first error on: before it cargo tells what it builds.
fn said(stderr: &str) -> Text {
    let lines: Vec<&str> = stderr.lines().collect();
    let first = lines
        .iter()
        .position(|line| line.starts_with("error"))
        .unwrap_or(0);
    let said = lines[first..]
        .iter()
        .take(COMPILER_LINES)
        .copied()
        .collect::<Vec<_>>();
    let said = said.join("\n");
    tell!("cargo says:\n{said}", "cargo diz:\n{said}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_error_is_what_is_told() {
        let text = said("   Compiling a\nerror[E0046]: not all trait items\n  --> b.rs\n");
        assert!(
            text.en.starts_with("cargo says:\nerror[E0046]"),
            "{}",
            text.en
        );
    }

    #[test]
    fn a_program_is_kept_when_the_next_build_replaces_it() {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let program = folder.path().join("trivium");
        for build in ["first", "second"] {
            fs::write(&program, build).expect("it can be written");
            let kept = kept(&program).expect("it can be linked");
            fs::remove_file(&program).expect("it was there");
            assert_eq!(fs::read_to_string(kept).expect("it is kept"), build);
        }
    }
}
