//! The list of all slides, for a question that another slide answers.

use crate::deck::Deck;

/// What was typed to find a slide, and which of those found is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jump {
    typed: String,
    chosen: usize,
}

impl Jump {
    /// The whole list, with that slide chosen, from 0.
    #[must_use]
    pub fn at(slide: usize) -> Self {
        Self {
            typed: String::new(),
            chosen: slide,
        }
    }

    /// What was typed.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The slides, from 0, whose number begins or whose title holds what was typed.
    #[must_use]
    pub fn found(&self, deck: &Deck) -> Vec<usize> {
        let typed = self.typed.to_lowercase();
        let fits = |at: usize| {
            let number = (at + 1).to_string();
            number.starts_with(&typed) || deck.slides[at].title.to_lowercase().contains(&typed)
        };
        (0..deck.slides.len()).filter(|at| fits(*at)).collect()
    }

    /// Which row of those found is chosen, from 0.
    #[must_use]
    pub fn row(&self, deck: &Deck) -> usize {
        self.chosen.min(self.found(deck).len().saturating_sub(1))
    }

    /// The chosen slide, from 0; none where none is found.
    #[must_use]
    pub fn slide(&self, deck: &Deck) -> Option<usize> {
        self.found(deck).get(self.row(deck)).copied()
    }

    /// Takes a letter more.
    pub fn push(&mut self, letter: char) {
        self.typed.push(letter);
        self.chosen = 0;
    }

    /// Takes the last letter back.
    pub fn pop(&mut self) {
        self.typed.pop();
        self.chosen = 0;
    }

    /// Chooses the row above.
    pub fn up(&mut self, deck: &Deck) {
        self.chosen = self.row(deck).saturating_sub(1);
    }

    /// Chooses the row below.
    pub fn down(&mut self, deck: &Deck) {
        self.chosen = self.row(deck) + 1;
    }
}

/// The keys that bring presenterm to a slide, from 0.
#[must_use]
pub fn keys(slide: usize) -> String {
    format!("{}G", slide + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::plan::tests::deck;

    #[test]
    fn typing_filters_by_title_and_by_number() {
        let deck = deck(&["What is RPC", "Errors", "HPACK", "Retries"], 60);
        let mut jump = Jump::at(3);
        assert_eq!(jump.slide(&deck), Some(3));
        jump.push('R');
        assert_eq!(jump.found(&deck), [0, 1, 3]);
        jump.push('r');
        assert_eq!(jump.slide(&deck), Some(1));
        jump.pop();
        jump.pop();
        jump.push('3');
        assert_eq!(jump.slide(&deck).map(keys), Some("3G".to_owned()));
    }

    #[test]
    fn the_choice_stays_among_those_found() {
        let deck = deck(&["What is RPC", "Errors", "HPACK", "Retries"], 60);
        let mut jump = Jump::at(0);
        jump.up(&deck);
        assert_eq!(jump.slide(&deck), Some(0));
        (0..9).for_each(|_| jump.down(&deck));
        assert_eq!(jump.slide(&deck), Some(3));
        "none such".chars().for_each(|letter| jump.push(letter));
        jump.down(&deck);
        assert_eq!(jump.slide(&deck), None);
    }
}
