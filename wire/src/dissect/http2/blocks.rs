//! Header blocks: a HEADERS or PUSH_PROMISE frame, and CONTINUATION frames right after it, RFC 9113,
//! section 4.3. A block in one frame is explained in place, one in several gets a buffer of its own.

use bytes::BytesMut;

use super::Reader;
use super::frame::{END_HEADERS, END_STREAM, Frame, Kind};
use super::parts::Parts;
use super::streams::Block;
use crate::dissect::connection::Input;
use crate::dissect::hpack::{self, Decoder};
use crate::dissect::output::Output;
use crate::dissection::{Derivation, Piece};
use crate::span::{Layer, Role, Span};

/// The header blocks of one direction.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    decoder: Decoder,
    open: Option<Open>,
}

/// A block of which more is to come.
#[derive(Debug)]
struct Open {
    /// The stream whose CONTINUATION frames bring the rest.
    carrier: u32,
    block: Block,
    pieces: Vec<Piece>,
    /// `None` for a block that is too long to keep.
    bytes: Option<BytesMut>,
}

impl Blocks {
    /// The other side allows HPACK's table to have that many bytes.
    pub(super) fn permit(&mut self, table_bytes: usize) {
        self.decoder.permit(table_bytes);
    }

    /// Gives up the open block, if this frame is not the rest of it: the rule that it breaks.
    pub(super) fn interrupted_by(
        &mut self,
        frame: &Frame,
        input: &Input<'_>,
        output: &mut Output,
    ) -> Option<&'static str> {
        let goes_on =
            |open: &Open| frame.kind == Kind::Continuation && frame.stream == open.carrier;
        if self.open.as_ref().is_none_or(goes_on) {
            return None;
        }
        if let Some(open) = self.open.take() {
            self.reassembled(open, input, output);
        }
        self.decoder.lose("another frame cut a header block off");
        Some(
            "a header block is open: only its CONTINUATION frames may come (RFC 9113, section 6.10)",
        )
    }

    /// Nothing follows: an open block is read as far as it goes.
    pub(super) fn ended(&mut self, input: &Input<'_>, output: &mut Output) {
        if let Some(open) = self.open.take() {
            self.reassembled(open, input, output);
        }
    }

    /// A frame was not looked into.
    pub(super) fn passed_over(&mut self, frame: &Frame) {
        if !matches!(
            frame.kind,
            Kind::Headers | Kind::PushPromise | Kind::Continuation
        ) {
            return;
        }
        self.decoder.lose("a header block was too long to be kept");
        if let Some(open) = &mut self.open {
            open.let_go();
        }
        // What CONTINUATION frames bring now is not looked into, either.
        let open = self.open.take().unwrap_or_else(|| Open {
            carrier: frame.stream,
            block: Block::of(frame, frame.stream),
            pieces: Vec::new(),
            bytes: None,
        });
        self.open = (!frame.has(END_HEADERS)).then_some(open);
    }

    /// Puts a block of several frames together, and reads it.
    fn reassembled(
        &mut self,
        open: Open,
        input: &Input<'_>,
        output: &mut Output,
    ) -> hpack::Explained {
        let decoder = &mut self.decoder;
        let mut explained = hpack::Explained::default();
        let Some(bytes) = open.bytes.filter(|bytes| !bytes.is_empty()) else {
            return explained;
        };
        let bytes = bytes.freeze();
        let stream = open.block.stream;
        let title = format!(
            "header block of stream {stream}, connection {}",
            input.connection
        );
        let block = bytes.clone();
        output.derive(
            title,
            Derivation::Reassembled,
            open.pieces,
            bytes,
            |buffer, output| {
                let block = hpack::Block {
                    buffer,
                    start: 0,
                    bytes: &block,
                };
                explained = decoder.block(block, output);
                std::mem::take(&mut explained.spans)
            },
        );
        explained
    }
}

