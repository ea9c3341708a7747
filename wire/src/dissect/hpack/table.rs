//! The two tables that indices point into: the static one, the same for everybody (RFC 7541,
//! Appendix A), and the dynamic one, which literals fill and which forgets its oldest (section 2.3.2).

use std::collections::VecDeque;

use bytes::Bytes;

use super::TABLE_BYTES;

/// Bytes of the dynamic table before anybody says otherwise, RFC 9113, section 6.5.2.
pub(super) const DEFAULT_BYTES: usize = 4096;

/// Bytes that an entry counts beyond its name and value, RFC 7541, section 4.1.
const ENTRY_BYTES: usize = 32;

/// The dynamic table of one direction.
#[derive(Debug)]
pub(super) struct Table {
    /// Newest first.
    entries: VecDeque<Entry>,
    size_bytes: usize,
    max_bytes: usize,
    /// Why nobody knows what it holds.
    lost: Option<&'static str>,
    /// Counts the changes.
    version: u64,
}

/// A header field as it is in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: Bytes,
    pub(super) value: Bytes,
}

/// What an index points to.
#[derive(Debug)]
pub(super) enum Found {
    /// An entry, and the table that it is in.
    Entry(Entry, &'static str),
    /// Nothing can be there.
    Nothing,
    /// Something that is not known, and why.
    Lost(&'static str),
}

impl Default for Table {
    fn default() -> Self {
        Self {
            entries: VecDeque::new(),
            size_bytes: 0,
            max_bytes: DEFAULT_BYTES,
            lost: None,
            version: 0,
        }
    }
}

impl Table {
    /// What that index points to, RFC 7541, section 2.3.3.
    pub(super) fn get(&self, index: usize) -> Found {
        let Some(place) = index.checked_sub(1) else {
            return Found::Nothing;
        };
        if let Some((name, value)) = STATIC.get(place) {
            let [name, value] = [name, value].map(|text| Bytes::from_static(text.as_bytes()));
            return Found::Entry(Entry { name, value }, "static");
        }
        match (self.entries.get(place - STATIC.len()), self.lost) {
            (_, Some(why)) => Found::Lost(why),
            (Some(entry), None) => Found::Entry(entry.clone(), "dynamic"),
            (None, None) => Found::Nothing,
        }
    }

    /// Adds an entry, at the cost of the oldest ones; whether it is in the table afterwards, since one
    /// that is larger than the table only empties it (RFC 7541, section 4.4).
    pub(super) fn insert(&mut self, entry: Entry) -> bool {
        if self.lost.is_some() {
            return false;
        }
        self.version += 1;
        let size = entry.size_bytes();
        self.shrink(self.max_bytes.saturating_sub(size));
        let fits = size <= self.max_bytes;
        if fits {
            self.size_bytes += size;
            self.entries.push_front(entry);
        }
        fits
    }

    /// The encoder says how large the table is from now on.
    pub(super) fn resize(&mut self, max_bytes: usize) {
        if max_bytes > TABLE_BYTES {
            self.lose("it grew past what this dissector keeps, 64 KiB");
        }
        self.version += 1;
        self.max_bytes = max_bytes;
        self.shrink(max_bytes);
    }

    /// From here on nobody knows what it holds.
    pub(super) fn lose(&mut self, why: &'static str) {
        self.lost.get_or_insert(why);
        self.entries = VecDeque::new();
        self.size_bytes = 0;
    }

    /// Why nobody knows what it holds; `None` while it is known.
    pub(super) fn lost(&self) -> Option<&'static str> {
        self.lost
    }

    /// Differs whenever the table does.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Number of entries.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// As RFC 7541, section 4.1, counts it.
    pub(super) fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    /// Names and values, newest first.
    pub(super) fn texts(&self) -> impl Iterator<Item = (String, String)> {
        self.entries.iter().map(|entry| {
            let [name, value] = [&entry.name, &entry.value];
            let text = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
            (text(name), text(value))
        })
    }

    /// Forgets the oldest entries until no more than so many bytes are left.
    fn shrink(&mut self, to_bytes: usize) {
        while self.size_bytes > to_bytes {
            let Some(oldest) = self.entries.pop_back() else {
                return;
            };
            self.size_bytes -= oldest.size_bytes();
        }
    }
}

impl Entry {
    fn size_bytes(&self) -> usize {
        self.name.len() + self.value.len() + ENTRY_BYTES
    }
}

/// RFC 7541, Appendix A.
#[rustfmt::skip]
pub(super) const STATIC: [(&str, &str); 61] = [
    (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"),
    (":path", "/index.html"), (":scheme", "http"), (":scheme", "https"), (":status", "200"),
    (":status", "204"), (":status", "206"), (":status", "304"), (":status", "400"),
    (":status", "404"), (":status", "500"), ("accept-charset", ""),
    ("accept-encoding", "gzip, deflate"), ("accept-language", ""), ("accept-ranges", ""),
    ("accept", ""), ("access-control-allow-origin", ""), ("age", ""), ("allow", ""),
    ("authorization", ""), ("cache-control", ""), ("content-disposition", ""),
    ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
    ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""),
    ("date", ""), ("etag", ""), ("expect", ""), ("expires", ""), ("from", ""), ("host", ""),
    ("if-match", ""), ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""),
    ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""), ("location", ""),
    ("max-forwards", ""), ("proxy-authenticate", ""), ("proxy-authorization", ""), ("range", ""),
    ("referer", ""), ("refresh", ""), ("retry-after", ""), ("server", ""), ("set-cookie", ""),
    ("strict-transport-security", ""), ("transfer-encoding", ""), ("user-agent", ""), ("vary", ""),
    ("via", ""), ("www-authenticate", ""),
];
