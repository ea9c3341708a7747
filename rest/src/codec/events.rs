//! Server-sent events, as a client reads them (WHATWG HTML, section 9.2.6). The server writes them
//! with axum.

use bytes::{Buf, BytesMut};
use services::{Code, Error};

/// One event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Its type; `message` is what an event without one is.
    pub name: String,
    /// The lines of its data, joined by newlines.
    pub data: String,
    /// Its id, where it has one of its own.
    pub id: Option<String>,
}

/// Takes bytes in whatever pieces they come, gives events.
#[derive(Debug)]
pub struct EventReader {
    buffer: BytesMut,
    limit_bytes: usize,
    /// How much of the buffer holds no line end.
    searched: usize,
    after_carriage_return: bool,
    begun: bool,
    event: Event,
    has_data: bool,
}

impl EventReader {
    /// A reader of events whose line and whose data have at most that many bytes.
    #[must_use]
    pub fn new(limit_bytes: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            limit_bytes,
            searched: 0,
            after_carriage_return: false,
            begun: false,
            event: Event::default(),
            has_data: false,
        }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next event that is whole; `None` asks for more bytes.
    ///
    /// # Errors
    /// [`Error::ResourceExhausted`] past the limit, [`Error::Internal`] for text that is not UTF-8.
    pub fn next_event(&mut self) -> Result<Option<Event>, Error> {
        while let Some(line) = self.next_line()? {
            if line.is_empty() {
                if let Some(event) = self.dispatched() {
                    return Ok(Some(event));
                }
            } else {
                self.field(&line)?;
            }
        }
        Ok(None)
    }

    /// The next line without its end, which is CR, LF or both.
    fn next_line(&mut self) -> Result<Option<String>, Error> {
        if self.after_carriage_return && !self.buffer.is_empty() {
            self.after_carriage_return = false;
            if self.buffer[0] == b'\n' {
                self.buffer.advance(1);
            }
        }
        let rest = self.buffer[self.searched..].iter();
        let found = rest.copied().position(|byte| matches!(byte, b'\r' | b'\n'));
        let Some(length) = found.map(|found| self.searched + found) else {
            self.searched = self.buffer.len();
            return if self.searched > self.limit_bytes {
                Err(self.too_large())
            } else {
                Ok(None)
            };
        };
        let line = self.buffer.split_to(length);
        self.searched = 0;
        self.after_carriage_return = self.buffer[0] == b'\r';
        self.buffer.advance(1);
        let text = std::str::from_utf8(&line).map_err(|cause| {
            Error::internal("the stream of events is not UTF-8: check the server", cause)
        })?;
        let first = !std::mem::replace(&mut self.begun, true);
        let text = if first {
            text.trim_start_matches('\u{feff}')
        } else {
            text
        };
        Ok(Some(text.to_owned()))
    }

    fn field(&mut self, line: &str) -> Result<(), Error> {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => self.event.name = value.to_owned(),
            "id" if !value.contains('\0') => self.event.id = Some(value.to_owned()),
            "data" => {
                if self.event.data.len() + value.len() > self.limit_bytes {
                    return Err(self.too_large());
                }
                if self.has_data {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
                self.has_data = true;
            }
            // A comment has an empty name; others are for newer clients.
            _ => {}
        }
        Ok(())
    }

    /// The event that an empty line completes; one without data is none.
    fn dispatched(&mut self) -> Option<Event> {
        let mut event = std::mem::take(&mut self.event);
        if !std::mem::take(&mut self.has_data) {
            return None;
        }
        if event.name.is_empty() {
            event.name = "message".into();
        }
        Some(event)
    }

    fn too_large(&self) -> Error {
        let limit = self.limit_bytes;
        let text = format!("an event has more than {limit} bytes: ask for less, or allow more");
        Error::new(Code::ResourceExhausted, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<(String, String, Option<String>)> {
        let mut reader = EventReader::new(100);
        let mut events = Vec::new();
        for piece in pieces {
            reader.push(piece);
            while let Some(event) = reader.next_event().unwrap() {
                events.push((event.name, event.data, event.id));
            }
        }
        events
    }

    #[test]
    fn events_are_read_whatever_their_line_ends_and_pieces() {
        let text = "\u{feff}:hello\n\nid: 1\nevent: item\ndata: {\"a\":1}\n\n\
                    data:x\ndata\ndata: y\nother: z\n\nid: 3\nevent: end\n\ndata: cut";
        let wanted = [
            (
                "item".to_owned(),
                "{\"a\":1}".to_owned(),
                Some("1".to_owned()),
            ),
            ("message".to_owned(), "x\n\ny".to_owned(), None),
        ];
        for text in [
            text.to_owned(),
            text.replace('\n', "\r\n"),
            text.replace('\n', "\r"),
        ] {
            assert_eq!(read(&[text.as_bytes()]), wanted);
            let bytes: Vec<_> = text.as_bytes().chunks(1).collect();
            assert_eq!(read(&bytes), wanted);
        }
    }

    #[test]
    fn what_does_not_end_is_refused_in_bounded_memory() {
        let mut reader = EventReader::new(100);
        reader.push(&[b'x'; 101]);
        assert_eq!(
            reader.next_event().unwrap_err().code(),
            Code::ResourceExhausted
        );
        let mut reader = EventReader::new(100);
        reader.push("data: 0123456789\n".repeat(11).as_bytes());
        assert_eq!(
            reader.next_event().unwrap_err().code(),
            Code::ResourceExhausted
        );
    }

    #[test]
    fn text_that_is_not_utf_8_is_an_unreadable_reply() {
        let mut reader = EventReader::new(100);
        reader.push(b"data: \xff\n\n");
        assert_eq!(reader.next_event().unwrap_err().code(), Code::Internal);
    }
}
