//! What is wrong, and where.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::deck::DeckError;
use crate::rows::harmless;

/// A thing that would embarrass a presenter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// From the repository's root.
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

impl Fault {
    /// A fault of a file, at a line of it.
    pub fn new(file: &Path, line: usize, what: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What stands in decks and demos is shown as text, whatever it is.
        let what = harmless(&self.what);
        write!(f, "{}, line {}: {what}", self.file.display(), self.line)
    }
}

impl From<DeckError> for Fault {
    fn from(error: DeckError) -> Self {
        Self {
            file: error.file,
            line: error.line,
            what: error.what,
        }
    }
}

/// An error with its causes, in a line.
pub(super) fn told(error: impl Into<anyhow::Error>) -> String {
    format!("{:#}", error.into())
}
