//! The two text formats that Prometheus and its tools read.

use std::fmt::{self, Write};

use http::{HeaderValue, header};
use prometheus_client::encoding::text::encode;

use super::Meter;

/// A format of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// OpenMetrics 1.0, which Prometheus prefers.
    OpenMetrics,
    /// Prometheus' own text format 0.0.4, which every other reader knows.
    Plain,
}

impl Format {
    /// OpenMetrics for those who say that they read it.
    #[must_use]
    pub fn accepted(headers: &http::HeaderMap) -> Self {
        let accepted = headers.get_all(header::ACCEPT).iter();
        let mut texts = accepted.filter_map(|value| value.to_str().ok());
        if texts.any(|text| text.contains("application/openmetrics-text")) {
            Self::OpenMetrics
        } else {
            Self::Plain
        }
    }

    /// Its media type.
    #[must_use]
    pub fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Plain => "text/plain; version=0.0.4; charset=utf-8",
        })
    }
}

impl Meter {
    /// All that was counted so far.
    ///
    /// # Errors
    /// Never: writing to memory does not fail.
    pub fn page(&self, format: Format) -> Result<String, fmt::Error> {
        let mut page = String::new();
        encode(&mut page, &self.registry)?;
        match format {
            Format::OpenMetrics => Ok(page),
            Format::Plain => plain(&page),
        }
    }
}

/// The older format names a counter with its `_total` in help and type too, and has no end mark.
fn plain(page: &str) -> Result<String, fmt::Error> {
    let mut written = String::with_capacity(page.len() + page.len() / 16);
    let mut lines = page.lines().filter(|line| *line != "# EOF").peekable();
    while let Some(line) = lines.next() {
        let words = |line: &str| line.splitn(4, ' ').map(str::to_owned).collect::<Vec<_>>();
        let is_help_of_counter =
            line.starts_with("# HELP ") && lines.peek().is_some_and(|next| is_counter(next));
        if is_help_of_counter || is_counter(line) {
            if let [hash, kind, name, rest] = words(line).as_slice() {
                writeln!(written, "{hash} {kind} {name}_total {rest}")?;
            }
        } else {
            writeln!(written, "{line}")?;
        }
    }
    Ok(written)
}

fn is_counter(line: &str) -> bool {
    line.starts_with("# TYPE ") && line.ends_with(" counter")
}
