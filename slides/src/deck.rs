//! A deck as its author wrote it.
//!
//! Markdown for presenterm, with what it does not know: a head with title and minutes, comments with a
//! slide's minutes and topics, and blocks that name code and demos. `slides/README.md` tells the form.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) mod notes;
mod parse;

/// Languages that decks are written in, as their folders are named; the first is the one by default.
pub const LANGUAGES: [&str; 2] = ["en", "pt-BR"];

/// A deck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deck {
    /// Where it is, from the repository's root.
    pub file: PathBuf,
    /// What it is called.
    pub title: String,
    /// How long the class is.
    pub length: Duration,
    /// Its slides, in order.
    pub slides: Vec<Slide>,
}

/// A slide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slide {
    /// The line of the file where it begins, from 1.
    pub line: usize,
    /// Its title.
    pub title: String,
    /// How long it is planned to be shown.
    pub planned: Duration,
    /// Which topics of the class it takes; the identifiers of `topics.txt`.
    pub topics: Vec<String>,
    /// What the presenter says and does; Markdown, may have several lines.
    pub notes: String,
    /// What it shows, in order.
    pub parts: Vec<Part>,
}

/// A part of a slide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A line for presenterm as it is.
    Line(String),
    /// A block that is neither: its language, which may be empty, and its lines.
    Block {
        /// Where it begins, from 1.
        line: usize,
        /// What stands after the fence: the language and presenterm's attributes.
        info: String,
        /// What stands in it.
        lines: Vec<String>,
    },
    /// Code of the project.
    Region {
        /// Where the block begins, from 1.
        line: usize,
        /// The file, from the repository's root.
        file: PathBuf,
        /// The region's name.
        name: String,
    },
    /// A live demo.
    Demo {
        /// Where the block begins, from 1.
        line: usize,
        /// Its name.
        name: String,
    },
}

/// What is wrong with a deck.
#[derive(Debug, thiserror::Error)]
#[error("{}, line {line}: {what}", file.display())]
pub struct DeckError {
    /// From the repository's root.
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

impl Deck {
    /// Where a deck is, from the repository's root.
    pub fn file(name: &str, language: &str) -> PathBuf {
        Path::new("slides")
            .join(language)
            .join(format!("{name}.md"))
    }

    /// The names of the decks of a language, sorted.
    ///
    /// # Errors
    /// There is no such language.
    pub fn names(root: &Path, language: &str) -> std::io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(root.join("slides").join(language))? {
            let path = entry?.path();
            let is_deck = path.extension().is_some_and(|it| it == "md");
            if let (true, Some(stem)) = (is_deck, path.file_stem()) {
                names.push(stem.to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// Reads a deck by its name.
    ///
    /// # Errors
    /// No such deck, or one that is not as `slides/README.md` tells.
    pub fn read(root: &Path, name: &str, language: &str) -> Result<Self, DeckError> {
        let file = Self::file(name, language);
        let text = fs::read_to_string(root.join(&file)).map_err(|cause| DeckError {
            file: file.clone(),
            line: 1,
            what: format!("it cannot be read: {cause}"),
        })?;
        Self::parse(&file, &text)
    }

    /// Reads a deck's text; `file` is told in errors.
    ///
    /// # Errors
    /// A text that is not as `slides/README.md` tells.
    pub fn parse(file: &Path, text: &str) -> Result<Self, DeckError> {
        parse::parse(file, text).map_err(|(line, what)| DeckError {
            file: file.to_owned(),
            line,
            what,
        })
    }

    /// The names of its demos, in order, each as often as it stands there.
    pub fn demos(&self) -> impl Iterator<Item = &str> {
        self.slides.iter().flat_map(Slide::demos)
    }
}

impl Slide {
    /// The names of its demos.
    pub fn demos(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Demo { name, .. } => Some(name.as_str()),
            _ => None,
        })
    }

    /// The files and names of its regions.
    pub fn regions(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Region { file, name, .. } => Some((file.as_path(), name.as_str())),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECK: &str = "---\ntitle: What is RPC\nminutes: 3\n---\n\nFirst\n===\n\n<!-- minutes: 1.5 -->\n\
        <!-- topics: local-call, stub -->\n<!--\nspeaker_note: |\n  Say it.\n  Ask it.\n-->\n\nRead *this*.\n\n\
        ```region\nservices/src/error.rs unavailable\n```\n<!-- pause -->\n<!-- end_slide -->\n\nSecond\n===\n\n\
        <!-- minutes: 1.5 -->\n```demo\ncall\n```\n```text\na <!-- end_slide -->\n<!-- end_slide -->\n```\n";

    fn deck() -> Deck {
        Deck::parse(Path::new("a.md"), DECK).expect("it is as it should be")
    }

    fn refused(text: &str) -> String {
        let error = Deck::parse(Path::new("a.md"), text).expect_err("it is refused");
        error.to_string()
    }

    #[test]
    fn a_deck_is_its_head_and_its_slides() {
        let deck = deck();
        assert_eq!(deck.title, "What is RPC");
        assert_eq!(deck.length, Duration::from_secs(180));
        let titles: Vec<&str> = deck
            .slides
            .iter()
            .map(|slide| slide.title.as_str())
            .collect();
        assert_eq!(titles, ["First", "Second"]);
    }

    #[test]
    fn a_slide_has_minutes_topics_notes_and_what_it_names() {
        let deck = deck();
        let [first, second] = &deck.slides[..] else {
            panic!("there are two slides");
        };
        assert_eq!((first.line, first.planned), (6, Duration::from_secs(90)));
        assert_eq!(first.topics, ["local-call", "stub"]);
        assert_eq!(first.notes, "Say it.\nAsk it.\n");
        let regions: Vec<_> = first.regions().collect();
        assert_eq!(
            regions,
            [(Path::new("services/src/error.rs"), "unavailable")]
        );
        assert_eq!(second.demos().collect::<Vec<_>>(), ["call"]);
        assert!(
            first
                .parts
                .contains(&Part::Line("<!-- pause -->".to_owned()))
        );
    }

    #[test]
    fn a_slide_does_not_end_inside_a_block() {
        let deck = deck();
        let block = deck.slides[1].parts.last().expect("it has parts");
        assert!(
            matches!(block, Part::Block { info, lines, .. } if info == "text" && lines.len() == 2)
        );
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line() {
        let head = "---\ntitle: A\nminutes: 1\n---\n";
        for (body, told) in [
            ("no title\n", "a.md, line 5: this slide has no title"),
            ("A\n===\n```demo\n", "a.md, line 7: this block does not end"),
            (
                "A\n===\n```demo\na b\n```\n",
                "a.md, line 7: a demo is its name",
            ),
            (
                "A\n===\n```region\na\n```\n",
                "a.md, line 7: a region is FILE NAME",
            ),
            (
                "A\n===\n<!-- minutes: 1.2 -->\n",
                "a.md, line 7: minutes are a number",
            ),
            (
                "A\n===\n<!-- minutes: 1\n",
                "a.md, line 7: this comment does not end",
            ),
        ] {
            let error = refused(&format!("{head}{body}"));
            assert!(error.starts_with(told), "{error}");
        }
        assert_eq!(
            refused("A\n"),
            "a.md, line 1: begin with a head between two lines of ---"
        );
        assert_eq!(
            refused("---\ntitle: A\n---\n"),
            "a.md, line 1: the head lacks minutes:"
        );
    }
}
