//! What a deck draws beyond ASCII, for the presenter to look at in this very terminal.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::deck::Deck;
use crate::fill;
use crate::mask::without_colours;
use crate::region;
use crate::stage::Stage;
use crate::tape::Tape;

/// What presenterm draws around a demo's output and before items of a list, and the console around notes.
const DRAWN: &str = "—•─↑↓";

/// Shows them in a line.
pub(super) fn show(stage: &Stage, deck: &Deck) -> Result<()> {
    let glyphs = gathered(&texts(stage, deck)?);
    let line: Vec<String> = glyphs.iter().map(char::to_string).collect();
    super::say("glyphs", &line.join(" "))?;
    let look = "Look at them: where one is a box or a question mark, the font lacks it.";
    super::lines("", look, super::QUIET)
}

/// What the deck shows: its own text, the code that it names, and the tapes for its demos' output.
fn texts(stage: &Stage, deck: &Deck) -> Result<Vec<String>> {
    let mut texts = vec![DRAWN.to_owned(), fill::text(stage.root(), deck)?];
    for (file, name) in deck.slides.iter().flat_map(crate::deck::Slide::regions) {
        texts.push(region::find(stage.root(), file, name)?.text);
    }
    let tapes = deck
        .demos()
        .filter_map(|demo| Tape::read(stage.root(), demo).ok());
    texts.extend(tapes.map(|tape| without_colours(&tape.output)));
    Ok(texts)
}

fn gathered(texts: &[String]) -> BTreeSet<char> {
    let letters = texts.iter().flat_map(|text| text.chars());
    letters
        .filter(|it| !it.is_ascii() && !it.is_control() && !it.is_whitespace())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_glyph_beyond_ascii_is_told_once() {
        let texts = ["µs, é é".to_owned(), "a → b\u{a0}\u{9b}\n".to_owned()];
        let glyphs: String = gathered(&texts).into_iter().collect();
        assert_eq!(glyphs, "µé→");
    }
}
