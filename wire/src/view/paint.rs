//! Lines, and the colours in them: one a layer, one a role. Whatever is pushed to a line is escaped,
//! so no view can forget it.

use anstyle::{AnsiColor, Color, Effects, Style};

use super::{Colour, escape};
use crate::span::{Certainty, Layer, Role, Span};

/// What matters.
pub const STRONG: Style = Style::new().bold();
/// What explains.
pub const QUIET: Style = Style::new().dimmed();
/// Neither.
pub const PLAIN: Style = Style::new();
/// What breaks the rules.
pub const BROKEN: Style = AnsiColor::Red.on_default().effects(Effects::BOLD);

/// A line in the making.
#[derive(Debug, Clone)]
pub struct Line {
    colour: Colour,
    text: String,
    columns: usize,
}

impl Line {
    /// Nothing yet.
    #[must_use]
    pub fn new(colour: Colour) -> Self {
        Self {
            colour,
            text: String::new(),
            columns: 0,
        }
    }

    /// Columns that are taken.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Appends text, escaped.
    pub fn push(&mut self, style: Style, text: &str) {
        let escaped = escape::text(text);
        self.columns += escape::columns(&escaped);
        match self.colour {
            Colour::Always if style != PLAIN && !escaped.is_empty() => {
                self.text.push_str(&format!("{style}{escaped}{style:#}"));
            }
            _ => self.text.push_str(&escaped),
        }
    }

    /// Appends what of the text fits before that column.
    pub fn push_until(&mut self, style: Style, text: &str, column: usize) {
        let fitting = escape::fit(text, column.saturating_sub(self.columns));
        self.push(style, &fitting);
    }

    /// Blanks up to that column.
    pub fn pad(&mut self, column: usize) {
        let lacking = column.saturating_sub(self.columns);
        self.text.push_str(&" ".repeat(lacking));
        self.columns += lacking;
    }

    /// Text that ends before that column.
    pub fn push_right(&mut self, style: Style, text: &str, column: usize) {
        self.pad(column.saturating_sub(escape::columns(text)));
        self.push(style, text);
    }

    /// The line with its end, without blanks before it.
    #[must_use]
    pub fn end(mut self) -> String {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
        self.text
    }
}

/// A layer's colour.
#[must_use]
pub fn layer(layer: Layer) -> Style {
    match layer {
        Layer::Http1 => AnsiColor::Cyan.on_default(),
        Layer::WebSocket => AnsiColor::Magenta.on_default(),
        Layer::Http2 => AnsiColor::BrightBlue.on_default(),
        Layer::Hpack => AnsiColor::BrightCyan.on_default(),
        Layer::Grpc => AnsiColor::BrightMagenta.on_default(),
        Layer::Protobuf => AnsiColor::Green.on_default(),
        Layer::Xml => AnsiColor::Yellow.on_default(),
        Layer::Json => AnsiColor::BrightYellow.on_default(),
        Layer::Sse => AnsiColor::BrightGreen.on_default(),
        Layer::Gzip => AnsiColor::BrightRed.on_default(),
        Layer::Text | Layer::Unknown => PLAIN,
    }
}

/// A layer's name.
#[must_use]
pub fn layer_name(layer: Layer) -> &'static str {
    match layer {
        Layer::Http1 => "HTTP/1.1",
        Layer::WebSocket => "WebSocket",
        Layer::Http2 => "HTTP/2",
        Layer::Hpack => "HPACK",
        Layer::Grpc => "gRPC",
        Layer::Protobuf => "protobuf",
        Layer::Xml => "XML",
        Layer::Json => "JSON",
        Layer::Sse => "server-sent events",
        Layer::Gzip => "gzip",
        Layer::Text => "text",
        Layer::Unknown => "unknown",
    }
}

/// A leaf's bytes: its layer's colour, values in bold, what breaks rules in red.
#[must_use]
pub fn leaf(span: &Span) -> Style {
    match (span.certainty, span.role) {
        (Certainty::Broken, _) => BROKEN,
        (_, Role::Value) => layer(span.layer).bold(),
        _ => layer(span.layer),
    }
}

/// A role's part of a bar: black on its colour, so that its letter can be read on it.
#[must_use]
pub fn role(role: Role) -> Style {
    let colour = match role {
        Role::Value => AnsiColor::BrightGreen,
        Role::Encoding => AnsiColor::BrightYellow,
        Role::Compressed => AnsiColor::BrightCyan,
        Role::Headers => AnsiColor::BrightBlue,
        Role::Framing => AnsiColor::BrightMagenta,
        Role::Setup => AnsiColor::White,
        Role::Unknown => AnsiColor::BrightRed,
    };
    let black = Some(Color::Ansi(AnsiColor::Black));
    Style::new().fg_color(black).bg_color(Some(colour.into()))
}
