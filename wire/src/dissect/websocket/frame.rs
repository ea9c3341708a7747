//! The head of a frame, RFC 6455, section 5.2: 2 to 14 bytes.

use std::fmt;

use crate::dissect::row::Row;

/// The head of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    first: u8,
    /// It is the last one of its message.
    pub(super) fin: bool,
    /// What the frame is.
    pub(super) opcode: Opcode,
    /// Bytes of the length after the two that every head has: 0, 2 or 8.
    extended: usize,
    /// Bytes of the payload.
    pub(super) payload_bytes: u64,
    /// What the payload is masked with.
    pub(super) mask: Option<[u8; 4]>,
    /// Bytes of the head.
    pub(super) bytes: usize,
}

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opcode {
    /// The next part of a message.
    Continuation,
    /// Text, or its first part.
    Text,
    /// Bytes, or their first part.
    Binary,
    /// The end of the connection.
    Close,
    /// Are you there?
    Ping,
    /// I am.
    Pong,
    /// A number that no specification has given a meaning.
    Reserved(u8),
}

/// What the bits of a head mean just here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// RSV1 means something.
    pub(super) compression_agreed: bool,
    /// A message waits for its next frame.
    pub(super) message_open: bool,
    /// The sender is a client.
    pub(super) has_to_be_masked: bool,
    /// The frame is no continuation.
    pub(super) begins: bool,
}

impl Head {
    /// Reads a head; `None` where it is not whole.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (first, second) = (*bytes.first()?, *bytes.get(1)?);
        let (extended, payload_bytes) = match second & 0x7f {
            126 => (2, u64::from(u16::from_be_bytes(at(bytes, 2)?))),
            127 => (8, u64::from_be_bytes(at(bytes, 2)?)),
            short => (0, u64::from(short)),
        };
        let mask = match second & 0x80 {
            0 => None,
            _ => Some(at(bytes, 2 + extended)?),
        };
        Some(Self {
            first,
            fin: first & 0x80 != 0,
            opcode: Opcode::of(first & 0x0f),
            extended,
            payload_bytes,
            mask,
            bytes: 2 + extended + mask.map_or(0, |mask| mask.len()),
        })
    }

    /// The first of the three bits for extensions: permessage-deflate's.
    pub(super) fn rsv1(&self) -> bool {
        self.first & 0x40 != 0
    }

    /// Whether the payload is masked.
    pub(super) fn masked(&self) -> bool {
        self.mask.is_some()
    }

    /// Lays the spans of a head that begins `bytes`.
    pub(super) fn lay(&self, bytes: &[u8], rules: &Rules, row: &mut Row) {
        row.lay(1, "fin and opcode", self.flags(), self.opcode.note());
        if let Some(rule) = self.first_byte_breaks(rules) {
            row.breaks(rule);
        }
        self.lay_length(bytes, rules, row);
        if let Some([a, b, c, d]) = self.mask {
            let key = format!("{a:02x} {b:02x} {c:02x} {d:02x}");
            let note = "each payload byte is XORed with one of these four, in turn, so that no \
                proxy takes the payload for HTTP (RFC 6455, section 5.3)";
            row.lay(4, "masking key", key, note);
        }
    }

    /// `fin, text`
    fn flags(&self) -> String {
        let mut said = String::new();
        for (bit, name) in [
            (0x80, "fin"),
            (0x40, "rsv1"),
            (0x20, "rsv2"),
            (0x10, "rsv3"),
        ] {
            if self.first & bit != 0 {
                said.push_str(name);
                said.push_str(", ");
            }
        }
        format!("{said}{}", self.opcode)
    }

    fn lay_length(&self, bytes: &[u8], rules: &Rules, row: &mut Row) {
        let short = bytes.get(1).map_or(0, |byte| byte & 0x7f);
        let masked = if self.masked() { "masked, " } else { "" };
        let note = match short {
            126 => "126: the length is in the next 2 bytes (RFC 6455, section 5.2)",
            127 => "127: the length is in the next 8 bytes (RFC 6455, section 5.2)",
            _ => "one bit for the mask, seven for the length (RFC 6455, section 5.2)",
        };
        row.lay(1, "mask and length", format!("{masked}{short}"), note);
        if self.masked() != rules.has_to_be_masked {
            row.breaks(match rules.has_to_be_masked {
                true => "a client masks all its frames (RFC 6455, section 5.1)",
                false => "a server masks none of its frames (RFC 6455, section 5.1)",
            });
        } else if self.opcode.is_control() && short > 125 {
            row.breaks("a control frame has at most 125 bytes (RFC 6455, section 5.5)");
        }
        let length = self.payload_bytes;
        row.lay(
            self.extended,
            "extended length",
            length.to_string(),
            "bytes of the payload",
        );
        let needed = match length {
            0..=125 => 0,
            126..=0xffff => 2,
            _ => 8,
        };
        if self.extended > needed {
            row.breaks("the length takes as few bytes as it can (RFC 6455, section 5.2)");
        } else if length > i64::MAX as u64 {
            row.breaks("the highest bit of a length is 0 (RFC 6455, section 5.2)");
        }
    }

    fn first_byte_breaks(&self, rules: &Rules) -> Option<&'static str> {
        let reserved = match rules.compression_agreed {
            true => 0x30,
            false => 0x70,
        };
        let misplaced_rsv1 = self.rsv1() && (self.opcode.is_control() || !rules.begins);
        if matches!(self.opcode, Opcode::Reserved(_)) {
            Some("no specification gives this opcode a meaning (RFC 6455, section 11.8)")
        } else if self.first & reserved != 0 || misplaced_rsv1 {
            Some("a bit for extensions that were not agreed to (RFC 6455, section 5.2)")
        } else if self.opcode.is_control() {
            (!self.fin).then_some("a control frame is never cut in parts (RFC 6455, section 5.5)")
        } else if rules.begins && rules.message_open {
            Some("the message before this one is not finished (RFC 6455, section 5.4)")
        } else if !rules.begins && !rules.message_open {
            Some("no message goes on here (RFC 6455, section 5.4)")
        } else {
            None
        }
    }
}

