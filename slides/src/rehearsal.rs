//! The time that each slide took in a rehearsal. It is kept beside the deck, whose plan stays as it is.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::console::listener::{Listener, Told};
use crate::console::pace::Pace;
use crate::console::plan::clocked;
use crate::deck::Deck;

/// How long the watch listens before it looks whether the deck has ended.
pub const PATIENCE: Duration = Duration::from_millis(100);

/// A rehearsal of a deck.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// The deck's title.
    pub title: String,
    /// The day, as `2026-11-21`.
    pub date: String,
    /// The number of the slide that it came to, from 1.
    pub reached: usize,
    /// All slides of the deck.
    pub slides: Vec<RehearsedSlide>,
}

/// A slide of a rehearsal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RehearsedSlide {
    /// Its title.
    pub title: String,
    /// What the deck planned then.
    pub planned_seconds: f64,
    /// How long it was shown.
    pub used_seconds: f64,
}

impl Rehearsal {
    /// Where a deck's rehearsal is kept, from the repository's root; git ignores it.
    #[must_use]
    pub fn file(name: &str, language: &str) -> PathBuf {
        Deck::file(name, language).with_extension("rehearsed.json")
    }

    /// The last rehearsal of a deck; none where it was never rehearsed.
    #[must_use]
    pub fn read(root: &Path, name: &str, language: &str) -> Option<Self> {
        let text = fs::read(root.join(Self::file(name, language))).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// Keeps it beside its deck, instead of the one before.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, root: &Path, name: &str, language: &str) -> Result<()> {
        let file = Self::file(name, language);
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(root.join(&file), text)
            .with_context(|| format!("{} cannot be written", file.display()))
    }

    /// All slides together.
    #[must_use]
    pub fn total(&self) -> Duration {
        time(self.slides.iter().map(|slide| slide.used_seconds).sum())
    }

    /// How many slides were shown.
    #[must_use]
    pub fn shown(&self) -> usize {
        let shown = self.slides.iter().filter(|slide| slide.used_seconds > 0.0);
        shown.count()
    }

    /// The slides that took longer than planned, the longest first, with their numbers from 1.
    #[must_use]
    pub fn late(&self) -> Vec<(usize, &RehearsedSlide)> {
        let numbered = (1..).zip(&self.slides);
        let mut late: Vec<_> = numbered.filter(|(_, slide)| slide.late() > 0.0).collect();
        late.sort_by(|(_, one), (_, other)| other.late().total_cmp(&one.late()));
        late
    }
}

impl RehearsedSlide {
    /// Seconds past the plan.
    fn late(&self) -> f64 {
        self.used_seconds - self.planned_seconds
    }

    /// Its time, as on a clock.
    #[must_use]
    pub fn used(&self) -> String {
        clocked(time(self.used_seconds))
    }

    /// Its plan, as on a clock.
    #[must_use]
    pub fn planned(&self) -> String {
        clocked(time(self.planned_seconds))
    }
}

impl fmt::Display for Rehearsal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (total, date) = (clocked(self.total()), &self.date);
        write!(f, "rehearsed in {total} on {date}")?;
        if self.reached < self.slides.len() {
            write!(f, ", to slide {}", self.reached)?;
        }
        Ok(())
    }
}

/// Measures the slides of a deck until it tells its end, or `ended` does. In a rehearsal the title's
/// time counts from the start: nobody waits for the room to fill.
///
/// # Errors
/// The deck cannot be heard.
pub fn measure(listener: &Listener, deck: &Deck, ended: &AtomicBool) -> Result<Rehearsal> {
    let mut pace = Pace::new(deck.slides.len());
    let mut reached = 0;
    pace.start(Instant::now());
    loop {
        // Asked before listening: what the deck told before its end is still heard.
        let is_last = ended.load(Ordering::Acquire);
        match listener.hear().context("the deck cannot be heard")? {
            Some(Told::Slide(slide)) => {
                pace.show(slide, Instant::now());
                reached = reached.max(pace.slide());
            }
            Some(Told::Ended) => break,
            None if is_last => break,
            // What another deck tells does not hold this one.
            Some(Told::Another | Told::AnotherEnded) | None => {}
        }
    }
    Ok(kept(deck, &pace, reached, Instant::now()))
}

fn kept(deck: &Deck, pace: &Pace, reached: usize, now: Instant) -> Rehearsal {
    let slides = deck.slides.iter().enumerate();
    let slides = slides.map(|(at, slide)| RehearsedSlide {
        title: slide.title.clone(),
        planned_seconds: tenths(slide.planned),
        used_seconds: tenths(pace.used(at, now)),
    });
    Rehearsal {
        title: deck.title.clone(),
        date: chrono::Local::now().format("%Y-%m-%d").to_string(),
        reached: reached + 1,
        slides: slides.collect(),
    }
}

/// A file that somebody wrote by hand may hold what is no time.
fn time(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// Seconds, to a tenth.
fn tenths(time: Duration) -> f64 {
    (time.as_secs_f64() * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::plan::tests::deck;

    fn rehearsal() -> Rehearsal {
        let deck = deck(&["Title", "One", "Two"], 60);
        let start = Instant::now();
        let mut pace = Pace::new(3);
        pace.start(start);
        pace.show(1, start + Duration::from_secs(50));
        pace.show(2, start + Duration::from_millis(120_040));
        kept(&deck, &pace, 2, start + Duration::from_secs(200))
    }

    #[test]
    fn each_slide_is_kept_with_its_plan_and_its_time() {
        let rehearsal = rehearsal();
        let used: Vec<f64> = rehearsal.slides.iter().map(|it| it.used_seconds).collect();
        assert_eq!(used, [50.0, 70.0, 80.0]);
        assert_eq!(rehearsal.slides[0].planned_seconds, 60.0);
        let late: Vec<usize> = rehearsal.late().iter().map(|(number, _)| *number).collect();
        assert_eq!(late, [3, 2]);
    }

    #[test]
    fn it_is_read_as_it_was_written_and_tells_its_total() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("slides/pt-BR")).unwrap();
        let rehearsal = rehearsal();
        rehearsal.write(root.path(), "deck", "pt-BR").unwrap();
        let read = Rehearsal::read(root.path(), "deck", "pt-BR").unwrap();
        assert_eq!(read, rehearsal);
        assert!(
            read.to_string().starts_with("rehearsed in 3:20 on 2"),
            "{read}"
        );
        assert_eq!(Rehearsal::read(root.path(), "deck", "en"), None);
    }

    #[test]
    fn one_that_was_broken_off_tells_how_far_it_came() {
        let mut rehearsal = rehearsal();
        rehearsal.reached = 2;
        assert!(
            rehearsal.to_string().ends_with(", to slide 2"),
            "{rehearsal}"
        );
    }
}
