//! The console on a terminal: what the state says is to be seen, in rows.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph};

use super::jump;
use super::plan::{Standing, clocked};
use super::state::Screen;
use crate::rehearsal::Rehearsal;

mod foot;
mod list;
mod notes;
#[cfg(test)]
mod tests;

/// What is to be seen beside the state.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The time of day.
    pub clock: String,
    /// The last rehearsal.
    pub rehearsed: Option<Rehearsal>,
    /// How things are set apart.
    pub palette: Palette,
}

/// How things are set apart: by colours, or without any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    good: Style,
    careful: Style,
    late: Style,
    quiet: Style,
}

impl Palette {
    /// Red, yellow and green.
    pub const COLOURED: Self = Self {
        good: Style::new().fg(Color::Green),
        careful: Style::new().fg(Color::Yellow),
        late: Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
        quiet: Style::new().add_modifier(Modifier::DIM),
    };
    /// For `NO_COLOR`: weight alone.
    pub const PLAIN: Self = Self {
        good: Style::new(),
        careful: Style::new().add_modifier(Modifier::BOLD),
        late: Style::new().add_modifier(Modifier::BOLD),
        quiet: Style::new(),
    };
}

/// Less than this behind the plan is no reason to hurry.
const CAREFUL_SECONDS: u64 = 60;
/// From here on the end is near.
const LAST_MINUTES_SECONDS: u64 = 5 * 60;

/// Draws all of it; gives back the last row that the notes may begin with.
pub fn draw(frame: &mut Frame<'_>, screen: &Screen<'_>, around: &Surroundings) -> usize {
    let columns = usize::from(frame.area().width);
    let (told, known) = (foot::status(screen, columns), foot::keys(screen, columns));
    let (told_rows, known_rows) = foot::heights(frame.area().height, told.len(), known.len());
    let rows = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(told_rows),
        Constraint::Fill(1),
        Constraint::Length(known_rows),
    ]);
    let [head, gap, times, slide, next, status, notes, keys] = rows.areas(frame.area());
    let title = Span::styled(screen.deck.title.as_str(), Modifier::BOLD);
    two_ends(frame, head, Line::from(title), around.clock.as_str().into());
    frame.render_widget(Block::new().borders(Borders::TOP), gap);
    frame.render_widget(time_line(screen, around.palette), times);
    frame.render_widget(slide_line(screen, around), slide);
    let rehearsed = around.rehearsed.as_ref().map(Rehearsal::to_string);
    let rehearsed = Span::styled(rehearsed.unwrap_or_default(), around.palette.quiet);
    two_ends(frame, next, next_line(screen), rehearsed.into());
    all_of(frame, status, &told, around.palette.careful);
    all_of(frame, keys, &known, around.palette.quiet);
    if let Some(jump) = screen.jump {
        list::draw(frame, notes, screen, jump);
    }
    if screen.jump.is_some() {
        return screen.scroll;
    }
    notes::draw(frame, notes, screen)
}

/// Rows of one text, all in one style.
fn all_of(frame: &mut Frame<'_>, area: Rect, rows: &[String], style: Style) {
    let rows: Vec<Line<'_>> = rows.iter().map(|row| Line::from(row.as_str())).collect();
    frame.render_widget(Paragraph::new(rows).style(style), area);
}

/// One line at the left end, one at the right; the right one gives way.
fn two_ends(frame: &mut Frame<'_>, area: Rect, left: Line<'_>, right: Line<'_>) {
    let width = u16::try_from(left.width()).unwrap_or(u16::MAX);
    let parts = Layout::horizontal([
        Constraint::Length(width.saturating_add(1)),
        Constraint::Fill(1),
    ]);
    let [left_area, right_area] = parts.areas(area);
    frame.render_widget(left, left_area);
    if right.width() <= usize::from(right_area.width) {
        frame.render_widget(right.right_aligned(), right_area);
    }
}

fn time_line<'a>(screen: &Screen<'_>, palette: Palette) -> Line<'a> {
    // Whole seconds, so that what has passed and what is left make the whole.
    let passed = Duration::from_secs(screen.elapsed.as_secs());
    let length = screen.deck.length;
    let (left, style) = match length.checked_sub(passed) {
        Some(left) if left.as_secs() < LAST_MINUTES_SECONDS => {
            (format!("{} left", clocked(left)), palette.careful)
        }
        Some(left) => (format!("{} left", clocked(left)), Style::new()),
        None => (
            format!("{} over time", clocked(passed - length)),
            palette.late,
        ),
    };
    let elapsed = clocked(passed);
    Line::from(vec![
        Span::raw(format!("{elapsed} since the start   ")),
        Span::styled(left, style),
        Span::raw("   "),
        standing(screen.standing, palette),
    ])
}

fn standing<'a>(standing: Standing, palette: Palette) -> Span<'a> {
    match standing {
        Standing::Ahead(time) => {
            Span::styled(format!("{} ahead of the plan", clocked(time)), palette.good)
        }
        Standing::OnPlan => Span::styled("on plan", palette.good),
        Standing::Behind(time) => {
            let is_near = time.as_secs() < CAREFUL_SECONDS;
            let style = if is_near {
                palette.careful
            } else {
                palette.late
            };
            Span::styled(format!("{} behind the plan", clocked(time)), style)
        }
    }
}

fn slide_line<'a>(screen: &Screen<'_>, around: &Surroundings) -> Line<'a> {
    let planned = screen.slide.planned;
    let style = if screen.used > planned {
        around.palette.careful
    } else {
        around.palette.good
    };
    // A deck that has changed since has other slides at these numbers.
    let rehearsed = around.rehearsed.as_ref().and_then(|rehearsal| {
        let slide = rehearsal.slides.get(screen.number - 1)?;
        (slide.title == screen.slide.title).then(|| format!(", {} rehearsed", slide.used()))
    });
    let (number, count) = (screen.number, screen.deck.slides.len());
    Line::from(vec![
        Span::raw(format!("slide {number} of {count}   ")),
        Span::styled(clocked(screen.used), style),
        Span::raw(format!(" used of {} planned", clocked(planned))),
        Span::raw(rehearsed.unwrap_or_default()),
    ])
}

fn next_line<'a>(screen: &Screen<'a>) -> Line<'a> {
    Line::from(match screen.next {
        Some(title) => format!("next: {title}"),
        None => "this is the last slide".to_owned(),
    })
}
