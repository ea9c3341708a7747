//! HPACK, RFC 7541: how HTTP/2 compresses header fields. A block is a row of representations: an
//! index into a table that both ends keep, or a literal that may enter the table. So what a block
//! says depends on every block before it in its direction, and one [`Decoder`] reads them all.

mod huffman;
mod integer;
mod literal;
mod representation;
mod table;
mod text;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::output::Output;
use crate::dissection::{BufferId, HeaderField};
use crate::span::{Layer, Span};
use representation::Reading;
use table::Table;

/// The largest dynamic table that is kept, in bytes as RFC 7541, section 4.1, counts them. A peer
/// that uses a larger one makes this dissector keep none.
pub const TABLE_BYTES: usize = 64 * 1024;

/// Bytes of decoded fields and tables that a direction may always take.
const ALLOWED_BYTES: usize = 4 * 1024 * 1024;

/// How many more each byte of a block allows. A block of one byte may stand for a field of 64 KiB:
/// without a measure of what went in, a megabyte would become gigabytes.
const ALLOWED_FACTOR: usize = 256;

/// What a direction's blocks have taught so far.
#[derive(Debug)]
pub struct Decoder {
    table: Table,
    /// The largest table that the other side has ever allowed, in bytes.
    permitted: usize,
    /// Bytes of decoded fields and tables that may still be kept.
    allowed: usize,
    /// The table as it was when it was last asked for.
    shared: Option<Shared>,
}

/// A table's entries, newest first, with the version that they are of.
#[derive(Debug)]
struct Shared {
    version: u64,
    entries: Arc<[(String, String)]>,
}

/// A whole block, wherever it is.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// The buffer in which it is.
    pub buffer: BufferId,
    /// Place of its first byte there.
    pub start: usize,
    /// The block.
    pub bytes: &'a [u8],
}

/// What a block says.
#[derive(Debug, Default)]
pub struct Explained {
    /// Tile the block.
    pub spans: Vec<Span>,
    /// Those that could be read, in order.
    pub fields: Vec<HeaderField>,
}

impl Default for Decoder {
    fn default() -> Self {
        Self {
            table: Table::default(),
            permitted: table::DEFAULT_BYTES,
            allowed: ALLOWED_BYTES,
            shared: None,
        }
    }
}

impl Decoder {
    /// The next block of this direction.
    pub fn block(&mut self, block: Block<'_>, output: &mut Output) -> Explained {
        let earned = block.bytes.len().saturating_mul(ALLOWED_FACTOR);
        self.allowed = self.allowed.saturating_add(earned);
        Reading::new(self, block, output).whole()
    }

    /// The other side allows a table of that many bytes (`SETTINGS_HEADER_TABLE_SIZE`, RFC 9113,
    /// section 6.5.2).
    pub fn permit(&mut self, size_bytes: usize) {
        self.permitted = self.permitted.max(size_bytes);
    }

    /// A block was not read, so that nobody knows what the table holds now. `why` ends a sentence
    /// that says so.
    pub fn lose(&mut self, why: &'static str) {
        self.table.lose(why);
    }

    /// The dynamic table as it is now, newest entry first; `None` when it is not known, or when
    /// there were so many tables that they are not all kept.
    pub fn table(&mut self) -> Option<Arc<[(String, String)]>> {
        if self.table.lost().is_some() {
            return None;
        }
        let version = self.table.version();
        if let Some(shared) = self
            .shared
            .as_ref()
            .filter(|shared| shared.version == version)
        {
            return Some(Arc::clone(&shared.entries));
        }
        let size = self.table.size_bytes() + self.table.len() * size_of::<(String, String)>();
        if !self.spend(size) {
            return None;
        }
        let entries: Arc<[_]> = self.table.texts().collect();
        self.shared = Some(Shared {
            version,
            entries: Arc::clone(&entries),
        });
        Some(entries)
    }

    /// Whether so many more bytes may be kept.
    fn spend(&mut self, size_bytes: usize) -> bool {
        let left = self.allowed.checked_sub(size_bytes);
        self.allowed = left.unwrap_or(self.allowed);
        left.is_some()
    }
}

/// A block that is passed over, as it is.
pub(super) fn unread(range: std::ops::Range<usize>, note: &'static str) -> Span {
    let role = crate::span::Role::Headers;
    Span::new(range, Layer::Hpack, role, "header block fragment").note(note)
}

/// `1 byte`, `2 bytes`.
fn bytes(count: usize) -> String {
    match count {
        1 => "1 byte".to_owned(),
        count => format!("{count} bytes"),
    }
}
