//! The time that a talk has taken, slide by slide.

use std::time::{Duration, Instant};

/// A stopwatch for each slide. Slides are counted from 0.
#[derive(Debug, Clone)]
pub struct Pace {
    used: Vec<Duration>,
    elapsed: Duration,
    slide: usize,
    running: Option<Instant>,
    begun: bool,
}

impl Pace {
    /// For so many slides, standing at the first, with nothing measured yet.
    #[must_use]
    pub fn new(slides: usize) -> Self {
        Self {
            used: vec![Duration::ZERO; slides],
            elapsed: Duration::ZERO,
            slide: 0,
            running: None,
            begun: false,
        }
    }

    /// Runs, if it does not yet.
    pub fn start(&mut self, now: Instant) {
        self.begun = true;
        self.running.get_or_insert(now);
    }

    /// Stands still.
    pub fn stop(&mut self, now: Instant) {
        self.book(now);
        self.running = None;
    }

    /// Another slide is on the screen. The first step away from the title is where a talk begins.
    pub fn show(&mut self, slide: usize, now: Instant) {
        self.book(now);
        self.slide = slide.min(self.used.len().saturating_sub(1));
        if self.slide > 0 && !self.begun {
            self.start(now);
        }
    }

    /// Measures the slide that is shown from now; the time of the whole talk is not given back.
    pub fn restart_slide(&mut self, now: Instant) {
        self.book(now);
        if let Some(used) = self.used.get_mut(self.slide) {
            *used = Duration::ZERO;
        }
    }

    /// Forgets all. At the title it waits for the talk to begin, elsewhere it runs.
    pub fn restart(&mut self, now: Instant) {
        let slide = self.slide;
        *self = Self::new(self.used.len());
        self.show(slide, now);
    }

    /// The slide that is shown.
    #[must_use]
    pub fn slide(&self) -> usize {
        self.slide
    }

    /// Whether the talk has begun and time goes on.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Whether the talk has begun.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.begun
    }

    /// The time of the talk so far, without pauses.
    #[must_use]
    pub fn elapsed(&self, now: Instant) -> Duration {
        self.elapsed + self.open(now)
    }

    /// The time that a slide was shown; nothing for one that is not there.
    #[must_use]
    pub fn used(&self, slide: usize, now: Instant) -> Duration {
        let used = self.used.get(slide).copied().unwrap_or_default();
        if slide == self.slide {
            used + self.open(now)
        } else {
            used
        }
    }

    /// What has not been booked yet.
    fn open(&self, now: Instant) -> Duration {
        self.running
            .map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }

    fn book(&mut self, now: Instant) {
        let open = self.open(now);
        self.elapsed += open;
        if let Some(used) = self.used.get_mut(self.slide) {
            *used += open;
        }
        if self.running.is_some() {
            self.running = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn a_talk_begins_with_the_first_step_away_from_the_title() {
        let start = Instant::now();
        let mut pace = Pace::new(3);
        pace.show(0, start + seconds(100));
        assert!(!pace.has_begun());
        pace.show(1, start + seconds(200));
        assert_eq!(pace.elapsed(start + seconds(230)), seconds(30));
        assert_eq!(pace.used(0, start + seconds(230)), Duration::ZERO);
    }

    #[test]
    fn a_slide_that_is_shown_again_goes_on_from_its_time() {
        let start = Instant::now();
        let mut pace = Pace::new(3);
        pace.show(1, start);
        pace.show(2, start + seconds(10));
        pace.show(1, start + seconds(15));
        let now = start + seconds(18);
        assert_eq!(pace.used(1, now), seconds(13));
        assert_eq!(pace.used(2, now), seconds(5));
        assert_eq!(pace.elapsed(now), seconds(18));
    }

    #[test]
    fn a_pause_takes_no_time_and_a_change_of_slide_does_not_end_it() {
        let start = Instant::now();
        let mut pace = Pace::new(3);
        pace.show(1, start);
        pace.stop(start + seconds(10));
        pace.show(2, start + seconds(50));
        assert!(!pace.is_running());
        pace.start(start + seconds(60));
        let now = start + seconds(61);
        assert_eq!(pace.elapsed(now), seconds(11));
        assert_eq!(pace.used(2, now), seconds(1));
    }

    #[test]
    fn a_slide_measured_anew_gives_the_talk_no_time_back() {
        let start = Instant::now();
        let mut pace = Pace::new(3);
        pace.show(1, start);
        pace.restart_slide(start + seconds(90));
        let now = start + seconds(100);
        assert_eq!(pace.used(1, now), seconds(10));
        assert_eq!(pace.elapsed(now), seconds(100));
    }

    #[test]
    fn a_restart_at_the_title_waits_for_the_talk_to_begin() {
        let start = Instant::now();
        let mut pace = Pace::new(3);
        pace.show(1, start);
        pace.show(0, start + seconds(5));
        pace.restart(start + seconds(6));
        assert!(!pace.has_begun());
        assert_eq!(pace.elapsed(start + seconds(9)), Duration::ZERO);
    }

    #[test]
    fn a_slide_past_the_last_counts_as_the_last() {
        let start = Instant::now();
        let mut pace = Pace::new(2);
        pace.show(7, start);
        assert_eq!(pace.slide(), 1);
        assert_eq!(Pace::new(0).used(0, start), Duration::ZERO);
    }
}
