//! How large bodies are, plain and compressed as HTTP and gRPC compress them: each by itself.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use super::lane::Lane;

/// What most servers use.
const GZIP_LEVEL: u32 = 6;

/// zstd's own default.
const ZSTD_LEVEL: i32 = 3;

/// Bytes of all messages together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sizes {
    /// As they are.
    pub raw: usize,
    /// Each message compressed by gzip.
    pub gzip: usize,
    /// Each message compressed by zstd.
    pub zstd: usize,
}

/// The sizes of a lane's bodies. gRPC's prefix is never compressed.
///
/// # Errors
/// The compressors', which in memory have none to tell.
pub fn of(lane: &Lane) -> io::Result<Sizes> {
    let mut sizes = Sizes::default();
    for body in &lane.bodies {
        let (prefix, content) = body.split_at(lane.prefix_bytes);
        sizes.raw += body.len();
        sizes.gzip += prefix.len() + gzip(content)?.len();
        sizes.zstd += prefix.len() + zstd::bulk::compress(content, ZSTD_LEVEL)?.len();
    }
    Ok(sizes)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
    encoder.write_all(bytes)?;
    encoder.finish()
}
