//! How a room's tests reach the clients and servers of other languages.
//!
//! A room's `tests/peer.rs` takes this file in with
//! `#[path = "../../peers/support.rs"] mod peers;`. Everything here blocks: an
//! async test runs it in `tokio::task::spawn_blocking`.
#![allow(dead_code, reason = "each room's tests use a part")]

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// How long a server may take until it listens: grpcio's import is slow on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How long a client may take for all its calls.
const RUN_LIMIT: Duration = Duration::from_secs(60);
/// A proxy meant for the Internet must not stand between two programs on loopback.
const PROXY_VARIABLES: [&str; 8] = [
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "grpc_proxy",
    "GRPC_PROXY",
];

/// A program that `peers/install` has installed: a script of ours or a tool.
#[derive(Debug)]
pub(crate) struct Peer {
    name: String,
    program: PathBuf,
    script: Option<PathBuf>,
}

impl Peer {
    /// A script in `peers/python`, or `None`, said aloud, when Python's part is not installed.
    pub(crate) fn python(script: &str) -> Option<Self> {
        let program = folder().join(".installed/python/bin/python");
        let stubs = folder().join(".installed/stubs/calculator_pb2.py");
        let installed = program.exists() && stubs.exists();
        Self::found(
            script,
            installed,
            program,
            Some(folder().join("python").join(script)),
        )
    }

    /// A script in `peers/node`, or `None`, said aloud, when Node's part is not installed.
    pub(crate) fn node(script: &str) -> Option<Self> {
        let installed = folder().join("node/node_modules/jayson").exists();
        Self::found(
            script,
            installed,
            "node".into(),
            Some(folder().join("node").join(script)),
        )
    }

    /// `curl`, `grpcurl` or `buf`, or `None`, said aloud, when it is not installed.
    pub(crate) fn tool(name: &str) -> Option<Self> {
        let program = folder().join(".installed/bin").join(name);
        Self::found(name, program.exists(), program, None)
    }

    /// Its path, for a test that starts it itself.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    fn found(
        name: &str,
        installed: bool,
        program: PathBuf,
        script: Option<PathBuf>,
    ) -> Option<Self> {
        if !installed {
            skip(name);
            return None;
        }
        Some(Self {
            name: name.to_owned(),
            program,
            script,
        })
    }

    /// Runs the peer to its end and returns what it wrote.
    ///
    /// # Panics
    ///
    /// When it takes longer than [`RUN_LIMIT`]; it is killed first.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut child = self.spawn(arguments);
        let stdout = read_aside(child.stdout.take().expect("stdout is piped"));
        let stderr = read_aside(child.stderr.take().expect("stderr is piped"));
        let in_time = stdout.recv_timeout(RUN_LIMIT);
        if in_time.is_err() {
            // What it wrote so far arrives once the pipe is closed.
            child.kill().expect("a child can be killed");
        }
        let output = Output {
            status: child.wait().expect("a child can be waited for"),
            stdout: in_time
                .clone()
                .unwrap_or_else(|_| stdout.recv().unwrap_or_default()),
            stderr: stderr.recv().unwrap_or_default(),
        };
        assert!(
            in_time.is_ok(),
            "{} took over {RUN_LIMIT:?}:\n{}",
            self.name,
            texts(&output)
        );
        output
    }

    /// Runs a client of ours against an address: one JSON object a call, in order.
    ///
    /// # Panics
    ///
    /// When the client's own library failed, so that not all calls were made.
    pub(crate) fn calls(&self, address: &str) -> Vec<Value> {
        let output = self.run(&[address]);
        assert!(
            output.status.success(),
            "{} failed:\n{}",
            self.name,
            texts(&output)
        );
        output
            .stdout
            .lines()
            .map(|line| line.expect("stdout has been read already"))
            .map(|line| serde_json::from_str(&line).expect("a client prints one object a line"))
            .collect()
    }

    /// Starts a server of ours on a free port; the server ends with the returned value.
    /// `arguments` come after the port.
    ///
    /// # Panics
    ///
    /// When it does not listen within [`START_LIMIT`].
    pub(crate) fn serve(&self, arguments: &[&str]) -> Server {
        let mut child = self.spawn(&[&["0"], arguments].concat());
        let first_line = read_first_line(child.stdout.take().expect("stdout is piped"));
        let stderr = read_aside(child.stderr.take().expect("stderr is piped"));
        let line = first_line.recv_timeout(START_LIMIT).unwrap_or_default();
        let address = line
            .trim()
            .strip_prefix("listening on ")
            .and_then(|it| it.parse().ok());
        let Some(address) = address else {
            child.kill().expect("a child can be killed");
            child.wait().expect("a child can be waited for");
            let stderr = stderr.recv().unwrap_or_default();
            panic!(
                "{} does not listen: {line}\n{}",
                self.name,
                String::from_utf8_lossy(&stderr)
            );
        };
        Server { address, child }
    }

    /// Starts a program that reads what is typed; it ends with the returned value.
    pub(crate) fn terminal(&self, arguments: &[&str]) -> Terminal {
        let mut child = self.spawn_with(arguments, Stdio::piped());
        let lines = read_lines(child.stdout.take().expect("stdout is piped"));
        Terminal {
            typing: child.stdin.take().expect("stdin is piped"),
            lines,
            child,
        }
    }

    fn spawn(&self, arguments: &[&str]) -> Child {
        self.spawn_with(arguments, Stdio::null())
    }

    fn spawn_with(&self, arguments: &[&str], stdin: Stdio) -> Child {
        let mut command = Command::new(&self.program);
        command
            .args(self.script.iter().map(OsString::from))
            .args(arguments)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // npm's xmlrpc takes a dateTime, which is UTC here, for the machine's own time.
        command.env("TZ", "UTC");
        for variable in PROXY_VARIABLES {
            command.env_remove(variable);
        }
        command
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", self.name))
    }
}

