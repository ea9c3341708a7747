//! What can be told of a deck without running or drawing anything.

use std::path::Path;
use std::time::Duration;

use unicode_width::UnicodeWidthStr as _;

use super::fault::{Fault, told};
use super::topics::Topics;
use crate::deck::{Deck, Part, Slide};
use crate::demo::Demo;
use crate::region;
use crate::tape::Tape;

/// Columns that code may have: the theme leaves all of the smallest terminal.
pub const CODE_COLUMNS: usize = 80;

/// Looks at a deck.
pub fn check(root: &Path, deck: &Deck, topics: &Topics) -> Vec<Fault> {
    let mut faults: Vec<Fault> = minutes(deck).into_iter().collect();
    for slide in &deck.slides {
        let wrong = |(line, what)| Fault::new(&deck.file, line, what);
        faults.extend(head(slide, topics).into_iter().map(wrong));
        for part in &slide.parts {
            faults.extend(look(root, slide, part).into_iter().map(wrong));
        }
    }
    faults
}

/// A line of the deck and what is wrong there.
type Wrong = (usize, String);

fn minutes(deck: &Deck) -> Option<Fault> {
    let sum: Duration = deck.slides.iter().map(|slide| slide.planned).sum();
    let [sum, length] = [sum, deck.length].map(|it| it.as_secs_f64() / 60.0);
    let what = format!(
        "the slides' minutes add up to {sum}, and the head says {length}: change one of them"
    );
    (sum != length).then(|| Fault::new(&deck.file, 1, what))
}

/// What a slide has beside its text.
fn head(slide: &Slide, topics: &Topics) -> Vec<Wrong> {
    let title = &slide.title;
    let mut wrong = Vec::new();
    if slide.planned.is_zero() {
        wrong.push(format!(
            "{title:?} has no minutes: write <!-- minutes: 2 -->"
        ));
    }
    if slide.notes.trim().is_empty() {
        wrong.push(format!(
            "{title:?} has no notes: say what the presenter says, in a speaker_note"
        ));
    }
    for topic in slide.topics.iter().filter(|topic| !topics.has(topic)) {
        wrong.push(format!("there is no topic {topic:?} in slides/topics.txt"));
    }
    wrong.into_iter().map(|what| (slide.line, what)).collect()
}

fn look(root: &Path, slide: &Slide, part: &Part) -> Vec<Wrong> {
    match part {
        Part::Line(line) => text(slide, line),
        Part::Block { line, info, lines } => block(*line, info, lines),
        Part::Region { line, file, name } => match region::find(root, file, name) {
            Ok(region) => wide(*line, region.text.lines()),
            Err(error) => vec![(*line, told(error))],
        },
        Part::Demo { line, name } => demo(root, *line, name),
    }
}

/// presenterm takes blocks that [`Deck`] does not see: they would be code that nobody compiles.
fn text(slide: &Slide, line: &str) -> Vec<Wrong> {
    let begins = line.trim_start();
    let is_fence = begins.starts_with("```") || begins.starts_with("~~~");
    let what = format!("{begins:?}: a block begins with ``` in the first column");
    Vec::from_iter(is_fence.then_some((slide.line, what)))
}

/// No code on a slide that is not compiled and tested somewhere.
fn block(line: usize, info: &str, lines: &[String]) -> Vec<Wrong> {
    if !matches!(info, "" | "text") {
        let what = format!(
            "a block of {info:?}: code on a slide is a region of a file, what runs is a demo, and \
             plain text is a block of text"
        );
        return vec![(line, what)];
    }
    wide(line, lines.iter().map(String::as_str))
}

fn demo(root: &Path, line: usize, name: &str) -> Vec<Wrong> {
    let demo = match Demo::read(root, name) {
        Ok(demo) => demo,
        Err(error) => return vec![(line, told(error))],
    };
    let mut wrong = wide(line, demo.shown.lines());
    match Tape::read(root, name) {
        Ok(tape) if tape.fits(&demo) => {}
        Ok(_) => wrong.push((
            line,
            format!("the tape of {name} has other masks than the demo: trivium talk --record"),
        )),
        Err(error) => wrong.push((
            line,
            format!("the demo {name} has no tape, trivium talk --record makes one: {error}"),
        )),
    }
    wrong
}

fn wide<'a>(line: usize, lines: impl Iterator<Item = &'a str>) -> Vec<Wrong> {
    let too_wide = lines.filter(|line| line.width() > CODE_COLUMNS);
    let what = |line: &str| {
        let columns = line.width();
        format!("{columns} columns, {CODE_COLUMNS} fit: {line:?}")
    };
    too_wide.map(|it| (line, what(it))).collect()
}
