//! Where messages end that follow each other. What has been seen once is not looked at again, however
//! small the pieces are.

use super::super::super::grpc::PREFIX_BYTES;
use super::Messages;

/// Finds the ends of messages.
#[derive(Debug)]
pub(super) enum Ends {
    Grpc(GrpcEnds),
    Events(EventEnds),
    Lines,
}

/// By the length in gRPC's prefix.
#[derive(Debug, Default)]
pub(super) struct GrpcEnds {
    prefix: [u8; PREFIX_BYTES],
    /// Bytes of the message that have been seen, the prefix among them.
    seen: usize,
}

/// By empty lines. Lines end with LF, CR, or both.
#[derive(Debug)]
pub(super) struct EventEnds {
    /// Nothing has come since the last line end.
    line_is_empty: bool,
    /// The last byte was a CR, to which an LF may still belong.
    after_cr: bool,
    /// The empty line has come, but for the LF that may belong to its CR.
    ended: bool,
}

impl Default for EventEnds {
    fn default() -> Self {
        Self {
            line_is_empty: true,
            after_cr: false,
            ended: false,
        }
    }
}

impl Ends {
    pub(super) fn new(messages: Messages) -> Self {
        match messages {
            Messages::Grpc => Self::Grpc(GrpcEnds::default()),
            Messages::Events => Self::Events(EventEnds::default()),
            Messages::Lines => Self::Lines,
        }
    }

    /// How many of the bytes that come next belong to the current message, if it ends with them.
    /// Otherwise all do, and must not be given again.
    pub(super) fn next(&mut self, bytes: &[u8]) -> Option<usize> {
        match self {
            Self::Grpc(ends) => ends.next(bytes),
            Self::Events(ends) => ends.next(bytes),
            Self::Lines => Some(bytes.iter().position(|byte| *byte == b'\n')? + 1),
        }
    }

    /// Whether the current message may be whole although its end was not found.
    pub(super) fn may_end(&self) -> bool {
        match self {
            Self::Grpc(_) => false,
            Self::Events(ends) => ends.ended,
            Self::Lines => true,
        }
    }
}

impl GrpcEnds {
    fn next(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut bytes_seen = 0;
        while let (Some(place), Some(byte)) =
            (self.prefix.get_mut(self.seen), bytes.get(bytes_seen))
        {
            *place = *byte;
            self.seen += 1;
            bytes_seen += 1;
        }
        let [_, length @ ..] = self.prefix;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        let missing = PREFIX_BYTES.saturating_add(length) - self.seen;
        if self.seen < PREFIX_BYTES || bytes.len() - bytes_seen < missing {
            self.seen += bytes.len() - bytes_seen;
            return None;
        }
        *self = Self::default();
        Some(bytes_seen + missing)
    }
}

impl EventEnds {
    fn next(&mut self, bytes: &[u8]) -> Option<usize> {
        for (place, byte) in bytes.iter().enumerate() {
            if self.ended {
                *self = Self::default();
                return Some(place + usize::from(*byte == b'\n'));
            }
            let belongs_to_cr = std::mem::take(&mut self.after_cr) && *byte == b'\n';
            match byte {
                b'\n' if belongs_to_cr => {}
                b'\n' if self.line_is_empty => {
                    *self = Self::default();
                    return Some(place + 1);
                }
                b'\r' if self.line_is_empty => self.ended = true,
                b'\n' | b'\r' => {
                    self.line_is_empty = true;
                    self.after_cr = *byte == b'\r';
                }
                _ => self.line_is_empty = false,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ends of messages in bytes that come in pieces of that size.
    fn ends(messages: Messages, bytes: &[u8], size: usize) -> Vec<usize> {
        let mut ends = Ends::new(messages);
        let mut found = Vec::new();
        for (number, piece) in bytes.chunks(size).enumerate() {
            let mut at = 0;
            while let Some(count) = ends.next(&piece[at..]) {
                at += count;
                found.push(number * size + at);
            }
        }
        found
    }

    #[test]
    fn ends_are_the_same_however_bytes_come() {
        let grpc = b"\0\0\0\0\x03abc\0\0\0\0\0\x01\0\0\0\x01z\0";
        let events = b"data: 1\n\ndata: 2\r\n\r\n:\r\rid:7\n\r\n\n";
        for size in 1..events.len() {
            assert_eq!(ends(Messages::Grpc, grpc, size), [8, 13, 19]);
            assert_eq!(
                ends(Messages::Events, events, size),
                [9, 20, 23, 30, 31],
                "{size}"
            );
            assert_eq!(ends(Messages::Lines, b"{}\n\n[]\n1", size), [3, 4, 7]);
        }
    }
}
