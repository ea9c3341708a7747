//! Follows a body as it comes, message by message, without keeping it. A message is a flag of one
//! byte (1: compressed), a length of four, big-endian, and that many bytes
//! (`grpc/doc/PROTOCOL-HTTP2.md`, "Length-Prefixed-Message").

use services::{Code, Error};

/// Bytes before each message: the flag and the length.
pub const HEAD_BYTES: usize = 5;

/// How many messages a body holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Messages {
    /// Exactly one.
    One,
    /// Any number.
    Many,
}

/// Whether the headers name an encoding (`grpc-encoding`), without which no message may be
/// compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Every message is as it is.
    Identity,
    /// Messages may be compressed.
    Gzip,
}

/// Where in a body its reader is.
#[derive(Debug)]
pub struct Frames {
    messages: Messages,
    /// Largest message in bytes.
    limit_bytes: usize,
    encoding: Encoding,
    head: [u8; HEAD_BYTES],
    head_filled: usize,
    body_left: usize,
    begun: u64,
}

impl Frames {
    /// At the start of a body.
    #[must_use]
    pub fn new(messages: Messages, limit_bytes: usize, encoding: Encoding) -> Self {
        Self {
            messages,
            limit_bytes,
            encoding,
            head: [0; HEAD_BYTES],
            head_filled: 0,
            body_left: 0,
            begun: 0,
        }
    }

    /// Takes the next bytes of the body.
    ///
    /// # Errors
    /// [`Error::ResourceExhausted`] where a message is longer than the limit,
    /// [`Error::Unimplemented`] where a second message begins and only one belongs there,
    /// [`Error::Internal`] for a flag that is not allowed.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        while !bytes.is_empty() {
            if self.body_left > 0 {
                let taken = self.body_left.min(bytes.len());
                self.body_left -= taken;
                bytes = &bytes[taken..];
                continue;
            }
            let taken = (HEAD_BYTES - self.head_filled).min(bytes.len());
            let (head, rest) = bytes.split_at(taken);
            self.head[self.head_filled..][..taken].copy_from_slice(head);
            self.head_filled += taken;
            bytes = rest;
            if self.head_filled == HEAD_BYTES {
                self.begin()?;
            }
        }
        Ok(())
    }

    /// Ends the body.
    ///
    /// # Errors
    /// [`Error::Internal`] inside a message, [`Error::Unimplemented`] without the one message that
    /// belongs there.
    pub fn end(&self) -> Result<(), Error> {
        if self.head_filled > 0 || self.body_left > 0 {
            return Err(internal("the body ends inside a message"));
        }
        if self.messages == Messages::One && self.begun == 0 {
            return Err(one_message("none came"));
        }
        Ok(())
    }

    /// A head is complete.
    fn begin(&mut self) -> Result<(), Error> {
        let [flag, length @ ..] = self.head;
        let length = u32::from_be_bytes(length) as usize;
        self.head_filled = 0;
        self.body_left = length;
        self.begun += 1;
        if self.messages == Messages::One && self.begun > 1 {
            return Err(one_message("a second one came"));
        }
        if length > self.limit_bytes {
            let limit = self.limit_bytes;
            return Err(Error::ResourceExhausted(format!(
                "a message of {length} bytes is too large: {limit} are allowed"
            )));
        }
        match flag {
            0 => Ok(()),
            1 if self.encoding == Encoding::Gzip => Ok(()),
            1 => Err(internal(
                "a message is compressed, but grpc-encoding names no encoding",
            )),
            _ => Err(internal("the flag of a message is neither 0 nor 1")),
        }
    }
}

fn one_message(found: &str) -> Error {
    Error::Unimplemented(format!("this method takes exactly one message: {found}"))
}

fn internal(message: &str) -> Error {
    Error::new(Code::Internal, message)
}
