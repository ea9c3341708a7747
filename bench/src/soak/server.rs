//! A server in a process of its own: this program's `serve`, on a free port.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::endpoint::Endpoint;

/// How long a server may take to begin.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server; dropped, it is killed.
#[derive(Debug)]
pub struct ServerProcess {
    /// Where it listens, in the order in which the addresses were asked for.
    pub endpoints: Vec<Endpoint>,
    child: Child,
}

impl ServerProcess {
    /// Starts `trivium serve` at those endpoints with those further arguments, and waits until it
    /// listens.
    ///
    /// # Errors
    /// Where it does not start: its own reason stands on stderr.
    pub async fn start(at: &[String], arguments: &[&str]) -> Result<Self> {
        let program = std::env::current_exe().context("this program does not know its path")?;
        let addresses = at.iter().flat_map(|at| ["--addr", at]);
        let mut child = Command::new(program)
            .arg("serve")
            .args(addresses)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start the server's process")?;
        let output = child.stdout.take().context("its output is piped")?;
        let mut lines = BufReader::new(output).lines();
        let mut endpoints = Vec::new();
        while endpoints.len() < at.len() {
            let line = timeout(PATIENCE, lines.next_line()).await;
            let line = line.context("the server does not tell its address")??;
            let Some(line) = line else {
                bail!("the server ended: its reason stands above");
            };
            let scheme = at[endpoints.len()].split("://").next().unwrap_or_default();
            if let Some((_, address)) = line.rsplit_once("on http://") {
                let endpoint = format!("{scheme}://{}", address.trim());
                endpoints.push(endpoint.parse().map_err(anyhow::Error::msg)?);
            }
        }
        // What it says later is read and dropped, so that its pipe never fills.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { endpoints, child })
    }

    /// Its process, while it runs.
    #[must_use]
    pub fn process(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends it without a word, as `kill -9` does, and waits for its end.
    ///
    /// # Errors
    /// The system's.
    pub async fn kill(&mut self) -> Result<ExitStatus> {
        self.child.start_kill()?;
        Ok(self.child.wait().await?)
    }
}