impl Open {
    /// Takes a fragment in; what is too long to keep is let go.
    fn take(&mut self, piece: Piece, fragment: &[u8], limit: usize) {
        let Some(bytes) = &mut self.bytes else {
            return;
        };
        if bytes.len() + fragment.len() > limit {
            self.let_go();
        } else if !fragment.is_empty() {
            bytes.extend_from_slice(fragment);
            self.pieces.push(piece);
        }
    }

    /// The block is not going to be read.
    fn let_go(&mut self) {
        self.bytes = None;
        self.pieces = Vec::new();
    }
}

impl Reader {
    /// The first fragment of a block, whose message is on `stream`.
    pub(super) fn block_begins(
        &mut self,
        frame: &Frame,
        stream: u32,
        mut parts: Parts<'_>,
        input: &Input<'_>,
        output: &mut Output,
    ) -> Vec<Span> {
        let block = Block::of(frame, stream);
        let blocks = &mut self.sides[input.direction.index()].blocks;
        if !frame.has(END_HEADERS) {
            blocks.open = Some(Open {
                carrier: frame.stream,
                block,
                pieces: Vec::new(),
                bytes: Some(BytesMut::new()),
            });
            return self.block_goes_on(frame, parts, input, output);
        }
        let (range, bytes) = parts.take(parts.rest.len());
        let whole = hpack::Block {
            buffer: input.buffer(),
            start: range.start,
            bytes,
        };
        let explained = blocks.decoder.block(whole, output);
        if !range.is_empty() {
            let span = Span::new(range, Layer::Hpack, Role::Headers, "header block");
            let note = "header fields, compressed by HPACK (RFC 7541)";
            parts.spans.push(span.note(note).children(explained.spans));
        }
        let table = blocks.decoder.table();
        self.streams
            .head(block, explained.fields, table, input, output);
        parts.finished("header block")
    }

    /// A further fragment of the open block, or its first.
    pub(super) fn block_goes_on(
        &mut self,
        frame: &Frame,
        mut parts: Parts<'_>,
        input: &Input<'_>,
        output: &mut Output,
    ) -> Vec<Span> {
        let blocks = &mut self.sides[input.direction.index()].blocks;
        let Some(mut open) = blocks.open.take() else {
            let rule =
                "no header block is open that this could go on with (RFC 9113, section 6.10)";
            blocks
                .decoder
                .lose("a piece of a header block came without its beginning");
            parts.rest_breaks(rule);
            return parts.finished(rule);
        };
        let (range, bytes) = parts.take(parts.rest.len());
        let piece = Piece {
            buffer: input.buffer(),
            range: range.clone(),
        };
        open.take(piece, bytes, input.limits.message_bytes);
        if !range.is_empty() {
            parts.spans.push(hpack::unread(
                range,
                match open.bytes {
                    Some(_) => {
                        "a piece of a header block: the whole is explained in a buffer of its own"
                    }
                    None => "not looked into: the header block is longer than this dissector keeps",
                },
            ));
        }
        match frame.has(END_HEADERS) {
            true => self.block_ends(open, input, output),
            false => blocks.open = Some(open),
        }
        parts.finished("header block")
    }

    fn block_ends(&mut self, open: Open, input: &Input<'_>, output: &mut Output) {
        let blocks = &mut self.sides[input.direction.index()].blocks;
        let block = open.block;
        if open.bytes.is_none() {
            blocks
                .decoder
                .lose("a header block was too long to be kept");
            return self
                .streams
                .hole(block.stream, block.end_stream, input, output);
        }
        let explained = blocks.reassembled(open, input, output);
        let table = blocks.decoder.table();
        let fields = explained.fields;
        self.streams.head(block, fields, table, input, output);
    }
}

impl Block {
    /// The block that such a frame begins, whose message is on `stream`.
    fn of(frame: &Frame, stream: u32) -> Self {
        Self {
            stream,
            promise: frame.kind == Kind::PushPromise,
            end_stream: frame.kind == Kind::Headers && frame.has(END_STREAM),
        }
    }
}
