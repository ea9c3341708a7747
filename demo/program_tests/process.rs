//! Processes of the program under test, each killed when its time is up.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::super::{BINARY, PROTOCOL};

/// How long a process may take; the slowest takes two seconds.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Kills a process whose time is up, until dropped.
pub(crate) struct Watchdog {
    ended: Option<mpsc::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Watchdog {
    pub(crate) fn over(child: &Child) -> Self {
        let pid = child.id();
        let (ended, end) = mpsc::channel::<()>();
        let thread = thread::spawn(move || {
            if end.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                signal("KILL", pid);
            }
        });
        Self {
            ended: Some(ended),
            thread: Some(thread),
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.ended.take();
        if let Some(thread) = self.thread.take() {
            // Whether it could kill is seen in what the process gave.
            let _ = thread.join();
        }
    }
}

/// Runs to the end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    let child = command(arguments).spawn().unwrap();
    let _watchdog = Watchdog::over(&child);
    child.wait_with_output().unwrap()
}

/// Runs to the end with that standard input.
pub(crate) fn run_with(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command(arguments).stdin(Stdio::piped()).spawn().unwrap();
    let _watchdog = Watchdog::over(&child);
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // A program that ends early does not read all of it, which is no matter here.
    let writer = thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

pub(crate) fn signal(name: &str, pid: u32) {
    let signalled = Command::new("kill")
        .args([&format!("-{name}"), &pid.to_string()])
        .status();
    assert!(signalled.unwrap().success(), "{name} did not reach {pid}");
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Asserts that a failed run told why on one line, and gives that.
pub(crate) fn only_line(output: &Output, exit_code: i32) -> String {
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(exit_code), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert_eq!(text(&output.stdout), "");
    told
}

/// `serve` in a process of its own, killed when dropped.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) stdout: Option<BufReader<ChildStdout>>,
    /// The first line that it printed.
    pub(crate) store: String,
    pub(crate) url: String,
    /// Where its metrics are, if it was told to have them.
    pub(crate) metrics: Option<String>,
    _watchdog: Watchdog,
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let arguments = [&["serve", "--addr", "127.0.0.1:0"], arguments].concat();
        let mut child = command(&arguments).spawn().unwrap();
        let watchdog = Watchdog::over(&child);
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = || {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            line.trim_end().to_owned()
        };
        let (store, door) = (line(), line());
        let metrics = arguments.contains(&"--metrics-addr").then(line);
        Self {
            store,
            url: address(&door, &format!("{PROTOCOL} on ")),
            metrics: metrics.map(|door| address(&door, "Metrics on http://")),
            child,
            stdout: Some(stdout),
            _watchdog: watchdog,
        }
    }

    pub(crate) fn call(&self, arguments: &[&str]) -> Output {
        run(&[&["call", "--url", &self.url], arguments].concat())
    }

    /// Sends that signal; gives how the process ended and what it still said.
    pub(crate) fn end(mut self, name: &str) -> (ExitStatus, String) {
        signal(name, self.child.id());
        let mut said = String::new();
        if let Some(stdout) = &mut self.stdout {
            stdout.read_to_string(&mut said).unwrap();
        }
        (self.child.wait().unwrap(), said)
    }
}

impl Server {
    /// Sends that signal; gives how the process ended and what it said of failures.
    pub(crate) fn end_with_stderr(mut self, name: &str) -> (ExitStatus, String) {
        let stderr = self.child.stderr.take();
        let (status, _) = self.end(name);
        let mut told = String::new();
        stderr.unwrap().read_to_string(&mut told).unwrap();
        (status, told)
    }
}

/// What follows on those words.
fn address(line: &str, words: &str) -> String {
    let address = line.strip_prefix(words);
    address
        .unwrap_or_else(|| panic!("{line:?} names no address"))
        .to_owned()
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already where the test got to its end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