/// A peer that serves until this value is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    child: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if the server has ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A peer that reads what is typed, until this value is dropped.
#[derive(Debug)]
pub(crate) struct Terminal {
    typing: ChildStdin,
    lines: Receiver<String>,
    child: Child,
}

impl Terminal {
    /// Types a line.
    ///
    /// # Panics
    ///
    /// When nobody reads it any more.
    pub(crate) fn type_line(&mut self, line: &str) {
        let typed = writeln!(self.typing, "{line}").and_then(|()| self.typing.flush());
        typed.expect("the peer reads what is typed");
    }

    /// The next line that the peer prints; nothing at its end.
    ///
    /// # Panics
    ///
    /// When none comes within [`START_LIMIT`].
    pub(crate) fn next_line(&self) -> Option<String> {
        match self.lines.recv_timeout(START_LIMIT) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("the peer printed nothing in {START_LIMIT:?}"),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Both fail only if the peer has ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The line of one call among those that [`Peer::calls`] returned.
///
/// # Panics
///
/// When the client has made no such call.
pub(crate) fn line<'a>(lines: &'a [Value], call: &str) -> &'a Value {
    lines
        .iter()
        .find(|line| line["call"] == call)
        .unwrap_or_else(|| panic!("no call {call} among {lines:#?}"))
}

/// The folder `peers/`, seen from a room's package.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../peers")
}

/// Says that a test is skipped, or fails it where every peer must be there.
fn skip(name: &str) {
    let current = thread::current();
    let test = current.name().unwrap_or("a test");
    let text = format!("SKIPPED: {test} needs {name}: peer missing, run peers/install\n");
    assert!(
        std::env::var_os("REQUIRE_PEERS").is_none_or(|it| it != "1"),
        "{text}"
    );
    // `eprintln!` would be captured with the output of a test that passes.
    io::stderr().write_all(text.as_bytes()).ok();
}

/// Reads all of a pipe in a thread of its own: a full pipe would stop its writer.
fn read_aside(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).ok();
        sender.send(bytes).ok();
    });
    receiver
}

/// Reads a pipe line by line in a thread of its own.
fn read_lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Reads the first line of a pipe in a thread of its own, then drops the rest.
fn read_first_line(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = String::new();
        pipe.read_line(&mut line).ok();
        sender.send(line).ok();
        io::copy(&mut pipe, &mut io::sink()).ok();
    });
    receiver
}

fn texts(output: &Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    format!("{stdout}{stderr}")
}
