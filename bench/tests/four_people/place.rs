//! Where the people meet: Redis and two servers, each a process that can be killed.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use services::{ClientOptions, Context};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use trivium::rooms;
use trivium::soak::redis::Redis;

use super::peers::Peer;
use super::person::Person;

/// Who talks, in the order of [`rooms::ALL`].
const NAMES: [&str; 4] = ["Ana", "Bruno", "Carla", "Davi"];

/// Redis and two servers; dropped, they are killed.
pub(crate) struct Place {
    servers: [Server; 2],
    redis: Redis,
    _folder: Folder,
}

impl Place {
    /// `None`, said aloud, where there is no `redis-server`.
    pub(crate) async fn open() -> Option<Self> {
        Peer::tool("redis-server")?;
        let folder = Folder::new();
        let redis = Redis::start(&folder.0).await.expect("Redis starts");
        let anywhere = NAMES.map(|_| "127.0.0.1:0".to_owned());
        Some(Self {
            servers: [
                Server::start("a", &redis, &anywhere).await,
                Server::start("b", &redis, &anywhere).await,
            ],
            redis,
            _folder: folder,
        })
    }

    /// Two people at each server, who know the other one too.
    pub(crate) async fn people(&self) -> Vec<Person> {
        let mut people = Vec::new();
        for (at, name) in NAMES.into_iter().enumerate() {
            let first = at % self.servers.len();
            let servers = [&self.servers[first], &self.servers[1 - first]];
            let addresses = servers.map(|server| server.addresses[at].clone());
            people.push(Person::join(name, &rooms::ALL[at], addresses.into()).await);
        }
        for server in &self.servers {
            server.shows_all().await;
        }
        people
    }

    /// `kill -9`.
    pub(crate) async fn kill(&mut self, server: usize) {
        let killed = self.servers[server].process.kill().await;
        killed.expect("a server can be killed");
    }

    /// Starts a server where it was.
    pub(crate) async fn start_again(&mut self, server: usize) {
        let gone = &self.servers[server];
        self.servers[server] = Server::start(gone.name, &self.redis, &gone.addresses).await;
    }
}

/// `trivium serve` with all four protocols.
struct Server {
    name: &'static str,
    /// In the order of [`rooms::ALL`].
    addresses: [String; 4],
    process: Child,
    /// What it says later: kept, so that its pipe does not break.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Server {
    async fn start(name: &'static str, redis: &Redis, at: &[String; 4]) -> Self {
        let endpoints = rooms::ALL.iter().zip(at);
        let endpoints = endpoints.map(|(room, address)| format!("{}://{address}", room.name));
        let mut process = Command::new(env!("CARGO_BIN_EXE_trivium"))
            .args(["serve", "--name", name, "--redis", &redis.url()])
            .args(endpoints.flat_map(|endpoint| ["--addr".into(), endpoint]))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("a server starts");
        let output = process.stdout.take().expect("it is piped");
        let mut output = BufReader::new(output).lines();
        let store = output.next_line().await;
        let store = store.expect("it is text").expect("the first line");
        assert!(store.ends_with(&redis.url()), "{store}");
        let mut addresses = at.clone();
        for address in &mut addresses {
            let door = output.next_line().await;
            let door = door.expect("it is text").expect("a line for each protocol");
            let (_, told) = door.rsplit_once("http://").expect("an address");
            *address = told.trim().to_owned();
        }
        Self {
            name,
            addresses,
            process,
            _output: output,
        }
    }

    /// Until this server lists all four: nothing that is said from then on is missed by anybody.
    async fn shows_all(&self) {
        let url = format!("{}://{}", rooms::REST.scheme, self.addresses[3]);
        let client = (rooms::REST.connect)(url, ClientOptions::default()).await;
        let client = client.expect("the server is there");
        loop {
            let here = client.list_participants(&Context::new()).await;
            if here.expect("the list") == NAMES {
                return;
            }
            tokio::task::yield_now().await;
        }
    }
}

/// A folder that goes with this value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = format!("trivium-four-{}-{}", std::process::id(), fastrand::u32(..));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).expect("the temporary folder can be written");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in the folder for temporary files is the system's to clean.
        let _ = fs::remove_dir_all(&self.0);
    }
}
