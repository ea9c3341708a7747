//! The guides for teachers and for choosers say what the decks, the exercises and the README say.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use slides::deck::Deck;

const TEACHING: &str = "docs/teaching.md";
const WHICH: &str = "docs/which.md";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).expect("the file is there")
}

fn decks() -> [Deck; 2] {
    ["what-is-rpc", "bytes-on-the-wire"]
        .map(|name| Deck::read(&root(), name, "en").expect("the deck can be read"))
}

/// A row such as `| A | 1–6 | 7.5 | …`: its first slide, its last, its minutes.
fn part(line: &str) -> Option<(usize, usize, Duration)> {
    let mut cells = line.strip_prefix("| ")?.split(" | ").skip(1);
    let (first, last) = cells.next()?.split_once('–')?;
    let minutes: f64 = cells.next()?.parse().ok()?;
    let planned = Duration::from_secs_f64(minutes * 60.0);
    Some((first.parse().ok()?, last.parse().ok()?, planned))
}

#[test]
fn the_parts_of_the_class_are_the_slides_of_the_deck_with_their_minutes() {
    let [deck, _] = decks();
    let mut next = 1;
    for (first, last, told) in read(TEACHING).lines().filter_map(part) {
        assert_eq!(first, next, "the part before slide {first} ends elsewhere");
        let slides = &deck.slides[first - 1..last];
        let planned: Duration = slides.iter().map(|slide| slide.planned).sum();
        assert_eq!(told, planned, "slides {first} to {last} of {TEACHING}");
        next = last + 1;
    }
    assert_eq!(next - 1, deck.slides.len(), "slides that are in no part");
}

/// What stands between two marks, on one line.
fn between<'a>(text: &'a str, open: &'a str, close: char) -> impl Iterator<Item = &'a str> {
    let after = text.split(open).skip(1);
    after.filter_map(move |it| it.lines().next()?.split(close).next())
}

/// What stands between asterisks in a line, each with what stands before it.
fn italics(line: &str) -> Vec<(&str, &str)> {
    let pieces: Vec<&str> = line.split('*').collect();
    let pairs = pieces.chunks_exact(2);
    pairs.map(|pair| (pair[0], pair[1])).collect()
}

/// The guide's lines that may name slides; its lists begin with an asterisk.
fn lines(guide: &str) -> impl Iterator<Item = &str> {
    guide.lines().filter(|line| !line.starts_with("* "))
}

#[test]
fn what_stands_in_italics_begins_the_title_of_a_slide_or_a_deck() {
    let decks = decks();
    let slides = decks.iter().flat_map(|deck| &deck.slides);
    let titles = slides.map(|slide| &slide.title);
    let titles: Vec<&String> = titles.chain(decks.iter().map(|deck| &deck.title)).collect();
    let guide = read(TEACHING).replace("**", "");
    for (_, name) in lines(&guide).flat_map(italics) {
        let is_known = titles.iter().any(|title| title.starts_with(name));
        assert!(is_known, "no slide is called {name}");
    }
}

#[test]
fn a_number_before_a_title_is_that_of_its_slide() {
    let [deck, _] = decks();
    let guide = read(TEACHING).replace("**", "");
    let mut numbered = 0;
    for (before, name) in lines(&guide).flat_map(italics) {
        let word = before.split_whitespace().next_back().unwrap_or_default();
        if let Ok(number) = word.parse::<usize>() {
            let title = &deck.slides[number - 1].title;
            assert!(title.starts_with(name), "{number} {name} is {title}");
            numbered += 1;
        }
    }
    assert!(numbered > 0, "{TEACHING} gives no slide a number");
}

#[test]
fn the_minutes_of_exercises_are_those_of_their_sheets() {
    let guide = read(TEACHING);
    for entry in fs::read_dir(root().join("exercises/en")).expect("the sheets are there") {
        let path = entry.expect("the folder can be read").path();
        let sheet = fs::read_to_string(&path).expect("the sheet can be read");
        let minutes = between(&sheet, "Minutes: ", '\n').next();
        let minutes = minutes.expect("the sheet tells minutes");
        let name = path.file_name().expect("a file has a name");
        let number = name.to_string_lossy();
        let row = format!("| {} | ", number.split('-').next().unwrap_or_default());
        let is_told =
            |line: &str| line.starts_with(&row) && line.split(" | ").nth(2) == Some(minutes.trim());
        let told = guide.lines().any(is_told);
        assert!(told, "{TEACHING} has no row {row}… with {minutes} minutes");
    }
}

#[test]
fn what_the_guides_link_is_there() {
    for guide in [TEACHING, WHICH] {
        for link in between(&read(guide), "](", ')') {
            let file = link.split('#').next().unwrap_or_default();
            let is_elsewhere = link.starts_with("https://");
            let found = root().join("docs").join(file).exists();
            assert!(is_elsewhere || found, "{guide} links {link}");
        }
    }
}

#[test]
fn the_demos_that_the_guides_name_are_there() {
    for guide in [TEACHING, WHICH] {
        for name in between(&read(guide), "slides/run ", '`').filter(|it| *it != "NAME") {
            let demo = root().join(format!("slides/demos/{name}.sh"));
            assert!(demo.exists(), "{guide} names {name}");
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
    let (guide, readme) = (read(WHICH), read("README.md"));
    let shown: Vec<&str> = figures(&readme).collect();
    // Every second piece is code: a command, not a figure.
    for figure in guide.split('`').step_by(2).flat_map(figures) {
        assert!(shown.contains(&figure), "{figure} is not in README.md");
    }
}
