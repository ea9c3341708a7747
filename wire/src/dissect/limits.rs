//! How much a dissector keeps.

/// How much a dissector keeps of what is not whole yet. What goes past it is told as bytes that were
/// not looked into; nothing is lost but the explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one head, frame or message that are kept until it is whole.
    pub message_bytes: usize,
    /// Exchanges of one connection that are followed at the same time.
    pub streams: usize,
    /// Bytes that a compressed body may inflate to.
    pub inflated_bytes: usize,
}

impl Limits {
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
