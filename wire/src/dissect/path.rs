//! Where in its message a value stands, kept while a reader goes through the message.

use std::fmt::Write;

/// Bytes of a path, about. Without a bound, long names around many values would take memory in the
/// square of the message.
const PATH_BYTES: usize = 256;

/// Member names and list indices with dots between.
#[derive(Debug, Default)]
pub(crate) struct Path {
    text: String,
}

/// Where a path was before it went further down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark(usize);

impl Path {
    /// Where it is now.
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.text.len())
    }

    /// Down to a member.
    pub(crate) fn enter(&mut self, name: &str) {
        if self.is_full() {
            return;
        }
        self.dot();
        for character in name.chars() {
            if self.is_full() {
                return;
            }
            self.text.push(character);
        }
    }

    /// Down to an item of a list, counted from 0.
    pub(crate) fn enter_index(&mut self, index: usize) {
        if self.is_full() {
            return;
        }
        self.dot();
        let written = write!(self.text, "{index}");
        debug_assert!(written.is_ok(), "a string takes whatever is written to it");
    }

    /// Back up.
    pub(crate) fn leave(&mut self, mark: Mark) {
        self.text.truncate(mark.0);
    }

    /// The path as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it goes no further down; then it ends with an ellipsis.
    fn is_full(&mut self) -> bool {
        let is_full = self.text.len() > PATH_BYTES;
        if is_full && !self.text.ends_with('…') {
            self.text.push('…');
        }
        is_full
    }

    fn dot(&mut self) {
        if !self.text.is_empty() {
            self.text.push('.');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_down_and_back() {
        let mut path = Path::default();
        path.enter("params");
        let mark = path.mark();
        path.enter_index(3);
        assert_eq!(path.as_str(), "params.3");
        path.leave(mark);
        assert_eq!(path.as_str(), "params");
    }

    #[test]
    fn a_long_path_is_cut() {
        let mut path = Path::default();
        for _ in 0..1000 {
            path.enter("é€😀");
        }
        assert!(path.as_str().len() <= PATH_BYTES + 8);
        assert!(path.as_str().ends_with('…'));
    }
}
