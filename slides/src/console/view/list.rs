//! The list of all slides in place of the notes.

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Block, Borders, Row, Table, TableState};

use crate::console::jump::{self, Jump};
use crate::console::plan::clocked;
use crate::console::state::Screen;

/// Draws the slides that were found, the chosen one marked, and the keys that lead to it.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, screen: &Screen<'_>, jump: &Jump) {
    let found = jump.found(screen.deck);
    let rows = found.iter().map(|at| {
        let slide = &screen.deck.slides[*at];
        let number = format!("{:>3}", at + 1);
        Row::new([number, slide.title.clone(), clocked(slide.planned)])
    });
    let widths = [
        Constraint::Length(3),
        Constraint::Fill(1),
        Constraint::Length(6),
    ];
    let table = Table::new(rows, widths)
        .block(
            Block::new()
                .borders(Borders::TOP)
                .title(title(screen, jump)),
        )
        .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED))
        .highlight_symbol("> ");
    let mut state = TableState::new().with_selected(jump.row(screen.deck));
    frame.render_stateful_widget(table, area, &mut state);
}

fn title(screen: &Screen<'_>, jump: &Jump) -> String {
    let typed = jump.typed();
    match jump.slide(screen.deck) {
        Some(slide) => format!(" jump: {typed}_   in the deck press {} ", jump::keys(slide)),
        None => format!(" jump: {typed}_   no slide is called so "),
    }
}
