//! A student's folder: a copy of an exercise's files, with something changed in them.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::path::{Path, PathBuf};

use exercises::exercise::{self, Exercise, Place};
use exercises::report::{Part, Report, Verdict};
use tempfile::TempDir;

/// The repository.
pub(crate) fn root() -> PathBuf {
    exercise::root().expect("tests run in the repository")
}

/// The exercise of that number.
pub(crate) fn exercise(number: u8) -> &'static Exercise {
    Exercise::find(number).expect("it is in the list")
}

/// What the check says of that folder.
pub(crate) fn checked(number: u8, folder: &Path) -> Report {
    let place = Place {
        root: root(),
        folder: folder.to_path_buf(),
        trivium: PathBuf::from("these checks start no servers"),
    };
    (exercise(number).check)(&place).expect("the machine has what the check needs")
}

/// Files of their own, as they are handed out or solved.
pub(crate) fn copy(of: &Path) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    for entry in fs::read_dir(of).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        let name = path.file_name().expect("it has a name");
        fs::copy(&path, folder.path().join(name)).expect("it can be copied");
    }
    folder
}

/// All that a report says, in both languages.
pub(crate) fn said(report: &Report) -> String {
    let text = |part: &Part| {
        let findings = part
            .findings
            .iter()
            .map(|it| format!("{}\n{}\n", it.en, it.pt));
        findings.collect::<String>()
    };
    report.parts.iter().map(text).collect()
}

/// The names of the parts that are wrong.
pub(crate) fn wrong(report: &Report) -> Vec<&str> {
    let wrong = |part: &&Part| part.verdict == Verdict::Wrong;
    let parts = report.parts.iter().filter(wrong);
    parts.map(|part| part.name.en.as_str()).collect()
}
