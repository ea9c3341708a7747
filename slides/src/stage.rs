//! Where a demo finds its programs, and what it is told of its surroundings.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The environment variable that names another folder of programs than the release build's.
pub const PROGRAMS: &str = "TALK_PROGRAMS";

/// Programs that this repository builds, which a demo may name without saying so in its head.
pub const OURS: [&str; 5] = [
    "trivium",
    "xmlrpc-demo",
    "jsonrpc-demo",
    "grpc-demo",
    "rest-demo",
];

/// Columns that a demo's output may have.
pub const COLUMNS: u16 = 80;

/// Where demos run.
#[derive(Debug, Clone)]
pub struct Stage {
    root: PathBuf,
    programs: PathBuf,
}

impl Stage {
    /// A stage on the repository at `root`, with the programs in that folder.
    pub fn new(root: &Path, programs: &Path) -> Self {
        Self {
            root: root.to_owned(),
            programs: programs.to_owned(),
        }
    }

    /// A stage with the programs of the release build, or those that `TALK_PROGRAMS` names.
    pub fn of(root: &Path) -> Self {
        let named = env::var_os(PROGRAMS).map(PathBuf::from);
        let programs = named.unwrap_or_else(|| root.join("target/release"));
        Self::new(root, &programs)
    }

    /// The repository.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder with the repository's own programs.
    pub fn programs(&self) -> &Path {
        &self.programs
    }

    /// Where a program is, of those that a demo finds.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        // One of ours that is not built must not be found elsewhere: it would be of another time.
        if OURS.contains(&program) {
            let path = self
                .programs
                .join(program)
                .with_extension(env::consts::EXE_EXTENSION);
            return path.is_file().then_some(path);
        }
        let folders = env::split_paths(&self.path()).collect::<Vec<_>>();
        let paths = folders.iter().map(|folder| folder.join(program));
        paths
            .map(|path| path.with_extension(env::consts::EXE_EXTENSION))
            .find(|path| path.is_file())
    }

    /// A command in this stage: programs by name, colours although a pipe reads, and nothing to type.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env("PATH", self.path())
            .env("ROOT", &self.root)
            .env("CLICOLOR_FORCE", "1")
            .env("COLUMNS", COLUMNS.to_string())
            .env_remove("NO_COLOR")
            .stdin(std::process::Stdio::null());
        command
    }

    fn path(&self) -> OsString {
        let own = [
            self.programs.clone(),
            self.programs.join("examples"),
            self.root.join("peers/.installed/bin"),
        ];
        let others = env::var_os("PATH").unwrap_or_default();
        let folders = own.into_iter().chain(env::split_paths(&others));
        env::join_paths(folders).unwrap_or(others)
    }
}
