//! Text of a peer, made safe to show. What could steer a terminal, turn the writing direction, or
//! hide is spelt out: control characters as `\n`, `\x1b`, bytes that are not UTF-8 as `\xff`, bidi
//! overrides, line separators and whatever takes no column as `\u{202e}`. A backslash stays as it is,
//! so that text reads as it was written; who needs to tell them apart looks at the hex view.

use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

/// One character, safe to show.
#[must_use]
pub fn character(character: char) -> Shown {
    match character {
        '\n' => Shown::Code("\\n".into()),
        '\r' => Shown::Code("\\r".into()),
        '\t' => Shown::Code("\\t".into()),
        '\0'..='\x1f' | '\x7f' => Shown::Code(format!("\\x{:02x}", character as u32)),
        _ if hides(character) => Shown::Code(format!("\\u{{{:x}}}", character as u32)),
        _ => Shown::Itself(character),
    }
}

/// What becomes of a character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// It is harmless.
    Itself(char),
    /// It is spelt out.
    Code(String),
}

impl Shown {
    /// Columns that it takes.
    #[must_use]
    pub fn columns(&self) -> usize {
        match self {
            Self::Itself(character) => character.width().unwrap_or(0),
            Self::Code(code) => code.len(),
        }
    }

    /// Appends it.
    pub fn push_to(&self, text: &mut String) {
        match self {
            Self::Itself(character) => text.push(*character),
            Self::Code(code) => text.push_str(code),
        }
    }
}

/// Whether a reader would not see it: it takes no column, or moves what stands beside it.
fn hides(character: char) -> bool {
    let moves = matches!(character,
        '\u{80}'..='\u{9f}'
        | '\u{61c}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}');
    moves || character.width().unwrap_or(0) == 0
}

/// Text, safe to show in one line.
#[must_use]
pub fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for shown in text.chars().map(character) {
        shown.push_to(&mut escaped);
    }
    escaped
}

/// Bytes as the UTF-8 that they are, as far as they are.
#[must_use]
pub fn bytes(bytes: &[u8]) -> String {
    let mut escaped = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        escaped.push_str(&text(chunk.valid()));
        for byte in chunk.invalid() {
            write!(escaped, "\\x{byte:02x}").expect("a String takes all");
        }
    }
    escaped
}

/// Columns that text takes when it is shown.
#[must_use]
pub fn columns(text: &str) -> usize {
    text.chars().map(|one| character(one).columns()).sum()
}

/// As much of the text, made safe, as fits in so many columns; `…` at the end where it was cut.
#[must_use]
pub fn fit(text: &str, columns: usize) -> String {
    let mut fitting = String::new();
    let mut used = 0;
    // Where to cut back to, so that the ellipsis has its column.
    let mut room = 0;
    for shown in text.chars().map(character) {
        used += shown.columns();
        if used > columns {
            fitting.truncate(room);
            if columns > 0 {
                fitting.push('…');
            }
            return fitting;
        }
        shown.push_to(&mut fitting);
        if used < columns {
            room = fitting.len();
        }
    }
    fitting
}

/// Columns of what is spelt out at the greatest length: `\u{10ffff}`.
const WIDEST: usize = 10;

/// Text, made safe, in lines of so many columns, at least 10; broken at spaces where there are any.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(WIDEST);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let width = self::columns(word.trim_end());
        if used > 0 && used + width > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        for shown in word.chars().map(character) {
            if used + shown.columns() > columns {
                if shown == Shown::Itself(' ') {
                    continue;
                }
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            used += shown.columns();
            shown.push_to(&mut line);
        }
    }
    lines.push(line);
    lines.retain(|line| !line.trim().is_empty());
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn nothing_steers_the_terminal_or_hides() {
        let hostile = "a\x1b[2J\u{9b}31m\r\nb\u{202e}c\u{200b}\u{feff}\0\u{2028}d\u{301}\t";
        assert_eq!(
            text(hostile),
            r"a\x1b[2J\u{9b}31m\r\nb\u{202e}c\u{200b}\u{feff}\x00\u{2028}d\u{301}\t"
        );
        assert_eq!(bytes(b"\xffa\xc3"), r"\xffa\xc3");
        assert_eq!(text("größer 語 ✓"), "größer 語 ✓");
    }

    #[test]
    fn what_does_not_fit_ends_with_an_ellipsis() {
        assert_eq!(fit("abcdef", 6), "abcdef");
        assert_eq!(fit("abcdefg", 6), "abcde…");
        assert_eq!(fit("語語語", 5), "語語…");
        assert_eq!(fit("ab\x1b", 4), "ab…");
        assert_eq!(fit("語語語", 4), "語…");
        assert_eq!(fit("abc", 0), "");
    }

    #[test]
    fn lines_break_at_spaces_and_words_that_are_too_long_anywhere() {
        assert_eq!(wrap("one two three", 10), ["one two", "three"]);
        assert_eq!(wrap("abcdefghijklm no", 10), ["abcdefghij", "klm no"]);
        assert_eq!(wrap("abcdefghij kl", 10), ["abcdefghij", "kl"]);
        assert_eq!(wrap("", 10), [""; 0]);
    }

    proptest! {
        #[test]
        fn escaped_text_has_no_control_and_the_columns_that_are_told(hostile in "\\PC{0,20}|.{0,20}") {
            let escaped = text(&hostile);
            prop_assert!(!escaped.chars().any(|one| one.is_control() || hides(one)));
            prop_assert_eq!(&text(&escaped), &escaped);
            let sum: usize = escaped.chars().map(|one| one.width().unwrap_or(0)).sum();
            prop_assert_eq!(columns(&hostile), sum);
        }

        #[test]
        fn no_line_is_wider_than_asked(hostile in ".{0,60}", columns in WIDEST..40_usize) {
            for line in wrap(&hostile, columns) {
                let sum: usize = line.chars().map(|one| one.width().unwrap_or(0)).sum();
                prop_assert!(sum <= columns, "{:?} in {}", line, columns);
            }
            prop_assert!(UnicodeWidthStr::width(fit(&hostile, columns).as_str()) <= columns);
        }
    }
}
