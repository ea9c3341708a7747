//! Why a stream or a connection ends, RFC 9113, section 7.

use super::parts::Parts;

/// Takes the error code here, if there is one.
pub(super) fn error_code(parts: &mut Parts<'_>) {
    let Some(code) = parts.number::<4>() else {
        return;
    };
    let (name, note) = error(code);
    let value = match name {
        "" => format!("0x{code:08x}"),
        name => name.to_owned(),
    };
    parts.leaf(4, "error code", value, note);
}

/// RFC 9113, section 7.
fn error(code: u32) -> (&'static str, &'static str) {
    match code {
        0x00 => ("NO_ERROR", "nothing went wrong"),
        0x01 => ("PROTOCOL_ERROR", "the other side broke a rule"),
        0x02 => (
            "INTERNAL_ERROR",
            "something unexpected happened at the sender",
        ),
        0x03 => (
            "FLOW_CONTROL_ERROR",
            "the other side sent more than its window allowed",
        ),
        0x04 => ("SETTINGS_TIMEOUT", "settings were not acknowledged in time"),
        0x05 => ("STREAM_CLOSED", "a frame came after the stream's end"),
        0x06 => ("FRAME_SIZE_ERROR", "a frame has a wrong length"),
        0x07 => (
            "REFUSED_STREAM",
            "not begun, so that it can safely be tried again",
        ),
        0x08 => ("CANCEL", "nobody needs this stream any more"),
        0x09 => ("COMPRESSION_ERROR", "a header block could not be decoded"),
        0x0a => ("CONNECT_ERROR", "the connection behind a CONNECT broke"),
        0x0b => ("ENHANCE_YOUR_CALM", "the other side asks for too much"),
        0x0c => ("INADEQUATE_SECURITY", "the transport is not safe enough"),
        0x0d => ("HTTP_1_1_REQUIRED", "this needs HTTP/1.1"),
        _ => ("", "no standard names this error (RFC 9113, section 7)"),
    }
}
