//! The head of a frame, and the types that there are.

/// Bytes of a frame's head, RFC 9113, section 4.1.
pub(super) const HEAD_BYTES: usize = 9;

/// The stream is over in this direction.
pub(super) const END_STREAM: u8 = 0x01;
/// The settings, or the ping, of the other side are acknowledged.
pub(super) const ACK: u8 = 0x01;
/// The block is over.
pub(super) const END_HEADERS: u8 = 0x04;
/// The payload begins with a pad length.
pub(super) const PADDED: u8 = 0x08;
/// The payload tells a priority.
pub(super) const PRIORITY: u8 = 0x20;

/// The head of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// Bytes of the payload.
    pub(super) length: usize,
    pub(super) kind: Kind,
    pub(super) flags: u8,
    /// A bit that has no meaning yet.
    pub(super) reserved: bool,
    pub(super) stream: u32,
}

/// What a frame is, by its type's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Data,
    Headers,
    Priority,
    RstStream,
    Settings,
    PushPromise,
    Ping,
    GoAway,
    WindowUpdate,
    Continuation,
    AltSvc,
    Origin,
    PriorityUpdate,
    Unknown(u8),
}

impl Frame {
    /// The head at the front of `bytes`; `None` where they are fewer than [`HEAD_BYTES`].
    // region: frame-head
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let head: [u8; HEAD_BYTES] = *bytes.first_chunk()?;
        let [l0, l1, l2, kind, flags, s0, s1, s2, s3] = head;
        let length = u32::from_be_bytes([0, l0, l1, l2]);
        let stream = u32::from_be_bytes([s0, s1, s2, s3]);
        Some(Self {
            length: length as usize,
            kind: Kind::of(kind),
            flags,
            reserved: stream >> 31 == 1,
            stream: stream & (u32::MAX >> 1),
        })
    }
    // endregion: frame-head

    /// Whether that flag is set; its meaning depends on the type.
    pub(super) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

impl Kind {
    fn of(number: u8) -> Self {
        match number {
            0x00 => Self::Data,
            0x01 => Self::Headers,
            0x02 => Self::Priority,
            0x03 => Self::RstStream,
            0x04 => Self::Settings,
            0x05 => Self::PushPromise,
            0x06 => Self::Ping,
            0x07 => Self::GoAway,
            0x08 => Self::WindowUpdate,
            0x09 => Self::Continuation,
            0x0a => Self::AltSvc,
            0x0c => Self::Origin,
            0x10 => Self::PriorityUpdate,
            number => Self::Unknown(number),
        }
    }

    /// The standard's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Data => "DATA",
            Self::Headers => "HEADERS",
            Self::Priority => "PRIORITY",
            Self::RstStream => "RST_STREAM",
            Self::Settings => "SETTINGS",
            Self::PushPromise => "PUSH_PROMISE",
            Self::Ping => "PING",
            Self::GoAway => "GOAWAY",
            Self::WindowUpdate => "WINDOW_UPDATE",
            Self::Continuation => "CONTINUATION",
            Self::AltSvc => "ALTSVC",
            Self::Origin => "ORIGIN",
            Self::PriorityUpdate => "PRIORITY_UPDATE",
            Self::Unknown(_) => "unknown frame",
        }
    }

    /// What it is for.
    pub(super) fn note(self) -> &'static str {
        match self {
            Self::Data => "part of a message's body (RFC 9113, section 6.1)",
            Self::Headers => {
                "opens a stream, or ends it with trailers; its fields are compressed (RFC 9113, section 6.2)"
            }
            Self::Priority => "how a stream ranks among others; deprecated (RFC 9113, section 6.3)",
            Self::RstStream => {
                "ends a stream at once, the connection goes on (RFC 9113, section 6.4)"
            }
            Self::Settings => {
                "what its sender can take; each side begins with one (RFC 9113, section 6.5)"
            }
            Self::PushPromise => {
                "a request that the server makes on the client's behalf (RFC 9113, section 6.6)"
            }
            Self::Ping => {
                "measures the round trip, and tells whether anybody is there (RFC 9113, section 6.7)"
            }
            Self::GoAway => "no new streams on this connection (RFC 9113, section 6.8)",
            Self::WindowUpdate => "so many more bytes of DATA may come (RFC 9113, section 6.9)",
            Self::Continuation => "the rest of a header block (RFC 9113, section 6.10)",
            Self::AltSvc => "where else this service is (RFC 7838, section 4)",
            Self::Origin => "which origins this connection serves (RFC 8336)",
            Self::PriorityUpdate => "a new priority for a stream (RFC 9218, section 7.1)",
            Self::Unknown(_) => {
                "receivers pass over types that they do not know (RFC 9113, section 5.5)"
            }
        }
    }

    /// Whether such frames are what the connection needs for itself.
    pub(super) fn is_setup(self) -> bool {
        match self {
            Self::Data | Self::Headers | Self::RstStream => false,
            Self::PushPromise | Self::Continuation | Self::Unknown(_) => false,
            Self::Priority | Self::Settings | Self::Ping | Self::GoAway => true,
            Self::WindowUpdate | Self::AltSvc | Self::Origin | Self::PriorityUpdate => true,
        }
    }

    /// The flags that it has.
    pub(super) fn flags(self) -> &'static [(u8, &'static str)] {
        match self {
            Self::Data => &[(END_STREAM, "END_STREAM"), (PADDED, "PADDED")],
            Self::Headers => &[
                (END_STREAM, "END_STREAM"),
                (END_HEADERS, "END_HEADERS"),
                (PADDED, "PADDED"),
                (PRIORITY, "PRIORITY"),
            ],
            Self::PushPromise => &[(END_HEADERS, "END_HEADERS"), (PADDED, "PADDED")],
            Self::Continuation => &[(END_HEADERS, "END_HEADERS")],
            Self::Settings | Self::Ping => &[(ACK, "ACK")],
            _ => &[],
        }
    }
}
