//! A page in headless Chromium, driven by `peers/node/browser.js`.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::peers::Peer;

/// What a browser has seen.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Looked {
    /// What each step `read` gave.
    pub(crate) read: Vec<Value>,
    /// Errors and warnings of the page, and every address that it asked for.
    pub(crate) complaints: Vec<String>,
}

/// Opens a page and goes through those steps; `None`, said aloud, where there is no browser.
///
/// # Panics
///
/// When a step fails, or all of them take longer than the script's limit.
pub(crate) fn look(name: &str, page: &str, steps: &Value) -> Option<Looked> {
    let chromium = Peer::tool("chromium")?;
    Peer::node("browser.js")?;
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.html"));
    std::fs::write(&file, page).expect("cargo gives tests a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../peers/node/browser.js");
    let mut child = Command::new("node")
        .arg(script)
        .arg(chromium.program())
        .arg(format!("file://{}", file.display()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node is installed");
    let mut input = child.stdin.take().expect("stdin is piped");
    input
        .write_all(steps.to_string().as_bytes())
        .expect("the script reads its steps");
    drop(input);
    let output = child.wait_with_output().expect("a child can be waited for");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {complaint}");
    Some(serde_json::from_slice(&output.stdout).expect("the script prints an object"))
}
