//! The leaves of a frame's head, and the rules that a head alone can break.

use super::frame::{Frame, HEAD_BYTES, Kind};
use crate::recording::Direction;
use crate::span::{Certainty, Layer, Role, Span};

/// The rules that a head breaks, by its parts.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) length: Option<String>,
    pub(super) kind: Option<&'static str>,
    pub(super) stream: Option<&'static str>,
}

/// What breaks a rule in this head, sent in that direction by one who may send frames of
/// `frame_bytes`.
pub(super) fn faults(frame: &Frame, direction: Direction, frame_bytes: usize) -> Faults {
    let too_long = frame.length > frame_bytes;
    Faults {
        length: too_long.then(|| {
            format!("more than the {frame_bytes} bytes of SETTINGS_MAX_FRAME_SIZE (RFC 9113, section 4.2)")
        }),
        kind: (frame.kind == Kind::PushPromise && direction == Direction::Up)
            .then_some("clients do not push (RFC 9113, section 8.4)"),
        stream: wrong_stream(frame, direction),
    }
}

fn wrong_stream(frame: &Frame, direction: Direction) -> Option<&'static str> {
    use Kind::{Continuation, Data, Headers, Priority, PushPromise, RstStream};
    use Kind::{GoAway, Ping, PriorityUpdate, Settings};
    let is_even = frame.stream.is_multiple_of(2);
    match (frame.kind, frame.stream) {
        (Data | Headers | Priority | RstStream | PushPromise | Continuation, 0) => {
            Some("stream 0 is the connection itself: such a frame belongs to a stream")
        }
        (Settings | Ping | GoAway | PriorityUpdate, 1..) => {
            Some("such a frame belongs to the connection, which is stream 0")
        }
        (Data | Headers, _) if direction == Direction::Up && is_even => {
            Some("clients send on the odd streams, which they open (RFC 9113, section 5.1.1)")
        }
        _ => None,
    }
}

/// A frame that begins at `start`, with the spans of its payload.
pub(super) fn frame(frame: &Frame, faults: Faults, start: usize, payload: Vec<Span>) -> Span {
    let end = payload
        .last()
        .map_or(start + HEAD_BYTES, |last| last.range.end);
    let role = match frame.kind.is_setup() {
        true => Role::Setup,
        false => Role::Framing,
    };
    let mut children = Vec::with_capacity(4 + payload.len());
    children.extend(leaves(frame, faults, start, role));
    children.extend(payload);
    let span = Span::new(start..end, Layer::Http2, role, frame.kind.name());
    let span = match frame.stream {
        0 => span,
        stream => span.value(format!("stream {stream}")),
    };
    span.note(frame.kind.note()).children(children)
}

fn leaves(frame: &Frame, faults: Faults, start: usize, role: Role) -> [Span; 4] {
    let leaf = |from, to, name| Span::new(start + from..start + to, Layer::Http2, role, name);
    let length = leaf(0, 3, "length").value(frame.length.to_string());
    let length =
        length.note("bytes of the payload, without the nine of this head (RFC 9113, section 4.1)");
    let kind = leaf(3, 4, "type").value(match frame.kind {
        Kind::Unknown(number) => format!("0x{number:02x}"),
        kind => kind.name().to_owned(),
    });
    let flags = leaf(4, 5, "flags").value(flags(frame));
    let stream = leaf(5, 9, "stream identifier").value(frame.stream.to_string());
    let stream = stream.note(stream_note(frame));
    [
        broken_if(length, faults.length),
        broken_if(kind, faults.kind),
        flags,
        broken_if(stream, faults.stream),
    ]
}

fn broken_if<R: Into<std::borrow::Cow<'static, str>>>(span: Span, rule: Option<R>) -> Span {
    match rule {
        None => span,
        Some(rule) => Span {
            certainty: Certainty::Broken,
            ..span.note(rule)
        },
    }
}

/// `END_HEADERS, END_STREAM`, and bits without a meaning as a number.
fn flags(frame: &Frame) -> String {
    let known = frame.kind.flags().iter();
    let set: Vec<_> = known.filter(|(bit, _)| frame.has(*bit)).collect();
    let meant = set.iter().fold(0, |bits, (bit, _)| bits | bit);
    let mut names: Vec<_> = set.iter().map(|(_, name)| (*name).to_owned()).collect();
    if frame.flags & !meant != 0 {
        names.push(format!("0x{:02x} without a meaning", frame.flags & !meant));
    }
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    }
}

fn stream_note(frame: &Frame) -> &'static str {
    match (frame.reserved, frame.stream) {
        (true, _) => {
            "the highest bit is reserved, and set here; receivers pass over it (RFC 9113, section 4.1)"
        }
        (false, 0) => "0 is the connection itself (RFC 9113, section 4.1)",
        (false, number) if number % 2 == 1 => {
            "the client opens the odd ones, one a call (RFC 9113, section 5.1.1)"
        }
        (false, _) => "the server opens the even ones (RFC 9113, section 5.1.1)",
    }
}
