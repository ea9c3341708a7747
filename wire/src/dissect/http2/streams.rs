//! Streams, RFC 9113, section 5: a request and its answer each. Remembers of each what explains its
//! DATA frames.

use std::collections::HashMap;
use std::sync::Arc;

use crate::dissect::connection::Input;
use crate::dissect::content::{BodyPiece, Content, Described};
use crate::dissect::output::Output;
use crate::dissection::{Head, HeadKind, HeaderField, Place};
use crate::recording::Direction;
use crate::span::{Layer, Role, Span};

use super::message::{described, kind};

/// The streams of a connection that are not over.
#[derive(Debug, Default)]
pub(super) struct Streams {
    open: HashMap<u32, Stream>,
    /// Counts what happens, so that the stream that has been idle for longest can be told.
    clock: u64,
    /// Whether a stream was given up for another.
    any_dropped: bool,
}

#[derive(Debug, Default)]
struct Stream {
    path: String,
    bodies: [Body; 2],
    last_used: u64,
}

/// What is known of a message's body.
#[derive(Debug, Default)]
enum Body {
    /// Its head has not come.
    #[default]
    Ahead,
    Open(Box<Content>),
    /// Part of it was not looked into, so that nothing after it can be.
    Lost,
    Over,
}

/// A header block, and the message it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) stream: u32,
    /// It is a request that the server makes on the client's behalf.
    pub(super) promise: bool,
    pub(super) end_stream: bool,
}

impl Streams {
    /// The request of stream 1 came before, over HTTP/1.1.
    pub(super) fn upgraded(&mut self, path: &str) {
        let stream = Stream {
            path: path.to_owned(),
            bodies: [Body::Over, Body::Ahead],
            last_used: 0,
        };
        self.open.insert(1, stream);
    }

    /// A head is whole, or trailers are.
    pub(super) fn head(
        &mut self,
        block: Block,
        fields: Vec<HeaderField>,
        table: Option<Arc<[(String, String)]>>,
        input: &Input<'_>,
        output: &mut Output,
    ) {
        let kind = kind(&fields);
        let place = input.place(block.stream);
        let described = described(&fields);
        self.opens(block, &kind, described, place, input, output);
        output.head(Head {
            place,
            kind,
            fields,
            table,
        });
    }

    /// What a head means for its stream.
    fn opens(
        &mut self,
        block: Block,
        kind: &HeadKind,
        mut described: Described,
        place: Place,
        input: &Input<'_>,
        output: &mut Output,
    ) {
        let informs = matches!(kind, HeadKind::Response { status: 100..=199 });
        let trails_nothing = *kind == HeadKind::Trailers && !self.open.contains_key(&block.stream);
        if informs || trails_nothing {
            return;
        }
        let stream = self.make(block, kind, input, output);
        match kind {
            HeadKind::Request { .. } => stream.path.clone_from(&described.path),
            _ => described.path.clone_from(&stream.path),
        }
        if block.promise {
            return;
        }
        let body = &mut stream.bodies[place.direction.index()];
        match body {
            Body::Ahead if block.end_stream => *body = Body::Over,
            Body::Ahead => *body = Body::Open(Box::new(Content::new(described, place))),
            // Trailers, or a second head, which may not come: the body is over either way.
            _ => body.end(input, output),
        }
        self.forget_if_over(block.stream);
    }

    /// The stream of a head; a new one, if it is not open.
    fn make(
        &mut self,
        block: Block,
        kind: &HeadKind,
        input: &Input<'_>,
        output: &mut Output,
    ) -> &mut Stream {
        let is_new = !self.open.contains_key(&block.stream);
        if is_new && self.open.len() >= input.limits.streams.max(1) {
            self.drop_idle(input, output);
        }
        let stream = self.touch(block.stream);
        if is_new && (block.promise || matches!(kind, HeadKind::Response { .. })) {
            // The server makes the request itself, or is past it.
            stream.bodies[Direction::Up.index()] = Body::Over;
        }
        stream
    }

