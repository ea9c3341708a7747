//! Two servers that share a Redis: one store, one chat.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::chats::{Talker, wait_for};
use super::peers::Peer;
use super::people::directory;
use super::process::{Server, text};

/// How long a Redis may take to begin.
const PATIENCE: Duration = Duration::from_secs(20);

/// A Redis of this test's own, killed when dropped.
struct Redis {
    child: Child,
    url: String,
}

impl Redis {
    /// `None`, said aloud, where there is none.
    fn start(directory: &Path, append_only: &str) -> Option<Self> {
        let program = Peer::tool("redis-server")?;
        // It prints no port that it chose itself, so a free one is looked for.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let child = Command::new(program.program())
            .args(["--port", &address.port().to_string(), "--bind", "127.0.0.1"])
            .args(["--appendonly", append_only, "--save", ""])
            .current_dir(directory)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let redis = Self {
            child,
            url: format!("redis://{address}"),
        };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(begun.elapsed() < PATIENCE, "Redis does not begin");
        }
        Some(redis)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn two_servers_with_one_redis_are_one_and_a_chat_outlives_one_of_them() {
    let Some(redis) = Redis::start(&directory("redis"), "yes") else {
        return;
    };
    let first = Server::start(&["--redis", &redis.url]);
    let second = Server::start(&["--redis", &redis.url]);
    let told = format!("Users and chat in Redis at {}", redis.url);
    assert_eq!([&first.store, &second.store], [&told, &told]);
    first.call(&["create_user", "Ana", "ana@example.org", "external_id=u-1"]);
    let listed = text(&second.call(&["list_users"]).stdout);
    assert_eq!(listed, "1  Ana  ana@example.org    u-1\n");

    let mut ana = Talker::join("Ana", &format!("{},{}", first.url, second.url));
    let mut bob = Talker::join("Bob", &second.url);
    wait_for(&second, "Ana Bob");
    ana.say("one");
    assert_eq!([ana.hears(), bob.hears()], ["[Ana] one", "[Ana] one"]);
    first.end("KILL");
    bob.say("two");
    assert_eq!([ana.hears(), bob.hears()], ["[Bob] two", "[Bob] two"]);
    ana.say("three");
    assert_eq!([ana.hears(), bob.hears()], ["[Ana] three", "[Ana] three"]);
    let lost = format!("connection lost, trying {}", second.url);
    assert_eq!(ana.is_told(), lost);
    let again = format!("connected to {} again, ", second.url);
    assert!(ana.is_told().starts_with(&again));
}

#[test]
fn a_redis_without_its_append_only_file_is_warned_of() {
    let Some(redis) = Redis::start(&directory("forgetful"), "no") else {
        return;
    };
    let server = Server::start(&["--redis", &redis.url]);
    let (_, told) = server.end_with_stderr("TERM");
    assert!(told.starts_with("warning: "), "{told}");
    assert!(told.contains("appendonly"), "{told}");
}
