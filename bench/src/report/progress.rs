//! The progress of a run, on a terminal's stderr and nowhere else.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar of that many turns; hidden where stderr is no terminal. It moves only between turns: a
/// thread that moved it by itself would be measured as the client's work.
#[must_use]
pub fn bar(turns: usize) -> ProgressBar {
    let target = match std::io::stderr().is_terminal() {
        // Twice a second: each drawing costs CPU time next to a turn.
        true => ProgressDrawTarget::stderr_with_hz(2),
        false => ProgressDrawTarget::hidden(),
    };
    let style = ProgressStyle::with_template("{msg:12} [{bar:40}] {eta} left");
    let style = style
        .expect("the template is one of indicatif's")
        .progress_chars("=> ");
    ProgressBar::with_draw_target(Some(turns as u64), target).with_style(style)
}
