//! Connections made by hand.

mod call;
mod faults;
mod limits;
mod torn;

use crate::dissect::connection::PREFACE;
use crate::dissect::{Dissector, Knowledge, Limits};
use crate::dissection::{Buffer, Dissection};
use crate::recording::Direction::{self, Down, Up};
use crate::span::{Certainty, Span};

/// A frame.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short");
    let mut frame = length.to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PUSH_PROMISE: u8 = 5;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// `:method: POST`, `:path: /a.B/C`, `content-type: application/json`, the last two entering the table.
const REQUEST: &[u8] = b"\x83\x44\x06/a.B/C\x5f\x10application/json";
/// `:status: 200`
const OK: &[u8] = b"\x88";

/// What passed, in order: the preface comes first by itself.
type Traffic = Vec<(Direction, Vec<u8>)>;

/// The dissection of a whole connection, whose bytes are all accounted for.
fn dissect(traffic: &[(Direction, Vec<u8>)]) -> Dissection {
    dissect_within(Limits::none(), traffic)
}

fn dissect_within(limits: Limits, traffic: &[(Direction, Vec<u8>)]) -> Dissection {
    let mut dissector = Dissector::new(Knowledge::default(), limits);
    dissector.feed(0, Up, PREFACE);
    for (direction, bytes) in traffic {
        dissector.feed(0, *direction, bytes);
    }
    finished(dissector, traffic)
}

/// Ends the connection, and checks that no byte is missing.
fn finished(mut dissector: Dissector, traffic: &[(Direction, Vec<u8>)]) -> Dissection {
    for direction in Direction::BOTH {
        dissector.ended(0, direction);
    }
    let dissection = dissector.take();
    dissection.check().expect("every byte belongs to one leaf");
    let size: usize = traffic.iter().map(|(_, bytes)| bytes.len()).sum();
    let recorded = dissection.recorded.iter();
    let recorded: usize = recorded.map(|buffer| buffer.bytes.len()).sum();
    assert_eq!(recorded, size + PREFACE.len());
    dissection
}

/// Spans as an outline: place, name and value.
fn outline(buffer: &Buffer) -> String {
    fn add(span: &Span, depth: usize, outline: &mut String) {
        let Span {
            range, name, value, ..
        } = span;
        let line = format!(
            "{:depth$}{}..{} {name}: {value}",
            "", range.start, range.end
        );
        outline.push_str(&format!("{}\n", line.trim_end_matches(": ").escape_debug()));
        span.children
            .iter()
            .for_each(|child| add(child, depth + 2, outline));
    }
    let mut text = format!("{}\n", buffer.title);
    buffer.spans.iter().for_each(|span| add(span, 2, &mut text));
    text
}

/// The rules that are broken, in the order of their bytes.
fn rules(dissection: &Dissection) -> Vec<String> {
    let leaves = dissection.buffers().flat_map(Buffer::leaves);
    let broken = leaves.filter(|leaf| leaf.certainty == Certainty::Broken);
    broken
        .map(|leaf| format!("{}: {}", leaf.name, leaf.note))
        .collect()
}
