//! SETTINGS, RFC 9113, section 6.5: what the sender can take. It binds the other direction.

use super::parts::Parts;
use crate::span::Span;

/// The longest frame before anybody says otherwise, RFC 9113, section 6.5.2.
pub(super) const DEFAULT_FRAME_BYTES: usize = 16_384;

/// Bytes of one setting: a number for its name, and its value.
const SETTING_BYTES: usize = 6;

/// What these settings allow the other side that matters for reading what it sends.
#[derive(Debug, Default)]
pub(super) struct Allows {
    pub(super) table_bytes: Option<usize>,
    pub(super) frame_bytes: Option<usize>,
}

/// The payload, and what it allows.
pub(super) fn settings(mut parts: Parts<'_>) -> (Vec<Span>, Allows) {
    let mut allows = Allows::default();
    while let (Some(id), true) = (parts.number::<2>(), parts.rest.len() >= SETTING_BYTES) {
        let start = parts.start;
        let before = parts.spans.len();
        let (name, note) = known(id).unwrap_or(("unknown setting", UNKNOWN));
        parts.leaf(2, "identifier", name, note);
        let value = parts.number::<4>().unwrap_or_default();
        parts.leaf(4, "value", value.to_string(), "");
        if let Some(rule) = broken(id, value) {
            parts.last_breaks(rule);
        }
        note_down(&mut allows, id, value);
        let leaves = parts.spans.split_off(before);
        parts.spans.push(setting(start, name, id, value, leaves));
    }
    (
        parts.finished("settings take six bytes each (RFC 9113, section 6.5)"),
        allows,
    )
}

fn setting(start: usize, name: &'static str, id: u32, value: u32, leaves: Vec<Span>) -> Span {
    use crate::span::{Layer, Role};
    let range = start..start + SETTING_BYTES;
    let span = Span::new(range, Layer::Http2, Role::Setup, name).children(leaves);
    let note = known(id).map_or(UNKNOWN, |(_, note)| note);
    span.value(value.to_string()).note(note)
}

fn note_down(allows: &mut Allows, id: u32, value: u32) {
    // A number past what this machine can address is past what it keeps, too.
    let value = Some(usize::try_from(value).unwrap_or(usize::MAX));
    match id {
        1 => allows.table_bytes = value,
        5 => allows.frame_bytes = value,
        _ => (),
    }
}

const UNKNOWN: &str =
    "receivers pass over settings that they do not know (RFC 9113, section 6.5.2)";

/// Name and meaning, RFC 9113, section 6.5.2, and those that came later.
fn known(id: u32) -> Option<(&'static str, &'static str)> {
    Some(match id {
        1 => (
            "SETTINGS_HEADER_TABLE_SIZE",
            "bytes that the other side's table for header fields may take; 4096 unless told",
        ),
        2 => (
            "SETTINGS_ENABLE_PUSH",
            "whether the server may push; 1 unless told",
        ),
        3 => (
            "SETTINGS_MAX_CONCURRENT_STREAMS",
            "streams that the other side may have open at once; no limit unless told",
        ),
        4 => (
            "SETTINGS_INITIAL_WINDOW_SIZE",
            "bytes of DATA that a new stream may bring before a WINDOW_UPDATE; 65535 unless told",
        ),
        5 => (
            "SETTINGS_MAX_FRAME_SIZE",
            "bytes that the payload of one frame may have; 16384 unless told",
        ),
        6 => (
            "SETTINGS_MAX_HEADER_LIST_SIZE",
            "bytes that the fields of one head may take, not compressed; no limit unless told",
        ),
        8 => (
            "SETTINGS_ENABLE_CONNECT_PROTOCOL",
            "whether WebSocket may run in a stream (RFC 8441, section 3)",
        ),
        9 => (
            "SETTINGS_NO_RFC7540_PRIORITIES",
            "whether the old priorities are ignored (RFC 9218, section 2.1)",
        ),
        _ => return None,
    })
}

/// The rule that a value breaks.
fn broken(id: u32, value: u32) -> Option<&'static str> {
    match (id, value) {
        (2 | 8 | 9, 2..) => Some("only 0 and 1 are allowed"),
        (4, 0x8000_0000..) => {
            Some("a window has at most 2147483647 bytes (RFC 9113, section 6.5.2)")
        }
        (5, 0..16_384 | 0x0100_0000..) => {
            Some("between 16384 and 16777215 (RFC 9113, section 6.5.2)")
        }
        _ => None,
    }
}
