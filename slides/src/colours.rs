//! Colours as a slide can show them.
//!
//! presenterm 0.16.1 passes over bright colours, dim and reversed text, and its plain red is hard to see
//! in the last row of a class. So each of a terminal's sixteen colours becomes one of the theme's kind.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Red, green and blue.
type Colour = (u8, u8, u8);

/// The sixteen colours in a terminal's order; those of `slides/theme.yaml` are among them.
const COLOURS: [Colour; 16] = [
    (16, 21, 31),
    (255, 143, 163),
    (165, 224, 117),
    (255, 180, 84),
    (124, 199, 255),
    (214, 160, 255),
    (110, 220, 215),
    (200, 205, 215),
    (138, 148, 166),
    (255, 120, 140),
    (190, 240, 140),
    (255, 220, 120),
    (150, 205, 255),
    (240, 170, 240),
    (150, 240, 235),
    (255, 255, 255),
];

/// Where grey is, which stands for dim text.
const GREY: usize = 8;

/// The same text with colours that presenterm shows.
///
/// ```
/// assert_eq!(slides::colours::shown("\u{1b}[31mno"), "\u{1b}[38;2;255;143;163mno");
/// ```
pub fn shown(text: &str) -> String {
    static STYLE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\x1b\[([\d;]*)m").expect("a constant that a test compiles"));
    let style = |found: &Captures<'_>| format!("\x1b[{}m", translated(&found[1]));
    STYLE.replace_all(text, style).into_owned()
}

fn translated(codes: &str) -> String {
    let mut codes = codes.split(';');
    let mut translated = Vec::new();
    while let Some(code) = codes.next() {
        translated.push(match code.parse() {
            // A colour of its own: a number or three follow.
            Ok(38 | 48) => whole(code, &mut codes),
            Ok(2) => foreground(GREY),
            Ok(code @ 30..=37) => foreground(code - 30),
            Ok(code @ 90..=97) => foreground(code - 82),
            Ok(code @ 40..=47) => background(code - 40),
            Ok(code @ 100..=107) => background(code - 92),
            _ => code.to_owned(),
        });
    }
    translated.join(";")
}

/// That code with what belongs to it.
fn whole<'a>(code: &'a str, rest: &mut impl Iterator<Item = &'a str>) -> String {
    let kind = rest.next().unwrap_or_default();
    let count = if kind == "2" { 3 } else { 1 };
    let mut all = vec![code, kind];
    all.extend(rest.take(count));
    all.join(";")
}

fn foreground(colour: usize) -> String {
    let (red, green, blue) = COLOURS[colour];
    format!("38;2;{red};{green};{blue}")
}

fn background(colour: usize) -> String {
    let (red, green, blue) = COLOURS[colour];
    format!("48;2;{red};{green};{blue}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_on_bright_yellow_stays_readable() {
        let shown = shown("\x1b[30m\x1b[103mEEE\x1b[0m");
        assert_eq!(shown, "\x1b[38;2;16;21;31m\x1b[48;2;255;220;120mEEE\x1b[0m");
    }

    #[test]
    fn dim_text_is_grey() {
        assert_eq!(shown("\x1b[1;2m0"), "\x1b[1;38;2;138;148;166m0");
    }

    #[test]
    fn colours_of_their_own_stay() {
        for text in [
            "\x1b[38;5;31m",
            "\x1b[1;48;2;31;32;33m",
            "\x1b[m",
            "\x1b[4m",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn text_without_colours_stays() {
        assert_eq!(shown("[31m 31 \x1b[2K"), "[31m 31 \x1b[2K");
    }
}
