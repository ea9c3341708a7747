//! Text in rows that end between words: a terminal cuts them at its edge.

use std::io::IsTerminal;

use textwrap::{Options, WordSplitter};

/// A text in rows of at most so many columns, all but the first set in. A word that is longer is cut.
pub(crate) fn rows(text: &str, columns: usize, indent: &str) -> Vec<String> {
    wrapped(text, options(columns, indent))
}

/// A text as a stream takes it: in rows on a terminal, and elsewhere, where lines are searched, as it is.
pub(crate) fn fitted(text: &str, stream: &impl IsTerminal) -> String {
    let size = stream.is_terminal().then(crossterm::terminal::size);
    match size.and_then(Result::ok) {
        // A terminal that knows no size tells 0.
        Some((columns, _)) if columns > 0 => broken(text, usize::from(columns)),
        _ => text.to_owned(),
    }
}

/// What steers a terminal, shown as a mark.
pub(crate) fn harmless(text: &str) -> String {
    text.replace(|at: char| at.is_control() && at != '\n', "\u{fffd}")
}

/// Each line in rows; what goes on is set in deeper than its line. A path that is longer than a row stays
/// whole, for whoever copies it.
fn broken(text: &str, columns: usize) -> String {
    let lines = text.lines().flat_map(|line| {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let indent = " ".repeat(blanks + 2);
        wrapped(line, options(columns, &indent).break_words(false))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Names of programs have hyphens.
fn options(columns: usize, indent: &str) -> Options<'_> {
    Options::new(columns.max(1))
        .subsequent_indent(indent)
        .word_splitter(WordSplitter::NoHyphenation)
}

fn wrapped(text: &str, options: Options<'_>) -> Vec<String> {
    let rows = textwrap::wrap(text, options).into_iter();
    rows.map(std::borrow::Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_ends_between_words() {
        let told = "  slide 2, the port is taken: end the program that has it (ss -ulp)";
        assert_eq!(
            broken(told, 64),
            "  slide 2, the port is taken: end the program that has it (ss\n    -ulp)"
        );
        let names = "what-is-rpc, bytes-on-the-wire";
        assert_eq!(broken(names, 20), "what-is-rpc,\n  bytes-on-the-wire");
    }

    #[test]
    fn a_path_longer_than_a_row_stays_whole_and_lines_stay_apart() {
        assert_eq!(
            broken("in /a/long/path\nb\n\nc", 9),
            "in\n  /a/long/path\nb\n\nc"
        );
        assert_eq!(rows("in /a/long/path", 9, ""), ["in", "/a/long/p", "ath"]);
    }

    #[test]
    fn where_no_terminal_is_nothing_is_broken() {
        let file = tempfile::tempfile().unwrap();
        let long = "a fault ".repeat(99);
        assert_eq!(fitted(&long, &file), long);
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(harmless("a\u{1b}[2J\nb"), "a\u{fffd}[2J\nb");
    }
}
