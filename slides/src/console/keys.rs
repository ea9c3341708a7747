//! What each key does.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::state::State;

/// Whether the console goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// It does.
    Stay,
    /// The presenter leaves it.
    Leave,
}

/// Rows that a page of notes moves.
const PAGE: isize = 10;

/// Does what a key says.
pub fn press(state: &mut State, key: KeyEvent, now: Instant) -> Flow {
    if key.kind == KeyEventKind::Release {
        return Flow::Stay;
    }
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return match key.code {
            KeyCode::Char('c') => Flow::Leave,
            _ => Flow::Stay,
        };
    }
    if state.jump().is_some() {
        press_in_list(state, key.code);
        return Flow::Stay;
    }
    match key.code {
        KeyCode::Char('q') => return Flow::Leave,
        KeyCode::Char(' ') => state.pause(now),
        KeyCode::Char('r') => state.restart_slide(now),
        KeyCode::Char('R') => state.restart(now),
        KeyCode::Char('j') => state.open_jump(),
        KeyCode::Up => state.scroll(-1),
        KeyCode::Down => state.scroll(1),
        KeyCode::PageUp => state.scroll(-PAGE),
        KeyCode::PageDown => state.scroll(PAGE),
        _ => {}
    }
    Flow::Stay
}

fn press_in_list(state: &mut State, key: KeyCode) {
    match key {
        KeyCode::Esc => return state.close_jump(),
        KeyCode::Enter => return state.choose_jump(),
        _ => {}
    }
    let Some((jump, deck)) = state.jump() else {
        return;
    };
    match key {
        KeyCode::Up => jump.up(deck),
        KeyCode::Down => jump.down(deck),
        KeyCode::Backspace => jump.pop(),
        KeyCode::Char(letter) => jump.push(letter),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::plan::tests::deck;
    use crate::console::state::Motion;

    fn state() -> State {
        State::new(deck(&["Quit", "Stay"], 60))
    }

    fn pressed(state: &mut State, keys: &[KeyCode]) -> Flow {
        let now = Instant::now();
        let flows = keys
            .iter()
            .map(|key| press(state, KeyEvent::new(*key, KeyModifiers::NONE), now));
        flows.last().expect("a key")
    }

    #[test]
    fn letters_are_typed_while_the_list_is_open_and_keys_outside() {
        let mut state = state();
        let flow = pressed(&mut state, &[KeyCode::Char('j'), KeyCode::Char('q')]);
        assert_eq!(flow, Flow::Stay);
        assert_eq!(state.jump().expect("it is open").0.typed(), "q");
        let flow = pressed(&mut state, &[KeyCode::Esc, KeyCode::Char('q')]);
        assert_eq!(flow, Flow::Leave);
    }

    #[test]
    fn control_c_leaves_from_anywhere() {
        let mut state = state();
        state.open_jump();
        let key = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(press(&mut state, key, Instant::now()), Flow::Leave);
    }

    #[test]
    fn space_begins_the_talk_at_the_title_and_pauses_it() {
        let mut state = state();
        pressed(&mut state, &[KeyCode::Char(' ')]);
        assert_eq!(state.screen(Instant::now()).motion, Motion::Running);
        pressed(&mut state, &[KeyCode::Char(' ')]);
        assert_eq!(state.screen(Instant::now()).motion, Motion::Paused);
    }
}
