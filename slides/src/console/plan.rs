//! Where a talk is beside its deck's plan.

use std::time::Duration;

use crate::deck::Deck;

/// Where a talk is beside its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The plan is so far behind the talk.
    Ahead(Duration),
    /// The slide that is shown is the one that the plan shows now.
    OnPlan,
    /// The talk is so far behind its plan.
    Behind(Duration),
}

/// Where a talk is that has come to `slide`, from 0, after that time.
#[must_use]
pub fn standing(deck: &Deck, slide: usize, elapsed: Duration) -> Standing {
    let begins: Duration = deck.slides.iter().take(slide).map(|it| it.planned).sum();
    let planned = deck.slides.get(slide).map(|it| it.planned);
    let ends = begins + planned.unwrap_or_default();
    if elapsed < begins {
        Standing::Ahead(begins - elapsed)
    } else if elapsed > ends {
        Standing::Behind(elapsed - ends)
    } else {
        Standing::OnPlan
    }
}

/// As a clock shows it: `1:05`, `45:00`, `1:02:03`.
#[must_use]
pub fn clocked(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::deck::Slide;

    /// A deck of slides with these titles, each planned for so many seconds.
    pub(crate) fn deck(titles: &[&str], seconds: u64) -> Deck {
        let planned = Duration::from_secs(seconds);
        let slide = |title: &&str| Slide {
            line: 1,
            title: (*title).to_owned(),
            planned,
            topics: Vec::new(),
            notes: format!("Say {title}.\n"),
            parts: Vec::new(),
        };
        let slides: Vec<Slide> = titles.iter().map(slide).collect();
        Deck {
            file: "slides/en/deck.md".into(),
            title: "What is RPC".to_owned(),
            length: slides.iter().map(|slide| slide.planned).sum(),
            slides,
        }
    }

    #[test]
    fn a_talk_is_on_plan_while_the_plan_shows_its_slide() {
        let deck = deck(&["One", "Two", "Three"], 60);
        for (slide, seconds, expected) in [
            (1, 59, Standing::Ahead(Duration::from_secs(1))),
            (1, 60, Standing::OnPlan),
            (1, 120, Standing::OnPlan),
            (1, 130, Standing::Behind(Duration::from_secs(10))),
            (9, 190, Standing::Behind(Duration::from_secs(10))),
        ] {
            let elapsed = Duration::from_secs(seconds);
            assert_eq!(
                standing(&deck, slide, elapsed),
                expected,
                "{slide} {seconds}"
            );
        }
    }

    #[test]
    fn times_look_as_on_a_clock() {
        for (seconds, text) in [
            (0, "0:00"),
            (65, "1:05"),
            (2700, "45:00"),
            (3723, "1:02:03"),
        ] {
            assert_eq!(clocked(Duration::from_secs(seconds)), text);
        }
    }
}
