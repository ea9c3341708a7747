//! The programs that demos run: built, and not older than what they were built from.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::Result;

use super::{agrees, say, warn};
use crate::stage::{OURS, PROGRAMS, Stage};

/// As the guide for teachers has it, so that what it built is not built again. It takes minutes.
const BUILD: [&str; 4] = ["build", "--release", "--locked", "--workspace"];

/// Tells whether all is built; where it is not, offers to build it, and else the tapes play.
pub(super) fn check(stage: &Stage) -> Result<()> {
    let Some(why) = lacking(stage) else {
        let (count, folder) = (OURS.len(), stage.programs().display());
        return say("programs", &format!("{count} in {folder}"));
    };
    warn("programs", &why)?;
    if std::env::var_os(PROGRAMS).is_some() {
        return warn(
            "",
            &format!("{PROGRAMS} names their folder: nothing is built there"),
        );
    }
    if !agrees(&question())? {
        return warn("", "then tapes play for what does not run");
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // Its progress is the progress.
    match command.args(BUILD).current_dir(stage.root()).status() {
        Ok(status) if status.success() => say("", "built"),
        Ok(_) => warn("", "that failed, as is told above: tapes play"),
        Err(error) => warn("", &format!("cargo does not start, so tapes play: {error}")),
    }
}

/// What is asked before programs are built; a no harms nothing, and that is said.
pub(super) fn question() -> String {
    let build = BUILD.join(" ");
    format!("Run cargo {build} now? It may take half an hour; without them tapes play.")
}

/// What is missing or old, if anything is.
fn lacking(stage: &Stage) -> Option<String> {
    let is_missing = |program: &&str| stage.find(program).is_none();
    let missing: Vec<&str> = OURS.into_iter().filter(is_missing).collect();
    if !missing.is_empty() {
        return Some(format!("not built: {}", missing.join(", ")));
    }
    let found = OURS.iter().filter_map(|program| stage.find(program));
    let old: Vec<String> = found.filter_map(|program| older(&program)).collect();
    (!old.is_empty()).then(|| format!("older than their sources: {}", old.join(", ")))
}

/// The program's name, if a source of it is newer.
fn older(program: &Path) -> Option<String> {
    let built = changed(program)?;
    let listed = fs::read_to_string(program.with_extension("d")).ok()?;
    let is_newer = |source: &PathBuf| changed(source).is_some_and(|at| at > built);
    let name = program.file_stem()?.to_string_lossy().into_owned();
    sources(&listed).iter().any(is_newer).then_some(name)
}

fn changed(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|it| it.modified()).ok()
}

/// The files of cargo's list beside a program: `program: source source…`, with `\ ` for a blank.
fn sources(listed: &str) -> Vec<PathBuf> {
    let Some((_, sources)) = listed.split_once(": ") else {
        return Vec::new();
    };
    let words = sources.replace("\\ ", "\0");
    let words = words.split_whitespace().map(|word| word.replace('\0', " "));
    words.map(PathBuf::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn cargos_list_of_sources_is_read() {
        let sources = sources("/t/a: /w/a\\ b.rs /w/c.rs\n");
        assert_eq!(sources, [Path::new("/w/a b.rs"), Path::new("/w/c.rs")]);
    }

    #[test]
    fn a_program_older_than_a_source_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let (program, source) = (folder.path().join("call"), folder.path().join("call.rs"));
        fs::write(&program, "").unwrap();
        fs::write(&source, "").unwrap();
        let list = format!("{}: {}\n", program.display(), source.display());
        fs::write(folder.path().join("call.d"), list).unwrap();
        let file = fs::File::options().write(true).open(&source).unwrap();
        let built = changed(&program).unwrap();
        file.set_modified(built - Duration::from_secs(1)).unwrap();
        assert_eq!(older(&program), None);
        file.set_modified(built + Duration::from_secs(1)).unwrap();
        assert_eq!(older(&program).as_deref(), Some("call"));
    }

    #[test]
    fn programs_that_are_not_built_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let stage = Stage::new(folder.path(), folder.path());
        let why = lacking(&stage).unwrap();
        assert!(why.starts_with("not built: trivium, xmlrpc-demo"), "{why}");
    }
}
