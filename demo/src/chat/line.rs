//! The line that is being typed: its text, the cursor, and the lines before it. What people see as
//! one character is moved over and deleted as one (Unicode Standard Annex 29).

use services::chat::LARGEST_TEXT;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::look::is_harmless;

/// Lines that can be called back.
const HISTORY: usize = 200;

/// See the [module](self).
#[derive(Debug, Default)]
pub(super) struct Line {
    text: String,
    /// In bytes, always between two characters that people see.
    cursor: usize,
    history: Vec<String>,
    /// Which line of the history is shown, and what was typed before it was.
    recalled: Option<(usize, String)>,
}

/// What fits of a line in one row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) text: String,
    /// The columns before the cursor.
    pub(super) cursor: usize,
}

impl Line {
    /// Text at the cursor, all of it or, where the line would be longer than servers take, nothing;
    /// whether it fits. What could steer a terminal is left out; line breaks are blanks.
    #[must_use]
    pub(super) fn insert(&mut self, text: &str) -> bool {
        let blank = |character: char| {
            if character.is_whitespace() {
                ' '
            } else {
                character
            }
        };
        let text: String = text
            .chars()
            .map(blank)
            .filter(|&character| is_harmless(character))
            .collect();
        let fits = self.text.len() + text.len() <= LARGEST_TEXT;
        if fits {
            self.text.insert_str(self.cursor, &text);
            self.cursor += text.len();
        }
        fits
    }

