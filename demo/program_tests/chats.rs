//! The chat by pipes: lines in, lines out.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::process::{Server, Watchdog, command, only_line, run, run_with, text};

/// How long a line may take; the slowest takes a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// A participant, killed when dropped.
pub(crate) struct Talker {
    child: Child,
    stdin: Option<ChildStdin>,
    said: Receiver<String>,
    told: Receiver<String>,
    _watchdog: Watchdog,
}

fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

impl Talker {
    pub(crate) fn join(name: &str, url: &str) -> Self {
        let mut child = command(&["chat", name, "--url", url])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            _watchdog: Watchdog::over(&child),
            stdin: child.stdin.take(),
            said: lines(child.stdout.take().unwrap()),
            told: lines(child.stderr.take().unwrap()),
            child,
        }
    }

    pub(crate) fn say(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        writeln!(stdin, "{line}").unwrap();
        stdin.flush().unwrap();
    }

    pub(crate) fn hears(&self) -> String {
        self.said.recv_timeout(PATIENCE).unwrap()
    }

    pub(crate) fn is_told(&self) -> String {
        self.told.recv_timeout(PATIENCE).unwrap()
    }

    /// Ends its input; gives its exit code.
    fn leave(mut self) -> Option<i32> {
        self.stdin.take();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Talker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Until exactly these take part.
pub(crate) fn wait_for(server: &Server, names: &str) {
    let begun = Instant::now();
    loop {
        let here = text(&server.call(&["list_participants"]).stdout);
        if here.split_whitespace().collect::<Vec<_>>().join(" ") == names {
            return;
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "{names} are not here, but {here}"
        );
    }
}

#[test]
fn people_hear_each_other_in_one_order() {
    let server = Server::start(&[]);
    let mut ana = Talker::join("Ana", &server.url);
    let mut bob = Talker::join("Bob", &server.url);
    wait_for(&server, "Ana Bob");
    ana.say("olá \"Bob\"");
    assert_eq!(bob.hears(), "[Ana] olá \"Bob\"");
    bob.say("hi Ana");
    for talker in [&ana, &bob] {
        let mut heard = talker.hears();
        if heard.starts_with("[Ana]") {
            heard = talker.hears();
        }
        assert_eq!(heard, "[Bob] hi Ana");
    }
    assert_eq!([ana.leave(), bob.leave()], [Some(0), Some(0)]);
    wait_for(&server, "");
}

#[test]
fn piped_lines_are_said_and_it_ends_when_the_last_has_come_back() {
    let server = Server::start(&[]);
    let words = ["chat", "Robot", "--url", &server.url];
    let output = run_with(&words, b"one\ntwo\n\n//three");
    let printed = text(&output.stdout);
    assert_eq!(printed, "[Robot] one\n[Robot] two\n[Robot] /three\n");
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    let output = run_with(
        &[&words[..], &["--after", "1"]].concat(),
        b"four\n/quit\nfive\n",
    );
    let printed = text(&output.stdout);
    assert_eq!(printed, "[Robot] two\n[Robot] /three\n[Robot] four\n");
}

#[test]
fn a_piped_who_waits_for_the_connection_and_is_answered_in_turn() {
    let server = Server::start(&[]);
    let words = ["chat", "Robot", "--url", &server.url];
    let output = run_with(&words, b"/who\n");
    assert_eq!(text(&output.stderr), "here: [Robot]\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_piped_line_that_is_too_long_is_told_and_the_others_are_said() {
    let server = Server::start(&[]);
    let words = ["chat", "Robot", "--url", &server.url];
    let input = format!("one\n{}\ntwo\n", "a".repeat(16_385));
    let output = run_with(&words, input.as_bytes());
    assert_eq!(text(&output.stdout), "[Robot] one\n[Robot] two\n");
    let told = text(&output.stderr);
    assert!(
        told.starts_with("a line of 16385 bytes is too long and was not said"),
        "{told}"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_could_steer_a_terminal_is_written_out() {
    let server = Server::start(&[]);
    let steering = "\u{9b}2Jred\u{202e}txt";
    server.call(&["post_message", "E\u{202e}e", steering]);
    let words = ["chat", "Ana", "--after", "0", "--url", &server.url];
    let printed = text(&run_with(&words, b"bye\n").stdout);
    assert_eq!(
        printed,
        "[E\\u{202e}e] \\u{9b}2Jred\\u{202e}txt\n[Ana] bye\n"
    );
}

#[test]
fn when_a_server_is_killed_the_next_one_is_joined() {
    let first = Server::start(&[]);
    let second = Server::start(&[]);
    let urls = format!("{},{}", first.url, second.url);
    let mut ana = Talker::join("Ana", &urls);
    ana.say("one");
    assert_eq!(ana.hears(), "[Ana] one");
    first.end("KILL");
    let told = ana.is_told();
    assert_eq!(told, format!("connection lost, trying {}", second.url));
    // The second server is no twin of the first: it knows no line to go on after.
    let told = ana.is_told();
    assert!(
        told.starts_with("lines are missing (OutOfRange: "),
        "{told}"
    );
    ana.say("two");
    assert_eq!(ana.hears(), "[Ana] two");
    assert_eq!(ana.leave(), Some(0));
}

#[test]
fn where_nobody_serves_the_chat_ends_in_one_line() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = gone.local_addr().unwrap().to_string();
    drop(gone);
    let output = run_with(&["chat", "Ana", "--url", &address], b"hi\n");
    let told = only_line(&output, 1);
    assert!(told.starts_with("error: Unavailable: "), "{told}");
}

#[test]
fn a_name_that_is_refused_ends_the_chat_in_one_line() {
    let server = Server::start(&[]);
    let long = "a".repeat(65);
    let output = run_with(&["chat", &long, "--url", &server.url], b"hi\n");
    let told = only_line(&output, 1);
    assert!(
        told.starts_with("error: InvalidArgument: user is "),
        "{told}"
    );
    assert_eq!(run(&["chat", ""]).status.code(), Some(2));
}
