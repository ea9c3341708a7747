use proptest::prelude::*;

use super::*;

/// Bodies of all kinds with what tells of them.
fn body() -> impl Strategy<Value = (Described, Vec<u8>)> {
    let json = "\\[1,\"[a-z]{0,4}\",\\{\"b\":[0-9]\\}\\]";
    let event = "(data:[a-z]{0,3}|data: \\[[1-9]\\]|:x|id: [0-9])(\n|\r|\r\n)";
    let events = prop::collection::vec(prop_oneof![event.boxed(), "(\n|\r|\r\n)".boxed()], 0..12);
    let messages = prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..5);
    prop_oneof![
        json.prop_map(|text| (described("application/json", ""), text.into_bytes())),
        json.prop_map(|text| (described("", ""), text.into_bytes())),
        json.prop_map(|text| (
            described("application/json", "gzip"),
            gzipped(text.as_bytes())
        )),
        "<a>[a-z]{0,9}</a>".prop_map(|text| (described("text/xml", ""), text.into_bytes())),
        "[a-z\n]{0,20}".prop_map(|text| (described("text/plain", ""), text.into_bytes())),
        prop::collection::vec(json, 0..4).prop_map(|lines| {
            (
                described("application/x-ndjson", ""),
                lines.join("\n").into_bytes(),
            )
        }),
        events.prop_map(|lines| {
            (
                described("text/event-stream", ""),
                lines.concat().into_bytes(),
            )
        }),
        messages.prop_map(|messages| {
            let body = messages
                .iter()
                .flat_map(|message| grpc(0, message))
                .collect();
            (described("application/grpc", ""), body)
        }),
    ]
}

proptest! {
    #[test]
    fn a_body_torn_anywhere_says_the_same(
        (described, body) in body(),
        sizes in prop::collection::vec(0usize..8, 0..30),
        end in prop::sample::select(vec![End::WithLast, End::After]),
    ) {
        let whole = read(described.clone(), &[&body], End::WithLast, Limits::none());
        prop_assert_eq!(whole.check(), Ok(()));
        let mut pieces = Vec::new();
        let mut rest = &body[..];
        for size in sizes {
            let (piece, after) = rest.split_at(size.min(rest.len()));
            pieces.push(piece);
            rest = after;
        }
        pieces.push(rest);
        let torn = read(described, &pieces, end, Limits::none());
        prop_assert_eq!(torn.check(), Ok(()));
        assert_kept(&torn);
        prop_assert_eq!(said(&torn.payloads), said(&whole.payloads));
        prop_assert_eq!(values(&torn), values(&whole));
    }

    #[test]
    fn any_bytes_of_any_type_are_tiled(
        media_type in prop::sample::select(vec![
            "", "application/json", "text/xml", "text/event-stream", "application/x-ndjson",
            "application/grpc", "application/grpc-web", "application/protobuf", "text/plain",
        ]),
        encoding in prop::sample::select(vec!["", "gzip", "deflate", "br"]),
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..5),
        short in prop::collection::vec(0u8..8, 0..20),
        end in prop::sample::select(vec![End::WithLast, End::After, End::CutOff]),
        message_bytes in 0usize..100,
    ) {
        let limits = Limits { message_bytes, inflated_bytes: 100, ..Limits::default() };
        let mut pieces: Vec<&[u8]> = pieces.iter().map(|piece| &piece[..]).collect();
        pieces.insert(0, &short);
        let found = read(described(media_type, encoding), &pieces, end, limits);
        prop_assert_eq!(found.check(), Ok(()));
        assert_kept(&found);
    }
}
