//! What is printed, and how: styles, texts of peers made safe, wrapped lines, failures in a line.

use std::io::{self, ErrorKind, Write};

use anstyle::{AnsiColor, Style};
use services::Error;

/// Terminals that nobody has widened have this many columns.
pub const COLUMNS: usize = 80;

/// Headings.
pub const HEADING: Style = Style::new().bold();
/// What is of less weight: figures and hints.
pub const QUIET: Style = Style::new().dimmed();
/// Results.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// Errors that belong there.
pub const ERROR: Style = AnsiColor::Yellow.on_default();
/// Failures of the program.
pub const FAILURE: Style = AnsiColor::Red.on_default().bold();

/// A wrong command line, which clap could not see: exit code 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage(pub String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// A text of a peer, fit for a terminal: nothing in it moves the cursor or changes colours.
/// Quotes and backslashes stay as they are.
#[must_use]
pub fn printable(text: &str) -> String {
    let escaped = |character: char| match character {
        '"' | '\'' | '\\' => character.to_string(),
        other => other.escape_debug().to_string(),
    };
    text.chars().map(escaped).collect()
}

/// The text with `***` for the user and the password of every URL in it.
#[must_use]
pub fn masked(text: &str) -> String {
    let (mut masked, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once("://") {
        masked += before;
        masked += "://";
        let ends = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '`');
        let url = behind.split(ends).next().unwrap_or_default();
        // A list has commas between its URLs, each with a host of its own.
        let url = url.split("://").next().unwrap_or_default();
        // A password may hold what ends a host, so all up to the last `@` is taken for one.
        rest = match url.rfind('@') {
            None => behind,
            Some(at) => {
                masked += "***";
                &behind[at..]
            }
        };
    }
    masked + rest
}

/// A URL in a message, fit for a terminal and without its password.
#[must_use]
pub fn shown_url(url: &str) -> String {
    printable(&masked(url))
}

/// An error of a call: its code, its text, and its cause where the text does not tell it.
#[must_use]
pub fn described(error: &Error) -> String {
    printable(&masked(&format!("{}: {}", error.code(), told_once(error))))
}

/// An error and its causes, without those that the text before them tells.
fn told_once(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

/// The words in lines of at most that many columns; a longer word has a line of its own.
#[must_use]
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
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

/// A line on stdout for whoever reads it; nobody may, and the program goes on.
///
/// # Errors
/// Where stdout fails for another reason than having been closed.
pub fn say(line: &str) -> io::Result<()> {
    let mut out = anstream::stdout();
    let said = writeln!(out, "{line}").and_then(|()| out.flush());
    match said {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// A line on stderr; where that is closed there is nowhere left to tell.
pub fn note(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// A failure of the program and its causes, on one line of stderr.
pub fn failure(error: &anyhow::Error) {
    let text = printable(&masked(&told_once(error.as_ref())));
    note(&format!("{FAILURE}error:{FAILURE:#} {text}"));
}

/// Whether the failure is that whoever read our output has gone.
#[must_use]
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let kinds = error.chain().filter_map(|cause| cause.downcast_ref());
    kinds
        .map(io::Error::kind)
        .any(|kind| kind == ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_peer_wrote_cannot_steer_the_terminal() {
        let text = "a \"b\" \u{1b}[31mc\n\u{202e}d é";
        assert_eq!(printable(text), "a \"b\" \\u{1b}[31mc\\n\\u{202e}d é");
    }

    #[test]
    fn no_message_tells_the_password_of_a_url() {
        for (text, safe) in [
            ("http://ana:s3cret@h:1/x", "http://***@h:1/x"),
            ("http://ana:s3c/r@t@h", "http://***@h"),
            (
                "a@b at http://h:1/ and ana@x",
                "a@b at http://h:1/ and ana@x",
            ),
            (
                "is \"grpc://u:p@a\", then ws://b,ws://c@d",
                "is \"grpc://***@a\", then ws://b,ws://***@d",
            ),
        ] {
            assert_eq!(masked(text), safe);
        }
        let error = Error::invalid("url", "http://u:p@h:1", "use http://host:port");
        let told = described(&error);
        assert!(told.contains("http://***@h:1"), "{told}");
    }

    #[test]
    fn causes_are_told_once() {
        let refused = io::Error::from(ErrorKind::ConnectionRefused);
        let error = Error::unavailable("cannot reach 127.0.0.1:9", refused);
        let told = described(&error);
        assert_eq!(
            told,
            "Unavailable: cannot reach 127.0.0.1:9: connection refused"
        );
        let told_already = Error::unavailable("gone", io::Error::other("gone"));
        assert_eq!(described(&told_already), "Unavailable: gone");
    }

    #[test]
    fn a_failure_tells_its_causes_once() {
        let refused = io::Error::from(ErrorKind::ConnectionRefused);
        let error = Error::unavailable("cannot connect: connection refused; check it", refused);
        let failure = anyhow::Error::new(error).context("the call add failed");
        assert_eq!(
            told_once(failure.as_ref()),
            "the call add failed: cannot connect: connection refused; check it"
        );
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("overlong word", 4), ["overlong", "word"]);
    }
}
