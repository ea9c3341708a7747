//! A desk with terminals, in a tmux of its own, on a small repository.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::peers::Peer;

/// How long anything that is waited for may take; the slowest, presenterm's start, takes a second.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at a screen.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

const THEME: &str = "extends: dark\n";

/// A repository with two decks, and terminals to show them in; all of it ends with this value.
pub(crate) struct Desk {
    tmux: PathBuf,
    size: [&'static str; 2],
    path: OsString,
    folder: TempDir,
}

/// A terminal in which a command runs, and a shell tells how it ended.
pub(crate) struct Terminal<'a> {
    desk: &'a Desk,
    pane: String,
}

impl Desk {
    /// A desk whose terminals have so many columns and rows; nothing, said aloud, without tmux and
    /// presenterm.
    pub(crate) fn open(columns: &'static str, rows: &'static str) -> Option<Self> {
        let tmux = Peer::tool("tmux")?.program().to_owned();
        let presenterm = Peer::tool("presenterm")?.program().to_owned();
        let presenterm = presenterm.parent().expect("a program lies in a folder");
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(presenterm.to_owned()).chain(std::env::split_paths(&paths));
        let desk = Self {
            tmux,
            size: [columns, rows],
            path: std::env::join_paths(paths).expect("folders that PATH takes"),
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        desk.furnish();
        Some(desk)
    }

    /// The repository.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    fn furnish(&self) {
        let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("../slides/run");
        let run = fs::read_to_string(run).expect("the runner is there");
        let (small, other) = (deck("Small"), deck("Other"));
        for (file, text) in [
            ("slides/en/small.md", small.as_str()),
            ("slides/en/other.md", &other),
            ("slides/run", &run),
            ("slides/theme.yaml", THEME),
        ] {
            let file = self.root().join(file);
            fs::create_dir_all(file.parent().expect("it has a folder")).expect("a folder");
            fs::write(file, text).expect("a file");
        }
    }

    /// A terminal in which `trivium` is given these arguments.
    pub(crate) fn terminal(&self, arguments: &str) -> Terminal<'_> {
        let program = env!("CARGO_BIN_EXE_trivium");
        let command = format!("'{program}' {arguments}; echo left with $?; stty -a; exec cat");
        // The first command starts the tmux that the others talk to.
        let is_first = !self.root().join("tmux").exists();
        let [columns, rows] = self.size;
        let first = [
            "new-session",
            "-d",
            "-x",
            columns,
            "-y",
            rows,
            "-P",
            "-F",
            "#{pane_id}",
        ];
        let later = ["new-window", "-d", "-P", "-F", "#{pane_id}"];
        let words = if is_first { &first[..] } else { &later[..] };
        let output = self.tmux(&[words, &["sh", "-c", &command]].concat());
        assert!(output.status.success(), "{output:?}");
        let pane = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Terminal { desk: self, pane }
    }

    fn tmux(&self, words: &[&str]) -> Output {
        let programs = Path::new(env!("CARGO_BIN_EXE_trivium")).parent();
        Command::new(&self.tmux)
            .args(["-u", "-f", "/dev/null", "-S"])
            .arg(self.root().join("tmux"))
            .args(words)
            .current_dir(self.root())
            .env("PATH", &self.path)
            // So that nothing is built, and nobody is asked whether it should be.
            .env(
                "TALK_PROGRAMS",
                programs.expect("a program lies in a folder"),
            )
            .env_remove("TMUX")
            .output()
            .expect("tmux starts")
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // Ends whatever still runs in a terminal.
        self.tmux(&["kill-server"]);
    }
}

impl Terminal<'_> {
    /// Presses keys, by tmux's names.
    pub(crate) fn press(&self, keys: &[&str]) {
        let words = [&["send-keys", "-t", &self.pane][..], keys].concat();
        assert!(self.desk.tmux(&words).status.success());
    }

    /// Waits until the screen shows this text.
    #[track_caller]
    pub(crate) fn sees(&self, text: &str) {
        let latest = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if screen.contains(text) {
                return;
            }
            assert!(Instant::now() < latest, "{text:?} is not on\n{screen}");
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Sends SIGTERM to the program that the terminal's shell runs.
    #[cfg(target_os = "linux")]
    pub(crate) fn tell_to_end(&self) {
        let words = ["display-message", "-p", "-t", &self.pane, "#{pane_pid}"];
        let shell = self.desk.tmux(&words).stdout;
        let shell = String::from_utf8_lossy(&shell).trim().to_owned();
        let children = fs::read_to_string(format!("/proc/{shell}/task/{shell}/children"));
        let program = children.expect("the shell runs").trim().to_owned();
        let told = Command::new("kill").args(["-TERM", &program]).status();
        assert!(
            told.expect("kill is there").success(),
            "no process {program:?}"
        );
    }

    fn screen(&self) -> String {
        let output = self.desk.tmux(&["capture-pane", "-p", "-t", &self.pane]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// A deck of three slides, a minute each.
fn deck(title: &str) -> String {
    let slide = |name: &str, number: &str| {
        format!(
            "The {name}\n===\n\n<!-- minutes: 1 -->\n<!--\nspeaker_note: |\n  Notes of {number}.\n-->\n\n\
             Read the {name}, ß.\n\n"
        )
    };
    let slides = [("first", "one"), ("second", "two"), ("third", "three")];
    let slides = slides.map(|(name, number)| slide(name, number));
    let slides = slides.join("<!-- end_slide -->\n\n");
    format!("---\ntitle: {title}\nminutes: 3\n---\n\n{slides}")
}
