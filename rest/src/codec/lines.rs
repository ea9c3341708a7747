//! Lines of an upload, which is newline-delimited JSON: one object a line, empty lines ignored, the
//! last line with or without its end.

use bytes::{Buf, Bytes, BytesMut};
use services::{Code, Error};

/// Takes bytes in whatever pieces they come, gives lines with their numbers.
#[derive(Debug)]
pub struct LineReader {
    buffer: BytesMut,
    limit_bytes: usize,
    searched: usize,
    number: u64,
}

impl LineReader {
    /// A reader of lines of at most that many bytes.
    #[must_use]
    pub fn new(limit_bytes: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            limit_bytes,
            searched: 0,
            number: 0,
        }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next line that is whole and not empty, with its number from 1; `None` asks for more.
    ///
    /// # Errors
    /// [`Error::ResourceExhausted`] past the limit.
    pub fn next_line(&mut self) -> Result<Option<(u64, Bytes)>, Error> {
        loop {
            let rest = self.buffer[self.searched..].iter();
            let found = rest.copied().position(|byte| byte == b'\n');
            let length = found.map_or(self.buffer.len(), |found| self.searched + found);
            if length > self.limit_bytes {
                return Err(self.too_long());
            }
            if found.is_none() {
                self.searched = length;
                return Ok(None);
            }
            let line = self.taken(length);
            self.buffer.advance(1);
            if let Some(line) = line {
                return Ok(Some(line));
            }
        }
    }

    /// What is left when the upload has ended: a last line without its end.
    pub fn last_line(&mut self) -> Option<(u64, Bytes)> {
        self.taken(self.buffer.len())
    }

    fn taken(&mut self, length: usize) -> Option<(u64, Bytes)> {
        self.number += 1;
        self.searched = 0;
        let line = self.buffer.split_to(length).freeze();
        let empty = line.iter().all(u8::is_ascii_whitespace);
        (!empty).then_some((self.number, line))
    }

    fn too_long(&self) -> Error {
        let (line, limit) = (self.number + 1, self.limit_bytes);
        let text = format!("line {line} has more than {limit} bytes: send shorter ones");
        Error::new(Code::ResourceExhausted, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_with_their_numbers_however_they_were_cut() {
        let text = b"one\n\n  \r\ntwo\r\nthree";
        for size in [1, 2, 5, 100] {
            let mut reader = LineReader::new(5);
            let mut lines = Vec::new();
            for piece in text.chunks(size) {
                reader.push(piece);
                while let Some((number, line)) = reader.next_line().unwrap() {
                    lines.push((number, String::from_utf8(line.to_vec()).unwrap()));
                }
            }
            let wanted = [(1, "one".to_owned()), (4, "two\r".to_owned())];
            assert_eq!(lines, wanted);
            assert_eq!(reader.last_line(), Some((5, Bytes::from("three"))));
            assert_eq!(reader.last_line(), None);
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_refused_with_its_number() {
        let mut reader = LineReader::new(5);
        reader.push(b"12345\n123456");
        assert!(reader.next_line().unwrap().is_some());
        let error = reader.next_line().unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2 has more than 5 bytes: send shorter ones"
        );
        assert_eq!(error.code(), Code::ResourceExhausted);
    }
}
