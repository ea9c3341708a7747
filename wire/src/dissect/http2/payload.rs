//! The payloads of frames, a function a type.

use super::Reader;
use super::errors::error_code;
use super::frame::{ACK, END_STREAM, Frame, HEAD_BYTES, Kind, PRIORITY};
use super::parts::Parts;
use super::settings::settings;
use crate::dissect::connection::Input;
use crate::dissect::content::BodyPiece;
use crate::dissect::output::Output;
use crate::span::{Layer, Role, Span};

impl Reader {
    /// The spans of a whole payload.
    pub(super) fn payload(
        &mut self,
        frame: &Frame,
        payload: &[u8],
        input: &Input<'_>,
        output: &mut Output,
    ) -> Vec<Span> {
        let role = match frame.kind.is_setup() {
            true => Role::Setup,
            false => Role::Framing,
        };
        let parts = Parts::new(input.start + HEAD_BYTES, payload, role);
        match frame.kind {
            Kind::Data => self.data(frame, parts, input, output),
            Kind::Headers => self.headers(frame, parts, input, output),
            Kind::PushPromise => self.push_promise(frame, parts, input, output),
            Kind::Continuation => self.block_goes_on(frame, parts, input, output),
            Kind::RstStream => {
                self.streams.reset(frame.stream, input, output);
                reset(parts)
            }
            Kind::Settings => self.settings(frame, parts, input),
            Kind::Priority => priority(parts),
            Kind::Ping => ping(frame, parts),
            Kind::GoAway => go_away(parts),
            Kind::WindowUpdate => window_update(parts),
            Kind::PriorityUpdate => priority_update(parts),
            Kind::AltSvc | Kind::Origin => text(parts),
            Kind::Unknown(_) => unknown(parts),
        }
    }

    fn data(
        &mut self,
        frame: &Frame,
        mut parts: Parts<'_>,
        input: &Input<'_>,
        output: &mut Output,
    ) -> Vec<Span> {
        parts.unpad(frame);
        let last = frame.has(END_STREAM);
        let piece = BodyPiece {
            buffer: input.buffer(),
            start: parts.start,
            bytes: parts.rest,
        };
        let spans = self.streams.data(frame.stream, piece, last, input, output);
        parts.take(parts.rest.len());
        parts.spans.extend(spans);
        parts.finished("data")
    }

    fn headers(
        &mut self,
        frame: &Frame,
        mut parts: Parts<'_>,
        input: &Input<'_>,
        output: &mut Output,
    ) -> Vec<Span> {
        parts.unpad(frame);
        if frame.has(PRIORITY) {
            dependency(&mut parts);
        }
        self.block_begins(frame, frame.stream, parts, input, output)
    }

    fn push_promise(
        &mut self,
        frame: &Frame,
        mut parts: Parts<'_>,
        input: &Input<'_>,
        output: &mut Output,
    ) -> Vec<Span> {
        parts.unpad(frame);
        let Some(promised) = parts.number::<4>() else {
            let rule = "a promise names its stream with four bytes (RFC 9113, section 6.6)";
            return parts.finished(rule);
        };
        let promised = promised & (u32::MAX >> 1);
        let note = "the stream on which the answer is going to come (RFC 9113, section 6.6)";
        parts.leaf(4, "promised stream", promised.to_string(), note);
        if promised == 0 || promised % 2 == 1 {
            parts.last_breaks("servers open the even streams (RFC 9113, section 5.1.1)");
        }
        self.block_begins(frame, promised, parts, input, output)
    }

    fn settings(&mut self, frame: &Frame, mut parts: Parts<'_>, input: &Input<'_>) -> Vec<Span> {
        if frame.has(ACK) {
            parts.rest_breaks("an acknowledgement carries no settings (RFC 9113, section 6.5)");
            return parts.finished("settings");
        }
        let (spans, allows) = settings(parts);
        let other = &mut self.sides[input.direction.back().index()];
        if let Some(size) = allows.table_bytes {
            other.blocks.permit(size);
        }
        if let Some(size) = allows.frame_bytes {
            other.frame_bytes = other.frame_bytes.max(size);
        }
        spans
    }
}

