//! presenterm: where it is, whether decks were checked with it, and how it is installed.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::{agrees, say, warn};
use crate::export::VERSION;
use crate::stage::Stage;

const INSTALL: [&str; 5] = ["install", "presenterm", "--locked", "--version", VERSION];
/// What is asked before it is installed.
pub(super) const QUESTION: &str =
    "Install it now? It takes some minutes; without it no slide is shown.";

/// Finds it, or offers to install it.
pub(super) fn check(stage: &Stage) -> Result<PathBuf> {
    let install = format!("cargo {}", INSTALL.join(" "));
    if let Some(presenterm) = find(stage) {
        match version(&presenterm).as_deref() {
            Some(VERSION) => {
                say("presenterm", VERSION)?;
                return Ok(presenterm);
            }
            other => {
                let other = other.unwrap_or("a version that it does not tell");
                let text = format!("{other}; decks were checked with {VERSION} ({install})");
                warn("presenterm", &text)?;
                return Ok(presenterm);
            }
        }
    }
    warn(
        "presenterm",
        &format!("missing, and it shows the slides: {install}"),
    )?;
    if !agrees(QUESTION)? {
        bail!("without presenterm no slide is shown: {install}");
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo).args(INSTALL).status();
    if !status.context("cargo does not start")?.success() {
        bail!("presenterm was not installed, as is told above");
    }
    find(stage).context("presenterm was installed where it is not found: put cargo's bin into PATH")
}

/// Where it is, if it is the one that decks are checked with: another may draw them otherwise.
///
/// # Errors
/// It is missing, or of another version; the text tells what to do.
pub(crate) fn exact(stage: &Stage) -> Result<PathBuf> {
    let presenterm = find(stage).context("presenterm is not here: peers/install installs it")?;
    match version(&presenterm).as_deref() {
        Some(VERSION) => Ok(presenterm),
        other => bail!(
            "{} is presenterm {}, and slides are drawn with {VERSION}: peers/install installs it",
            presenterm.display(),
            other.unwrap_or("of no known version")
        ),
    }
}

fn find(stage: &Stage) -> Option<PathBuf> {
    let own = || installed_by_cargo().filter(|it| it.is_file());
    stage.find("presenterm").or_else(own)
}

/// Where `cargo install` puts it, which need not be in PATH.
fn installed_by_cargo() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")))?;
    let program = home.join("bin/presenterm");
    Some(program.with_extension(env::consts::EXE_EXTENSION))
}

fn version(presenterm: &Path) -> Option<String> {
    let output = Command::new(presenterm).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().last().map(str::to_owned)
}
