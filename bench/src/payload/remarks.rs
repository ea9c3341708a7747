//! Sentences about messages: the first few, and how many more there are.

use super::document::Json;

/// Sentences that are told of a row; more would tell nothing new.
const MOST: usize = 4;

/// Sentences, of which the first few are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remarks {
    first: Vec<String>,
    more: usize,
}

impl Remarks {
    /// Adds a sentence.
    pub fn push(&mut self, remark: String) {
        match self.first.len() {
            ..MOST => self.first.push(remark),
            _ => self.more += 1,
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// The first of them, and a sentence that counts the others.
    #[must_use]
    pub fn told(mut self) -> Vec<String> {
        if self.more > 0 {
            self.first
                .push(format!("and {} more of this kind", self.more));
        }
        self.first
    }
}

impl Extend<String> for Remarks {
    fn extend<I: IntoIterator<Item = String>>(&mut self, remarks: I) {
        remarks.into_iter().for_each(|remark| self.push(remark));
    }
}

/// The path of a sample: `$` where it is the only one.
#[must_use]
pub fn root(samples: &[Json], place: usize) -> String {
    match samples.len() {
        1 => "$".into(),
        _ => format!("$[{place}]"),
    }
}
