//! The OpenAPI document is true: schemathesis calls every operation with what the document allows
//! and with what it forbids, follows its links, and holds each answer against it. What it is told
//! to expect beside its defaults stands in `peers/python/schemathesis.toml`. The stream of the chat
//! has no end and is left out.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "../../peers/support.rs"]
mod peers;
mod support;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use peers::Peer;
use services::Local;
use support::Running;
use tokio::process::Command;
use tokio::time::timeout;

/// How long a run may take; on an idle machine it takes a quarter of that.
const PATIENCE: Duration = Duration::from_secs(100);

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_nothing_that_the_document_does_not_say() {
    let Some(schemathesis) = Peer::tool("schemathesis") else {
        return;
    };
    let server = Running::new(Arc::new(Local::default())).await;
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../peers/python");
    let mut command = Command::new(schemathesis.program());
    command
        .arg("--config-file")
        .arg(python.join("schemathesis.toml"))
        .arg("run")
        .arg(format!("{}/openapi.json", server.url()))
        .args(["--checks", "all", "--seed", "1", "--max-examples", "10"])
        .args(["--request-timeout", "10", "--no-color"])
        .env("SCHEMATHESIS_HOOKS", python.join("schemathesis_hooks.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("NO_PROXY", "*")
        // Where it writes what it remembers.
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .kill_on_drop(true);
    let ran = timeout(PATIENCE, command.output()).await;
    let output = ran.expect("it ends in time").unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{report}{errors}");
    let total = rest::contract::ROUTES.len();
    let all_but_one = format!("{} selected / {total} total", total - 1);
    assert!(report.contains(&all_but_one), "{report}");
}
