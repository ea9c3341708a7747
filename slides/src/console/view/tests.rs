use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::console::listener::Told;
use crate::console::plan::tests::deck;
use crate::console::state::State;
use crate::rehearsal::RehearsedSlide;

fn state() -> State {
    let titles: Vec<String> = (1..=34).map(|number| format!("Slide {number}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let mut deck = deck(&titles, 90);
    for slide in &mut deck.slides {
        let title = &slide.title;
        slide.notes = format!(
            "Say {title}.
- Ask what a stub hides, and wait until somebody tells it, for silence is a good sign.
"
        );
    }
    State::new(deck)
}

/// A slide whose title has changed since has no time that could be told.
fn rehearsed(number: usize) -> RehearsedSlide {
    RehearsedSlide {
        title: format!("Slide {}", if number == 3 { 0 } else { number }),
        planned_seconds: 90.0,
        used_seconds: 76.0,
    }
}

fn drawn(state: &State, now: Instant, columns: u16, rows: u16) -> (Vec<String>, usize) {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    let around = Surroundings {
        clock: "16:12:43".to_owned(),
        rehearsed: Some(Rehearsal {
            title: "What is RPC".to_owned(),
            date: "2026-11-21".to_owned(),
            reached: 34,
            slides: (1..=34).map(rehearsed).collect(),
        }),
        palette: Palette::PLAIN,
    };
    let mut last = 0;
    terminal
        .draw(|frame| last = draw(frame, &state.screen(now), &around))
        .unwrap();
    let buffer = terminal.backend().buffer().clone();
    let cells: Vec<&str> = buffer
        .content()
        .iter()
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    let rows = cells.chunks(usize::from(columns));
    let rows = rows.map(|row| row.concat().trim_end().to_owned());
    (rows.collect(), last)
}

#[test]
fn all_is_seen_in_80_columns_and_24_rows() {
    let now = Instant::now();
    let mut state = state();
    state.told(Told::Slide(1), now);
    let (rows, _) = drawn(&state, now + Duration::from_secs(250), 80, 24);
    assert_eq!(rows.len(), 24);
    assert!(rows[0].starts_with("What is RPC") && rows[0].ends_with("16:12:43"));
    assert_eq!(
        rows[2],
        "4:10 since the start   46:50 left   1:10 behind the plan"
    );
    assert_eq!(
        rows[3],
        "slide 2 of 34   4:10 used of 1:30 planned, 1:16 rehearsed"
    );
    assert!(
        rows[4].starts_with("next: Slide 3")
            && rows[4].ends_with("rehearsed in 43:04 on 2026-11-21")
    );
    assert!(rows[6].starts_with(" Slide 2 ─"), "{}", rows[6]);
    assert_eq!(rows[7], "Say Slide 2.");
    assert!(
        rows[8].starts_with("- Ask") && rows[9].starts_with("  "),
        "{rows:?}"
    );
    state.told(Told::Slide(2), now);
    let (changed, _) = drawn(&state, now, 80, 24);
    assert!(changed[3].ends_with("planned"), "{}", changed[3]);
    assert!(rows[23].starts_with("space pause") && rows[23].ends_with("q leave"));
}

#[test]
fn notes_that_do_not_fit_scroll_to_their_end_and_no_further() {
    let now = Instant::now();
    let mut state = state();
    state.told(Told::Slide(1), now);
    let (rows, last) = drawn(&state, now, 80, 10);
    assert_eq!(last, 1);
    assert!(rows[6].ends_with("↓ more"), "{}", rows[6]);
    state.scroll(9);
    let (rows, last) = drawn(&state, now, 80, 10);
    assert_eq!(last, 1);
    assert!(rows[8].starts_with("  "), "{rows:?}");
}

#[test]
fn the_jump_list_tells_the_keys_of_the_chosen_slide() {
    let now = Instant::now();
    let mut state = state();
    state.open_jump();
    let (jump, _) = state.jump().unwrap();
    "33".chars().for_each(|letter| jump.push(letter));
    let (rows, _) = drawn(&state, now, 80, 24);
    assert!(rows[6].contains("in the deck press 33G"), "{}", rows[6]);
    assert!(
        rows[7].contains("> ") && rows[7].contains("Slide 33"),
        "{}",
        rows[7]
    );
    state.choose_jump();
    let (rows, _) = drawn(&state, now, 80, 24);
    assert_eq!(rows[5], "press 33G in the deck for Slide 33");
}

#[test]
fn in_a_narrow_terminal_long_lines_take_two_rows_and_lose_no_word() {
    let now = Instant::now();
    let mut state = state();
    let (rows, _) = drawn(&state, now, 70, 24);
    let status = format!("{} {}", rows[5], rows[6]);
    assert!(
        status.ends_with("starts it in another terminal"),
        "{rows:?}"
    );
    assert!(rows[7].starts_with(" Slide 1 ─"), "{rows:?}");
    // A key is not parted from what it does.
    assert_eq!(rows[23], "q leave");
    assert!(rows[22].ends_with("j jump"), "{}", rows[22]);
    state.told(Told::Another, now);
    let (rows, _) = drawn(&state, now, 70, 24);
    assert!(rows[6].ends_with("that one"), "{rows:?}");
}

#[test]
fn in_a_low_terminal_the_notes_come_first() {
    let (rows, _) = drawn(&state(), Instant::now(), 40, 9);
    assert!(rows[6].starts_with(" Slide 1 ─"), "{rows:?}");
    assert!(rows[8].starts_with("space pause"), "{rows:?}");
}

#[test]
fn any_size_can_be_drawn() {
    let now = Instant::now();
    let mut state = state();
    for (columns, rows) in [(1, 1), (3, 2), (20, 7), (40, 9), (300, 80)] {
        assert_eq!(drawn(&state, now, columns, rows).0.len(), usize::from(rows));
    }
    state.open_jump();
    drawn(&state, now, 2, 8);
}
