//! What a reader gets: tables and sentences for a terminal, the same in Markdown, and JSON.

/// A table as data, as text and as Markdown.
pub mod table;

/// The tables of a report.
pub mod tables;

/// The sentences that the numbers support.
pub mod sentences;

/// The whole report as text or Markdown.
pub mod page;

/// Reports made up for tests.
#[cfg(test)]
mod samples;

/// The progress of a run.
pub mod progress;
