//! How the demo is laid out: a line a call, with figures in columns, within 80 columns.

use std::io::{self, Write};
use std::time::Duration;

use services::{ByteCount, Error, Exchange};

use crate::print::{COLUMNS, ERROR, GOOD, HEADING, QUIET, described, wrapped};
use crate::program::Program;

/// Columns of a call before its figures; the figures take the rest.
const CALL_COLUMNS: usize = 42;

/// What one call took.
#[derive(Debug, Clone)]
pub(super) struct Cost {
    pub(super) elapsed: Duration,
    pub(super) exchange: Exchange,
}

/// What is written so far needs no memory: lines go out as calls come in.
#[derive(Debug)]
pub(super) struct Page<'a, W> {
    out: &'a mut W,
}

impl<'a, W: Write> Page<'a, W> {
    pub(super) fn new(out: &'a mut W) -> Self {
        Self { out }
    }

    pub(super) fn opening(&mut self, program: &Program, url: &str) -> io::Result<()> {
        let protocol = program.protocol;
        writeln!(
            self.out,
            "{HEADING}{protocol}{HEADING:#}: a server on {url}, called through a real socket."
        )?;
        writeln!(
            self.out,
            "{QUIET}Bytes of request and reply: the encoded body, and all that the socket \
             carried.{QUIET:#}\n"
        )?;
        let empty = "";
        writeln!(
            self.out,
            "{QUIET}{empty:CALL_COLUMNS$}{empty:10}{:>14}{:>14}{QUIET:#}",
            "body", "socket"
        )?;
        writeln!(
            self.out,
            "{QUIET}{empty:CALL_COLUMNS$}{:>10}{:>7}{:>7}{:>7}{:>7}{QUIET:#}",
            "time", "up", "down", "up", "down"
        )
    }

    pub(super) fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{HEADING}{text}{HEADING:#}")
    }

    /// A call that gave what it should. A text too long for its column goes on below.
    pub(super) fn call(&mut self, text: &str, cost: &Cost) -> io::Result<()> {
        let mut lines = wrapped(text, CALL_COLUMNS - 3).into_iter();
        let first = lines.next().unwrap_or_default();
        let width = CALL_COLUMNS - 2;
        let figures = figures(cost);
        writeln!(
            self.out,
            "  {GOOD}{first:width$}{GOOD:#}{QUIET}{figures}{QUIET:#}"
        )?;
        for line in lines {
            writeln!(self.out, "    {GOOD}{line}{GOOD:#}")?;
        }
        self.out.flush()
    }

    /// A call that failed as it should.
    pub(super) fn failed(&mut self, text: &str, error: &Error, cost: &Cost) -> io::Result<()> {
        let width = CALL_COLUMNS - 2;
        let figures = figures(cost);
        writeln!(self.out, "  {text:width$}{QUIET}{figures}{QUIET:#}")?;
        for line in wrapped(&described(error), COLUMNS - 4) {
            writeln!(self.out, "    {ERROR}{line}{ERROR:#}")?;
        }
        self.out.flush()
    }

    /// Begins a line of items, which [`item`](Self::item) goes on with.
    pub(super) fn items(&mut self, title: &str) -> io::Result<()> {
        write!(self.out, "  {title}\n   ")?;
        self.out.flush()
    }

    /// One item of a stream, at once.
    pub(super) fn item(&mut self, text: &str) -> io::Result<()> {
        write!(self.out, " {GOOD}{text}{GOOD:#}")?;
        self.out.flush()
    }

    /// Ends a line of items.
    pub(super) fn items_end(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    pub(super) fn closing(&mut self, program: &Program) -> io::Result<()> {
        let name = program.name;
        writeln!(
            self.out,
            "\n{QUIET}–: calls at once on one connection share its bytes; a call given up counts \
             none{QUIET:#}"
        )?;
        writeln!(
            self.out,
            "\nNext: {HEADING}{name} serve{HEADING:#}, and in another terminal \
             {HEADING}{name} call add 5 3{HEADING:#}"
        )
    }
}

/// Time and bytes in their columns.
fn figures(cost: &Cost) -> String {
    let milliseconds = cost.elapsed.as_secs_f64() * 1e3;
    let (body, wire) = (bytes(cost.exchange.body), bytes(cost.exchange.wire));
    format!("{milliseconds:>7.2} ms{body}{wire}")
}

/// Up and down: dashes where the client learnt neither.
fn bytes(count: ByteCount) -> String {
    let ByteCount { up, down } = count;
    if count == ByteCount::default() {
        format!("{:>7}{:>7}", "–", "–")
    } else {
        format!("{up:>7}{down:>7}")
    }
}
