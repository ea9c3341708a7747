//! The guides for teachers and for choosers say what the decks and the README say.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use slides::deck::Deck;

const GUIDES: [&str; 2] = ["docs/teaching.md", "docs/which.md"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).expect("the file is there")
}

/// A row such as `| 1–6 | 7.5 | …`: its first slide, its last, its minutes.
fn part(line: &str) -> Option<(usize, usize, Duration)> {
    let mut cells = line.strip_prefix("| ")?.split(" | ");
    let (first, last) = cells.next()?.split_once('–')?;
    let minutes: f64 = cells.next()?.parse().ok()?;
    let planned = Duration::from_secs_f64(minutes * 60.0);
    Some((first.parse().ok()?, last.parse().ok()?, planned))
}

#[test]
fn the_parts_of_the_class_are_the_slides_of_the_deck_with_their_minutes() {
    let deck = Deck::read(&root(), "what-is-rpc", "en").expect("the deck can be read");
    let guide = read("docs/teaching.md");
    let mut next = 1;
    for (first, last, told) in guide.lines().filter_map(part) {
        assert_eq!(first, next, "the part before {first} ends elsewhere");
        let slides = &deck.slides[first - 1..last];
        let planned: Duration = slides.iter().map(|slide| slide.planned).sum();
        assert_eq!(told, planned, "slides {first} to {last}");
        next = last + 1;
    }
    assert_eq!(next - 1, deck.slides.len());
}

/// What stands between two marks, on one line.
fn between<'a>(text: &'a str, open: &'a str, close: char) -> impl Iterator<Item = &'a str> {
    let after = text.split(open).skip(1);
    after.filter_map(move |it| it.lines().next()?.split(close).next())
}

#[test]
fn what_the_guides_link_is_there() {
    for guide in GUIDES {
        for link in between(&read(guide), "](", ')') {
            let file = link.split('#').next().unwrap_or_default();
            let is_elsewhere = link.starts_with("https://");
            let found = root().join("docs").join(file).exists();
            assert!(is_elsewhere || found, "{guide} links {link}");
        }
    }
}

/// Numbers of a text, whole as they are written; a single digit is counted, not measured.
fn figures(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |it: char| it.is_ascii_digit() || it == '.' || it == ',';
    let words = text.split(move |it| !is_part(it));
    let numbers = words.map(|it| it.trim_matches(['.', ',']));
    numbers.filter(|it| it.len() > 1)
}

#[test]
fn every_figure_of_the_decision_guide_is_one_that_the_readme_shows() {
    let (guide, readme) = (read("docs/which.md"), read("README.md"));
    let shown: Vec<&str> = figures(&readme).collect();
    // Every second piece is code: a command, not a figure.
    for figure in guide.split('`').step_by(2).flat_map(figures) {
        assert!(shown.contains(&figure), "{figure} is not in README.md");
    }
}
