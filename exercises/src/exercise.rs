//! The exercises, and where their files are.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};

use crate::language::Language;
use crate::report::Report;
use crate::{add_operation, by_hand, bytes, evolve, find_the_lie, netcat, own_client, retries};

/// One exercise.
#[derive(Debug, Clone, Copy)]
pub struct Exercise {
    /// Its number, from 1 on.
    pub number: u8,
    /// Its name in paths, the same in both languages.
    pub slug: &'static str,
    /// Looks at the student's files.
    pub check: Check,
}

/// Looks at a student's files. An error is a fault of the machine (a program that does not start, a
/// file that is gone), never of the student's work: that is in the report.
pub type Check = fn(&Place) -> Result<Report>;

/// All of them, in the order of their numbers.
pub const ALL: &[Exercise] = &[
    exercise(1, "netcat", netcat::check),
    exercise(2, "by-hand", by_hand::check),
    exercise(3, "bytes", bytes::check),
    exercise(4, "your-own-client", own_client::check),
    exercise(5, "evolve", evolve::check),
    exercise(6, "harmless-retries", retries::check),
    exercise(7, "add-an-operation", add_operation::check),
    exercise(8, "find-the-lie", find_the_lie::check),
];

const fn exercise(number: u8, slug: &'static str, check: Check) -> Exercise {
    Exercise {
        number,
        slug,
        check,
    }
}

/// Where a check works.
#[derive(Debug, Clone)]
pub struct Place {
    /// The repository.
    pub root: PathBuf,
    /// The student's files, or others to be checked in their place.
    pub folder: PathBuf,
    /// The program `trivium`; the rooms' programs lie beside it where they are built.
    pub trivium: PathBuf,
}

impl Exercise {
    /// The exercise of that number.
    ///
    /// # Errors
    /// Where there is none.
    pub fn find(number: u8) -> Result<&'static Self> {
        let found = ALL.iter().find(|it| it.number == number);
        found.ok_or_else(|| {
            let numbers: Vec<_> = ALL.iter().map(|it| it.number.to_string()).collect();
            anyhow!("there is no exercise {number}: use {}", numbers.join(", "))
        })
    }

    /// Number and slug, as its folders and sheets are named.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}-{}", self.number, self.slug)
    }

    /// The files that the student edits.
    #[must_use]
    pub fn folder(&self, root: &Path) -> PathBuf {
        root.join("exercises").join(self.name())
    }

    /// A solution of all of it.
    #[must_use]
    pub fn solution(&self, root: &Path) -> PathBuf {
        root.join("exercises/solutions").join(self.name())
    }

    /// The sheet that tells the student what to do.
    #[must_use]
    pub fn sheet(&self, root: &Path, language: Language) -> PathBuf {
        let file = format!("{}.md", self.name());
        root.join("exercises").join(language.tag()).join(file)
    }
}

impl Place {
    /// A file of the student's.
    ///
    /// # Errors
    /// Where it cannot be read; the text tells how to get it back.
    pub fn read(&self, file: &str) -> Result<Vec<u8>> {
        let path = self.folder.join(file);
        fs::read(&path).with_context(|| {
            let path = path.display();
            format!("cannot read {path}: `git checkout -- {path}` brings it back as it was")
        })
    }

    /// A file of the student's as text; what is not UTF-8 in it becomes U+FFFD.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn text(&self, file: &str) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.read(file)?).into_owned())
    }
}

/// The repository: the folder from here upwards that has the exercises, else where this program was
/// built.
///
/// # Errors
/// Where neither has them.
pub fn root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("the current folder is gone")?;
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let mut candidates = here.ancestors().chain(built);
    let found = candidates.find(|folder| folder.join("exercises/en").is_dir());
    let found = found.map(Path::to_path_buf);
    found.context("the exercises are not here: go to the repository's folder, then try again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Sheet;

    #[test]
    fn every_exercise_has_its_files_in_both_languages_and_a_solution() {
        let root = root().expect("tests run in the repository");
        for exercise in ALL {
            assert!(exercise.folder(&root).is_dir(), "{}", exercise.name());
            assert!(exercise.solution(&root).is_dir(), "{}", exercise.name());
            let sheets = Language::ALL.map(|it| Sheet::read(exercise, &root, it));
            let [english, portuguese] = sheets.map(|sheet| sheet.expect("the sheet is complete"));
            assert_eq!(english.minutes, portuguese.minutes, "{}", exercise.name());
            assert_ne!(english.title, portuguese.title, "{}", exercise.name());
        }
    }

    #[test]
    fn exercises_are_numbered_in_order() {
        let numbers: Vec<_> = ALL.iter().map(|it| it.number).collect();
        assert!(numbers.is_sorted(), "{numbers:?}");
        let error = Exercise::find(99).expect_err("there is none").to_string();
        assert!(error.contains("use 1"), "{error}");
    }
}
