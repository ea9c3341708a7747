//! Reads a deck, line by line.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Deck, Part, Slide};

/// A line and what is wrong with it.
type Fault = (usize, String);

/// Lines with their numbers, from 1.
type Numbered<'a> = (usize, &'a str);

/// Reads a deck's text.
pub(super) fn parse(file: &Path, text: &str) -> Result<Deck, Fault> {
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
