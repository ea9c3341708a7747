//! Texts that are said many times and kept once: names, notes, values.

use std::collections::HashMap;

/// Texts, each with its place; the first is the empty one.
#[derive(Debug)]
pub(super) struct Words {
    places: HashMap<String, usize>,
    texts: Vec<String>,
}

impl Words {
    /// None but the empty one.
    pub(super) fn new() -> Self {
        let mut words = Self {
            places: HashMap::new(),
            texts: Vec::new(),
        };
        words.place("");
        words
    }

    /// Where that text is; it is put there if it is new.
    pub(super) fn place(&mut self, text: &str) -> usize {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = self.texts.len();
        self.texts.push(text.to_owned());
        self.places.insert(text.to_owned(), place);
        place
    }

    /// All texts, by their places.
    pub(super) fn into_texts(self) -> Vec<String> {
        self.texts
    }
}
