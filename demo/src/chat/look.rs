//! How a line of the chat looks: `[Name] text`, as in the courses. Nothing that somebody else wrote
//! reaches the terminal as it is.

use anstyle::{AnsiColor, Style};
use chrono::{DateTime, Local};
use services::model::ChatMessage;

use crate::print::QUIET;

/// The colours of names: those that are legible on black and on white.
const COLOURS: [AnsiColor; 12] = [
    AnsiColor::Green,
    AnsiColor::Yellow,
    AnsiColor::Blue,
    AnsiColor::Magenta,
    AnsiColor::Cyan,
    AnsiColor::Red,
    AnsiColor::BrightGreen,
    AnsiColor::BrightYellow,
    AnsiColor::BrightBlue,
    AnsiColor::BrightMagenta,
    AnsiColor::BrightCyan,
    AnsiColor::BrightRed,
];

/// `[Name] text`, the name in its colour.
pub(super) fn line(message: &ChatMessage) -> String {
    format!("{} {}", name(&message.user), harmless(&message.text))
}

/// The same after the time of day at this place, with the date where it is another day.
pub(super) fn timed_line(message: &ChatMessage) -> String {
    let time = time(message.timestamp, Local::now());
    format!("{QUIET}{time}{QUIET:#} {}", line(message))
}

/// `[Name]` in its colour, which is the same at every participant's and in every session.
pub(super) fn name(name: &str) -> String {
    let style = style(name);
    format!("{style}[{}]{style:#}", harmless(name))
}

fn style(name: &str) -> Style {
    let count = COLOURS.len() as u64;
    let place = usize::try_from(fnv_1a(name) % count).unwrap_or_default();
    COLOURS[place].on_default()
}

/// The 64-bit hash FNV-1a, of the Internet-Draft draft-eastlake-fnv: the standard library's may
/// change from one version to the next.
fn fnv_1a(text: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let bytes = text.bytes().map(u64::from);
    bytes.fold(OFFSET, |hash, byte| (hash ^ byte).wrapping_mul(PRIME))
}

/// A line whose sender and server told no time was said now.
fn time(timestamp: i64, now: DateTime<Local>) -> String {
    let said = DateTime::from_timestamp(timestamp, 0).filter(|_| timestamp != 0);
    let said = said.map_or(now, |said| said.with_timezone(&Local));
    let format = if said.date_naive() == now.date_naive() {
        "%H:%M"
    } else {
        "%Y-%m-%d %H:%M"
    };
    said.format(format).to_string()
}

/// A text in which nothing moves the cursor, changes colours, turns the direction of writing, or
/// hides: those characters are written out. Letters, combining accents and joined emoji stay.
pub(super) fn harmless(text: &str) -> String {
    let shown = |character: char| {
        if is_harmless(character) {
            character.to_string()
        } else {
            character.escape_debug().to_string()
        }
    };
    text.chars().map(shown).collect()
}

/// Not controls (Unicode's general category Cc), nor the invisible characters that steer: marks and
/// embeddings of direction (Unicode Standard Annex 9), separators of lines, blanks without width,
/// tags, and what is no character at all. The two joiners are needed by scripts and emoji.
pub(super) fn is_harmless(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}'..='\u{ffff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(user: &str, text: &str) -> ChatMessage {
        ChatMessage {
            user: user.into(),
            text: text.into(),
            ..ChatMessage::default()
        }
    }

    fn plain(styled: &str) -> String {
        anstream::adapter::strip_str(styled).to_string()
    }

    #[test]
    fn a_line_is_the_name_in_brackets_and_the_text() {
        assert_eq!(
            plain(&line(&said("Ana", "olá \"mundo\""))),
            "[Ana] olá \"mundo\""
        );
    }

    #[test]
    fn nothing_that_somebody_wrote_steers_the_terminal() {
        let bad = said(
            "E\u{1b}]0;x\u{7}",
            "\u{1b}[31mred\u{1b}[2J\r\n\u{9b}1A\u{202e}txt",
        );
        let shown = "[E\\u{1b}]0;x\\u{7}] \\u{1b}[31mred\\u{1b}[2J\\r\\n\\u{9b}1A\\u{202e}txt";
        // Stripping styles would hide an escape sequence that came through.
        let style = style(&bad.user);
        assert_eq!(
            line(&bad)
                .replacen(&style.render().to_string(), "", 1)
                .replacen("\u{1b}[0m", "", 1),
            shown
        );
    }

    #[test]
    fn letters_of_all_kinds_stay_as_they_are() {
        let text = "e\u{301} עברית 👩\u{200d}💻 ❤\u{fe0f} 日本";
        assert_eq!(harmless(text), text);
    }

    #[test]
    fn a_name_keeps_its_colour() {
        assert_eq!(style("Ana"), style("Ana"));
        let styles = ["Ana", "Bob", "Caio", "Duda"].map(style);
        assert!(styles.iter().any(|style| *style != styles[0]));
        assert_eq!(fnv_1a("a"), 0xaf63_dc4c_8601_ec8c);
    }

    #[test]
    fn another_day_is_told_with_its_date() {
        let now = Local::now();
        assert_eq!(time(0, now), now.format("%H:%M").to_string());
        assert_eq!(time(now.timestamp(), now), now.format("%H:%M").to_string());
        assert_eq!(
            time(now.timestamp() - 3 * 86_400, now).len(),
            "2026-11-21 10:00".len()
        );
        assert_eq!(time(i64::MAX, now), now.format("%H:%M").to_string());
    }
}