fn at<const N: usize>(bytes: &[u8], place: usize) -> Option<[u8; N]> {
    bytes.get(place..place + N)?.try_into().ok()
}

impl Opcode {
    fn of(number: u8) -> Self {
        match number {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            other => Self::Reserved(other),
        }
    }

    /// Whether it is for the connection and not for a message.
    pub(super) fn is_control(self) -> bool {
        match self {
            Self::Continuation | Self::Text | Self::Binary => false,
            Self::Close | Self::Ping | Self::Pong => true,
            Self::Reserved(number) => number >= 8,
        }
    }

    /// What a student is told of it.
    pub(super) fn note(self) -> &'static str {
        match self {
            Self::Continuation => "the next part of a message (RFC 6455, section 5.4)",
            Self::Text => "a message in UTF-8, or its first part (RFC 6455, section 5.6)",
            Self::Binary => "a message of bytes, or its first part (RFC 6455, section 5.6)",
            Self::Close => "the connection is to end (RFC 6455, section 5.5.1)",
            Self::Ping => "asks whether the other side is there (RFC 6455, section 5.5.2)",
            Self::Pong => "answers a ping with the same payload (RFC 6455, section 5.5.3)",
            Self::Reserved(_) => "kept for later versions (RFC 6455, section 5.2)",
        }
    }
}

impl fmt::Display for Opcode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Continuation => out.write_str("continuation"),
            Self::Text => out.write_str("text"),
            Self::Binary => out.write_str("binary"),
            Self::Close => out.write_str("close"),
            Self::Ping => out.write_str("ping"),
            Self::Pong => out.write_str("pong"),
            Self::Reserved(number) => write!(out, "reserved {number:#x}"),
        }
    }
}
