//! A deck as presenterm draws it, read back from the page that it exports.
//!
//! presenterm draws onto a grid of cells and writes that grid as HTML. So its export tells what a
//! terminal of that size would show, outputs of demos included, and what would be cut.

mod page;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub use page::{AMPERSAND, Page, Row, Run, Slide};

use crate::play::REPLAY;
use crate::{fill, limited};

/// The only version whose behaviour the decks are made for.
pub const VERSION: &str = "0.16.1";

/// An export takes a twentieth of a second and what its demos take, which are replayed.
const LIMIT: Duration = Duration::from_secs(60);

/// The cells of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Cells in a row.
    pub columns: u16,
    /// Rows.
    pub rows: u16,
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.columns, self.rows)
    }
}

/// Why a deck was not drawn.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file cannot be read or written.
    #[error("{file} cannot be read or written")]
    File {
        /// Which.
        file: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// presenterm cannot be started.
    #[error("{program} cannot be started")]
    Start {
        /// Where it should be.
        program: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// presenterm says no.
    #[error("presenterm does not take {deck}: {said}")]
    Refused {
        /// The filled deck.
        deck: PathBuf,
        /// Its last lines.
        said: String,
    },
    /// The page is not what presenterm 0.16.1 writes.
    #[error("presenterm's page of {deck} cannot be read: {what}")]
    Page {
        /// The filled deck.
        deck: PathBuf,
        /// What is wrong.
        what: String,
    },
}

/// A deck that was filled in, and what draws it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// presenterm itself.
    pub program: &'a Path,
    /// The repository, by an absolute path.
    pub root: &'a Path,
    /// The filled deck.
    pub deck: &'a Path,
    /// A folder of outputs, `NAME.out`, which demos print instead of running.
    pub replay: &'a Path,
}

impl Source<'_> {
    /// Draws the deck at a size, every demo with its output.
    ///
    /// # Errors
    /// presenterm cannot be started, refuses the deck, takes too long, or writes what is no page.
    pub fn draw(&self, size: Size) -> Result<Page, ExportError> {
        let folder = tempfile::tempdir().map_err(|cause| ExportError::File {
            file: std::env::temp_dir(),
            cause,
        })?;
        let config = folder.path().join("presenterm.yaml");
        let page = folder.path().join("page.html");
        self.export(size, &config, &page)?;
        let text = fs::read_to_string(&page).map_err(|cause| ExportError::File {
            file: page.clone(),
            cause,
        })?;
        page::parse(&text).map_err(|what| ExportError::Page {
            deck: self.deck.to_owned(),
            what,
        })
    }

    /// Has presenterm write its page.
    fn export(&self, size: Size, config: &Path, page: &Path) -> Result<(), ExportError> {
        let Size { columns, rows } = size;
        // Without a size presenterm asks the terminal, and there is none.
        let dimensions = format!("dimensions: {{ columns: {columns}, rows: {rows} }}");
        let more = format!("export:\n  {dimensions}\n  snippets: sequential\n");
        fs::write(config, fill::config(self.root, &more)).map_err(|cause| ExportError::File {
            file: config.to_owned(),
            cause,
        })?;
        let mut command = Command::new(self.program);
        command.args(["-x", "-X", "-E", "-c"]).arg(config);
        command.arg("-o").arg(page).arg(self.deck);
        command.env(REPLAY, self.replay);
        let ended = limited::run(command, LIMIT).map_err(|cause| ExportError::Start {
            program: self.program.to_owned(),
            cause,
        })?;
        let said = match ended.status {
            Some(status) if status.success() => return Ok(()),
            Some(_) => last_words(&ended.printed),
            None => format!(
                "it did not end within {LIMIT:?}: is the machine busy, or does a snippet never end?"
            ),
        };
        let deck = self.deck.to_owned();
        Err(ExportError::Refused { deck, said })
    }
}

/// What presenterm says at its end, without its questions to a terminal.
fn last_words(printed: &str) -> String {
    let plain = crate::mask::without_colours(printed);
    let spoken = plain
        .rsplit_once("\x1b\\")
        .map_or(&*plain, |(_, said)| said);
    let lines: Vec<&str> = spoken.lines().filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}
