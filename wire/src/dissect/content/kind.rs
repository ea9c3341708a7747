//! Media types: what a body is read as.

use super::super::{json, xml};
use super::stream::Messages;

/// What a body, or one message of it, is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Json,
    Xml,
    Protobuf,
    Text,
    /// Bytes that their sender calls so.
    Binary,
    /// Messages one after another.
    Stream(Messages),
    /// gRPC-Web's messages, spelt in base64.
    GrpcWebText,
    /// Nobody says; the bytes have to.
    Unsaid,
}

impl Kind {
    /// By media type, RFC 9110, section 8.3.1; suffixes by RFC 6839.
    pub(super) fn of(media_type: &str) -> Self {
        let essence = media_type.split(';').next().unwrap_or_default();
        let essence = essence.trim().to_ascii_lowercase();
        match &*essence {
            "" => Self::Unsaid,
            "application/grpc-web-text" => Self::GrpcWebText,
            "text/event-stream" => Self::Stream(Messages::Events),
            "application/x-ndjson" | "application/jsonl" => Self::Stream(Messages::Lines),
            "application/protobuf" | "application/x-protobuf" => Self::Protobuf,
            "application/json" | "text/json" => Self::Json,
            "application/xml" | "text/xml" => Self::Xml,
            "application/x-www-form-urlencoded" | "application/openmetrics-text" => Self::Text,
            _ => Self::by_family(&essence),
        }
    }

    fn by_family(essence: &str) -> Self {
        let (family, subtype) = essence.split_once('/').unwrap_or_default();
        let suffix = subtype
            .rsplit_once('+')
            .map_or(subtype, |(_, suffix)| suffix);
        let is_grpc = |name| subtype.strip_prefix(name).is_some_and(ends_or_suffix);
        if family == "application" && (is_grpc("grpc") || is_grpc("grpc-web")) {
            return Self::Stream(Messages::Grpc);
        }
        if family == "application" && is_grpc("grpc-web-text") {
            return Self::GrpcWebText;
        }
        match (family, suffix) {
            (_, "json" | "json-rpc") => Self::Json,
            (_, "xml") => Self::Xml,
            ("text", _) => Self::Text,
            ("image" | "audio" | "video" | "font" | "multipart", _) => Self::Binary,
            ("application", "octet-stream" | "zip" | "pdf" | "wasm") => Self::Binary,
            _ => Self::Unsaid,
        }
    }

    /// The messages that a body of this kind carries one after another; `None` for one that is a
    /// single message.
    pub(super) fn messages(self) -> Option<Messages> {
        match self {
            Self::Stream(messages) => Some(messages),
            _ => None,
        }
    }

    /// The likeliest kind of bytes of which nobody says what they are, by how they begin.
    pub(super) fn sniffed(bytes: &[u8]) -> Self {
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        match first {
            Some(b'{' | b'[') if json::may_be(bytes) => Self::Json,
            Some(b'<') if xml::may_be(bytes) => Self::Xml,
            _ if std::str::from_utf8(bytes).is_ok() => Self::Text,
            _ => Self::Binary,
        }
    }
}

/// What may follow `grpc`: nothing, or `+proto` and the like.
fn ends_or_suffix(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('+')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_known_with_their_parameters_and_suffixes() {
        let grpc = Kind::Stream(Messages::Grpc);
        let known = [
            ("application/json; charset=utf-8", Kind::Json),
            ("Application/Problem+JSON", Kind::Json),
            ("application/json-rpc", Kind::Json),
            ("text/xml", Kind::Xml),
            ("image/svg+xml", Kind::Xml),
            ("application/grpc", grpc),
            ("application/grpc+proto", grpc),
            ("application/grpc-web+proto", grpc),
            ("application/grpc-web-text+proto", Kind::GrpcWebText),
            (
                "text/event-stream;charset=utf-8",
                Kind::Stream(Messages::Events),
            ),
            ("application/x-ndjson", Kind::Stream(Messages::Lines)),
            ("text/plain", Kind::Text),
            ("multipart/form-data; boundary=x", Kind::Binary),
            ("", Kind::Unsaid),
            ("application/grpcious", Kind::Unsaid),
            ("nonsense", Kind::Unsaid),
        ];
        for (media_type, kind) in known {
            assert_eq!(Kind::of(media_type), kind, "{media_type}");
        }
    }
}
