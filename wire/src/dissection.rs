//! What dissectors found: a tree of buffers, recorded and derived, each tiled by spans; and, beside
//! it, the heads and payloads of messages in plain records, for whoever compares or counts them.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;

use crate::recording::Direction;
use crate::span::{Span, tiles};

/// What dissectors found in a recording, or in what came since the last look at a live one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dissection {
    /// What connections carried: at most one a connection and direction, those that carried
    /// nothing left out.
    pub recorded: Vec<Buffer>,
    /// What other buffers held, in another form.
    pub derived: Vec<Buffer>,
    /// For each of `derived`, in their order, the recorded bytes with which it became whole: those of
    /// the unit that ended it, which may come long after its last byte, as the end of a chunked body
    /// does. `None` where the end of a connection ended it.
    pub whole_with: Vec<Option<Piece>>,
    /// Heads of messages, in the order in which they were whole.
    pub heads: Vec<Head>,
    /// Payloads of messages, in the order in which they were whole.
    pub payloads: Vec<Payload>,
}

/// A buffer's name, the same for as long as a live stream is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BufferId {
    /// What a connection, counted from 0, carried in one direction.
    Recorded(usize, Direction),
    /// A derived one, counted from 0.
    Derived(usize),
}

/// Bytes, with the spans that tile them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buffer {
    /// Its own name.
    pub id: BufferId,
    /// What a reader is told of it: `request body, dechunked`.
    pub title: String,
    /// Where its bytes come from.
    pub origin: Origin,
    /// Place of the first byte that is kept: 0, but in a live stream whose past is forgotten.
    pub start: usize,
    /// The bytes from `start` on.
    pub bytes: Bytes,
    /// Tiles `start..start + bytes.len()`.
    pub spans: Vec<Span>,
}

/// Where a buffer's bytes come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// From a socket.
    Recorded,
    /// From other buffers.
    Derived {
        /// What was done to them.
        by: Derivation,
        /// What of them, in order. Where `by` keeps bytes, their lengths add up to this buffer's.
        from: Vec<Piece>,
    },
}

/// A range of another buffer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// Which buffer.
    pub buffer: BufferId,
    /// Counted as that buffer's spans are.
    pub range: Range<usize>,
}

/// What makes one buffer out of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Derivation {
    /// The chunks of an HTTP/1.1 body without their sizes.
    Dechunked,
    /// The payload of WebSocket frames without their mask.
    Unmasked,
    /// A message out of the frames that carried it.
    Reassembled,
    /// What a compressed stream holds.
    Inflated,
    /// What a Huffman code of HPACK spells.
    HuffmanDecoded,
}

impl Derivation {
    /// Whether each byte stands for just one byte of the parents, at the same place.
    #[must_use]
    pub fn keeps_bytes(self) -> bool {
        !matches!(self, Self::Inflated | Self::HuffmanDecoded)
    }
}

/// The head of a message, or its trailers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Whose, where it is, counted as [`Payload`] does.
    pub place: Place,
    /// What it is.
    pub kind: HeadKind,
    /// Names and values in order, as the receiver's library sees them. HTTP/2's pseudo-headers are
    /// among them, HTTP/1.1's start line is not.
    pub fields: Vec<HeaderField>,
    /// HPACK's dynamic table after this head, newest first; `None` outside of HTTP/2, and where the
    /// table is not known any more. Heads that leave the table as it was share it, so that a
    /// hundred thousand calls of a recording do not hold it a hundred thousand times.
    pub table: Option<Arc<[(String, String)]>>,
}

/// Which message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Place {
    /// Connection, counted from 0.
    pub connection: usize,
    /// Direction.
    pub direction: Direction,
    /// HTTP/2's stream; of other protocols the place of the exchange on its connection, from 0.
    pub stream: u32,
}

/// What a head is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadKind {
    /// A request.
    Request {
        /// `POST`
        method: String,
        /// The request target: `/RPC2`.
        path: String,
    },
    /// An answer, an informational one among them.
    Response {
        /// `200`
        status: u16,
    },
    /// Fields after the body; gRPC's status is in them.
    Trailers,
}

