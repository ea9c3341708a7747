//! Control frames, RFC 6455, section 5.5: close, ping and pong.

use super::Payload;
use super::frame::Opcode;
use crate::dissect::row::Row;

/// Lays the payload of a control frame.
pub(super) fn lay(opcode: Opcode, payload: &Payload<'_>, row: &mut Row) {
    let bytes = payload.unmasked();
    match (opcode, bytes.as_slice()) {
        (Opcode::Close, [high, low, reason @ ..]) => {
            let code = u16::from_be_bytes([*high, *low]);
            row.lay(2, "status code", code.to_string(), meaning(code));
            if !may_be_sent(code) {
                row.breaks("a code that no close frame has (RFC 6455, section 7.4)");
            }
            let text = String::from_utf8_lossy(reason);
            let note = "why, for people (RFC 6455, section 7.1.6)";
            row.lay(reason.len(), "reason", text, note);
        }
        (Opcode::Close, [_]) => {
            row.broken(1, "a status code has two bytes (RFC 6455, section 5.5.1)");
        }
        (_, bytes) => {
            let text = String::from_utf8_lossy(bytes);
            let note = "a pong has the bytes of its ping (RFC 6455, section 5.5.3)";
            row.lay(bytes.len(), "payload", text, note);
        }
    }
}

/// RFC 6455, section 7.4.1, and the registry that it begins.
fn meaning(code: u16) -> &'static str {
    match code {
        1000 => "the purpose is fulfilled",
        1001 => "the server goes down, or the page is left",
        1002 => "the other side broke the protocol",
        1003 => "data of a kind that is not taken",
        1007 => "data that is not what its kind says, text that is not UTF-8 for example",
        1008 => "against the policy of this side",
        1009 => "a message too big to process",
        1010 => "the server did not agree to an extension that the client needs",
        1011 => "the server met what it did not expect",
        1012 => "the server starts anew",
        1013 => "the server has too much to do: try later",
        3000..4000 => "a registered meaning of a framework",
        4000..5000 => "a private meaning of the application",
        _ => "not a registered meaning",
    }
}

/// RFC 6455, section 7.4.2: 1005, 1006 and 1015 are for programs only, lower ones not used.
fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..5000)
}
