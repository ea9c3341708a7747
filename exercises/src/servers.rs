//! `trivium serve` on free ports, for as long as a check needs it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::signals;

/// How long servers may take to tell where they listen: far more than they need.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often it is looked whether this program is to end meanwhile.
const GLANCE: Duration = Duration::from_millis(50);

/// Running servers; dropped, they end.
#[derive(Debug)]
pub struct Servers {
    child: Child,
    addresses: Vec<(String, String)>,
}

impl Servers {
    /// Serves these protocols (`xmlrpc`, `jsonrpc`, `grpc`, `rest`), with no users in their store.
    ///
    /// # Errors
    /// Where the program does not start, or does not tell its addresses.
    pub fn start(trivium: &Path, protocols: &[&str]) -> Result<Self> {
        let mut command = Command::new(trivium);
        command
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        for protocol in protocols {
            command.args(["--addr", &format!("{protocol}://127.0.0.1:0")]);
        }
        let shown = trivium.display();
        signals::go_on()?;
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {shown}"))?;
        let mut servers = Self {
            child,
            addresses: Vec::new(),
        };
        let stdout = servers
            .child
            .stdout
            .take()
            .context("the servers have no output")?;
        let addresses = addresses(BufReader::new(stdout));
        for protocol in protocols {
            let address = next(&addresses);
            let address = address.with_context(|| format!("{shown} does not serve {protocol}"))?;
            servers.addresses.push(((*protocol).to_owned(), address));
        }
        Ok(servers)
    }

    /// Where that protocol is served, as `127.0.0.1:PORT`.
    ///
    /// # Errors
    /// Where it was not asked for.
    pub fn address(&self, protocol: &str) -> Result<&str> {
        let found = self.addresses.iter().find(|(it, _)| it == protocol);
        let Some((_, address)) = found else {
            bail!("{protocol} is not served");
        };
        Ok(address)
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // They may have ended by themselves, after Ctrl-C.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next address; not waited for when this program is to end.
fn next(addresses: &Receiver<String>) -> Result<String> {
    let started = Instant::now();
    loop {
        match addresses.recv_timeout(GLANCE) {
            Err(RecvTimeoutError::Timeout) if started.elapsed() < PATIENCE => signals::go_on()?,
            other => return Ok(other?),
        }
    }
}

/// The addresses in what servers say, in their order; read to the end, so that they never wait.
fn addresses(lines: impl BufRead + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            if let Some((_, address)) = line.split_once(" on http://") {
                let _ = sender.send(address.trim().to_owned());
            }
        }
    });
    receiver
}