    /// A piece of a body: the spans that tile it.
    pub(super) fn data(
        &mut self,
        number: u32,
        piece: BodyPiece<'_>,
        last: bool,
        input: &Input<'_>,
        output: &mut Output,
    ) -> Vec<Span> {
        if !self.open.contains_key(&number) {
            return unexplained(piece, self.why_unknown());
        }
        let body = &mut self.touch(number).bodies[input.direction.index()];
        let spans = match body {
            Body::Open(_) if piece.bytes.is_empty() => Vec::new(),
            Body::Open(content) => content.piece(piece, last, input, output),
            Body::Ahead => unexplained(piece, "no head told what this is (RFC 9113, section 8.1)"),
            Body::Lost => unexplained(
                piece,
                "not looked into: a frame before it was too long to keep",
            ),
            Body::Over => unexplained(piece, "the stream was over (RFC 9113, section 5.1)"),
        };
        if last {
            match piece.bytes.is_empty() {
                true => body.end(input, output),
                false => *body = Body::Over,
            }
            self.forget_if_over(number);
        }
        spans
    }

    /// Part of a message was not looked into, perhaps its last.
    pub(super) fn hole(&mut self, number: u32, last: bool, input: &Input<'_>, output: &mut Output) {
        if let Some(stream) = self.open.get_mut(&number) {
            let body = &mut stream.bodies[input.direction.index()];
            body.cut_off(input, output);
            if !last {
                *body = Body::Lost;
            }
            self.forget_if_over(number);
        }
    }

    /// The stream is over in both directions, whoever said so.
    pub(super) fn reset(&mut self, number: u32, input: &Input<'_>, output: &mut Output) {
        if let Some(mut stream) = self.open.remove(&number) {
            let bodies = stream.bodies.iter_mut();
            bodies.for_each(|body| body.cut_off(input, output));
        }
    }

    /// The connection ended in this direction, and cut off what was open.
    pub(super) fn ended(&mut self, input: &Input<'_>, output: &mut Output) {
        let mut numbers: Vec<_> = self.open.keys().copied().collect();
        numbers.sort_unstable();
        for number in numbers {
            self.hole(number, true, input, output);
        }
    }

    /// The stream of that number, open from now on if it was not.
    fn touch(&mut self, number: u32) -> &mut Stream {
        self.clock += 1;
        let stream = self.open.entry(number).or_default();
        stream.last_used = self.clock;
        stream
    }

    /// Gives up the stream that has been idle for longest.
    fn drop_idle(&mut self, input: &Input<'_>, output: &mut Output) {
        let idle = self.open.iter().min_by_key(|(_, stream)| stream.last_used);
        if let Some(idle) = idle.map(|(number, _)| *number) {
            self.reset(idle, input, output);
            self.any_dropped = true;
        }
    }

    fn forget_if_over(&mut self, number: u32) {
        let stream = self.open.get(&number);
        let over = |stream: &Stream| stream.bodies.iter().all(|body| matches!(body, Body::Over));
        if stream.is_some_and(over) {
            self.open.remove(&number);
        }
    }

    fn why_unknown(&self) -> &'static str {
        match self.any_dropped {
            true => {
                "not looked into: the stream is over, or one of more streams than are followed at once"
            }
            false => "the stream is over, or was never opened (RFC 9113, section 5.1)",
        }
    }
}

impl Body {
    /// Nothing follows.
    fn end(&mut self, input: &Input<'_>, output: &mut Output) {
        if let Self::Open(content) = self {
            content.end(input, output);
        }
        *self = Self::Over;
    }

    /// Nothing follows, although more was to come.
    fn cut_off(&mut self, input: &Input<'_>, output: &mut Output) {
        if let Self::Open(content) = self {
            content.cut_off(input, output);
        }
        *self = Self::Over;
    }
}

/// DATA of which nobody knows what it is.
fn unexplained(piece: BodyPiece<'_>, why: &'static str) -> Vec<Span> {
    let range = piece.start..piece.start + piece.bytes.len();
    let span = (!range.is_empty()).then(|| Span::new(range, Layer::Unknown, Role::Unknown, "data"));
    span.into_iter().map(|span| span.note(why)).collect()
}
