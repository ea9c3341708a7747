//! A Redis server of the soak's own, in a folder of its own, that can be killed and started again.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::{interval, timeout};

/// How long Redis may take to answer after its start.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running `redis-server`; dropped, it is killed.
#[derive(Debug)]
pub struct Redis {
    port: u16,
    folder: std::path::PathBuf,
    child: Child,
}

impl Redis {
    /// Starts one on a free port that keeps its data in that folder, by its append-only file.
    ///
    /// # Errors
    /// Where `redis-server` is not installed or does not start.
    pub async fn start(folder: &Path) -> Result<Self> {
        let port = free_port().await?;
        let child = spawned(port, folder)?;
        let redis = Self {
            port,
            folder: folder.to_owned(),
            child,
        };
        redis.answers().await?;
        Ok(redis)
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Kills it with `kill -9`, and starts it again on its data.
    ///
    /// # Errors
    /// Where it does not start again.
    pub async fn kill_and_restart(&mut self) -> Result<()> {
        self.child.kill().await.context("Redis cannot be killed")?;
        self.child = spawned(self.port, &self.folder)?;
        self.answers().await
    }

    /// Waits until it has read its file: until then it answers with an error.
    async fn answers(&self) -> Result<()> {
        let asked = async {
            let mut tries = interval(Duration::from_millis(20));
            loop {
                tries.tick().await;
                if self.ping().await.is_ok_and(|pong| pong) {
                    return;
                }
            }
        };
        let answered = timeout(PATIENCE, asked).await;
        answered.context("redis-server does not answer")
    }

    async fn ping(&self) -> std::io::Result<bool> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await?;
        stream.write_all(b"PING\r\n").await?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).await?;
        Ok(&answer == b"+PONG")
    }
}

fn spawned(port: u16, folder: &Path) -> Result<Child> {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        // With `everysec` Redis may answer up to two seconds before it writes, while the disk is
        // slow, and a kill in between loses what was acknowledged.
        .args(["--appendonly", "yes", "--appendfsync", "always"])
        .args(["--save", "", "--dir"])
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start redis-server: install Redis (Debian: apt-get install redis-server)")
}

/// A port that nobody listens on now. Somebody else may take it before it is used, and the server
/// then says so.
///
/// # Errors
/// The system's, where it has no port left.
pub async fn free_port() -> std::io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    Ok(listener.local_addr()?.port())
}
