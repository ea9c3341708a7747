//! A deck as its author wrote it.
//!
//! Markdown for presenterm, with what it does not know: a head with title and minutes, comments with a
//! slide's minutes and topics, and blocks that name code and demos. `slides/README.md` tells the form.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

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

/// A line and what is wrong with it.
type Fault = (usize, String);

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
        parse(file, text).map_err(|(line, what)| DeckError {
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

/// Lines with their numbers, from 1.
type Numbered<'a> = (usize, &'a str);

fn parse(file: &Path, text: &str) -> Result<Deck, Fault> {
    let lines: Vec<Numbered<'_>> = text
        .lines()
        .enumerate()
        .map(|(at, it)| (at + 1, it))
        .collect();
    let (head, body) = split_head(&lines)?;
    let slides = split_slides(body).into_iter().map(slide);
    Ok(Deck {
        file: file.to_owned(),
        title: said(head, "title")?.to_owned(),
        length: minutes(said(head, "minutes")?).ok_or_else(|| (1, NO_MINUTES.to_owned()))?,
        slides: slides.collect::<Result<_, _>>()?,
    })
}

const NO_MINUTES: &str = "minutes are a number such as 2 or 1.5, a half the smallest part";

fn split_head<'a, 'b>(
    lines: &'b [Numbered<'a>],
) -> Result<(&'b [Numbered<'a>], &'b [Numbered<'a>]), Fault> {
    let fault = || (1, "begin with a head between two lines of ---".to_owned());
    let ([(_, "---")], rest) = lines.split_at_checked(1).ok_or_else(fault)? else {
        return Err(fault());
    };
    let end = rest
        .iter()
        .position(|(_, line)| *line == "---")
        .ok_or_else(fault)?;
    Ok((&rest[..end], &rest[end + 1..]))
}

fn said<'a>(head: &[Numbered<'a>], key: &str) -> Result<&'a str, Fault> {
    let found = head.iter().find_map(|(_, line)| {
        let (name, said) = line.split_once(':')?;
        (name == key).then(|| said.trim())
    });
    found.ok_or_else(|| (1, format!("the head lacks {key}:")))
}

/// Minutes in halves.
fn minutes(text: &str) -> Option<Duration> {
    let (whole, half) = match text.split_once('.') {
        Some((whole, "5")) => (whole, 30),
        Some(_) => return None,
        None => (text, 0),
    };
    let whole: u64 = whole.parse().ok()?;
    Some(Duration::from_secs(whole.checked_mul(60)? + half))
}

