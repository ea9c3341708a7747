//! What the presenter says and does at a slide, in rows.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph};

use crate::console::state::Screen;
use crate::deck::notes;
use crate::rows::rows;

/// Draws them from where the presenter reads on; gives back the last row that they may begin with.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, screen: &Screen<'_>) -> usize {
    let title = format!(" {} ", screen.slide.title);
    let block = Block::new().borders(Borders::TOP).title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let mut lines = lines(&screen.slide.notes, usize::from(inner.width));
    let last = lines.len().saturating_sub(usize::from(inner.height));
    let from = screen.scroll.min(last);
    frame.render_widget(Paragraph::new(lines.split_off(from)), inner);
    if from < last {
        let below = Line::from(" ↓ more ").right_aligned();
        let row = Rect {
            y: area.y,
            height: area.height.min(1),
            ..area
        };
        frame.render_widget(below, row);
    }
    last
}

/// Each paragraph in rows; what follows the mark of an item is set in.
fn lines(text: &str, columns: usize) -> Vec<Line<'static>> {
    let paragraphs = notes::paragraphs(text).into_iter();
    let lines = paragraphs.flat_map(|paragraph| {
        let indent = if notes::is_item(&paragraph) { "  " } else { "" };
        let mut rows = rows(&paragraph, columns, indent).into_iter();
        let first = rows.next().map(first);
        first.into_iter().chain(rows.map(Line::from))
    });
    lines.collect()
}

/// A paragraph's first row; the word that tells what to do, "Say:" or "Ask:", stands out.
fn first(row: String) -> Line<'static> {
    match notes::label(&row) {
        Some(word) => {
            let said = row[word.len()..].to_owned();
            let word = Span::styled(word.to_owned(), Modifier::BOLD);
            Line::from(vec![word, Span::raw(said)])
        }
        None => Line::from(row),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, columns: usize) -> Vec<String> {
        let lines = lines(text, columns);
        lines.iter().map(Line::to_string).collect()
    }

    #[test]
    fn no_row_ends_where_only_the_source_does() {
        let text =
            "Ask: why as long? The link charges\nfor turns, and a call has one.\nSay: it waits.\n";
        assert_eq!(
            told(text, 50),
            [
                "Ask: why as long? The link charges for turns, and",
                "a call has one.",
                "Say: it waits."
            ]
        );
    }

    #[test]
    fn items_are_set_in_and_empty_lines_stay() {
        let text = "Say: two\n- one that goes on\n- two\n\nSo.";
        assert_eq!(
            told(text, 12),
            ["Say: two", "- one that", "  goes on", "- two", "", "So."]
        );
    }

    #[test]
    fn the_word_that_tells_what_to_do_stands_out() {
        let bold = |text, at: usize| {
            let lines = lines(text, 10);
            lines[at].spans[0].style.add_modifier == Modifier::BOLD
        };
        assert!(bold("Ask: why?", 0));
        assert!(!bold("and so: no", 0));
        assert!(!bold("-32601", 0));
        // A row in the middle of a sentence begins with any word.
        assert!(!bold("Look at a Row: it is", 1));
    }
}
