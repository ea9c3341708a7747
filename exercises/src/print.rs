//! Lists, sheets and reports as text for a terminal; colours are left out where it has none.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};

use crate::exercise::{Exercise, Place};
use crate::language::{Language, Text, printable};
use crate::report::{Part, Report, Verdict};
use crate::sheet::Sheet;

/// Terminals that nobody has widened have this many columns.
const COLUMNS: usize = 80;

const HEADING: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const CODE: Style = AnsiColor::Cyan.on_default();
const RIGHT: Style = AnsiColor::Green.on_default();
const WRONG: Style = AnsiColor::Yellow.on_default().bold();

/// How far a finding stands from the margin.
const INDENT: usize = 8;

/// All exercises with their minutes, and what to type next.
#[must_use]
pub fn list(sheets: &[(&Exercise, Sheet)], language: Language) -> String {
    let mut text = String::new();
    for (exercise, sheet) in sheets {
        let line = format!(
            "{:>2}  {:>3} min  {}",
            exercise.number, sheet.minutes, sheet.title
        );
        let _ = writeln!(text, "{line}");
    }
    let next = tell!(
        "trivium exercise 1 shows a sheet, trivium exercise 1 --check looks at your files",
        "trivium exercise 1 mostra o enunciado; com --check, confere os seus arquivos"
    );
    let _ = writeln!(text, "{QUIET}{}{QUIET:#}", next.said(language));
    text
}

/// A sheet as it is written, its headings and code set apart.
#[must_use]
pub fn sheet(sheet: &Sheet) -> String {
    let mut text = String::new();
    let mut in_code = false;
    for line in sheet.text.lines() {
        let fence = line.starts_with("```");
        let style = match (in_code || fence, line.starts_with('#')) {
            (true, _) => CODE,
            (false, true) => HEADING,
            (false, false) => Style::new(),
        };
        in_code ^= fence;
        let line: String = line.chars().map(printable).collect();
        let _ = writeln!(text, "{style}{line}{style:#}");
    }
    text
}

/// What a check found, and how much is right.
#[must_use]
pub fn report(
    exercise: &Exercise,
    sheet: &Sheet,
    place: &Place,
    report: &Report,
    language: Language,
) -> String {
    let mut text = format!("{HEADING}{}. {}{HEADING:#}\n", exercise.number, sheet.title);
    let folder = short(&place.folder, &place.root);
    let _ = writeln!(text, "{QUIET}{}{QUIET:#}", clean(&folder));
    for it in &report.parts {
        text += &part(it, language);
    }
    let (right, all) = (report.right(), report.parts.len());
    let end = match report.is_solved() {
        true => tell!(
            "All {all} parts are right.",
            "Todas as {all} partes estão certas."
        ),
        false => tell!(
            "{right} of {all} parts are right.",
            "{right} de {all} partes certas."
        ),
    };
    let _ = writeln!(text, "{HEADING}{}{HEADING:#}", end.said(language));
    text
}

fn part(part: &Part, language: Language) -> String {
    let (style, word) = match part.verdict {
        Verdict::Right => (RIGHT, tell!("right", "certo")),
        Verdict::Wrong => (WRONG, tell!("wrong", "errado")),
        Verdict::Waits => (QUIET, tell!("waits", "espera")),
    };
    let word = word.said(language).to_owned();
    let name = clean(part.name.said(language));
    let mut text = format!("{style}{word:<width$}{style:#}{name}\n", width = INDENT);
    for finding in &part.findings {
        text += &indented(finding, language);
    }
    text
}

/// A finding in lines that fit; its own lines stay lines.
fn indented(finding: &Text, language: Language) -> String {
    let mut text = String::new();
    for line in finding.said(language).lines() {
        for wrapped in wrapped(&clean(line), COLUMNS - INDENT) {
            let _ = writeln!(text, "{:INDENT$}{wrapped}", "");
        }
    }
    text
}

fn clean(text: &str) -> String {
    text.chars().map(printable).collect()
}

/// A path as seen from the repository.
fn short(path: &Path, root: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string()
}

/// The words in lines of at most that many columns; a longer word has a line of its own.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one line from the start");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= columns {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_fit_their_columns_and_cannot_steer_the_terminal() {
        let finding = tell!("{words} \u{1b}[2J", "{words}", words = "word ".repeat(40));
        let shown = indented(&finding, Language::English);
        assert!(shown.contains("\\u{1b}[2J"), "{shown}");
        for line in shown.lines() {
            assert!(line.chars().count() <= COLUMNS, "{line}");
        }
    }

    #[test]
    fn code_and_headings_of_a_sheet_are_set_apart() {
        let text = "# 1. T\n```sh\n# x\n```\ny\n".to_owned();
        let shown = sheet(&Sheet {
            title: "T".into(),
            minutes: 1,
            text,
        });
        assert!(shown.contains(&format!("{CODE}# x{CODE:#}")), "{shown}");
        assert!(
            shown.contains(&format!("{HEADING}# 1. T{HEADING:#}")),
            "{shown}"
        );
        assert!(shown.ends_with("y\n"), "{shown}");
    }
}
