//! `kill -9` under load: servers and Redis die in the middle of writes and of a talk, start again,
//! and whatever was acknowledged has to be there, once.

mod chat;
mod users;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use demo::print::say;
use indicatif::ProgressBar;

use super::KillsArguments;
use super::redis::{Redis, free_port};
use super::server::ServerProcess;
use crate::endpoint::Endpoint;
use crate::report::progress;
use crate::report::table::{Table, TableRow};
use chat::Talk;
use users::Load;

/// How long the load may take to go on after a kill, the restart included.
const PATIENCE: Duration = Duration::from_secs(60);

/// The wire of those who write.
const WRITERS: &[&str] = &["grpc"];

/// The wires of those who talk: one participant each.
const TALKERS: &[&str] = &["xmlrpc", "jsonrpc+ws", "grpc", "rest"];

pub(super) async fn run(arguments: &KillsArguments) -> Result<ExitCode> {
    let kills = arguments.kills;
    let bar = progress::bar(kills * 5);
    bar.set_message("users");
    let users = [
        users_in_a_file(kills, &bar).await?,
        users_in_redis(kills, Victim::Redis, &bar).await?,
        users_in_redis(kills, Victim::Servers, &bar).await?,
    ];
    bar.set_message("chat");
    let chats = [
        talk(kills, Victim::Servers, &bar).await?,
        talk(kills, Victim::Redis, &bar).await?,
    ];
    bar.finish_and_clear();
    let users = Table {
        caption: "Users written while somebody is killed with kill -9".into(),
        groups: Vec::new(),
        heads: vec![
            "killed",
            "kills",
            "acknowledged",
            "unknown",
            "lost",
            "doubled",
        ],
        rows: users.into(),
    };
    let chats = Table {
        caption: "Lines of four people on four protocols through two servers, meanwhile".into(),
        groups: Vec::new(),
        heads: vec!["killed", "kills", "lines", "lost", "doubled"],
        rows: chats.into(),
    };
    say(&format!("{}\n{}", users.text(), chats.text()))?;
    Ok(ExitCode::SUCCESS)
}

/// Who is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Redis,
    Servers,
}

impl Victim {
    fn name(self) -> &'static str {
        match self {
            Self::Redis => "Redis, two servers live",
            Self::Servers => "two servers, Redis lives",
        }
    }
}

/// One server with a file.
async fn users_in_a_file(kills: usize, bar: &ProgressBar) -> Result<TableRow> {
    let folder = Folder::new()?;
    let data = folder.0.to_string_lossy().into_owned();
    let mut server = ServerProcess::start(&addresses(WRITERS).await?, &["--data", &data]).await?;
    let load = Load::start(&server.endpoints).await?;
    for _ in 0..kills {
        load.goes_on().await?;
        server = killed_and_restarted(server, &["--data", &data]).await?;
        bar.inc(1);
    }
    load.row("a server with --data", kills).await
}

async fn users_in_redis(kills: usize, victim: Victim, bar: &ProgressBar) -> Result<TableRow> {
    let mut cluster = Cluster::start(WRITERS).await?;
    let endpoints = cluster.servers.iter().flat_map(|server| &server.endpoints);
    let endpoints: Vec<_> = endpoints.cloned().collect();
    let load = Load::start(&endpoints).await?;
    for kill in 0..kills {
        load.goes_on().await?;
        cluster.kill(victim, kill).await?;
        bar.inc(1);
    }
    load.row(victim.name(), kills).await
}

async fn talk(kills: usize, victim: Victim, bar: &ProgressBar) -> Result<TableRow> {
    let mut cluster = Cluster::start(TALKERS).await?;
    let people = (0..TALKERS.len()).map(|number| {
        let servers = cluster.servers.iter();
        servers
            .map(|server| server.endpoints[number].clone())
            .collect()
    });
    let mut talk = Talk::start(people.collect::<Vec<Vec<Endpoint>>>());
    for kill in 0..kills {
        talk.goes_on().await?;
        cluster.kill(victim, kill).await?;
        bar.inc(1);
    }
    talk.row(victim.name(), kills).await
}

/// Two servers over one Redis.
struct Cluster {
    servers: Vec<ServerProcess>,
    redis: Redis,
    _folder: Folder,
}

impl Cluster {
    async fn start(wires: &[&str]) -> Result<Self> {
        let folder = Folder::new()?;
        let redis = Redis::start(&folder.0).await?;
        let mut servers = Vec::new();
        for _ in 0..2 {
            let at = addresses(wires).await?;
            servers.push(ServerProcess::start(&at, &["--redis", &redis.url()]).await?);
        }
        Ok(Self {
            servers,
            redis,
            _folder: folder,
        })
    }

    /// Kills Redis, or one of the servers, which take turns, and starts it again.
    async fn kill(&mut self, victim: Victim, kill: usize) -> Result<()> {
        if victim == Victim::Redis {
            return self.redis.kill_and_restart().await;
        }
        let server = self.servers.remove(0);
        let arguments = ["--redis", &self.redis.url()];
        let again = killed_and_restarted(server, &arguments).await;
        self.servers
            .push(again.with_context(|| format!("after {kill} kills"))?);
        Ok(())
    }
}

/// The same server at the same addresses.
async fn killed_and_restarted(
    mut server: ServerProcess,
    arguments: &[&str],
) -> Result<ServerProcess> {
    let at: Vec<_> = server.endpoints.iter().map(ToString::to_string).collect();
    server.kill().await?;
    ServerProcess::start(&at, arguments).await
}

/// Ports that are free now, so that a server can be started again at the same ones.
async fn addresses(wires: &[&str]) -> Result<Vec<String>> {
    let mut addresses = Vec::new();
    for wire in wires {
        addresses.push(format!("{wire}://127.0.0.1:{}", free_port().await?));
    }
    Ok(addresses)
}

/// A folder that goes with this value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let name = format!("trivium-soak-{}-{}", std::process::id(), fastrand::u32(..));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).context("there is no place for temporary files")?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in the folder for temporary files is the system's to clean.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
