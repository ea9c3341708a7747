//! Handouts in a browser: nothing is clipped, nothing is wider than the window, all can be read.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "../../wire/tests/page/browser.rs"]
mod browser;
#[path = "check/house.rs"]
mod house;
#[path = "../../peers/support.rs"]
mod peers;

use std::fs;
use std::path::{Path, PathBuf};

use browser::look;
use house::House;
use serde_json::json;
use slides::deck::{Deck, LANGUAGES};
use slides::handout;

/// How much wider than the window the page is.
const WIDER: &str = "document.scrollingElement.scrollWidth - innerWidth";

/// Titles of slides of which a part is out of sight: where text reaches further than its box.
const CLIPPED: &str = "[...document.querySelectorAll('.slide')].filter((slide) => \
    slide.scrollWidth > slide.clientWidth + 1 || slide.scrollHeight > slide.clientHeight + 1)\
    .map((slide) => slide.parentElement.querySelector('h2').innerText)";

/// Any other element whose text reaches further than it.
const OVERFLOWING: &str = "[...document.querySelectorAll('h1, h2, p, li, code, h3')].filter((it) => \
    it.getClientRects().length && it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).display !== 'inline')\
    .map((it) => it.innerText)";

/// Slides that cannot be moved sideways although they are wider than a telephone.
const STUCK: &str = "[...document.querySelectorAll('.slide')].filter((slide) => \
    slide.scrollWidth > slide.clientWidth && getComputedStyle(slide).overflowX !== 'auto').length";

/// Letters in CSS pixels.
const LETTERS: &str = "parseFloat(getComputedStyle(document.querySelector('.slide')).fontSize)";

/// Text whose contrast with what is behind it is below WCAG's 4.5.
const PALE: &str = include_str!("../../wire/tests/page/pale.js");

/// The handouts of the repository.
fn handouts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let decks = |language| Deck::names(&root, language).unwrap().into_iter();
    let files = LANGUAGES
        .iter()
        .flat_map(|language| decks(language).map(|name| root.join(handout::file(&name, language))));
    files.collect()
}

#[test]
fn nothing_in_a_handout_is_clipped_or_too_pale() {
    for file in handouts() {
        let page = fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("{}: {error}: trivium talk --handout", file.display()));
        let steps = json!([
            {"size": [1280, 800]}, {"read": WIDER}, {"read": CLIPPED}, {"read": OVERFLOWING},
            {"scheme": "light"}, {"read": PALE}, {"scheme": "dark"}, {"read": PALE},
            {"size": [640, 900]}, {"read": WIDER}, {"read": CLIPPED}, {"read": OVERFLOWING},
            {"size": [360, 740]}, {"read": WIDER}, {"read": OVERFLOWING}, {"read": STUCK},
        ]);
        let name = format!("handout-{}", file.file_stem().unwrap().display());
        let Some(looked) = look(&name, &page, &steps) else {
            return;
        };
        let none = json!([]);
        let fine = [
            json!(0),
            none.clone(),
            none.clone(),
            none.clone(),
            none.clone(),
            json!(0),
            none.clone(),
            none.clone(),
            json!(0),
            none,
            json!(0),
        ];
        for (read, fine) in looked.read.iter().zip(&fine) {
            assert_eq!(read, fine, "{}: {:#?}", file.display(), looked.read);
        }
        assert_eq!(looked.complaints, [""; 0], "a handout fetches nothing");
    }
}

fn small() -> Option<String> {
    let house = House::with_presenterm()?;
    let file = house.root().join(handout::file("what-is-rpc", "pt-BR"));
    Some(fs::read_to_string(file).unwrap())
}

#[test]
fn a_handout_holds_code_output_and_notes_as_text() {
    let Some(page) = small() else { return };
    assert!(page.contains("<html lang=\"pt-BR\">"), "{page}");
    assert!(page.contains("<title>Small</title>"), "{page}");
    let read = "document.body.innerText";
    let Some(looked) = look("small-handout", &page, &json!([{"read": read}])) else {
        return;
    };
    let text = looked.read[0].as_str().unwrap();
    // What a demo prints is text, whatever it is; `&lt;` is not `<`.
    for part in [
        "fn add(a: &i64) -> Option<&i64> {",
        "5 + 3 = 8 in 17 ms",
        "<b>&lt; 92 bytes",
        "Say it.",
        "slides/run call",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("1 / 2"), "the footer is left out: {text}");
}

#[test]
fn a_handout_is_the_same_each_time() {
    let (Some(one), Some(other)) = (small(), small()) else {
        return;
    };
    assert_eq!(one, other);
}

#[test]
fn a_line_that_is_too_wide_would_be_seen() {
    let Some(page) = small() else { return };
    let wide = "x".repeat(90);
    let page = page
        .replace("5 + 3 = 8 in", &wide)
        .replace("overflow-x: auto", "overflow-x: hidden");
    let steps = json!([
        {"size": [1280, 800]}, {"read": CLIPPED}, {"size": [360, 740]}, {"read": STUCK}, {"read": LETTERS},
    ]);
    let Some(looked) = look("wide-handout", &page, &steps) else {
        return;
    };
    assert_eq!(
        looked.read[0].as_array().map(Vec::len),
        Some(1),
        "{:?}",
        looked.read
    );
    assert_ne!(looked.read[1], json!(0));
    assert!(
        looked.read[2].as_f64().is_some_and(|size| size >= 10.0),
        "{:?}",
        looked.read
    );
}
