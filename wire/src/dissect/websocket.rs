//! WebSocket, RFC 6455: messages in frames, after a handshake in HTTP/1.1.
//!
//! What a client sends is masked with four bytes that stand before it, so that no proxy takes it for
//! HTTP: the recorded payload is a leaf, and the text is in a derived buffer.

mod control;
mod frame;
mod inflate;
mod message;
#[cfg(test)]
mod tests;

use super::connection::{Input, Progress, Read};
use super::output::Output;
use super::row::Row;
use crate::recording::Direction;
use crate::span::{Layer, Role, Span};
use frame::{Head, Opcode, Rules};
use inflate::Inflater;
use message::Message;

/// Bytes of a payload that is not kept whole that are told at a time.
const PIECE_BYTES: usize = 16 * 1024;

/// What the handshake told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Handshake {
    /// The target of the request.
    pub path: String,
    /// Its place among the exchanges of the connection; messages count on from there, in each
    /// direction.
    pub exchange: u32,
    /// What the server agreed to, in lower case: `permessage-deflate; server_no_context_takeover`.
    pub extensions: Vec<String>,
}

/// Reads a connection.
#[derive(Debug, Default)]
pub struct Reader {
    sides: [Side; 2],
}

/// One direction.
#[derive(Debug, Default)]
struct Side {
    path: String,
    /// Messages that have begun, and exchanges before them.
    messages: u32,
    /// A message of which the last frame has not come.
    open: Option<Message>,
    /// Where permessage-deflate was agreed to.
    inflater: Option<Inflater>,
    /// Bytes of a frame's payload that are passed on without being looked into.
    skip: u64,
}

impl Reader {
    /// A connection after that handshake.
    #[must_use]
    pub fn new(handshake: &Handshake) -> Self {
        let side = |direction| Side {
            path: handshake.path.clone(),
            messages: handshake.exchange.saturating_add(1),
            inflater: inflate::agreed(&handshake.extensions, direction),
            ..Side::default()
        };
        Self {
            sides: Direction::BOTH.map(side),
        }
    }
}

impl Read for Reader {
    fn read(&mut self, input: Input<'_>, output: &mut Output) -> Progress {
        let side = &mut self.sides[input.direction.index()];
        if side.skip > 0 {
            return side.skip(input);
        }
        let Some(head) = Head::read(input.bytes) else {
            return match input.ended {
                true => Progress::Took(vec![cut(&input)]),
                false => Progress::NeedsMore,
            };
        };
        let length = usize::try_from(head.payload_bytes).unwrap_or(usize::MAX);
        let whole = length.saturating_add(head.bytes);
        if whole > input.limits.message_bytes || (input.ended && whole > input.bytes.len()) {
            return side.begin_to_skip(&head, input);
        }
        if whole > input.bytes.len() {
            return Progress::NeedsMore;
        }
        Progress::Took(vec![side.frame(&head, &input, output)])
    }
}

impl Side {
    /// A whole frame.
    fn frame(&mut self, head: &Head, input: &Input<'_>, output: &mut Output) -> Span {
        let role = match head.opcode.is_control() {
            true => Role::Setup,
            false => Role::Framing,
        };
        let mut row = Row::new(input.start, Layer::WebSocket, role);
        head.lay(input.bytes, &self.rules(head, input.direction), &mut row);
        let place = head.bytes..head.bytes + head.payload_bytes as usize;
        let payload = Payload {
            start: input.start + place.start,
            bytes: &input.bytes[place],
            mask: head.mask,
        };
        match head.opcode.is_control() {
            true => control::lay(head.opcode, &payload, &mut row),
            false => self.data(head, &payload, &mut row, input, output),
        }
        let said = match head.masked() {
            true => format!("{}, masked, {} bytes", head.opcode, head.payload_bytes),
            false => format!("{}, {} bytes", head.opcode, head.payload_bytes),
        };
        row.within("frame").value(said).note(head.opcode.note())
    }

