//! HTTP/2, RFC 9113: the client's preface, and frames in both directions. Frames of many streams take
//! turns on a connection; `streams` puts together what belongs together, and `blocks` reads the
//! header blocks, whose order over all streams of a direction matters.

mod blocks;
mod errors;
mod frame;
mod head;
mod message;
mod parts;
mod payload;
mod settings;
mod streams;

#[cfg(test)]
mod tests;

use super::connection::{Input, PREFACE, Progress, Read};
use super::output::Output;
use crate::recording::Direction;
use crate::span::{Layer, Role, Span};
use blocks::Blocks;
use frame::{END_STREAM, Frame, HEAD_BYTES, Kind};
use streams::Streams;

/// Reads a connection.
#[derive(Debug, Default)]
pub struct Reader {
    sides: [Side; 2],
    streams: Streams,
}

/// One direction.
#[derive(Debug)]
struct Side {
    /// The client's preface has been read, or there is none.
    begun: bool,
    /// The header blocks of this direction.
    blocks: Blocks,
    /// Bytes of a frame too long to keep that are still to come.
    passing: usize,
    /// The longest frame that the other side has ever allowed this one to send, in bytes.
    frame_bytes: usize,
}

impl Default for Side {
    fn default() -> Self {
        Self {
            begun: false,
            blocks: Blocks::default(),
            passing: 0,
            frame_bytes: settings::DEFAULT_FRAME_BYTES,
        }
    }
}

impl Reader {
    /// A connection that was upgraded from HTTP/1.1 (`h2c`, RFC 7540, section 3.2): the request with
    /// which the client asked for it counts as stream 1, and its answer comes there.
    #[must_use]
    pub fn upgraded(path: &str) -> Self {
        let mut reader = Self::default();
        reader.streams.upgraded(path);
        reader
    }

    /// The client's preface, if it is here; `None` where frames follow.
    fn preface(&mut self, input: &Input<'_>) -> Option<Progress> {
        let side = &mut self.sides[input.direction.index()];
        if side.begun || input.direction == Direction::Down {
            return None;
        }
        let common = input.bytes.len().min(PREFACE.len());
        if input.bytes[..common] != PREFACE[..common] {
            side.begun = true;
            return None;
        }
        if common < PREFACE.len() {
            let rule = "the connection ended within its preface (RFC 9113, section 3.4)";
            return Some(whole_or(input, rule));
        }
        side.begun = true;
        let span = Span::new(
            input.first(common),
            Layer::Http2,
            Role::Setup,
            "connection preface",
        );
        let note = "so every client begins; a server that knows only HTTP/1.1 sees a request it must refuse (RFC 9113, section 3.4)";
        let span = span.value(String::from_utf8_lossy(PREFACE)).note(note);
        Some(Progress::Took(vec![span]))
    }

    /// A frame that is whole at the front of the input.
    fn frame(&mut self, frame: Frame, input: &Input<'_>, output: &mut Output) -> Span {
        let payload = &input.bytes[HEAD_BYTES..HEAD_BYTES + frame.length];
        let mut faults = self.faults(&frame, input.direction);
        let side = &mut self.sides[input.direction.index()];
        if let Some(fault) = side.blocks.interrupted_by(&frame, input, output) {
            faults.kind.get_or_insert(fault);
        }
        let payload = self.payload(&frame, payload, input, output);
        head::frame(&frame, faults, input.start, payload)
    }

    /// The head of a frame that is too long to keep; what has come of its payload follows with it.
    fn too_long(&mut self, frame: Frame, input: &Input<'_>, output: &mut Output) -> Span {
        let mut faults = self.faults(&frame, input.direction);
        let side = &mut self.sides[input.direction.index()];
        if let Some(fault) = side.blocks.interrupted_by(&frame, input, output) {
            faults.kind.get_or_insert(fault);
        }
        side.passing = frame.length;
        side.blocks.passed_over(&frame);
        if frame.kind == Kind::Data {
            let last = frame.has(END_STREAM);
            self.streams.hole(frame.stream, last, input, output);
        }
        head::frame(&frame, faults, input.start, Vec::new())
    }

    /// What breaks a rule in the head of a frame.
    fn faults(&self, frame: &Frame, direction: Direction) -> head::Faults {
        head::faults(frame, direction, self.sides[direction.index()].frame_bytes)
    }
}

impl Read for Reader {
    fn read(&mut self, input: Input<'_>, output: &mut Output) -> Progress {
        if let Some(progress) = self.preface(&input) {
            return progress;
        }
        let side = &mut self.sides[input.direction.index()];
        if side.passing > 0 {
            let count = side.passing.min(input.bytes.len());
            side.passing -= count;
            return Progress::Took(vec![passed(input.first(count))]);
        }
        let Some(frame) = Frame::read(input.bytes) else {
            let rule = "the connection ended within the head of a frame (RFC 9113, section 4.1)";
            return whole_or(&input, rule);
        };
        if frame.length > input.limits.message_bytes {
            return Progress::Took(vec![self.too_long(frame, &input, output)]);
        }
        if input.bytes.len() - HEAD_BYTES >= frame.length {
            return Progress::Took(vec![self.frame(frame, &input, output)]);
        }
        match input.ended {
            false => Progress::NeedsMore,
            true => Progress::Took(vec![self.cut(frame, &input)]),
        }
    }

    fn ended(&mut self, input: Input<'_>, output: &mut Output) {
        let side = &mut self.sides[input.direction.index()];
        side.blocks.ended(&input, output);
        self.streams.ended(&input, output);
    }
}

impl Reader {
    /// A frame in the middle of which the connection ended.
    fn cut(&self, frame: Frame, input: &Input<'_>) -> Span {
        let rest = input.start + HEAD_BYTES..input.start + input.bytes.len();
        let rule = "the connection ended before this frame was whole";
        let mut faults = self.faults(&frame, input.direction);
        if rest.is_empty() {
            faults.length.get_or_insert(rule.to_owned());
            return head::frame(&frame, faults, input.start, Vec::new());
        }
        let rest = Span::broken(rest, Layer::Http2, rule);
        head::frame(&frame, faults, input.start, vec![rest])
    }
}

/// Waits for more, if any is to come.
fn whole_or(input: &Input<'_>, rule: &'static str) -> Progress {
    match input.ended {
        false => Progress::NeedsMore,
        true => {
            let range = input.first(input.bytes.len());
            Progress::Took(vec![Span::broken(range, Layer::Http2, rule)])
        }
    }
}

/// Bytes of a frame that was too long to keep.
fn passed(range: std::ops::Range<usize>) -> Span {
    let span = Span::new(range, Layer::Http2, Role::Unknown, "payload");
    span.note("not looked into: the frame is longer than this dissector keeps")
}
