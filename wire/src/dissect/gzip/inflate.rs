//! Undoes deflate, RFC 1951, up to a limit.

use flate2::{Crc, Decompress, FlushDecompress, Status};

/// How inflating ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With the end of the deflated data.
    Whole,
    /// More was to come.
    Torn,
    /// The bytes are no deflated data.
    Broken,
    /// There may be more, but not here.
    Limit,
}

/// Inflates one stream after the other.
pub(super) struct Inflater {
    /// What came out so far.
    pub(super) bytes: Vec<u8>,
    limit: usize,
    state: Decompress,
}

/// Bytes inflated at a time.
const STEP: usize = 32 * 1024;

impl Inflater {
    /// At most `limit` bytes come out of it.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            bytes: Vec::new(),
            limit,
            state: Decompress::new(false),
        }
    }

    /// Inflates the stream at the front of these bytes; how many of them belong to it, as far as it
    /// was read.
    pub(super) fn inflate(&mut self, bytes: &[u8]) -> (usize, End) {
        self.state.reset(false);
        let mut step = [0; STEP];
        let mut taken = 0;
        loop {
            let room = (self.limit - self.bytes.len()).min(STEP);
            // One byte more than there may be tells whether there is more.
            let into = &mut step[..(room + 1).min(STEP)];
            let (read, written) = (self.state.total_in(), self.state.total_out());
            let status = self
                .state
                .decompress(&bytes[taken..], into, FlushDecompress::None);
            let read = count(self.state.total_in() - read);
            let written = count(self.state.total_out() - written);
            taken += read;
            self.bytes.extend_from_slice(&into[..written.min(room)]);
            match status {
                Err(_) => return (taken, End::Broken),
                Ok(_) if written > room => return (taken, End::Limit),
                Ok(Status::StreamEnd) => return (taken, End::Whole),
                Ok(_) if read == 0 && written == 0 => return (taken, End::Torn),
                Ok(_) => {}
            }
        }
    }
}

/// Bytes of one step, which fit.
fn count(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// The checksum of gzip, RFC 1952, section 8.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(bytes);
    sum.sum()
}

/// The checksum of zlib, RFC 1950, section 9.
pub(super) fn adler32(bytes: &[u8]) -> u32 {
    /// The largest prime below 65536.
    const BASE: u32 = 65521;
    /// As many bytes as can be added before the sums must be reduced.
    const RUN: usize = 5552;
    let (mut a, mut b) = (1u32, 0u32);
    for run in bytes.chunks(RUN) {
        for byte in run {
            a += u32::from(*byte);
            b += a;
        }
        (a, b) = (a % BASE, b % BASE);
    }
    (b << 16) | a
}
