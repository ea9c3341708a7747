//! The languages of the sheets and of what the checks say.

use std::fmt;
use std::str::FromStr;

/// A language that sheets and checks speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Brazilian Portuguese.
    Portuguese,
}

impl Language {
    /// Both, English first.
    pub const ALL: [Self; 2] = [Self::English, Self::Portuguese];

    /// Its tag (BCP 47), which is its folder's name too.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Portuguese => "pt-BR",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(tag: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|it| it.tag() == tag);
        found.ok_or_else(|| "use en or pt-BR".to_owned())
    }
}

/// What a check says, in both languages at once, so that no sentence can lack one of them.
/// `tell!` makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// In English.
    pub en: String,
    /// In Brazilian Portuguese.
    pub pt: String,
}

impl Text {
    /// The sentence in that language.
    #[must_use]
    pub fn said(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Portuguese => &self.pt,
        }
    }
}

/// A [`Text`] of two format strings, English first; both take the same values, captured or named:
/// `tell!("line {line}: {what}", "linha {line}: {what}", line = at + 1)`.
macro_rules! tell {
    ($en:literal, $pt:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        $(let $name = $value;)*
        $crate::language::Text { en: format!($en), pt: format!($pt) }
    }};
}

/// As much of a text as a finding shows, in characters.
const EXCERPT: usize = 120;

/// The beginning of what a student or a server wrote, fit for a terminal: nothing in it moves the
/// cursor, changes colours or begins a line.
#[must_use]
pub fn excerpt(text: &str) -> String {
    let mut characters = text.chars();
    let mut shown: String = characters.by_ref().take(EXCERPT).map(printable).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// One character as a terminal may be given it.
pub(crate) fn printable(character: char) -> String {
    match character {
        '"' | '\'' | '\\' => character.to_string(),
        other => other.escape_debug().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_both_languages() {
        let line = 2;
        let text = tell!("line {line}: {what}", "linha {line}: {what}", what = "x");
        assert_eq!(text.said(Language::English), "line 2: x");
        assert_eq!(text.said(Language::Portuguese), "linha 2: x");
    }

    #[test]
    fn an_excerpt_cannot_steer_a_terminal() {
        assert_eq!(excerpt("\"a\"\u{1b}[2J\r\n"), "\"a\"\\u{1b}[2J\\r\\n");
        assert_eq!(excerpt(&"x".repeat(200)).chars().count(), EXCERPT + 1);
    }

    #[test]
    fn a_wrong_language_is_told_with_what_is_right() {
        assert_eq!("pt-BR".parse(), Ok(Language::Portuguese));
        assert_eq!("fr".parse::<Language>(), Err("use en or pt-BR".to_owned()));
    }
}