fn reset(mut parts: Parts<'_>) -> Vec<Span> {
    error_code(&mut parts);
    parts.finished("a reset has four bytes (RFC 9113, section 6.4)")
}

fn priority(mut parts: Parts<'_>) -> Vec<Span> {
    dependency(&mut parts);
    parts.finished("a priority has five bytes (RFC 9113, section 6.3)")
}

fn ping(frame: &Frame, mut parts: Parts<'_>) -> Vec<Span> {
    if parts.rest.len() >= 8 {
        let note = match frame.has(ACK) {
            true => "the same that the other side sent",
            false => "whatever the sender likes; the answer repeats it",
        };
        let value: String = parts.rest[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        parts.leaf(8, "opaque data", value, note);
    }
    parts.finished("a ping has eight bytes (RFC 9113, section 6.7)")
}

fn go_away(mut parts: Parts<'_>) -> Vec<Span> {
    let rule = "a GOAWAY has at least eight bytes (RFC 9113, section 6.8)";
    if let (Some(last), true) = (parts.number::<4>(), parts.rest.len() >= 8) {
        let note = "streams after this one were not looked at, and can safely be tried elsewhere";
        parts.leaf(4, "last stream", (last & (u32::MAX >> 1)).to_string(), note);
        error_code(&mut parts);
        let debug = String::from_utf8_lossy(&parts.rest[..parts.rest.len().min(1028)]);
        parts.leaf(
            parts.rest.len(),
            "debug data",
            debug,
            "for people (RFC 9113, section 6.8)",
        );
    }
    parts.finished(rule)
}

fn window_update(mut parts: Parts<'_>) -> Vec<Span> {
    if let (Some(increment), 4) = (parts.number::<4>(), parts.rest.len()) {
        let increment = increment & (u32::MAX >> 1);
        let note = "bytes that may come beyond those already allowed";
        parts.leaf(4, "window size increment", increment.to_string(), note);
        if increment == 0 {
            parts.last_breaks("a window grows by at least one byte (RFC 9113, section 6.9)");
        }
    }
    parts.finished("a window update has four bytes (RFC 9113, section 6.9)")
}

fn priority_update(mut parts: Parts<'_>) -> Vec<Span> {
    if let Some(stream) = parts.number::<4>() {
        let stream = stream & (u32::MAX >> 1);
        parts.leaf(4, "prioritized stream", stream.to_string(), "");
        let value = String::from_utf8_lossy(&parts.rest[..parts.rest.len().min(1028)]);
        parts.leaf(
            parts.rest.len(),
            "priority field value",
            value,
            "urgency `u`, incremental `i` (RFC 9218, section 4)",
        );
    }
    parts.finished("a PRIORITY_UPDATE has at least four bytes (RFC 9218, section 7.1)")
}

/// Payloads that are text for the most part.
fn text(mut parts: Parts<'_>) -> Vec<Span> {
    let value = String::from_utf8_lossy(&parts.rest[..parts.rest.len().min(1028)]);
    parts.leaf(parts.rest.len(), "payload", value, "");
    parts.spans
}

fn unknown(mut parts: Parts<'_>) -> Vec<Span> {
    let (range, _) = parts.take(parts.rest.len());
    let span = Span::new(range, Layer::Unknown, Role::Unknown, "payload");
    let known = !span.range.is_empty();
    parts.spans.extend(known.then_some(span));
    parts.spans
}

fn dependency(parts: &mut Parts<'_>) {
    if parts.rest.len() < 5 {
        return parts.rest_breaks("a priority has five bytes (RFC 9113, section 6.2)");
    }
    let stream = parts.number::<4>().unwrap_or_default();
    let value = format!("stream {}", stream & (u32::MAX >> 1));
    let value = value + if stream >> 31 == 1 { ", exclusive" } else { "" };
    parts.leaf(
        4,
        "stream dependency",
        value,
        "deprecated (RFC 9113, section 5.3.2)",
    );
    let weight = parts.number::<1>().unwrap_or_default() + 1;
    parts.leaf(
        1,
        "weight",
        weight.to_string(),
        "one more than the byte says; deprecated",
    );
}
