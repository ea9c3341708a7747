//! Bodies: unit by unit, to the end that their framing tells.

use super::chunked;
use super::framing::Framing;
use super::lines::head_end;
use super::piece_bytes;
use crate::dissect::connection::Input;
use crate::dissect::content::{BodyPiece, Content, Described};
use crate::dissect::output::Output;
use crate::dissection::{Derivation, Place};
use crate::span::{Certainty, Layer, Role, Span};

/// A body that has not ended.
#[derive(Debug)]
pub(super) struct Body {
    /// Reads what is in it.
    content: Content,
    /// Whose it is.
    place: Place,
    /// What comes next.
    pub(super) stage: Stage,
    /// It is a stream of server-sent events, each of which ends with an empty line.
    has_events: bool,
    /// The content knows that nothing follows.
    told_end: bool,
}

/// What comes next in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// So many bytes, the last ones.
    Length(usize),
    /// Everything to the end of the connection.
    UntilClose,
    /// The size of a chunk, and the chunk where it is whole.
    Chunk,
    /// So many bytes of a chunk that is passed on piece by piece.
    ChunkData(usize),
    /// The line end after such a chunk.
    ChunkEnd,
    /// The fields after the last chunk, and the empty line.
    Trailers,
}

/// What became of a unit.
#[derive(Debug)]
pub(super) enum Step {
    /// These spans tile it, and the body goes on.
    Took(Vec<Span>),
    /// These spans tile it, and the body is over.
    Done(Vec<Span>),
    /// These spans tile it, and nobody can tell where the next unit begins.
    Lost(Vec<Span>),
    /// It is not whole.
    NeedsMore,
}

impl Body {
    /// A body that begins; `None` where there is none.
    pub(super) fn begin(framing: Framing, described: Described, place: Place) -> Option<Self> {
        let stage = match framing {
            Framing::Length(bytes) => Stage::Length(bytes),
            Framing::Chunked => Stage::Chunk,
            Framing::UntilClose => Stage::UntilClose,
            Framing::Nothing | Framing::Lost => return None,
        };
        let has_events = described.media_type.starts_with("text/event-stream");
        let content = Content::new(described, place);
        Some(Self {
            has_events,
            content: match framing {
                Framing::Chunked => content.in_pieces_by(Derivation::Dechunked),
                _ => content,
            },
            place,
            stage,
            told_end: false,
        })
    }

    /// Reads a unit.
    pub(super) fn read(
        &mut self,
        input: &Input<'_>,
        scanned: &mut usize,
        output: &mut Output,
    ) -> Step {
        match self.stage {
            Stage::Length(left) => self.length(left, input, output),
            Stage::UntilClose => self.until_close(input, scanned, output),
            Stage::Chunk => chunked::chunk(self, input, scanned, output),
            Stage::ChunkData(left) => self.chunk_data(left, input, output),
            Stage::ChunkEnd => chunked::chunk_end(self, input),
            Stage::Trailers => chunked::trailers(self.place, input, scanned, output),
        }
    }

    /// Nothing follows; the content is told once.
    pub(super) fn end(&mut self, input: &Input<'_>, output: &mut Output) {
        if !std::mem::replace(&mut self.told_end, true) {
            self.content.end(input, output);
        }
    }

    /// More was to follow, and does not.
    pub(super) fn cut_off(&mut self, input: &Input<'_>, output: &mut Output) {
        if !std::mem::replace(&mut self.told_end, true) {
            self.content.cut_off(input, output);
        }
    }

    /// Whole where it may be kept, else in pieces whose sizes do not depend on how it came.
    fn length(&mut self, left: usize, input: &Input<'_>, output: &mut Output) -> Step {
        let want = match left <= input.limits.message_bytes {
            true => left,
            false => piece_bytes(input),
        };
        let came = input.bytes.len();
        if came < want && !input.ended {
            return Step::NeedsMore;
        }
        let take = want.min(came);
        let cut = input.ended && take == came && take < left;
        let mut spans = self.piece(input, 0..take, take == left, output);
        if cut {
            self.cut_off(input, output);
            tell_cut(&mut spans, left - take);
        }
        self.stage = Stage::Length(left - take);
        match cut || take == left {
            true => Step::Done(within(spans)),
            false => Step::Took(within(spans)),
        }
    }

    /// Waits for the end, as long as that may be kept; but events are told as they come.
    fn until_close(&mut self, input: &Input<'_>, scanned: &mut usize, output: &mut Output) -> Step {
        let event = match self.has_events {
            true => head_end(input.bytes, scanned),
            false => None,
        };
        if let Some(end) = event.filter(|end| *end <= input.limits.message_bytes) {
            return Step::Took(within(self.piece(input, 0..end, false, output)));
        }
        let came = input.bytes.len();
        if came <= input.limits.message_bytes {
            if !input.ended {
                return Step::NeedsMore;
            }
            return Step::Done(within(self.piece(input, 0..came, true, output)));
        }
        Step::Took(within(self.piece(
            input,
            0..piece_bytes(input),
            false,
            output,
        )))
    }

    fn chunk_data(&mut self, left: usize, input: &Input<'_>, output: &mut Output) -> Step {
        let want = left.min(piece_bytes(input));
        let came = input.bytes.len();
        if came < want && !input.ended {
            return Step::NeedsMore;
        }
        let take = want.min(came);
        let mut spans = self.piece(input, 0..take, false, output);
        if take == came && input.ended && take < left {
            tell_cut(&mut spans, left - take);
        }
        self.stage = match left - take {
            0 => Stage::ChunkEnd,
            left => Stage::ChunkData(left),
        };
        Step::Took(within(spans))
    }

    /// Some bytes of `input`, by their places in it, explained.
    pub(super) fn piece(
        &mut self,
        input: &Input<'_>,
        of: std::ops::Range<usize>,
        last: bool,
        output: &mut Output,
    ) -> Vec<Span> {
        let piece = BodyPiece {
            buffer: input.buffer(),
            start: input.start + of.start,
            bytes: &input.bytes[of],
        };
        self.told_end |= last;
        self.content.piece(piece, last, input, output)
    }
}

/// Several spans become one, so that a body is one line of a folded view.
fn within(spans: Vec<Span>) -> Vec<Span> {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return spans;
    };
    if spans.len() == 1 {
        return spans;
    }
    let range = first.range.start..last.range.end;
    let said = format!("{} bytes", range.len());
    let body = Span::new(range, Layer::Http1, Role::Value, "body");
    vec![body.value(said).children(spans)]
}

/// The connection has ended `missing` bytes too early.
fn tell_cut(spans: &mut [Span], missing: usize) {
    let Some(last) = spans.last_mut() else {
        return;
    };
    last.certainty = Certainty::Broken;
    last.note = format!("the connection ended {missing} bytes before the body did").into();
}
