use insta::assert_snapshot;

use super::*;

#[test]
fn an_event_whose_data_is_json_is_explained_down_to_its_values() {
    let body = b"event: tick\nid:7\ndata: [1]\n\n: alive\n\ndata: a\r\ndata: b\r\n\r\n";
    let found = in_place("text/event-stream", "", body);
    assert_snapshot!(shown(&found), @r#"
    connection 0, client to server
    Framing frame: "|"
    event:
      event:
        Framing field name: "event"
        Framing colon: ": "
        Encoding value: "tick"
        Framing line end: "\n"
      id:
        Framing field name: "id"
        Framing colon: ":"
        Encoding value: "7"
        Framing line end: "\n"
      data:
        Framing field name: "data"
        Framing colon: ": "
        array:
          Encoding begin array: "["
          Value number: "1" at 0
          Encoding end array: "]"
        Framing line end: "\n"
      Framing line end: "\n"
    event:
      comment:
        Framing colon: ": "
        Framing comment: "alive"
        Framing line end: "\n"
      Framing line end: "\n"
    event:
      data:
        Framing field name: "data"
        Framing colon: ": "
        Value value: "a" at data
        Framing line end: "\r\n"
      data:
        Framing field name: "data"
        Framing colon: ": "
        Value value: "b" at data
        Framing line end: "\r\n"
      Framing line end: "\r\n"
    "#);
    let expected = [
        (PayloadKind::Event, "[1]".to_owned()),
        (PayloadKind::Event, "a\nb".to_owned()),
    ];
    assert_eq!(said(&found.payloads), expected);
}

#[test]
fn lines_of_json_are_messages() {
    let found = in_place("application/x-ndjson", "", b"[1]\r\n\n\"a\"");
    assert_snapshot!(shown(&found), @r#"
    connection 0, client to server
    Framing frame: "|"
    array:
      Encoding begin array: "["
      Value number: "1" at 0
      Encoding end array: "]"
    Framing line end: "\r\n"
    Framing line end: "\n"
    Encoding quotation mark: "\""
    Value string: "a" at
    Encoding quotation mark: "\""
    "#);
    assert_eq!(found.payloads.len(), 2);
}

#[test]
fn a_compressed_message_of_grpc_is_inflated_between_those_that_are_not() {
    let plain = grpc(0, b"\x08\x05");
    let packed = grpc(1, &gzipped(b"\x08\x05"));
    let found = in_place(
        "application/grpc",
        "gzip",
        &[plain, packed, grpc(0, b"")].concat(),
    );
    let bytes: Vec<&[u8]> = found
        .payloads
        .iter()
        .map(|payload| &payload.bytes[..])
        .collect();
    assert_eq!(bytes, [b"\x08\x05", b"\x08\x05", &b""[..]]);
    assert_eq!(found.derived.len(), 1);
    assert_eq!(found.derived[0].title, "request message, inflated");
}

#[test]
fn trailers_of_grpc_web_are_a_head() {
    let trailers = grpc(0x80, b"grpc-status: 0\r\ngrpc-message:fine\r\n");
    let found = in_place("application/grpc-web+proto", "", &trailers);
    assert_eq!(found.heads.len(), 1);
    assert_eq!(found.heads[0].kind, HeadKind::Trailers);
    let fields = found.heads[0].fields.iter();
    let fields: Vec<_> = fields.map(|field| (&*field.name, &*field.value)).collect();
    assert_eq!(fields, [("grpc-status", "0"), ("grpc-message", "fine")]);
    assert_snapshot!(shown(&found), @r#"
    connection 0, client to server
    Framing frame: "|"
    trailers:
      Framing compressed flag: "�" = "128"
      Framing message length: "\0\0\0#" = "35"
      grpc-status: 0
        Headers name: "grpc-status"
        Headers colon: ": "
        Headers value: "0"
        Headers line end: "\r\n"
      grpc-message: fine
        Headers name: "grpc-message"
        Headers colon: ":"
        Headers value: "fine"
        Headers line end: "\r\n"
    "#);
}

#[test]
fn a_body_without_a_type_is_told_by_its_looks() {
    let kinds = [
        (&b" {\"a\":1}"[..], PayloadKind::Json),
        (b"<a>1</a>", PayloadKind::Xml),
        (b"{not json}", PayloadKind::Text),
        (b"<", PayloadKind::Text),
        (b"hello\nworld", PayloadKind::Text),
        (b"\xff\x00", PayloadKind::Binary),
    ];
    for (body, kind) in kinds {
        let found = in_place("", "", body);
        assert_eq!(found.payloads[0].kind, kind);
        let spans = &found.recorded[0].spans[1..];
        let all_guessed = spans
            .iter()
            .all(|span| span.certainty == crate::Certainty::Guess);
        assert!(all_guessed, "{spans:?}");
    }
}

#[test]
fn a_compressed_body_is_inflated_and_explained() {
    for (encoding, body) in [
        ("gzip", gzipped(b"{\"a\":1}")),
        ("identity", b"{\"a\":1}".to_vec()),
    ] {
        let found = in_place("application/json", encoding, &body);
        assert_eq!(
            said(&found.payloads),
            [(PayloadKind::Json, "{\"a\":1}".to_owned())]
        );
    }
    let found = in_place("application/json", "br", b"???");
    assert_eq!(found.recorded[0].spans[1].role, Role::Compressed);
    assert!(found.payloads.is_empty());
}

#[test]
fn a_compressed_stream_of_events_is_explained_event_by_event() {
    let body = gzipped(b"data: 1\n\ndata: 2\n\n");
    let found = in_place("text/event-stream", "gzip", &body);
    let expected = ["1", "2"].map(|data| (PayloadKind::Event, data.to_owned()));
    assert_eq!(said(&found.payloads), expected);
}

#[test]
fn a_body_that_was_cut_off_is_explained_but_no_payload() {
    let pieces: [&[u8]; 2] = [b"[1, ", b"2"];
    let found = read(
        described("application/json", ""),
        &pieces,
        End::CutOff,
        Limits::none(),
    );
    assert_eq!(found.check(), Ok(()));
    assert_eq!(found.derived.len(), 1);
    assert!(found.payloads.is_empty());
}

#[test]
fn what_is_longer_than_may_be_kept_is_told_and_the_next_message_is_read() {
    let limits = Limits {
        message_bytes: 20,
        ..Limits::default()
    };
    let bodies = [
        (
            "application/grpc",
            [grpc(0, &[7; 30]), grpc(0, b"\x08\x01")].concat(),
            1,
        ),
        (
            "text/event-stream",
            b"data: aaaaaaaaaaaaaaaaaaaaaaaaaa\n\ndata: 1\n\n".to_vec(),
            1,
        ),
        (
            "application/x-ndjson",
            b"[1,1,1,1,1,1,1,1,1,1,1,1,1]\n[1]\n".to_vec(),
            1,
        ),
        (
            "application/json",
            b"[1,1,1,1,1,1,1,1,1,1,1,1,1]".to_vec(),
            0,
        ),
    ];
    for (media_type, body, payloads) in bodies {
        let pieces: Vec<&[u8]> = body.chunks(3).collect();
        let found = read(described(media_type, ""), &pieces, End::After, limits);
        assert_eq!(found.check(), Ok(()));
        assert_eq!(found.payloads.len(), payloads, "{media_type}");
        let mut spans = found.recorded[0].leaves();
        assert!(spans.any(|span| span.note.starts_with("not looked into")));
    }
}

#[test]
fn a_message_of_grpc_that_ends_after_its_prefix_is_told() {
    let whole = grpc(0, b"\x08\x05");
    for count in 1..whole.len() {
        let found = in_place("application/grpc", "", &whole[..count]);
        let span = &found.recorded[0].spans[1];
        assert_eq!(span.certainty, crate::Certainty::Broken, "{count}");
        assert!(found.payloads.is_empty());
    }
}

#[test]
fn a_bomb_of_very_many_messages_is_not_explained_message_by_message() {
    let bomb = vec![b'\n'; 5 * 1024 * 1024];
    let bodies = [
        ("application/x-ndjson", gzipped(&bomb)),
        ("text/event-stream", gzipped(&bomb)),
        ("application/grpc", grpc(1, &gzipped(&bomb))),
    ];
    for (media_type, body) in bodies {
        let found = in_place(media_type, "gzip", &body);
        assert_eq!(found.derived[0].spans.len(), 1);
        assert_eq!(found.derived[0].bytes.len(), bomb.len());
    }
}

#[test]
fn values_are_found_through_chunks_and_compression() {
    let body = gzipped(br#"{"jsonrpc":"2.0","method":"add","params":[5,3],"id":1}"#);
    let (first, second) = body.split_at(20);
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
        Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n";
    let second_head = format!("\r\n{:x}\r\n", second.len());
    let parts = [
        head.as_bytes(),
        first,
        second_head.as_bytes(),
        second,
        b"\r\n0\r\n\r\n",
    ];
    let mut dissector = crate::Dissector::new(Knowledge::default(), Limits::default());
    dissector.feed(0, Direction::Up, &parts.concat());
    let found = dissector.take();
    assert_eq!(found.check(), Ok(()));
    assert_kept(&found);
    let titles: Vec<&str> = found.derived.iter().map(|buffer| &*buffer.title).collect();
    assert_eq!(
        titles,
        ["request body, dechunked", "request body, inflated"]
    );
    let expected = [("params.0", "5"), ("params.1", "3")];
    let expected = expected.map(|(path, value)| (path.to_owned(), value.to_owned()));
    assert_eq!(values(&found), expected);
}
