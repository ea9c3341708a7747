//! A student's folder that a test may spoil, and the check run on it by the program itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use exercises::exercise::Exercise;
use exercises::program;
use tempfile::TempDir;

/// No check takes longer, by far.
const LIMIT: Duration = Duration::from_secs(120);

/// The repository.
pub(crate) fn root() -> PathBuf {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = bench.parent().expect("bench lies in the workspace");
    root.to_path_buf()
}

/// What the program printed, and whether it ended well.
pub(crate) struct Checked {
    pub(crate) passed: bool,
    pub(crate) shown: String,
}

/// `trivium exercise` with these arguments.
pub(crate) fn trivium(arguments: &[&str]) -> Checked {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trivium"));
    command.arg("exercise").args(arguments).current_dir(root());
    let ran = program::run(command.env_remove("NO_COLOR"), LIMIT);
    let ran = ran.expect("the program starts");
    assert!(ran.status.is_some(), "it takes too long: {}", ran.stdout);
    Checked {
        passed: ran.succeeded(),
        shown: ran.stdout + &ran.stderr,
    }
}

impl Checked {
    /// The output in one line, so that it does not matter where lines break.
    fn words(&self) -> String {
        self.shown.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Fails where the output does not say that.
    pub(crate) fn tells(&self, text: &str) {
        let wanted = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            self.words().contains(&wanted),
            "no {text:?} in\n{}",
            self.shown
        );
    }

    /// Fails where the output gives that away.
    pub(crate) fn hides(&self, answer: &str) {
        assert!(
            !self.words().contains(answer),
            "{answer:?} in\n{}",
            self.shown
        );
    }
}

/// A copy of an exercise's files.
pub(crate) struct Tried {
    number: u8,
    folder: TempDir,
}

impl Tried {
    /// As the student finds them.
    pub(crate) fn untouched(number: u8) -> Self {
        Self::copy(number, &exercise(number).folder(&root()))
    }

    /// As the solution has them; files that the solution does not change are the student's.
    pub(crate) fn solution(number: u8) -> Self {
        let tried = Self::untouched(number);
        copy(&exercise(number).solution(&root()), tried.folder.path());
        tried
    }

    fn copy(number: u8, from: &Path) -> Self {
        let folder = TempDir::new().expect("there is a folder for temporary files");
        copy(from, folder.path());
        Self { number, folder }
    }

    /// Where its files are.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Puts something else in the place of a piece of a file, which has to be there.
    pub(crate) fn replace(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).expect("the file is text");
        assert!(text.contains(from), "{file} has no {from:?}");
        self.write(file, text.replacen(from, to, 1).as_bytes());
    }

    /// Writes a file anew.
    pub(crate) fn write(&self, file: &str, bytes: &[u8]) {
        fs::write(self.path(file), bytes).expect("a temporary file can be written");
    }

    /// Removes a file.
    pub(crate) fn remove(&self, file: &str) {
        fs::remove_file(self.path(file)).expect("the file was there");
    }

    /// Runs the check on it, in English.
    pub(crate) fn check(&self) -> Checked {
        self.check_in("en")
    }

    /// Runs the check on it.
    pub(crate) fn check_in(&self, language: &str) -> Checked {
        let folder = self.folder.path().to_str().expect("its name is text");
        let number = self.number.to_string();
        let checked = trivium(&[&number, "--check", "--folder", folder, "--lang", language]);
        Checked {
            // Its name is made up anew each time, and could hold whatever must not be printed.
            shown: checked.shown.replace(folder, "FOLDER"),
            ..checked
        }
    }
}

fn exercise(number: u8) -> &'static Exercise {
    Exercise::find(number).expect("the exercise is there")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a temporary folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(fs::copy(&path, &target).expect("a file can be copied")),
        }
    }
}
