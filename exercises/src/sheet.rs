//! Sheets: what a student reads before beginning.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::exercise::Exercise;
use crate::language::Language;

/// A sheet, with what its head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The title, without the number.
    pub title: String,
    /// How long a student is expected to take.
    pub minutes: u16,
    /// All of it, as Markdown.
    pub text: String,
}

/// How the line with the minutes begins.
const MINUTES: [&str; 2] = ["Minutes: ", "Minutos: "];

impl Sheet {
    /// An exercise's sheet.
    ///
    /// # Errors
    /// Where it cannot be read, or has no title or minutes.
    pub fn read(exercise: &Exercise, root: &Path, language: Language) -> Result<Self> {
        let path = exercise.sheet(root, language);
        let shown = path.display();
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {shown}"))?;
        let sheet = Self::of(text, exercise.number);
        sheet.with_context(|| {
            let number = exercise.number;
            format!("{shown} has to begin with `# {number}. TITLE` and to have a line `Minutes: N`")
        })
    }

    fn of(text: String, number: u8) -> Option<Self> {
        let title = text
            .lines()
            .next()?
            .strip_prefix(&format!("# {number}. "))?;
        let planned = |line: &str| {
            MINUTES
                .iter()
                .find_map(|start| line.strip_prefix(start)?.parse().ok())
        };
        Some(Self {
            title: title.to_owned(),
            minutes: text.lines().find_map(planned)?,
            text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read() {
        let sheet = Sheet::of("# 1. Title\n\nMinutos: 20\n".into(), 1).expect("it is complete");
        assert_eq!((sheet.title.as_str(), sheet.minutes), ("Title", 20));
    }

    #[test]
    fn a_head_without_minutes_or_number_is_none() {
        assert_eq!(Sheet::of("# 1. Title\n".into(), 1), None);
        assert_eq!(Sheet::of("# Title\nMinutes: 2\n".into(), 1), None);
    }
}
