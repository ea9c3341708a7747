use super::*;
use crate::console::plan::tests::deck;

fn titled() -> Deck {
    deck(&["Title", "One", "Two", "Three", "Four"], 60)
}

/// A talk that has heard of these slides, from 0, a minute apart, and the moment of the last.
fn after(slides: &[usize]) -> (State, Instant) {
    let mut state = State::new(titled());
    let mut now = Instant::now();
    for (at, slide) in slides.iter().enumerate() {
        now += Duration::from_secs(if at == 0 { 0 } else { 60 });
        state.told(Told::Slide(*slide), now);
    }
    (state, now)
}

#[test]
fn a_change_of_slide_brings_its_notes_and_the_next_title() {
    let (state, now) = after(&[1, 2]);
    let screen = state.screen(now);
    assert_eq!(
        (screen.number, screen.slide.notes.as_str()),
        (3, "Say Two.\n")
    );
    assert_eq!(screen.next, Some("Three"));
    let (state, now) = after(&[4]);
    assert_eq!(state.screen(now).next, None);
}

#[test]
fn the_clock_waits_at_the_title_until_the_first_step() {
    let now = Instant::now();
    let mut state = State::new(titled());
    assert_eq!(state.screen(now).motion, Motion::Silent);
    state.told(Told::Slide(0), now);
    assert_eq!(state.screen(now).motion, Motion::Waiting);
    state.told(Told::Slide(1), now);
    assert_eq!(state.screen(now).motion, Motion::Running);
}

#[test]
fn a_console_that_waits_tells_that_another_deck_is_shown() {
    let now = Instant::now();
    let mut state = State::new(titled());
    state.told(Told::Another, now);
    assert_eq!(state.screen(now).motion, Motion::Another);
    state.told(Told::AnotherEnded, now);
    assert_eq!(state.screen(now).motion, Motion::Silent);
    state.told(Told::Another, now);
    state.told(Told::Slide(0), now);
    assert_eq!(state.screen(now).motion, Motion::Waiting);
    state.told(Told::Slide(1), now);
    state.told(Told::Another, now);
    assert_eq!(state.screen(now).motion, Motion::Running);
}

#[test]
fn a_talk_that_takes_its_time_is_behind() {
    let (state, now) = after(&[1]);
    let late = now + Duration::from_secs(130);
    let screen = state.screen(late);
    // Slide 1 should have ended two minutes after the beginning, the title included.
    assert_eq!(screen.standing, Standing::Behind(Duration::from_secs(10)));
    assert_eq!(screen.used, Duration::from_secs(130));
    assert_eq!(
        state.screen(now).standing,
        Standing::Ahead(Duration::from_secs(60))
    );
}

#[test]
fn a_look_at_another_slide_does_not_move_the_titled() {
    let (mut state, now) = after(&[1, 2, 4]);
    let screen = state.screen(now);
    assert_eq!((screen.number, screen.back), (5, Some(2)));
    assert_eq!(screen.standing, Standing::OnPlan);
    state.told(Told::Slide(2), now);
    assert_eq!(state.screen(now).back, None);
}

#[test]
fn slides_that_are_left_out_move_the_plan_with_the_next_step() {
    let (state, now) = after(&[1, 3, 4]);
    let screen = state.screen(now);
    assert_eq!(screen.back, None);
    assert_eq!(screen.standing, Standing::Ahead(Duration::from_secs(120)));
}

#[test]
fn the_same_slide_told_again_keeps_where_the_notes_are() {
    let (mut state, now) = after(&[1]);
    state.scroll(3);
    state.told(Told::Slide(1), now);
    assert_eq!(state.screen(now).scroll, 3);
    state.told(Told::Slide(2), now);
    assert_eq!(state.screen(now).scroll, 0);
}

#[test]
fn notes_do_not_scroll_past_their_ends() {
    let (mut state, now) = after(&[1]);
    state.scroll(-1);
    assert_eq!(state.screen(now).scroll, 0);
    state.scroll(9);
    state.limit_scroll(4);
    assert_eq!(state.screen(now).scroll, 4);
}

#[test]
fn a_chosen_slide_stays_to_be_seen_until_it_is_shown() {
    let (mut state, now) = after(&[1]);
    state.open_jump();
    let (jump, _) = state.jump().expect("it is open");
    "four".chars().for_each(|letter| jump.push(letter));
    state.choose_jump();
    assert_eq!(state.screen(now).sought, Some(4));
    assert_eq!(state.screen(now).jump, None);
    state.told(Told::Slide(4), now);
    assert_eq!(state.screen(now).sought, None);
}

#[test]
fn a_deck_that_was_left_and_is_opened_again_goes_on() {
    let (mut state, now) = after(&[1]);
    state.told(Told::Ended, now + Duration::from_secs(10));
    let later = now + Duration::from_secs(70);
    assert_eq!(state.screen(later).motion, Motion::Ended);
    assert_eq!(state.screen(later).elapsed, Duration::from_secs(10));
    state.told(Told::Slide(0), later);
    assert_eq!(state.screen(later).motion, Motion::Running);
}

#[test]
fn a_pause_by_hand_outlasts_changes_of_slides() {
    let (mut state, now) = after(&[1]);
    state.pause(now + Duration::from_secs(5));
    state.told(Told::Slide(2), now + Duration::from_secs(50));
    let screen = state.screen(now + Duration::from_secs(60));
    assert_eq!(screen.motion, Motion::Paused);
    assert_eq!(screen.elapsed, Duration::from_secs(5));
}

#[test]
fn a_restart_forgets_all_times() {
    let (mut state, now) = after(&[1, 2]);
    state.restart(now);
    assert_eq!(state.screen(now).elapsed, Duration::ZERO);
    assert_eq!(state.used(now), [Duration::ZERO; 5]);
}

#[test]
fn a_console_opened_in_the_middle_of_a_talk_takes_its_place() {
    let (state, now) = after(&[3]);
    assert_eq!(state.screen(now).back, None);
}