/// Parts at the lines that end a slide; blocks of code may hold one.
fn split_slides<'a, 'b>(body: &'b [Numbered<'a>]) -> Vec<&'b [Numbered<'a>]> {
    let mut fence = None;
    let mut begin = 0;
    let mut slides = Vec::new();
    for (at, (_, line)) in body.iter().enumerate() {
        match fence {
            None => fence = opened(line),
            Some(length) if closes(line, length) => fence = None,
            Some(_) => {}
        }
        if fence.is_none() && line.trim() == "<!-- end_slide -->" {
            slides.push(&body[begin..at]);
            begin = at + 1;
        }
    }
    slides.push(&body[begin..]);
    let is_blank = |slide: &&[Numbered<'_>]| slide.iter().all(|(_, line)| line.trim().is_empty());
    slides
        .into_iter()
        .filter(|slide| !is_blank(slide))
        .collect()
}

/// How many backticks a fence that opens here has.
fn opened(line: &str) -> Option<usize> {
    let ticks = line.chars().take_while(|it| *it == '`').count();
    (ticks >= 3).then_some(ticks)
}

fn closes(line: &str, ticks: usize) -> bool {
    opened(line).is_some_and(|it| it >= ticks) && line.trim_end().chars().all(|it| it == '`')
}

fn slide(lines: &[Numbered<'_>]) -> Result<Slide, Fault> {
    let first = lines.iter().find(|(_, line)| !line.trim().is_empty());
    let line = first.map_or(1, |(number, _)| *number);
    let mut slide = Slide {
        line,
        title: title(lines).ok_or_else(|| {
            let what = "this slide has no title: write one, and === below it";
            (line, what.to_owned())
        })?,
        planned: Duration::ZERO,
        topics: Vec::new(),
        notes: String::new(),
        parts: Vec::new(),
    };
    let mut rest = lines;
    while let [(number, line), after @ ..] = rest {
        rest = match (opened(line), line.trim().strip_prefix("<!--")) {
            (Some(ticks), _) => slide.take_block(*number, line[ticks..].trim(), ticks, after)?,
            (None, Some(_)) => slide.take_comment(rest)?,
            (None, None) => {
                slide.parts.push(Part::Line((*line).to_owned()));
                after
            }
        };
    }
    Ok(slide)
}

fn title(lines: &[Numbered<'_>]) -> Option<String> {
    let is_rule = |line: &str| line.len() >= 3 && line.chars().all(|it| it == '=');
    let pairs = lines.windows(2).find(|pair| is_rule(pair[1].1.trim_end()));
    pairs.map(|pair| pair[0].1.trim().to_owned())
}

impl Slide {
    /// Takes a fenced block, whose first line was taken; gives what is left.
    fn take_block<'a, 'b>(
        &mut self,
        line: usize,
        info: &str,
        ticks: usize,
        lines: &'b [Numbered<'a>],
    ) -> Result<&'b [Numbered<'a>], Fault> {
        let end = lines.iter().position(|(_, it)| closes(it, ticks));
        let end = end.ok_or_else(|| (line, "this block does not end".to_owned()))?;
        let inside: Vec<&str> = lines[..end].iter().map(|(_, line)| *line).collect();
        let words: Vec<&str> = inside
            .iter()
            .flat_map(|line| line.split_whitespace())
            .collect();
        let part = match (info, &words[..]) {
            ("region", [file, name]) => Part::Region {
                line,
                file: PathBuf::from(file),
                name: (*name).to_owned(),
            },
            ("region", _) => return Err((line, "a region is FILE NAME, on one line".to_owned())),
            ("demo", [name]) => Part::Demo {
                line,
                name: (*name).to_owned(),
            },
            ("demo", _) => return Err((line, "a demo is its name, alone".to_owned())),
            _ => Part::Block {
                line,
                info: info.to_owned(),
                lines: inside.into_iter().map(str::to_owned).collect(),
            },
        };
        self.parts.push(part);
        Ok(&lines[end + 1..])
    }

    /// Takes a comment; gives what is left.
    fn take_comment<'a, 'b>(
        &mut self,
        lines: &'b [Numbered<'a>],
    ) -> Result<&'b [Numbered<'a>], Fault> {
        let (number, _) = lines[0];
        let end = lines
            .iter()
            .position(|(_, line)| line.trim_end().ends_with("-->"));
        let end = end.ok_or_else(|| (number, "this comment does not end".to_owned()))?;
        let taken = &lines[..=end];
        let joined: Vec<&str> = taken.iter().map(|(_, line)| *line).collect();
        let joined = joined.join("\n");
        let text = joined
            .trim()
            .trim_start_matches("<!--")
            .trim_end_matches("-->")
            .trim();
        match text.split_once(':').map(|(key, said)| (key, said.trim())) {
            Some(("minutes", said)) => {
                self.planned = minutes(said).ok_or_else(|| (number, NO_MINUTES.to_owned()))?;
            }
            Some(("topics", said)) => {
                self.topics = said
                    .split(',')
                    .map(|topic| topic.trim().to_owned())
                    .collect();
            }
            Some(("speaker_note", said)) => self.take_notes(said),
            _ => self
                .parts
                .extend(joined.lines().map(|line| Part::Line(line.to_owned()))),
        }
        Ok(&lines[end + 1..])
    }

    fn take_notes(&mut self, said: &str) {
        let lines = said.trim_start_matches('|').lines().map(str::trim);
        let lines: Vec<&str> = lines.collect();
        self.notes.push_str(lines.join("\n").trim());
        self.notes.push('\n');
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
