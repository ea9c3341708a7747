//! What the page calls layers, roles, directions and derivations.

use super::capture::{LayerWord, RoleWord};
use crate::dissection::Derivation;
use crate::recording::Direction;
use crate::span::{Layer, Role};

/// In the order of the enum; the page's legend has the same.
pub(super) const LAYERS: [Layer; 12] = [
    Layer::Http1,
    Layer::WebSocket,
    Layer::Http2,
    Layer::Hpack,
    Layer::Grpc,
    Layer::Protobuf,
    Layer::Xml,
    Layer::Json,
    Layer::Sse,
    Layer::Gzip,
    Layer::Text,
    Layer::Unknown,
];

pub(super) fn layer_word(layer: Layer) -> LayerWord {
    let (key, name) = match layer {
        Layer::Http1 => ("http1", "HTTP/1.1"),
        Layer::WebSocket => ("websocket", "WebSocket"),
        Layer::Http2 => ("http2", "HTTP/2"),
        Layer::Hpack => ("hpack", "HPACK"),
        Layer::Grpc => ("grpc", "gRPC"),
        Layer::Protobuf => ("protobuf", "Protobuf"),
        Layer::Xml => ("xml", "XML"),
        Layer::Json => ("json", "JSON"),
        Layer::Sse => ("sse", "Server-sent events"),
        Layer::Gzip => ("gzip", "gzip"),
        Layer::Text => ("text", "Text"),
        Layer::Unknown => ("unknown", "Not understood"),
    };
    LayerWord { key, name }
}

pub(super) fn role_word(role: Role) -> RoleWord {
    let (key, name, about) = match role {
        Role::Value => ("value", "value", "what the caller wanted to say"),
        Role::Encoding => (
            "encoding",
            "encoding",
            "how the message says it: tags, quotes, names",
        ),
        Role::Compressed => (
            "compressed",
            "compressed",
            "values and encoding, mixed by compression",
        ),
        Role::Headers => ("headers", "headers", "start lines and header fields"),
        Role::Framing => ("framing", "framing", "where messages begin and end"),
        Role::Setup => ("setup", "set-up", "what the connection needs for itself"),
        Role::Unknown => ("unknown", "unknown", "bytes that no dissector understands"),
    };
    RoleWord { key, name, about }
}

pub(super) fn derivation_word(by: Derivation) -> &'static str {
    match by {
        Derivation::Dechunked => "dechunked",
        Derivation::Unmasked => "unmasked",
        Derivation::Reassembled => "reassembled",
        Derivation::Inflated => "inflated",
        Derivation::HuffmanDecoded => "Huffman-decoded",
    }
}

pub(super) fn way_word(way: Direction) -> &'static str {
    match way {
        Direction::Up => "up",
        Direction::Down => "down",
    }
}
