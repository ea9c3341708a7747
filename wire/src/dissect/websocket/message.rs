//! Messages: put together from their frames, unmasked and inflated.

use bytes::Bytes;

use super::Payload;
use super::frame::Opcode;
use super::inflate::Inflater;
use crate::dissect::connection::Input;
use crate::dissect::content::{BodyPiece, Content, Described};
use crate::dissect::output::Output;
use crate::dissect::row::Row;
use crate::dissection::{BufferId, Derivation, Piece, Place};
use crate::span::{Layer, Role, Span};

/// Bytes that a frame's place costs beside its payload: a flood of tiny frames counts as what it
/// takes to remember them.
const PIECE_COST_BYTES: usize = std::mem::size_of::<Piece>();

/// A message whose frames come in.
#[derive(Debug)]
pub(super) struct Message {
    opcode: Opcode,
    compressed: bool,
    masked: bool,
    path: String,
    place: Place,
    /// What has come of it, unmasked.
    bytes: Vec<u8>,
    /// Where that was.
    from: Vec<Piece>,
    /// It is longer than what is kept, or parts of it are missing.
    given_up: bool,
}

impl Message {
    /// A message of which nothing has come yet.
    pub(super) fn new(opcode: Opcode, compressed: bool, path: String, place: Place) -> Self {
        Self {
            opcode,
            compressed,
            masked: false,
            path,
            place,
            bytes: Vec::new(),
            from: Vec::new(),
            given_up: false,
        }
    }

    /// Whether nothing of it has come.
    pub(super) fn is_empty(&self) -> bool {
        self.from.is_empty() && !self.given_up
    }

    /// Whether permessage-deflate compressed it.
    pub(super) fn is_compressed(&self) -> bool {
        self.compressed
    }

    /// Explains the payload of the only frame where it is.
    pub(super) fn in_place(
        &self,
        payload: &Payload<'_>,
        input: &Input<'_>,
        output: &mut Output,
    ) -> Vec<Span> {
        let piece = BodyPiece {
            buffer: input.buffer(),
            start: payload.start,
            bytes: payload.bytes,
        };
        self.content().piece(piece, true, input, output)
    }

    /// Lays the payload of a frame as it was recorded; what it says is told elsewhere.
    pub(super) fn lay(&self, payload: &Payload<'_>, row: &mut Row) {
        if payload.bytes.is_empty() {
            return;
        }
        let end = payload.start + payload.bytes.len();
        let role = match self.compressed {
            true => Role::Compressed,
            false => Role::Value,
        };
        let note = match (self.compressed, payload.mask.is_some()) {
            (true, true) => "masked and compressed (RFC 6455, section 5.3; RFC 7692)",
            (true, false) => "compressed (RFC 7692, section 7)",
            (false, true) => "masked: what it says is told unmasked (RFC 6455, section 5.3)",
            (false, false) => "part of a message: what it says is told of the whole",
        };
        let said = format!("{} bytes", payload.bytes.len());
        let span = Span::new(payload.start..end, Layer::WebSocket, role, "payload");
        row.push(span.value(said).note(note));
    }

    /// The payload of the next frame.
    pub(super) fn add(&mut self, payload: &Payload<'_>, input: &Input<'_>) {
        let cost = payload.bytes.len() + (self.from.len() + 1).saturating_mul(PIECE_COST_BYTES);
        if self.bytes.len().saturating_add(cost) > self.most(input) {
            self.give_up();
        }
        self.masked |= payload.mask.is_some();
        if self.given_up || payload.bytes.is_empty() {
            return;
        }
        self.bytes.extend(payload.unmasked());
        self.from.push(Piece {
            buffer: input.buffer(),
            range: payload.start..payload.start + payload.bytes.len(),
        });
    }

    /// A frame that may be kept, may be put in a message.
    fn most(&self, input: &Input<'_>) -> usize {
        input.limits.message_bytes.saturating_add(PIECE_COST_BYTES)
    }

