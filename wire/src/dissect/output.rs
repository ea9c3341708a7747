//! Where readers put what they have understood.

use bytes::{Bytes, BytesMut};

use crate::dissection::{Buffer, BufferId, Derivation, Dissection, Head, Origin, Payload, Piece};
use crate::recording::Direction;
use crate::span::Span;

/// What has been understood and not yet been taken.
#[derive(Debug, Default)]
pub struct Output {
    recorded: Vec<Recorded>,
    derived: Vec<Buffer>,
    /// For each of `derived` that has one, the unit that ended it; units are told after what became
    /// whole with them.
    whole_with: Vec<Option<Piece>>,
    heads: Vec<Head>,
    payloads: Vec<Payload>,
    /// Derived buffers ever made, so that their names stay the same after a `take`.
    derived_count: usize,
}

/// A recorded buffer in the making.
#[derive(Debug)]
struct Recorded {
    id: BufferId,
    start: usize,
    bytes: BytesMut,
    spans: Vec<Span>,
}

impl Output {
    /// The next bytes of a recorded buffer, with the spans that tile them.
    ///
    /// `start` is the place of the first of them; bytes come in order and without a gap.
    pub fn recorded(
        &mut self,
        connection: usize,
        direction: Direction,
        start: usize,
        bytes: &[u8],
        spans: Vec<Span>,
    ) {
        let id = BufferId::Recorded(connection, direction);
        let known = self.recorded.iter().position(|recorded| recorded.id == id);
        let place = known.unwrap_or_else(|| {
            self.recorded.push(Recorded {
                id,
                start,
                bytes: BytesMut::new(),
                spans: Vec::new(),
            });
            self.recorded.len() - 1
        });
        let recorded = &mut self.recorded[place];
        recorded.bytes.extend_from_slice(bytes);
        recorded.spans.extend(spans);
        let unit = Piece {
            buffer: id,
            range: start..start + bytes.len(),
        };
        self.whole_with.resize(self.derived.len(), Some(unit));
    }

    /// A direction has ended: what became whole by that was ended by no unit.
    pub fn ended(&mut self) {
        self.whole_with.resize(self.derived.len(), None);
    }

    /// A derived buffer. `spans` gets its name, and gives the spans that tile `0..bytes.len()`;
    /// it may derive others from it.
    pub fn derive(
        &mut self,
        title: impl Into<String>,
        by: Derivation,
        from: Vec<Piece>,
        bytes: Bytes,
        spans: impl FnOnce(BufferId, &mut Self) -> Vec<Span>,
    ) -> BufferId {
        let number = self.derived_count;
        let id = BufferId::Derived(number);
        self.derived_count += 1;
        self.derived.push(Buffer {
            id,
            title: title.into(),
            origin: Origin::Derived { by, from },
            start: 0,
            bytes,
            spans: Vec::new(),
        });
        let place = self.derived.len() - 1;
        let spans = spans(id, self);
        self.derived[place].spans = spans;
        id
    }

    /// A head is whole.
    pub fn head(&mut self, head: Head) {
        self.heads.push(head);
    }

    /// A payload is whole.
    pub fn payload(&mut self, payload: Payload) {
        self.payloads.push(payload);
    }

    /// Hands over everything, and goes on where it was.
    pub fn take(&mut self) -> Dissection {
        let recorded = std::mem::take(&mut self.recorded).into_iter();
        Dissection {
            recorded: recorded.map(Recorded::finished).collect(),
            derived: std::mem::take(&mut self.derived),
            whole_with: std::mem::take(&mut self.whole_with),
            heads: std::mem::take(&mut self.heads),
            payloads: std::mem::take(&mut self.payloads),
        }
    }
}

impl Recorded {
    fn finished(self) -> Buffer {
        let title = match self.id {
            BufferId::Recorded(number, Direction::Up) => {
                format!("connection {number}, client to server")
            }
            BufferId::Recorded(number, Direction::Down) => {
                format!("connection {number}, server to client")
            }
            BufferId::Derived(number) => format!("derived {number}"),
        };
        Buffer {
            id: self.id,
            title,
            origin: Origin::Recorded,
            start: self.start,
            bytes: self.bytes.freeze(),
            spans: self.spans,
        }
    }
}
