//! The servers that a demo calls.

use std::process::Stdio;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::stage::Stage;

use super::process::Process;
use super::read_lines;

/// Servers of all four protocols on free ports, while a script runs that names one.
pub(super) struct Servers {
    _process: Option<Process>,
    urls: Vec<(&'static str, String)>,
}

/// The variable of a script, the protocol's name for `trivium serve`, and in what it prints.
const PROTOCOLS: [(&str, &str, &str); 4] = [
    ("XMLRPC", "xmlrpc", "XML-RPC on "),
    ("JSONRPC", "jsonrpc", "JSON-RPC on "),
    ("GRPC", "grpc", "gRPC on "),
    ("REST", "rest", "REST on "),
];

impl Servers {
    pub(super) fn start(stage: &Stage, script: &str, limit: Duration) -> Result<Self> {
        let is_named = |variable: &str| {
            script.contains(&format!("${variable}")) || script.contains(&format!("${{{variable}"))
        };
        if !PROTOCOLS.iter().any(|(variable, ..)| is_named(variable)) {
            return Ok(Self {
                _process: None,
                urls: Vec::new(),
            });
        }
        let program = stage.find("trivium").context("trivium is not here")?;
        let mut command = stage.command(program);
        command
            .arg("serve")
            .env("NO_COLOR", "1")
            .env_remove("CLICOLOR_FORCE");
        for (_, protocol, _) in PROTOCOLS {
            command
                .arg("--addr")
                .arg(format!("{protocol}://127.0.0.1:0"));
        }
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = Process::spawn(command)?;
        let output = process.0.stdout.take().context("its output is piped")?;
        let urls = read_urls(&read_lines(output), limit)?;
        Ok(Self {
            _process: Some(process),
            urls,
        })
    }

    /// Each URL, and its host and port.
    pub(super) fn variables(&self) -> Vec<(String, String)> {
        let pairs = self.urls.iter().flat_map(|(variable, url)| {
            let host = url.trim_start_matches("http://").to_owned();
            [
                ((*variable).to_owned(), url.clone()),
                (format!("{variable}_HOST"), host),
            ]
        });
        pairs.collect()
    }
}

fn read_urls(lines: &Receiver<String>, limit: Duration) -> Result<Vec<(&'static str, String)>> {
    let until = Instant::now() + limit;
    let mut urls = Vec::new();
    while urls.len() < PROTOCOLS.len() {
        let left = until.saturating_duration_since(Instant::now());
        let line = lines
            .recv_timeout(left)
            .context("its servers do not start")?;
        let found = PROTOCOLS.iter().find_map(|(variable, _, says)| {
            Some((*variable, line.strip_prefix(says)?.trim().to_owned()))
        });
        urls.extend(found);
    }
    Ok(urls)
}