    /// It cannot be put together.
    pub(super) fn give_up(&mut self) {
        self.given_up = true;
        self.bytes = Vec::new();
        self.from = Vec::new();
    }

    /// Its last frame has come.
    pub(super) fn finish(
        self,
        inflater: Option<&mut Inflater>,
        input: &Input<'_>,
        output: &mut Output,
    ) {
        let inflater = inflater.filter(|_| self.compressed);
        if self.given_up {
            if let Some(inflater) = inflater {
                inflater.lose();
            }
            return;
        }
        // Even nothing has to pass through the inflater, which counts what has passed.
        let inflated = inflater.map(|inflater| {
            let most = input.limits.inflated_bytes.min(input.limits.message_bytes);
            inflater.inflate(&self.bytes, most)
        });
        if self.bytes.is_empty() {
            return;
        }
        match inflated {
            Some(inflated) => self.derive_compressed(inflated, input, output),
            None => self.derive(input, output),
        }
    }

    fn derive(mut self, input: &Input<'_>, output: &mut Output) {
        let (by, from) = (self.derivation(), std::mem::take(&mut self.from));
        let bytes = Bytes::from(std::mem::take(&mut self.bytes));
        let held = bytes.clone();
        output.derive(self.title(), by, from, bytes, |buffer, output| {
            self.read(buffer, &held, input, output)
        });
    }

    fn derive_compressed(
        mut self,
        inflated: Result<Vec<u8>, &'static str>,
        input: &Input<'_>,
        output: &mut Output,
    ) {
        let from = match self.masked || self.from.len() > 1 {
            true => vec![self.derive_deflated(inflated.as_ref().err().copied(), output)],
            false => std::mem::take(&mut self.from),
        };
        let bytes = Bytes::from(inflated.unwrap_or_default());
        if bytes.is_empty() {
            return;
        }
        let title = format!("{} message, inflated", self.opcode);
        let held = bytes.clone();
        output.derive(
            title,
            Derivation::Inflated,
            from,
            bytes,
            |buffer, output| self.read(buffer, &held, input, output),
        );
    }

    /// The compressed bytes in one piece.
    fn derive_deflated(&mut self, problem: Option<&'static str>, output: &mut Output) -> Piece {
        let (by, from) = (self.derivation(), std::mem::take(&mut self.from));
        let bytes = Bytes::from(std::mem::take(&mut self.bytes));
        let range = 0..bytes.len();
        let mut span = Span::new(
            range.clone(),
            Layer::WebSocket,
            Role::Compressed,
            "deflate data",
        )
        .note("a deflate block without the four bytes 00 00 ff ff at its end (RFC 7692, section 7.2.1)");
        if let Some(problem) = problem {
            crate::dissect::row::breaks(&mut span, problem);
        }
        let title = format!("{}, compressed", self.title());
        let buffer = output.derive(title, by, from, bytes, |_, _| vec![span]);
        Piece { buffer, range }
    }

    fn read(
        &self,
        buffer: BufferId,
        bytes: &[u8],
        input: &Input<'_>,
        output: &mut Output,
    ) -> Vec<Span> {
        let piece = BodyPiece {
            buffer,
            start: 0,
            bytes,
        };
        self.content().piece(piece, true, input, output)
    }

    fn content(&self) -> Content {
        // What a message holds, no head tells: binary ones are not looked into, texts are.
        let media_type = match self.opcode {
            Opcode::Binary => "application/octet-stream",
            _ => "",
        };
        let described = Described {
            media_type: media_type.to_string(),
            encoding: String::new(),
            path: self.path.clone(),
        };
        Content::new(described, self.place)
    }

    fn derivation(&self) -> Derivation {
        match self.masked {
            true => Derivation::Unmasked,
            false => Derivation::Reassembled,
        }
    }

    fn title(&self) -> String {
        let how = match (self.masked, self.from.len() > 1) {
            (true, true) => "unmasked and reassembled",
            (true, false) => "unmasked",
            (false, _) => "reassembled",
        };
        format!("{} message, {how}", self.opcode)
    }
}
