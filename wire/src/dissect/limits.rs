//! How much a dissector keeps.

/// Spans of one message that are told at most, whatever the limits: each takes some two hundred bytes,
/// about fifty times what a dense message needs for what it explains.
pub(crate) const MOST_SPANS: usize = 1 << 20;

/// Spans of one message that are always told.
const FEWEST_SPANS: usize = 1024;

/// How much a dissector keeps of what is not whole yet. What goes past it is told as bytes that were
/// not looked into; nothing is lost but the explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one head, frame or message that are kept until it is whole. What explains a message
    /// is bounded with it: see [`Limits::spans`].
    pub message_bytes: usize,
    /// Exchanges of one connection that are followed at the same time.
    pub streams: usize,
    /// Bytes that a compressed body may inflate to.
    pub inflated_bytes: usize,
}

impl Limits {
    /// Spans that a JSON text, an XML document, other text, an event or a protobuf message may become: one for
    /// every eight of [`Limits::message_bytes`], at least 1,024, and at most 1,048,576. What comes
    /// after them is one leaf that says so. A span takes some two hundred bytes, so that a message
    /// that is nothing but brackets takes about 25 times its limit while it is looked at, and not
    /// two hundred times.
    #[must_use]
    pub fn spans(&self) -> usize {
        (self.message_bytes / 8).clamp(FEWEST_SPANS, MOST_SPANS)
    }

    /// For a recording, which is in memory anyway: whatever was recorded is looked into.
    #[must_use]
    pub fn none() -> Self {
        Self {
            message_bytes: usize::MAX,
            streams: usize::MAX,
            ..Self::default()
        }
    }
}

impl Default for Limits {
    /// For a live stream: a megabyte a message, 256 streams, 64 MiB inflated.
    fn default() -> Self {
        Self {
            message_bytes: 1024 * 1024,
            streams: 256,
            inflated_bytes: 64 * 1024 * 1024,
        }
    }
}
