//! The chat at a real terminal: tmux, 80 columns by 24 rows, two people.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use super::super::BINARY;
use super::chats::wait_for;
use super::peers::Peer;
use super::process::{Server, text};

/// How long the screen may take; the slowest takes a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// A tmux of this test's own, with a session for each person. It ends with the value.
struct Desk {
    tmux: Peer,
    name: String,
}

impl Desk {
    /// `None`, said aloud, where there is no tmux.
    fn open(test: &str) -> Option<Self> {
        Some(Self {
            tmux: Peer::tool("tmux")?,
            name: format!("{test}-{}", std::process::id()),
        })
    }

    fn tmux(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(self.tmux.program());
        command
            .args(["-u", "-f", "/dev/null", "-L", &self.name])
            .args(arguments)
            .env("LC_ALL", "C.UTF-8")
            .env_remove("NO_COLOR")
            .env_remove("TMUX");
        command.output().unwrap()
    }

    /// Sits somebody down to the chat; then the shell tells how it ended, and how keys are read.
    fn sit(&self, person: &str, server: &Server, before: &str) {
        let url = &server.url;
        let line = format!(
            "{before} '{BINARY}' chat {person} --url {url}; echo \"left with $?\"; \
             stty -a | grep -o -e '-\\?icanon'; cat"
        );
        let size = ["-x", "80", "-y", "24"];
        let words = [
            &["new-session", "-d", "-s", person][..],
            &size,
            &["sh", "-c", &line],
        ];
        let output = self.tmux(&words.concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        self.wait(person, "/help tells what can be typed");
    }

    fn type_text(&self, person: &str, letters: &str) {
        self.tmux(&["send-keys", "-t", person, "-l", letters]);
    }

    fn press(&self, person: &str, keys: &[&str]) {
        self.tmux(&[&["send-keys", "-t", person], keys].concat());
    }

    fn screen(&self, person: &str, how: &[&str]) -> String {
        let words = [&["capture-pane", "-p", "-t", person], how].concat();
        text(&self.tmux(&words).stdout).trim_end().to_owned()
    }

    /// The screen, once that is on it.
    fn wait(&self, person: &str, wanted: &str) -> String {
        self.wait_until(person, wanted, |screen| screen.contains(wanted))
    }

    /// The same, once the row where is typed holds that, too: it is drawn a moment later.
    fn wait_with(&self, person: &str, wanted: &str, typed_there: &str) -> String {
        self.wait_until(person, wanted, |screen| {
            screen.contains(wanted) && typed(screen).trim_end() == typed_there
        })
    }

    fn wait_until(&self, person: &str, wanted: &str, is_there: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let screen = self.screen(person, &[]);
            if is_there(&screen) {
                return screen;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{wanted:?} is not on the screen:\n{screen}"
            );
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

/// The last line on the screen, where is typed.
fn typed(screen: &str) -> &str {
    screen.lines().last().unwrap_or_default()
}

#[test]
fn a_line_that_is_typed_stays_while_others_talk() {
    let Some(desk) = Desk::open("typed") else {
        return;
    };
    let server = Server::start(&[]);
    desk.sit("Ana", &server, "");
    desk.sit("Bob", &server, "");
    desk.type_text("Ana", "I am wrting");
    desk.wait("Ana", "[Ana] I am wrting");
    desk.type_text("Bob", "hello");
    desk.press("Bob", &["Enter"]);
    desk.wait_with("Ana", "[Bob] hello", "[Ana] I am wrting");
    // The letter that is missing, where it is missing.
    desk.press("Ana", &["Left", "Left", "Left", "Left"]);
    desk.type_text("Ana", "i");
    desk.press("Ana", &["Enter"]);
    desk.wait("Bob", "[Ana] I am writing");
    let screen = desk.wait_with("Ana", "[Ana] I am writing", "[Ana]");
    assert_eq!(screen.matches("writing").count(), 1, "{screen}");
}

#[test]
fn a_line_longer_than_the_row_is_shown_around_its_cursor() {
    let Some(desk) = Desk::open("long") else {
        return;
    };
    let server = Server::start(&[]);
    desk.sit("Ana", &server, "");
    let long = format!("{} end", "ação ".repeat(30));
    desk.type_text("Ana", &long);
    let screen = desk.wait("Ana", " end");
    assert!(typed(&screen).chars().count() < 80, "{screen}");
    let rows = screen.lines().filter(|line| line.contains("ação"));
    assert_eq!(rows.count(), 1, "{screen}");
    desk.press("Ana", &["Home"]);
    desk.type_text("Ana", "start ");
    desk.wait("Ana", "[Ana] start ação");
    desk.press("Ana", &["Enter"]);
    // It is wrapped above the row that is free again.
    desk.wait_with("Ana", " end", "[Ana]");
}

#[test]
fn who_is_here_is_told_and_quit_gives_the_terminal_back() {
    let Some(desk) = Desk::open("who") else {
        return;
    };
    let server = Server::start(&[]);
    desk.sit("Ana", &server, "");
    desk.sit("Bob", &server, "");
    wait_for(&server, "Ana Bob");
    desk.type_text("Ana", "/who");
    desk.press("Ana", &["Enter"]);
    desk.wait("Ana", "here: [Ana] [Bob]");
    desk.type_text("Ana", "/quit");
    desk.press("Ana", &["Enter"]);
    let screen = desk.wait("Ana", "icanon");
    assert!(screen.ends_with("left with 0\nicanon"), "{screen}");
    wait_for(&server, "Bob");
    // Not with a line begun: Ctrl-D deletes there, as in shells.
    desk.type_text("Bob", "x");
    desk.press("Bob", &["C-d", "BSpace", "C-d"]);
    let screen = desk.wait("Bob", "icanon");
    assert!(screen.ends_with("left with 0\nicanon"), "{screen}");
}

#[test]
fn ctrl_c_gives_the_terminal_back_whatever_is_typed() {
    let Some(desk) = Desk::open("interrupt") else {
        return;
    };
    let server = Server::start(&[]);
    desk.sit("Ana", &server, "");
    desk.type_text("Ana", "half a li");
    desk.press("Ana", &["C-c"]);
    let screen = desk.wait("Ana", "icanon");
    assert!(screen.ends_with("left with 0\nicanon"), "{screen}");
}

#[test]
fn what_others_write_steers_no_terminal_and_names_have_colours() {
    let Some(desk) = Desk::open("steer") else {
        return;
    };
    let server = Server::start(&[]);
    desk.sit("Ana", &server, "");
    desk.sit("Bob", &server, "NO_COLOR=1");
    wait_for(&server, "Ana Bob");
    server.call(&["post_message", "Eve", "\u{9b}2J\u{9b}31m\u{202e}txt"]);
    let wanted = "[Eve] \\u{9b}2J\\u{9b}31m\\u{202e}txt";
    let screen = desk.wait("Ana", wanted);
    assert!(screen.contains("/help tells what can be typed"), "{screen}");
    desk.wait("Bob", wanted);
    let coloured = desk.screen("Ana", &["-e"]);
    assert!(coloured.contains("m[Eve]"), "{coloured}");
    let plain = desk.screen("Bob", &["-e"]);
    assert!(!plain.contains('\u{1b}'), "{plain}");
}