    /// What the bits of a head mean just here.
    fn rules(&self, head: &Head, direction: Direction) -> Rules {
        Rules {
            compression_agreed: self.inflater.is_some(),
            message_open: self.open.is_some(),
            has_to_be_masked: direction == Direction::Up,
            begins: head.opcode != Opcode::Continuation,
        }
    }

    /// Part of a message, or all of it.
    fn data(
        &mut self,
        head: &Head,
        payload: &Payload<'_>,
        row: &mut Row,
        input: &Input<'_>,
        output: &mut Output,
    ) {
        let mut message = match (head.opcode, self.open.take()) {
            (Opcode::Continuation, Some(open)) => open,
            // A message that was not finished is given up: the next one begins.
            (_, open) => {
                drop(open);
                self.begin(head, input)
            }
        };
        let alone = head.fin && message.is_empty();
        let in_place = alone && !head.masked() && !message.is_compressed();
        if in_place {
            row.extend(message.in_place(payload, input, output));
            return;
        }
        message.lay(payload, row);
        message.add(payload, input);
        match head.fin {
            true => message.finish(self.inflater.as_mut(), input, output),
            false => self.open = Some(message),
        }
    }

    fn begin(&mut self, head: &Head, input: &Input<'_>) -> Message {
        let place = input.place(self.messages);
        self.messages = self.messages.saturating_add(1);
        let compressed = head.rsv1() && self.inflater.is_some();
        Message::new(head.opcode, compressed, self.path.clone(), place)
    }

    /// A frame that is longer than what is kept, or that the connection's end has cut: its head is
    /// told, and its payload passed on.
    fn begin_to_skip(&mut self, head: &Head, input: Input<'_>) -> Progress {
        let mut row = Row::new(input.start, Layer::WebSocket, Role::Framing);
        head.lay(input.bytes, &self.rules(head, input.direction), &mut row);
        if !head.opcode.is_control() {
            self.give_up(head, &input);
        }
        self.skip = head.payload_bytes;
        let said = format!("{}, {} bytes", head.opcode, head.payload_bytes);
        Progress::Took(vec![row.within("frame head").value(said)])
    }

    /// The message of that frame cannot be put together.
    fn give_up(&mut self, head: &Head, input: &Input<'_>) {
        let mut message = match (head.opcode, self.open.take()) {
            (Opcode::Continuation, Some(open)) => open,
            _ => self.begin(head, input),
        };
        message.give_up();
        match head.fin {
            false => self.open = Some(message),
            true => {
                if let Some(inflater) = self.inflater.as_mut().filter(|_| message.is_compressed()) {
                    inflater.lose();
                }
            }
        }
    }

    /// In pieces whose sizes do not depend on how the bytes came.
    fn skip(&mut self, input: Input<'_>) -> Progress {
        let piece = PIECE_BYTES.min(input.limits.message_bytes).max(1);
        let left = usize::try_from(self.skip).unwrap_or(usize::MAX);
        let want = left.min(piece);
        if input.bytes.len() < want && !input.ended {
            return Progress::NeedsMore;
        }
        let take = want.min(input.bytes.len());
        self.skip -= take as u64;
        let span = Span::new(
            input.first(take),
            Layer::WebSocket,
            Role::Unknown,
            "payload",
        )
        .note("not looked into: the frame was cut off, or is longer than what is kept");
        Progress::Took(vec![span])
    }
}

/// A frame's payload as it was recorded.
#[derive(Debug, Clone, Copy)]
struct Payload<'a> {
    /// Place of its first byte.
    start: usize,
    bytes: &'a [u8],
    mask: Option<[u8; 4]>,
}

impl Payload<'_> {
    /// What it says: RFC 6455, section 5.3.
    fn unmasked(&self) -> Vec<u8> {
        let mut bytes = self.bytes.to_vec();
        if let Some(mask) = self.mask {
            for (byte, key) in bytes.iter_mut().zip(mask.iter().cycle()) {
                *byte ^= key;
            }
        }
        bytes
    }
}

fn cut(input: &Input<'_>) -> Span {
    let range = input.first(input.bytes.len());
    let rule = "the connection ended within a frame's head";
    Span::broken(range, Layer::WebSocket, rule)
}
