//! What the dissectors read, in the shape of what tshark reads, and where the two differ.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use wire::dissection::{BufferId, Head, HeadKind, Payload, PayloadKind, Place};
use wire::{Derivation, Direction, Dissection, Origin, Role, Span};

use crate::record::Capture;
use crate::tshark::{Field, Http1Head, Key, Reading};

/// What was compared.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) exchanges: usize,
    pub(crate) bytes: usize,
    pub(crate) fields: usize,
    pub(crate) texts: usize,
    pub(crate) grpc: usize,
    /// Bytes that were in flight when their stream was reset, or whose message was cut off.
    pub(crate) late_bytes: usize,
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.exchanges += other.exchanges;
        self.bytes += other.bytes;
        self.fields += other.fields;
        self.texts += other.texts;
        self.grpc += other.grpc;
        self.late_bytes += other.late_bytes;
    }
}

/// How much was compared, and each difference in words.
pub(crate) fn compare(
    capture: &Capture,
    dissection: &Dissection,
    theirs: &Reading,
) -> (Count, Vec<String>) {
    let ours = reading(dissection, &unfinished(dissection));
    let mut differences = theirs.complaints.clone();
    differences.extend(accounting(capture, dissection));
    differ("heads", &ours.heads, &theirs.heads, &mut differences);
    differ(
        "header block",
        &ours.blocks,
        &theirs.blocks,
        &mut differences,
    );
    let texts = shown_alike(&ours.texts, &theirs.texts);
    differ("texts", &texts, &theirs.texts, &mut differences);
    let grpc = before_resets(dissection, &ours.grpc, &theirs.grpc);
    differ("gRPC lengths", &ours.grpc, &grpc, &mut differences);
    (count(dissection, &ours), differences)
}

/// Every byte is in just one leaf, and none of them is not understood.
fn accounting(capture: &Capture, dissection: &Dissection) -> Vec<String> {
    let mut failures: Vec<String> = dissection.check().err().into_iter().collect();
    let leaves = dissection
        .recorded
        .iter()
        .flat_map(|buffer| buffer.leaves());
    let there: u64 = leaves.map(|leaf| leaf.range.len() as u64).sum();
    let passed: u64 = capture.size_bytes.iter().sum();
    if there != passed {
        failures.push(format!("{there} bytes in leaves, {passed} passed the tap"));
    }
    for buffer in dissection.buffers() {
        let unknown = buffer.leaves().filter(|leaf| is_gap(leaf));
        failures.extend(unknown.map(|leaf| {
            let excerpt = String::from_utf8_lossy(buffer.slice(leaf.range.clone()));
            let excerpt: String = excerpt.chars().take(80).collect();
            let (range, note) = (&leaf.range, &leaf.note);
            format!(
                "{} {range:?} not understood: {note}: {excerpt:?}",
                buffer.title
            )
        }));
    }
    failures
}

/// Not understood, although it could be: not what was in flight when its stream was reset, nor the
/// beginning of a message that was cut off.
fn is_gap(leaf: &Span) -> bool {
    leaf.role == Role::Unknown && !is_late(leaf) && leaf.name != "part of a message"
}

fn is_late(leaf: &Span) -> bool {
    leaf.name == "data" && leaf.note.starts_with("the stream is over")
}

/// What tshark reads of gRPC, without messages that were in flight when their stream was reset:
/// their receiver throws them away, and the dissectors do not look into them.
fn before_resets(
    dissection: &Dissection,
    ours: &BTreeMap<Key, Vec<usize>>,
    theirs: &BTreeMap<Key, Vec<usize>>,
) -> BTreeMap<Key, Vec<usize>> {
    let late = dissection.recorded.iter();
    let late = late.filter(|buffer| buffer.leaves().any(is_late));
    let late: BTreeSet<_> = late.map(|buffer| buffer.id).collect();
    let mut theirs = theirs.clone();
    for ((connection, direction, stream), theirs) in &mut theirs {
        let ours = ours.get(&(*connection, *direction, *stream));
        let ours = ours.map_or(&[][..], Vec::as_slice);
        if late.contains(&BufferId::Recorded(*connection, *direction)) && theirs.starts_with(ours) {
            theirs.truncate(ours.len());
        }
    }
    theirs
}

/// Messages in chunks whose last chunk never came: tshark shows nothing of them, not even the head.
fn unfinished(dissection: &Dissection) -> BTreeSet<(usize, Direction, u32)> {
    let cut = |place: &Place| {
        let id = BufferId::Recorded(place.connection, place.direction);
        let bytes = &dissection.buffer(id).expect("the head is in it").bytes;
        !bytes.ends_with(b"0\r\n\r\n")
    };
    let last: BTreeMap<_, _> = dissection
        .heads
        .iter()
        .map(|head| ((head.place.connection, head.place.direction), head))
        .collect();
    let chunked = last.into_values().filter(|head| {
        let mut fields = head.fields.iter();
        let is_chunked = fields.any(|it| it.name.eq_ignore_ascii_case("transfer-encoding"));
        head.table.is_none() && is_chunked && cut(&head.place)
    });
    chunked.map(|head| place(head.place)).collect()
}

fn place(place: Place) -> Key {
    (place.connection, place.direction, place.stream)
}

