//! Upgrades, RFC 9110, section 7.8: what a client offers, and what the connection goes on in.

use super::fields;
use super::head::Head;
use crate::dissect::connection::Protocol;
use crate::dissect::http2;
use crate::dissect::websocket::{self, Handshake};

/// Whether a request offers to go on in another protocol.
pub(super) fn is_offered(head: &Head) -> bool {
    let options = fields::elements(&head.fields, "connection");
    options.iter().any(|option| option == "upgrade") && head.all("upgrade").next().is_some()
}

/// Whether a request offers WebSocket.
pub(super) fn to_websocket(head: &Head) -> bool {
    is_offered(head) && names(head, "websocket")
}

/// What the connection speaks after that `101 Switching Protocols`.
pub(super) fn protocol(head: &Head, path: String, exchange: u32) -> Protocol {
    if names(head, "websocket") {
        let handshake = Handshake {
            path,
            exchange,
            extensions: fields::elements(&head.fields, "sec-websocket-extensions"),
        };
        return Protocol::WebSocket(Box::new(websocket::Reader::new(&handshake)));
    }
    match names(head, "h2c") {
        true => Protocol::Http2(Box::new(http2::Reader::upgraded(&path))),
        false => Protocol::Unknown,
    }
}

fn names(head: &Head, protocol: &str) -> bool {
    let named = fields::elements(&head.fields, "upgrade");
    named.iter().any(|name| name == protocol)
}
