//! What the console knows: changes of slides and keys go in, what is to be seen comes out. No
//! terminal, no socket.

use std::time::{Duration, Instant};

use super::jump::Jump;
use super::listener::Told;
use super::pace::Pace;
use super::plan::{self, Standing};
use crate::deck::{Deck, Slide};

/// A talk from the presenter's side.
#[derive(Debug, Clone)]
pub struct State {
    deck: Deck,
    pace: Pace,
    /// How far the talk has come. A look at another slide for a question does not move it, a step does.
    place: usize,
    heard: bool,
    /// Another deck is shown.
    another: bool,
    ended: bool,
    scroll: usize,
    jump: Option<Jump>,
    sought: Option<usize>,
}

/// What the clock does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// The deck has not told anything yet.
    Silent,
    /// Nor has it, but another one is shown.
    Another,
    /// The title is shown, the talk has not begun.
    Waiting,
    /// The talk goes on.
    Running,
    /// The presenter stopped the clock.
    Paused,
    /// The presenter left the deck.
    Ended,
}

/// What is to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen<'a> {
    /// The deck.
    pub deck: &'a Deck,
    /// What the clock does.
    pub motion: Motion,
    /// Since the talk began, without pauses.
    pub elapsed: Duration,
    /// Beside the plan.
    pub standing: Standing,
    /// The number of the slide, from 1.
    pub number: usize,
    /// The slide.
    pub slide: &'a Slide,
    /// How long it has been shown.
    pub used: Duration,
    /// The next slide's title.
    pub next: Option<&'a str>,
    /// The first row of notes that is to be seen.
    pub scroll: usize,
    /// The slide that the presenter looks for, from 0.
    pub sought: Option<usize>,
    /// Where the talk goes on after a question, from 0, if another slide is shown.
    pub back: Option<usize>,
    /// The list of all slides, if it is open.
    pub jump: Option<&'a Jump>,
}

impl State {
    /// Before the talk.
    ///
    /// # Panics
    /// The deck has no slide; one that was parsed has.
    #[must_use]
    pub fn new(deck: Deck) -> Self {
        assert!(!deck.slides.is_empty(), "a deck has slides");
        Self {
            pace: Pace::new(deck.slides.len()),
            deck,
            place: 0,
            heard: false,
            another: false,
            ended: false,
            scroll: 0,
            jump: None,
            sought: None,
        }
    }

    /// What the deck told.
    pub fn told(&mut self, told: Told, now: Instant) {
        match told {
            Told::Slide(slide) => {
                self.show(slide, now);
                self.heard = true;
            }
            Told::Ended => {
                self.ended = true;
                self.pace.stop(now);
                self.heard = true;
            }
            Told::Another => self.another = true,
            Told::AnotherEnded => self.another = false,
        }
    }

    fn show(&mut self, slide: usize, now: Instant) {
        let before = self.pace.slide();
        if self.ended {
            // The presenter came back: the clock of the talk was only held.
            self.ended = false;
            if self.pace.has_begun() {
                self.pace.start(now);
            }
        }
        self.pace.show(slide, now);
        let slide = self.pace.slide();
        if slide == before {
            return;
        }
        self.scroll = 0;
        self.sought = None;
        // A console that was opened in the middle of a talk takes the place that it hears first.
        if slide.abs_diff(before) == 1 || !self.heard {
            self.place = slide;
        }
    }

    /// Stops the clock, or lets it go on; at the title it begins the talk.
    pub fn pause(&mut self, now: Instant) {
        if self.pace.is_running() {
            self.pace.stop(now);
        } else {
            self.pace.start(now);
        }
    }

    /// Measures this slide from now.
    pub fn restart_slide(&mut self, now: Instant) {
        self.pace.restart_slide(now);
    }

    /// Measures the whole talk from now.
    pub fn restart(&mut self, now: Instant) {
        self.pace.restart(now);
        self.place = self.pace.slide();
    }

    /// Moves the notes by that many rows.
    pub fn scroll(&mut self, rows: isize) {
        self.scroll = self.scroll.saturating_add_signed(rows);
    }

    /// The last row that the notes may begin with, as the terminal shows them.
    pub fn limit_scroll(&mut self, last: usize) {
        self.scroll = self.scroll.min(last);
    }

    /// Opens the list of all slides.
    pub fn open_jump(&mut self) {
        self.jump = Some(Jump::at(self.pace.slide()));
    }

    /// Leaves the list with nothing chosen.
    pub fn close_jump(&mut self) {
        self.jump = None;
    }

    /// Leaves the list; the chosen slide's keys stay to be seen until it is shown.
    pub fn choose_jump(&mut self) {
        let jump = self.jump.take();
        self.sought = jump.and_then(|jump| jump.slide(&self.deck));
    }

    /// The list of all slides, if it is open, and what it lists.
    pub fn jump(&mut self) -> Option<(&mut Jump, &Deck)> {
        self.jump.as_mut().map(|jump| (jump, &self.deck))
    }

    /// What is to be seen now.
    #[must_use]
    pub fn screen(&self, now: Instant) -> Screen<'_> {
        let slide = self.pace.slide();
        let elapsed = self.pace.elapsed(now);
        Screen {
            deck: &self.deck,
            motion: self.motion(),
            elapsed,
            standing: plan::standing(&self.deck, self.place, elapsed),
            number: slide + 1,
            slide: &self.deck.slides[slide],
            used: self.pace.used(slide, now),
            next: self
                .deck
                .slides
                .get(slide + 1)
                .map(|next| next.title.as_str()),
            scroll: self.scroll,
            sought: self.sought,
            back: (self.place != slide).then_some(self.place),
            jump: self.jump.as_ref(),
        }
    }

    fn motion(&self) -> Motion {
        match (self.ended, self.pace.is_running(), self.pace.has_begun()) {
            (true, ..) => Motion::Ended,
            (_, true, _) => Motion::Running,
            (_, _, true) => Motion::Paused,
            _ if self.heard => Motion::Waiting,
            _ if self.another => Motion::Another,
            _ => Motion::Silent,
        }
    }

    /// The time that each slide took, in their order.
    #[must_use]
    pub fn used(&self, now: Instant) -> Vec<Duration> {
        (0..self.deck.slides.len())
            .map(|slide| self.pace.used(slide, now))
            .collect()
    }
}

#[cfg(test)]
mod tests;
