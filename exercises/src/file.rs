//! Files as students hand them in: what is no small regular file is told, not read.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use crate::language::{Text, excerpt};
use crate::report::Part;

/// More than any answer takes, in bytes.
const LARGEST: u64 = 1 << 20;

/// A file that cannot be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its name, as the sheet has it.
    pub file: String,
    /// Why, and what to do.
    pub told: Text,
}

impl Unreadable {
    /// The part of the report in which the file was to be looked at.
    #[must_use]
    pub fn part(self) -> Part {
        let name = tell!("{file}", "{file}", file = self.file);
        Part::wrong(name, self.told)
    }
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.file, self.told.en)
    }
}

impl std::error::Error for Unreadable {}

/// What a file in that folder holds; `root` is the repository.
///
/// # Errors
/// A file that is missing, that is a folder, a pipe or a device, or that is too large.
pub fn read(folder: &Path, root: &Path, file: &str) -> Result<Vec<u8>, Unreadable> {
    let path = folder.join(file);
    let refused = |told| Unreadable {
        file: file.to_owned(),
        told,
    };
    // Looked at before it is opened: a pipe that nobody writes to does not open.
    match fs::metadata(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(refused(missing(&path, root)));
        }
        Err(error) => return Err(refused(broken(&error))),
        Ok(found) if !found.is_file() => return Err(refused(irregular())),
        Ok(_) => {}
    }
    let opened = File::open(&path).map(|opened| opened.take(LARGEST + 1));
    let mut bytes = Vec::new();
    let read = opened.and_then(|mut opened| opened.read_to_end(&mut bytes));
    match read {
        Err(error) => Err(refused(broken(&error))),
        Ok(length) if length as u64 > LARGEST => Err(refused(too_large())),
        Ok(_) => Ok(bytes),
    }
}

/// git can only bring back what is its own.
fn missing(path: &Path, root: &Path) -> Text {
    if let Ok(tracked) = path.strip_prefix(root) {
        let tracked = tracked.display().to_string();
        return tell!(
            "There is no such file: `git checkout -- :/{tracked}` brings it back as it was.",
            "Esse arquivo não existe: `git checkout -- :/{tracked}` o traz de volta como era."
        );
    }
    tell!(
        "There is no such file in this folder: the exercise's folder in the repository has it as it is to begin with.",
        "Esse arquivo não existe nesta pasta: a pasta do exercício no repositório tem o original."
    )
}

fn irregular() -> Text {
    tell!(
        "This is no file but a folder, a pipe or a device: put a file in its place.",
        "Isto não é um arquivo, e sim uma pasta, um pipe ou um dispositivo: ponha um arquivo no lugar."
    )
}

fn too_large() -> Text {
    tell!(
        "The file has more than 1 MiB; no answer is that long.",
        "O arquivo tem mais de 1 MiB; nenhuma resposta é tão longa."
    )
}

fn broken(error: &std::io::Error) -> Text {
    tell!(
        "The file cannot be read: {error}.",
        "Não dá para ler o arquivo: {error}.",
        error = excerpt(&error.to_string()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(folder: &Path, file: &str) -> String {
        let root = Path::new("/nowhere");
        let refused = read(folder, root, file).expect_err("it is no answer");
        assert_eq!(refused.file, file);
        refused.told.en
    }

    #[test]
    fn what_is_no_small_file_is_told() {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let path = folder.path();
        assert!(told(path, "none").starts_with("There is no such file in this folder"));
        fs::create_dir(path.join("folder")).expect("a folder can be made");
        assert!(told(path, "folder").starts_with("This is no file but a folder"));
        let large = vec![b'a'; 1 + (1 << 20)];
        fs::write(path.join("large"), &large).expect("it can be written");
        assert!(told(path, "large").contains("more than 1 MiB"));
        fs::write(path.join("small"), &large[1..]).expect("it can be written");
        let read = read(path, path, "small").expect("it is a small file");
        assert_eq!(read.len(), 1 << 20);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn pipes_and_devices_are_not_opened() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};

        let folder = tempfile::tempdir().expect("there is room for a folder");
        let path = folder.path();
        let pipe = path.join("pipe");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR, 0).expect("a pipe can be made");
        std::os::unix::fs::symlink("/dev/zero", path.join("zero")).expect("a link can be made");
        for file in ["pipe", "zero"] {
            assert!(told(path, file).starts_with("This is no file but a folder, a pipe"));
        }
    }

    #[test]
    fn git_is_named_only_for_what_it_has() {
        let root = tempfile::tempdir().expect("there is room for a folder");
        let folder = root.path().join("exercises/1-netcat");
        let refused = read(&folder, root.path(), "a").expect_err("there is none");
        let wanted = "`git checkout -- :/exercises/1-netcat/a`";
        assert!(refused.told.en.contains(wanted), "{refused}");
        assert!(refused.told.pt.contains(wanted), "{refused}");
    }
}
