//! What the class must cover: `slides/topics.txt`, an identifier a line and what it is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::fault::Fault;
use crate::deck::Deck;

/// The deck that must cover all topics.
pub const CLASS: &str = "what-is-rpc";

/// The topics of the class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topics(Vec<(usize, String)>);

impl Topics {
    /// Where they stand, from the repository's root.
    pub fn file() -> PathBuf {
        Path::new("slides").join("topics.txt")
    }

    /// Reads them; blank lines and lines that begin with `#` are none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(root: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(root.join(Self::file()))?;
        let topics = text.lines().enumerate().filter_map(|(at, line)| {
            let topic = line.split_whitespace().next()?;
            (!topic.starts_with('#')).then(|| (at + 1, topic.to_owned()))
        });
        Ok(Self(topics.collect()))
    }

    /// Whether there is such a topic.
    pub fn has(&self, topic: &str) -> bool {
        self.0.iter().any(|(_, known)| known == topic)
    }

    /// The topics that a deck does not take with a live demo or with code.
    pub fn check(&self, deck: &Deck) -> Vec<Fault> {
        let shown = deck
            .slides
            .iter()
            .filter(|slide| slide.demos().next().is_some() || slide.regions().next().is_some());
        let taken: BTreeSet<&str> = shown
            .flat_map(|slide| slide.topics.iter().map(String::as_str))
            .collect();
        let missing = self.0.iter().filter(|(_, topic)| !taken.contains(&**topic));
        let fault = |(line, topic): &(usize, String)| {
            let what = format!(
                "no slide of {} takes {topic:?} with a demo or code: name it in its topics",
                deck.file.display()
            );
            Fault::new(&Self::file(), *line, what)
        };
        missing.map(fault).collect()
    }
}
