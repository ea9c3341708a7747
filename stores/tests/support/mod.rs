//! What the tests share: directories that are removed, a Redis of their own, users to be kept.
#![allow(dead_code, reason = "each test program uses a part")]

#[path = "../../../peers/support.rs"]
mod peers;

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use futures::StreamExt;
use peers::Peer;
use services::chat::{Name, Seat};
use services::model::ChatMessage;
use services::store::NewRecord;
use services::{ChatRoom, Error, UserStore};
use stores::redis::Connected;

/// On everything that could wait for ever: far beyond what any of it takes.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// A directory that is removed with this value.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("trivium-stores-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("the temporary directory can be written");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// How a Redis keeps what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeps {
    /// An append-only file, flushed before each answer.
    Everything,
    /// Nothing at all.
    Nothing,
}

/// A Redis on a free port, killed with this value.
pub(crate) struct RedisServer {
    directory: Directory,
    keeps: Keeps,
    port: u16,
    child: Child,
    cli: Peer,
}

impl RedisServer {
    /// `None`, said aloud, where Redis is not installed.
    pub(crate) fn start(keeps: Keeps) -> Option<Self> {
        // Either says aloud that it is missing.
        let (Some(_), Some(cli)) = (Peer::tool("redis-server"), Peer::tool("redis-cli")) else {
            return None;
        };
        let directory = Directory::new();
        // Another program may take the port between the look and the start.
        for _ in 0..10 {
            let port = free_port();
            if let Some(child) = spawn(directory.path(), keeps, port) {
                return Some(Self {
                    directory,
                    keeps,
                    port,
                    child,
                    cli,
                });
            }
        }
        panic!("redis-server does not start on any of ten ports");
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// `kill -9`: nothing is written, nobody is told.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a child can be waited for");
    }

    /// Starts it again, with what it has on its disk, on the same port; returns when it serves.
    pub(crate) fn restart(&mut self) {
        let started = spawn(self.directory.path(), self.keeps, self.port);
        self.child = started.expect("redis-server starts again on its port");
    }

    /// What `redis-cli` prints for a command, as it does in a terminal.
    pub(crate) fn cli(&self, command: &[&str]) -> String {
        let port = self.port.to_string();
        let output = self
            .cli
            .run(&[&["--no-raw", "-p", &port], command].concat());
        assert!(output.status.success(), "redis-cli {command:?}: {output:?}");
        String::from_utf8(output.stdout).expect("redis-cli escapes what is not text")
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // Both fail only if it was killed before.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Below the ports that systems give to outgoing connections, so that it is still free after a
/// restart.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let process = (std::process::id() % 1_000) as u16;
    loop {
        let port = 20_000 + (process * 10 + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// `None` where it ends before it serves.
fn spawn(directory: &Path, keeps: Keeps, port: u16) -> Option<Child> {
    let program =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../peers/.installed/bin/redis-server");
    let mut command = Command::new(program);
    command.args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
    command.arg("--dir").arg(directory);
    command.args(["--save", ""]);
    if keeps == Keeps::Everything {
        command.args(["--appendonly", "yes", "--appendfsync", "always"]);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("redis-server is installed");
    let stdout = child.stdout.take().expect("stdout is piped");
    let (ready, serves) = mpsc::channel();
    // Reads to the end, for a full pipe would stop the server.
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if line.contains("Ready to accept connections") {
                ready.send(()).ok();
            }
        }
    });
    if serves.recv_timeout(LIMIT).is_ok() {
        return Some(child);
    }
    child.kill().ok();
    child.wait().ok();
    None
}

/// Connects as one server does.
pub(crate) async fn connect(url: &str) -> Connected {
    let connected = stores::redis::connect(url).await;
    connected.unwrap_or_else(|error| panic!("{error}: {error:?}"))
}

/// A user that is to be, by the name before the `@` of its address.
pub(crate) fn record(name: &str) -> NewRecord {
    NewRecord {
        name: name.to_owned(),
        email: format!("{name}@example.org"),
        roles: vec!["reader".into(), "writer".into()],
        external_id: format!("external-{name}"),
        password_hash: None,
    }
}

/// All users, in pages of a size that does not divide their number.
pub(crate) async fn all_users(store: &dyn UserStore) -> Vec<services::model::User> {
    let mut users: Vec<services::model::User> = Vec::new();
    loop {
        let after = users.last().map_or(0, |user| user.id);
        let page = store.page(after, 97).await.expect("the store can be read");
        if page.is_empty() {
            return users;
        }
        users.extend(page);
    }
}

/// A line of the chat that is to be.
pub(crate) fn line(user: &str, text: &str, id: &str) -> ChatMessage {
    ChatMessage {
        user: user.to_owned(),
        text: text.to_owned(),
        timestamp: 1_700_000_000,
        sequence: 0,
        id: id.to_owned(),
    }
}

pub(crate) fn named(name: &str) -> Name {
    let cell = Name::default();
    cell.set(name.to_owned()).expect("it is new");
    cell
}

pub(crate) async fn join(room: &dyn ChatRoom, name: &str, after: Option<u64>) -> Seat {
    room.join(named(name), after)
        .await
        .expect("the room is open")
}

/// The next so many messages of a seat.
pub(crate) async fn hear(seat: &mut Seat, count: usize) -> Vec<ChatMessage> {
    let mut heard = Vec::with_capacity(count);
    while heard.len() < count {
        let next = tokio::time::timeout(LIMIT, seat.messages.next()).await;
        let next = next.unwrap_or_else(|_| panic!("only {} of {count} came", heard.len()));
        heard.push(
            next.expect("the stream goes on")
                .expect("the stream does not fail"),
        );
    }
    heard
}

/// How a seat's stream ends, when nothing comes before.
pub(crate) async fn end(seat: &mut Seat) -> Error {
    let next = tokio::time::timeout(LIMIT, seat.messages.next()).await;
    next.unwrap().expect("it ends with an error").unwrap_err()
}

/// Asking again and again, for what nothing tells of: that a name has expired, or that the
/// connection is there again.
pub(crate) struct Asking {
    what: &'static str,
    end: tokio::time::Instant,
    pause: tokio::time::Interval,
}

impl Asking {
    pub(crate) fn whether(what: &'static str) -> Self {
        Self {
            what,
            end: tokio::time::Instant::now() + LIMIT,
            pause: tokio::time::interval(Duration::from_millis(10)),
        }
    }

    /// Before the next time.
    pub(crate) async fn again(&mut self) {
        assert!(
            tokio::time::Instant::now() < self.end,
            "never: {}",
            self.what
        );
        self.pause.tick().await;
    }
}

/// Asks until the answer is yes.
pub(crate) async fn until(what: &'static str, mut is_so: impl AsyncFnMut() -> bool) {
    let mut asking = Asking::whether(what);
    while !is_so().await {
        asking.again().await;
    }
}