    /// Takes the line, which can be called back from then on.
    pub(super) fn take(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        self.cursor = 0;
        self.recalled = None;
        if !text.trim().is_empty() && self.history.last() != Some(&text) {
            self.history.push(text.clone());
            if self.history.len() > HISTORY {
                self.history.remove(0);
            }
        }
        text
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub(super) fn left(&mut self) {
        self.cursor = self.character_before();
    }

    pub(super) fn right(&mut self) {
        self.cursor = self.character_after();
    }

    pub(super) fn home(&mut self) {
        self.cursor = 0;
    }

    pub(super) fn end(&mut self) {
        self.cursor = self.text.len();
    }

    pub(super) fn word_left(&mut self) {
        self.cursor = self.word_before();
    }

    pub(super) fn word_right(&mut self) {
        let after = &self.text[self.cursor..];
        let word = after.len() - after.trim_start().len();
        let rest = &after[word..];
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        self.cursor += word + end;
    }

    pub(super) fn backspace(&mut self) {
        self.remove(self.character_before(), self.cursor);
    }

    pub(super) fn delete(&mut self) {
        self.remove(self.cursor, self.character_after());
    }

    pub(super) fn delete_word(&mut self) {
        self.remove(self.word_before(), self.cursor);
    }

    pub(super) fn delete_to_start(&mut self) {
        self.remove(0, self.cursor);
    }

    pub(super) fn delete_to_end(&mut self) {
        self.text.truncate(self.cursor);
    }

    /// The line before, as it was typed.
    pub(super) fn older(&mut self) {
        let at = match &self.recalled {
            None => self.history.len(),
            Some((at, _)) => *at,
        };
        let Some(at) = at.checked_sub(1) else {
            return;
        };
        let typed = match self.recalled.take() {
            None => self.text.clone(),
            Some((_, typed)) => typed,
        };
        self.show(self.history[at].clone());
        self.recalled = Some((at, typed));
    }

    /// The line after, and at last what was typed.
    pub(super) fn newer(&mut self) {
        let Some((at, typed)) = self.recalled.take() else {
            return;
        };
        match self.history.get(at + 1).cloned() {
            None => self.show(typed),
            Some(line) => {
                self.show(line);
                self.recalled = Some((at + 1, typed));
            }
        }
    }

    /// The part of the line around the cursor that fits in those columns.
    pub(super) fn row(&self, columns: usize) -> Row {
        let mut before: Vec<&str> = Vec::new();
        let mut used = 0;
        for character in self.text[..self.cursor].graphemes(true).rev() {
            // A column stays free for the cursor.
            if used + character.width() >= columns {
                break;
            }
            used += character.width();
            before.push(character);
        }
        let cursor = used;
        let mut text: String = before.into_iter().rev().collect();
        for character in self.text[self.cursor..].graphemes(true) {
            used += character.width();
            if used >= columns {
                break;
            }
            text.push_str(character);
        }
        Row { text, cursor }
    }

    fn show(&mut self, text: String) {
        self.text = text;
        self.end();
    }

    fn remove(&mut self, start: usize, end: usize) {
        self.text.replace_range(start..end, "");
        self.cursor = start;
    }

    fn character_before(&self) -> usize {
        let before = self.text[..self.cursor].graphemes(true).next_back();
        self.cursor - before.map_or(0, str::len)
    }

    fn character_after(&self) -> usize {
        let after = self.text[self.cursor..].graphemes(true).next();
        self.cursor + after.map_or(0, str::len)
    }

    /// Where the word before the cursor begins.
    fn word_before(&self) -> usize {
        let before = self.text[..self.cursor].trim_end();
        let blank = before.char_indices().rev().find(|(_, c)| c.is_whitespace());
        blank.map_or(0, |(at, blank)| at + blank.len_utf8())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Line {
        let mut line = Line::default();
        assert!(line.insert(text));
        line
    }

    fn row(line: &Line) -> (String, usize) {
        let row = line.row(40);
        (row.text, row.cursor)
    }

    #[test]
    fn what_people_see_as_one_character_is_one() {
        let mut line = typed("ae\u{301}👩\u{200d}💻");
        line.left();
        line.left();
        assert_eq!(row(&line).1, 1);
        line.delete();
        assert_eq!(row(&line), ("a👩\u{200d}💻".into(), 1));
        line.end();
        line.backspace();
        assert_eq!(row(&line), ("a".into(), 1));
    }

    #[test]
    fn words_are_moved_over_and_deleted() {
        let mut line = typed("olá  você aí");
        line.word_left();
        line.delete_word();
        assert_eq!(row(&line), ("olá  aí".into(), 5));
        line.home();
        line.word_right();
        assert_eq!(row(&line).1, 3);
        line.delete_to_end();
        assert!(line.insert("!"));
        line.left();
        line.delete_to_start();
        assert_eq!(row(&line), ("!".into(), 0));
    }

    #[test]
    fn lines_are_called_back_and_what_was_typed_stays() {
        let mut line = typed("one");
        assert_eq!(line.take(), "one");
        assert!(line.insert("two"));
        assert_eq!(line.take(), "two");
        assert!(line.insert("thr"));
        line.older();
        line.older();
        line.older();
        assert_eq!(row(&line), ("one".into(), 3));
        line.newer();
        assert_eq!(row(&line).0, "two");
        line.newer();
        line.newer();
        assert_eq!(row(&line).0, "thr");
    }

    #[test]
    fn a_long_line_is_shown_around_its_cursor() {
        let mut line = typed("0123456789");
        assert_eq!(
            line.row(5),
            Row {
                text: "6789".into(),
                cursor: 4
            }
        );
        line.home();
        assert_eq!(
            line.row(5),
            Row {
                text: "0123".into(),
                cursor: 0
            }
        );
        let wide = typed("日本語");
        assert_eq!(
            wide.row(6),
            Row {
                text: "本語".into(),
                cursor: 4
            }
        );
        assert_eq!(
            wide.row(0),
            Row {
                text: String::new(),
                cursor: 0
            }
        );
    }

    #[test]
    fn a_line_is_no_longer_than_servers_take() {
        let half = "é".repeat(LARGEST_TEXT / 4);
        let mut line = typed(&half);
        assert!(!line.insert(&format!("{half}a")));
        assert!(line.insert(&half));
        assert!(!line.insert("a"));
        assert_eq!(line.take().len(), LARGEST_TEXT);
    }

    #[test]
    fn what_is_pasted_cannot_steer_the_terminal() {
        let line = typed("a\r\nb\u{1b}[31m\t\u{202e}c");
        assert_eq!(row(&line).0, "a  b[31m c");
    }
}
