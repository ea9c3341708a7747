//! What can be told of the decks without presenterm; `trivium talk --check` runs and draws them too.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::fs;
use std::path::{Path, PathBuf};

use slides::check::{self, Selection};
use slides::export::VERSION;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn nothing_is_wrong_with_the_decks() {
    let faults = check::statics(&root(), Selection::default()).unwrap();
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "\n{}\n", told.join("\n"));
}

#[test]
fn the_presenterm_that_is_installed_is_the_one_that_is_meant() {
    let pins = fs::read_to_string(root().join("peers/rust/tools.txt")).unwrap();
    assert_eq!(pins.trim(), format!("presenterm@{VERSION}"));
}
