//! What the console says of the deck and of its own keys, in as many rows as the terminal has for it.

use super::jump;
use crate::console::state::{Motion, Screen};
use crate::rows::rows;

/// Rows of the title, of the times and of the slides.
const ABOVE: u16 = 5;
/// So many rows the notes keep, with their title, before another line takes a second one.
const NOTES: u16 = 4;

const KEYS: [&str; 6] = [
    "space pause",
    "r this slide anew",
    "R all anew",
    "↑↓ notes",
    "j jump",
    "q leave",
];
const JUMP_KEYS: [&str; 4] = [
    "type to filter",
    "↑↓ choose",
    "Enter keeps the keys in sight",
    "Esc back",
];

/// How many rows the status and the keys take in a terminal of so many.
pub(super) fn heights(terminal: u16, status: usize, keys: usize) -> (u16, u16) {
    let spare = terminal.saturating_sub(ABOVE + NOTES + 2);
    let more = |rows: usize| u16::try_from(rows.saturating_sub(1)).unwrap_or(u16::MAX);
    let status = more(status).min(spare);
    let keys = more(keys).min(spare - status);
    (1 + status, 1 + keys)
}

/// What the presenter should know of the deck now.
pub(super) fn status(screen: &Screen<'_>, columns: usize) -> Vec<String> {
    rows(&told(screen), columns, "")
}

fn told(screen: &Screen<'_>) -> String {
    let held = screen.motion == Motion::Ended;
    if let Some(sought) = screen.sought.filter(|_| !held) {
        let title = &screen.deck.slides[sought].title;
        let keys = jump::keys(sought);
        return format!("press {keys} in the deck for {title}");
    }
    if let Some(back) = screen.back.filter(|_| !held) {
        let (number, keys) = (back + 1, jump::keys(back));
        return format!("the talk goes on at slide {number}: press {keys} in the deck");
    }
    let text = match screen.motion {
        Motion::Silent => {
            "nothing heard of the deck yet: trivium talk starts it in another terminal"
        }
        Motion::Another => {
            "another deck or language is shown: q leaves, then start the console of that one"
        }
        Motion::Waiting => "the clock starts when you leave the title, or with space",
        Motion::Running => "",
        Motion::Paused => "the clock is paused: space goes on",
        Motion::Ended => "the deck was left: the clock is held until it is back",
    };
    text.to_owned()
}

/// The keys that do something now; one is not parted from what it does.
pub(super) fn keys(screen: &Screen<'_>, columns: usize) -> Vec<String> {
    let keys = if screen.jump.is_some() {
        &JUMP_KEYS[..]
    } else {
        &KEYS
    };
    let whole: Vec<String> = keys.iter().map(|it| it.replace(' ', "\u{a0}")).collect();
    let rows = rows(&whole.join("   "), columns, "").into_iter();
    rows.map(|row| row.replace('\u{a0}', " ")).collect()
}