fn reading(dissection: &Dissection, unfinished: &BTreeSet<Key>) -> Reading {
    let mut reading = Reading::default();
    let is_whole = |it: Place| !unfinished.contains(&place(it));
    for head in dissection.heads.iter().filter(|head| is_whole(head.place)) {
        match head.table {
            Some(_) => {
                let key = (
                    head.place.connection,
                    head.place.direction,
                    head.place.stream,
                );
                let fields = fields(head);
                reading.blocks.entry(key).or_default().push(fields);
            }
            None => {
                if let Some(it) = http1(head) {
                    reading
                        .heads
                        .entry(connection(head.place))
                        .or_default()
                        .push(it);
                }
            }
        }
    }
    let payloads = dissection.payloads.iter();
    for payload in payloads.filter(|payload| is_whole(payload.place)) {
        match payload.kind {
            PayloadKind::Json | PayloadKind::Xml => {
                let text = String::from_utf8_lossy(&payload.bytes).into_owned();
                let key = connection(payload.place);
                reading.texts.entry(key).or_default().push(text);
            }
            PayloadKind::Grpc => {
                let key = place(payload.place);
                let length = carried(dissection, payload);
                reading.grpc.entry(key).or_default().push(length);
            }
            _ => {}
        }
    }
    reading
}

/// HTTP/1.1's exchanges follow each other, so that a connection's messages are in order.
fn connection(place: Place) -> Key {
    (place.connection, place.direction, 0)
}

fn fields(head: &Head) -> Vec<Field> {
    let fields = head.fields.iter();
    fields
        .map(|field| (field.name.clone(), field.value.clone()))
        .collect()
}

/// `None` for trailers, which tshark does not list.
fn http1(head: &Head) -> Option<Http1Head> {
    let start = match &head.kind {
        HeadKind::Request { method, path } => format!("{method} {path}"),
        HeadKind::Response { status } => status.to_string(),
        HeadKind::Trailers => return None,
    };
    let fields = fields(head);
    Some(Http1Head { start, fields })
}

/// What gzip puts around what it compresses, without a file's name: RFC 1952, section 2.3.
const GZIP_BYTES: usize = 10 + 8;

/// Bytes that a gRPC message took behind its prefix: fewer where it was compressed.
fn carried(dissection: &Dissection, payload: &Payload) -> usize {
    let buffer = dissection.buffer(payload.at.buffer);
    match buffer.map(|buffer| &buffer.origin) {
        Some(Origin::Derived {
            by: Derivation::Inflated,
            from,
        }) => GZIP_BYTES + from.iter().map(|piece| piece.range.len()).sum::<usize>(),
        _ => payload.bytes.len(),
    }
}

/// What tshark unmasks of a WebSocket frame, in bytes; it shows no more of one that was masked.
const UNMASKED_BYTES: usize = 256 * 1024;

/// Our texts, as tshark shows them: in bodies of HTTP/1.1 it writes U+FFFD for each byte that is not
/// ASCII, and the first 256 KiB of a masked frame.
fn shown_alike(
    ours: &BTreeMap<Key, Vec<String>>,
    theirs: &BTreeMap<Key, Vec<String>>,
) -> BTreeMap<Key, Vec<String>> {
    let ascii = |text: &String| -> String {
        let shown = |byte: u8| match byte.is_ascii() {
            true => char::from(byte),
            false => char::REPLACEMENT_CHARACTER,
        };
        text.bytes().map(shown).collect()
    };
    let alike = |(key, texts): (&Key, &Vec<String>)| {
        // Of a text that tshark does not show there is nothing to compare with but its absence.
        let nothing = String::new();
        let none = std::iter::repeat(&nothing);
        let there = theirs.get(key).into_iter().flatten().chain(none);
        let alike = texts.iter().zip(there).map(|(ours, theirs)| {
            if theirs.contains(char::REPLACEMENT_CHARACTER) {
                ascii(ours)
            } else if theirs.len() == UNMASKED_BYTES && ours.starts_with(theirs) {
                theirs.clone()
            } else {
                ours.clone()
            }
        });
        (*key, alike.collect::<Vec<_>>())
    };
    ours.iter().map(alike).collect()
}

fn differ<T: PartialEq + Debug>(
    what: &str,
    ours: &BTreeMap<Key, Vec<T>>,
    theirs: &BTreeMap<Key, Vec<T>>,
    differences: &mut Vec<String>,
) {
    let keys: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    for key in keys {
        let [ours, theirs] = [ours, theirs].map(|it| it.get(key).map_or(&[][..], Vec::as_slice));
        let same = ours
            .iter()
            .zip(theirs)
            .take_while(|(ours, theirs)| ours == theirs);
        let same = same.count();
        if same < ours.len().max(theirs.len()) {
            let [our, their] = [ours, theirs].map(|it| excerpt(it.get(same)));
            let counts = format!("{} of ours, {} of theirs", ours.len(), theirs.len());
            differences.push(format!(
                "{what} of {key:?}, {counts}, number {same}: {our}, tshark: {their}"
            ));
        }
    }
}

fn excerpt(value: Option<impl Debug>) -> String {
    let text = format!("{value:?}");
    text.chars().take(600).collect()
}

fn count(dissection: &Dissection, ours: &Reading) -> Count {
    let is_request = |head: &&Head| matches!(head.kind, HeadKind::Request { .. });
    let requests = dissection.heads.iter().filter(is_request).count();
    let recorded = dissection.recorded.iter();
    let leaves = dissection.recorded.iter().flat_map(|it| it.leaves());
    let unknown = leaves.filter(|leaf| leaf.role == Role::Unknown);
    let http1 = ours.heads.values().flatten().map(|head| head.fields.len());
    let http2 = ours.blocks.values().flatten().map(Vec::len);
    Count {
        exchanges: requests,
        bytes: recorded.map(|buffer| buffer.bytes.len()).sum(),
        fields: http1.chain(http2).sum(),
        texts: ours.texts.values().map(Vec::len).sum(),
        grpc: ours.grpc.values().map(Vec::len).sum(),
        late_bytes: unknown.map(|leaf| leaf.range.len()).sum(),
    }
}
