//! Messages that are nothing but parts.

use super::*;
use crate::span::Span;

/// 64 KiB of those bytes over and over.
fn dense(begin: &str, again: &str, end: &str) -> Vec<u8> {
    let times = (64 * 1024 - begin.len() - end.len()) / again.len();
    format!("{begin}{}{end}", again.repeat(times)).into_bytes()
}

fn count(spans: &[Span]) -> usize {
    let children = spans.iter().map(|span| 1 + count(&span.children));
    children.sum()
}

#[test]
fn a_live_message_has_no_more_spans_than_the_limits_say() {
    let limits = Limits {
        message_bytes: 64 * 1024,
        ..Limits::default()
    };
    let bodies = [
        ("application/json", dense("[1", ",1", "]")),
        ("application/json", dense("[[]", ",[]", "]")),
        ("application/xml", dense("<a>", "<b/>", "</a>")),
        ("text/plain", dense("", "\n", "")),
        ("text/event-stream", dense("", ":\n", "\n")),
        ("application/protobuf", dense("", "\x08\x01", "")),
        (
            "application/protobuf",
            dense("", "\x0a\x03\x0a\x01\x01", ""),
        ),
        (
            "application/grpc",
            grpc(0, &dense("", "\x08\x01", "")[16..]),
        ),
        ("", dense("[1", ",1", "]")),
    ];
    for (media_type, body) in bodies {
        let of = described(media_type, "");
        let found = read(of, &[&body], End::WithLast, limits);
        assert_eq!(found.check(), Ok(()), "{media_type}");
        let spans = count(&found.recorded[0].spans);
        // The last part, and those around it, are told whole.
        let most = limits.spans() + 16;
        assert!(spans <= most, "{media_type}: {spans} spans");
        assert!(spans > limits.spans() / 2, "{media_type}: {spans} spans");
        let rest = found.recorded[0]
            .leaves()
            .filter(|leaf| leaf.name == "rest");
        assert!(rest.count() > 0, "{media_type}");
    }
}