/// One header field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeaderField {
    /// As written.
    pub name: String,
    /// Bytes that are not UTF-8 replaced.
    pub value: String,
    /// Where its bytes are, in the recorded buffer or in the derived one that the head is in.
    pub at: Piece,
    /// Bytes that it took on the wire.
    pub wire_bytes: usize,
    /// Bytes that HTTP/1.1 would need for it: name, colon, space, value, line end.
    pub plain_bytes: usize,
}

/// What a message carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Payload {
    /// Whose.
    pub place: Place,
    /// What it was read as.
    pub kind: PayloadKind,
    /// Where it is, decoded as far as it can be: the buffer may be a derived one. A gRPC message's
    /// is without its prefix.
    pub at: Piece,
    /// What it says, whole.
    #[serde(skip)]
    pub bytes: Bytes,
}

/// What a payload was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PayloadKind {
    /// One gRPC message.
    Grpc,
    /// One JSON text.
    Json,
    /// One XML document.
    Xml,
    /// One server-sent event.
    Event,
    /// Other text.
    Text,
    /// Anything else.
    Binary,
}

/// Part of what was recorded: what one call took, or all that a connection needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// What a reader is told of it: `gRPC, warm`.
    pub title: String,
    /// Ranges of recorded buffers, in the order in which they are to be shown.
    pub pieces: Vec<Piece>,
}

impl BufferId {
    /// Which way a recorded buffer went; `None` of a derived one, which comes of both at times.
    #[must_use]
    pub fn direction(self) -> Option<Direction> {
        match self {
            Self::Recorded(_, direction) => Some(direction),
            Self::Derived(_) => None,
        }
    }
}

impl Excerpt {
    /// All that was recorded.
    #[must_use]
    pub fn whole(title: impl Into<String>, dissection: &Dissection) -> Self {
        let pieces = dissection.recorded.iter().map(|buffer| Piece {
            buffer: buffer.id,
            range: buffer.range(),
        });
        Self {
            title: title.into(),
            pieces: pieces.collect(),
        }
    }

    /// Bytes of all its pieces.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.pieces.iter().map(|piece| piece.range.len()).sum()
    }
}

impl Buffer {
    /// Those bytes of it, counted as its spans are; empty where they are forgotten.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> &[u8] {
        let from = range.start.checked_sub(self.start);
        let to = range.end.checked_sub(self.start);
        let range = from.zip(to).map(|(from, to)| from..to);
        range
            .and_then(|range| self.bytes.get(range))
            .unwrap_or_default()
    }

    /// The places that its bytes have.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.bytes.len()
    }

    /// Its leaves, in the order of their bytes.
    pub fn leaves(&self) -> impl Iterator<Item = &Span> {
        self.spans.iter().flat_map(Span::leaves)
    }
}

impl Dissection {
    /// All buffers, recorded ones first.
    pub fn buffers(&self) -> impl Iterator<Item = &Buffer> {
        self.recorded.iter().chain(&self.derived)
    }

    /// The buffer of that name, if it is (still) here.
    #[must_use]
    pub fn buffer(&self, id: BufferId) -> Option<&Buffer> {
        match id {
            BufferId::Recorded(..) => self.recorded.iter().find(|buffer| buffer.id == id),
            BufferId::Derived(number) => {
                let first = self.derived.first().map(|buffer| buffer.id);
                let Some(BufferId::Derived(first)) = first else {
                    return None;
                };
                self.derived.get(number.checked_sub(first)?)
            }
        }
    }

    /// Whether the leaves of every buffer tile it, so that every byte belongs to just one.
    ///
    /// # Errors
    /// The first place where they do not, in words.
    pub fn check(&self) -> Result<(), String> {
        for buffer in self.buffers() {
            tiles(&buffer.spans, buffer.range())
                .map_err(|place| format!("{:?}: {place}", buffer.id))?;
        }
        Ok(())
    }
}
