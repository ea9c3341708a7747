//! The exercises, and where their files are.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};

use crate::file::{self, Unreadable};
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

/// Looks at a student's files. An error is a fault of the machine, such as a program that does not
/// start; what is wrong with the student's work is in the report. A file that the check cannot do
/// without may be an error too, [`Unreadable`], of which a report is made.
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
    /// Where it cannot be read: a finding of the part that it was read for.
    pub fn read(&self, file: &str) -> Result<Vec<u8>, Unreadable> {
        file::read(&self.folder, &self.root, file)
    }

    /// A file of the student's as text, without a byte order mark; what is not UTF-8 in it becomes
    /// U+FFFD.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn text(&self, file: &str) -> Result<String, Unreadable> {
        let bytes = self.read(file)?;
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        Ok(String::from_utf8_lossy(text).into_owned())
    }
}

/// The repository: the folder from here upwards that has the exercises.
///
/// # Errors
/// Where none has them. The repository that this program was built in is not taken in their place:
/// its files are perhaps not those that the student edits.
pub fn root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("the current folder is gone")?;
    above(&here)
}

fn above(here: &Path) -> Result<PathBuf> {
    let mut folders = here.ancestors();
    let found = folders.find(|folder| folder.join("exercises/en").is_dir());
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
    fn outside_of_the_repository_no_other_is_taken() {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let error = above(folder.path())
            .expect_err("there are none")
            .to_string();
        assert!(error.contains("go to the repository"), "{error}");
        let root = root().expect("tests run in the repository");
        let inside = root.join("exercises/en");
        assert_eq!(above(&inside).expect("they are above"), root);
    }

    #[test]
    fn exercises_are_numbered_in_order() {
        let numbers: Vec<_> = ALL.iter().map(|it| it.number).collect();
        assert!(numbers.is_sorted(), "{numbers:?}");
        let error = Exercise::find(99).expect_err("there is none").to_string();
        assert!(error.contains("use 1"), "{error}");
    }
}
