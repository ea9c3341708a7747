//! The chat at a terminal: what is typed keeps the last row, what is said goes by above it. A line
//! longer than the row is shown around its cursor.

use std::io::{self, BufWriter, Stdout, Write};
use std::time::Duration;

use anstream::adapter::strip_str;
use anyhow::Context as _;
use crossterm::cursor::MoveToColumn;
use crossterm::event::{Event, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::queue;
use crossterm::style::Print;
use crossterm::terminal::{self, Clear, ClearType};
use futures::StreamExt;
use services::model::ChatMessage;
use unicode_width::UnicodeWidthStr;

use super::line::Line;
use super::look::{name, timed_line};
use super::raw_mode::RawMode;
use super::talk::Face;
use super::typed::Typed;
use crate::print::{COLUMNS, QUIET};

/// See the [module](self). Dropped, it gives the terminal back as it was.
pub(super) struct Terminal {
    /// Whole pictures at a time, so that none is seen half drawn.
    out: BufWriter<Stdout>,
    keys: EventStream,
    line: Line,
    user: String,
    waiting: usize,
    columns: usize,
    coloured: bool,
    _raw_mode: RawMode,
}

impl Terminal {
    pub(super) fn open(user: &str) -> io::Result<Self> {
        let out = io::stdout();
        let mut terminal = Self {
            coloured: anstream::AutoStream::choice(&out) != anstream::ColorChoice::Never,
            columns: terminal::size().map_or(COLUMNS, |(columns, _)| columns.into()),
            out: BufWriter::new(out),
            line: Line::default(),
            user: user.to_owned(),
            waiting: 0,
            _raw_mode: RawMode::enter()?,
            keys: EventStream::new(),
        };
        terminal.draw()?;
        Ok(terminal)
    }

    /// A line above the one that is typed.
    fn print(&mut self, text: &str) -> io::Result<()> {
        let text = self.styled(text);
        let start = (MoveToColumn(0), Clear(ClearType::FromCursorDown));
        queue!(self.out, start.0, start.1, Print(text), Print("\r\n"))?;
        self.draw()
    }

    /// The line that is typed, in its row.
    fn draw(&mut self) -> io::Result<()> {
        let (prompt, prompt_columns) = self.prompt();
        let row = self.line.row(self.columns.saturating_sub(prompt_columns));
        let column = u16::try_from(prompt_columns + row.cursor).unwrap_or(u16::MAX);
        queue!(
            self.out,
            MoveToColumn(0),
            Clear(ClearType::FromCursorDown),
            Print(prompt),
            Print(row.text),
            MoveToColumn(column)
        )?;
        self.out.flush()
    }

    /// What stands before the line, and its columns: a mark only where a name leaves too little.
    fn prompt(&self) -> (String, usize) {
        let waiting = match self.waiting {
            0 => String::new(),
            lines => format!("{QUIET}{lines} to send{QUIET:#} "),
        };
        let prompt = format!("{waiting}{} ", name(&self.user));
        let columns = strip_str(&prompt).to_string().width();
        if columns * 2 > self.columns {
            return ("> ".to_owned(), 2);
        }
        (self.styled(&prompt), columns)
    }

    fn styled(&self, text: &str) -> String {
        if self.coloured {
            text.to_owned()
        } else {
            strip_str(text).to_string()
        }
    }

    fn pressed(&mut self, key: KeyEvent) -> Option<Typed> {
        let by_word = KeyModifiers::CONTROL | KeyModifiers::ALT;
        match key.code {
            KeyCode::Enter => return Some(Typed::read(&self.line.take())),
            KeyCode::Left if key.modifiers.intersects(by_word) => self.line.word_left(),
            KeyCode::Right if key.modifiers.intersects(by_word) => self.line.word_right(),
            KeyCode::Left => self.line.left(),
            KeyCode::Right => self.line.right(),
            KeyCode::Home => self.line.home(),
            KeyCode::End => self.line.end(),
            KeyCode::Up => self.line.older(),
            KeyCode::Down => self.line.newer(),
            KeyCode::Backspace if key.modifiers.intersects(by_word) => self.line.delete_word(),
            KeyCode::Backspace => self.line.backspace(),
            KeyCode::Delete => self.line.delete(),
            KeyCode::Tab => return self.insert(" "),
            // Some keyboards write with Ctrl and Alt together, what AltGr is.
            KeyCode::Char(character) if key.modifiers.contains(by_word) => {
                return self.insert(character.encode_utf8(&mut [0; 4]));
            }
            KeyCode::Char(letter) if key.modifiers.contains(KeyModifiers::CONTROL) => {
                return self.controlled(letter);
            }
            KeyCode::Char('b') if key.modifiers == KeyModifiers::ALT => self.line.word_left(),
            KeyCode::Char('f') if key.modifiers == KeyModifiers::ALT => self.line.word_right(),
            KeyCode::Char(character) => return self.insert(character.encode_utf8(&mut [0; 4])),
            _ => {}
        }
        None
    }

    /// What a letter does with Ctrl: as in shells.
    fn controlled(&mut self, letter: char) -> Option<Typed> {
        match letter {
            'c' => return Some(Typed::Quit),
            'd' if self.line.is_empty() => return Some(Typed::Quit),
            'd' => self.line.delete(),
            'a' => self.line.home(),
            'e' => self.line.end(),
            'b' => self.line.left(),
            'f' => self.line.right(),
            'h' => self.line.backspace(),
            'k' => self.line.delete_to_end(),
            'u' => self.line.delete_to_start(),
            'w' => self.line.delete_word(),
            'p' => self.line.older(),
            'n' => self.line.newer(),
            'l' => {
                // Where it cannot be cleared, the next line will tell.
                let _ = queue!(
                    self.out,
                    Clear(ClearType::All),
                    crossterm::cursor::MoveTo(0, 0)
                );
            }
            _ => {}
        }
        None
    }

    /// What does not fit is told at once, and the line stays as it was.
    fn insert(&mut self, text: &str) -> Option<Typed> {
        (!self.line.insert(text)).then_some(Typed::Overlong)
    }

    fn handle(&mut self, event: Event) -> Option<Typed> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.pressed(key),
            Event::Paste(text) => self.insert(&text),
            Event::Resize(columns, _) => {
                self.columns = columns.into();
                None
            }
            _ => None,
        }
    }
}

impl Face for Terminal {
    /// Who sits before it does not want to wait long.
    const PATIENCE: Duration = Duration::from_secs(2);
    const IN_TURN: bool = false;

    async fn typed(&mut self) -> anyhow::Result<Option<Typed>> {
        loop {
            let Some(event) = self.keys.next().await else {
                return Ok(None);
            };
            let typed = self.handle(event.context("the terminal cannot be read")?);
            self.draw()?;
            if typed.is_some() {
                return Ok(typed);
            }
        }
    }

    fn said(&mut self, message: &ChatMessage) -> io::Result<()> {
        self.print(&timed_line(message))
    }

    fn note(&mut self, text: &str) -> io::Result<()> {
        self.print(&format!("{QUIET}{text}{QUIET:#}"))
    }

    fn welcome(&mut self, text: &str) -> io::Result<()> {
        self.note(text)
    }

    fn waiting(&mut self, lines: usize) -> io::Result<()> {
        if lines == self.waiting {
            return Ok(());
        }
        self.waiting = lines;
        self.draw()
    }
}

/// The row that was typed in is given back empty.
impl Drop for Terminal {
    fn drop(&mut self) {
        let start = (MoveToColumn(0), Clear(ClearType::FromCursorDown));
        let _ = queue!(self.out, start.0, start.1);
        let _ = self.out.flush();
    }
}
