//! A page for a browser: the bytes of a call over several protocols side by side, in one file that
//! needs no network. Hovering or focusing a byte explains it; choosing a field lights its bytes in
//! every protocol at once.
//!
//! The page is data and a script that draws it: what came over a wire is in the data alone, as JSON,
//! and the script puts it on the page as text, never as markup.

mod capture;
mod gather;
mod legend;
mod messages;
pub mod names;
mod parts;
mod words;

use std::io::{self, BufWriter, Write};

use crate::dissection::{Dissection, Excerpt};
pub use names::FieldNames;

/// What a page shows.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The call, as its caller writes it: `add 5 3`.
    pub title: &'a str,
    /// In the order of the columns; calls of the same protocol share one, and its reader chooses
    /// which of them is shown.
    pub calls: &'a [Call<'a>],
    /// How fields are found in protocols that send them without a name.
    pub names: &'a FieldNames,
}

/// One call over one protocol.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// The head of its column: `JSON-RPC, WebSocket`.
    pub protocol: String,
    /// Which call of its connection it is.
    pub state: State,
    /// What was recorded.
    pub dissection: &'a Dissection,
    /// Which bytes of it are this call's.
    pub excerpt: Excerpt,
}

/// What a connection already knows when a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The first call of a new connection, with what sets the connection up.
    Cold,
    /// A later call: handshakes are over, and HPACK's table is filled.
    Warm,
    /// Whatever passed on a connection. Unlike cold calls, or warm ones, these need not be the same
    /// call over several protocols, so the page does not compare them.
    Whole,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Warm => "warm",
            Self::Whole => "whole",
        }
    }
}

/// Writes the page. Of a large call it shows the beginning (4 KiB of each buffer, 16 KiB of each
/// call) and says how much it leaves out; the sums at its head count all.
///
/// ```
/// use wire::page::{FieldNames, Page, write};
///
/// // Calls come from a recording: of a `wire::Tap`, dissected by `wire::Dissector::dissect`.
/// let names = FieldNames {
///     parameters: vec!["a".to_owned(), "b".to_owned()],
/// };
/// let page = Page {
///     title: "add 5 3",
///     calls: &[],
///     names: &names,
/// };
/// let mut html = Vec::new();
/// write(&page, &mut html)?;
/// assert!(html.starts_with(b"<!doctype html>"));
/// # std::io::Result::Ok(())
/// ```
///
/// # Errors
/// Those of `out`.
pub fn write(page: &Page<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let (before, after) = SHELL.split_once("{{capture}}").unwrap_or((SHELL, ""));
    out.write_all(filled(before, page.title).as_bytes())?;
    let mut data = WithoutMarkup { out: &mut out };
    serde_json::to_writer(&mut data, &gather::gather(page)).map_err(io::Error::from)?;
    out.write_all(filled(after, page.title).as_bytes())?;
    out.flush()
}

/// The page around its data.
const SHELL: &str = include_str!("page/shell.html");
const STYLE: &str = concat!(
    include_str!("page/style.css"),
    include_str!("page/layers.css")
);
/// In the order in which a reader understands them; one script in the page.
const SCRIPT: &str = concat!(
    include_str!("page/script/capture.js"),
    include_str!("page/script/bytes.js"),
    include_str!("page/script/ledger.js"),
    include_str!("page/script/explain.js"),
    include_str!("page/script/fields.js"),
    include_str!("page/script/start.js"),
);

/// Part of the shell with its gaps filled.
fn filled(shell: &str, title: &str) -> String {
    // The title last: what it says is looked at no more.
    let page = shell
        .replace("{{style}}", STYLE)
        .replace("{{script}}", SCRIPT);
    page.replace("{{title}}", &escaped(title))
}

/// As text of HTML.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// JSON that may stand in a script element of HTML: nothing in it ends the element or opens a
/// comment, for `<`, `>` and `&` are written as escapes. They occur in JSON's strings only.
#[derive(Debug)]
struct WithoutMarkup<'a, W> {
    out: &'a mut W,
}

impl<W: Write> Write for WithoutMarkup<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.chunk_by(|one, other| !is_markup(*one) && !is_markup(*other)) {
            match part {
                [byte] if is_markup(*byte) => write!(self.out, "\\u{byte:04x}")?,
                plain => self.out.write_all(plain)?,
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn is_markup(byte: u8) -> bool {
    matches!(byte, b'<' | b'>' | b'&')
}
