//! What breaks the rules, and what is cut off.

use std::io::Write;

use super::*;

const CHUNKED: &[u8] = b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n";

/// The rules that a request breaks.
fn faults(request: &[u8]) -> Vec<String> {
    broken(&dissect(&[(Up, request)]), Up)
}

fn one_fault(request: &[u8], says: &str) {
    match &faults(request)[..] {
        [one] => assert!(one.contains(says), "{one}"),
        other => panic!("not one fault in {}: {other:?}", request.escape_ascii()),
    }
}

#[test]
fn a_sound_request_breaks_no_rule() {
    let none: [String; 0] = [];
    assert_eq!(faults(b"GET / HTTP/1.1\r\na: \r\nb:\t\xff c\r\n\r\n"), none);
}

#[test]
fn broken_rules_of_a_head_are_told_where_they_are() {
    let heads: [(&[u8], &str); 12] = [
        (b"GET / HTTP/1.1\nhost: a\r\n\r\n", "stands alone"),
        (b"GET / HTTP/1.1\r\nhost a\r\n\r\n", "a colon follows"),
        (b"GET / HTTP/1.1\r\nhost : a\r\n\r\n", "before the colon"),
        (b"GET / HTTP/1.1\r\n: a\r\n\r\n", "a field's name"),
        (b"GET / HTTP/1.1\r\nh\0st: a\r\n\r\n", "a field's name"),
        (
            b"GET / HTTP/1.1\r\nx: a\0b\r\n\r\n",
            "no control characters",
        ),
        (
            b"GET / HTTP/1.1\r\nx: a\rb\r\n\r\n",
            "no control characters",
        ),
        (b"GET / HTTP/1.1\r\n x: a\r\n\r\n", "a blank begins a line"),
        (b"GET / HTTP/1.1\r\nx: a\r\n b\r\n\r\n", "no longer go on"),
        (b"GET /a b HTTP/1.1\r\n\r\n", "no spaces"),
        (
            b"GET / HTTP/1.1\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            "servers skip it",
        ),
        (b"GET / HTTP/1.1\r\nhost: a", "within this line"),
    ];
    for (head, says) in heads {
        one_fault(head, says);
    }
}

#[test]
fn a_value_that_goes_on_is_one_value() {
    let dissection = dissect(&[(Up, b"GET / HTTP/1.1\r\nx: a\r\n\t b\r\n\r\n")]);
    let field = &dissection.heads[0].fields[0];
    assert_eq!((&*field.value, field.at.range.clone()), ("a b", 16..27));
}

#[test]
fn a_length_beside_chunks_breaks_the_rules_and_does_not_count() {
    let request =
        b"POST / HTTP/1.1\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    one_fault(request, "Transfer-Encoding");
    let dissection = dissect(&[(Up, request)]);
    let end = ["request head", "last chunk", "end of the chunked body"];
    assert_eq!(units(&dissection, Up), end);
}

#[test]
fn after_what_nobody_can_place_the_rest_is_not_understood() {
    let lost: [&[u8]; 6] = [
        b"GET /\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\nx",
        b"POST / HTTP/1.1\r\ncontent-length: 1, 2\r\n\r\nabc",
        b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\nabc",
        b"POST / HTTP/1.1\r\ncontent-length: 99999999999999999999999\r\n\r\nabc",
        b"POST / HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\nabc",
    ];
    for request in lost {
        let dissection = dissect(&[(Up, request)]);
        let last = recorded(&dissection, Up).spans.last();
        let name = last.map(|span| &*span.name);
        assert_eq!(name, Some("not understood"), "{}", request.escape_ascii());
        assert!(
            !broken(&dissection, Up).is_empty(),
            "{}",
            request.escape_ascii()
        );
    }
}

#[test]
fn sizes_of_chunks_that_are_none_are_told() {
    let sizes: [&[u8]; 5] = [b"x", b"-1", b"1 2", b"11111111111111111", b"0x10"];
    for size in sizes {
        let request = [CHUNKED, size, b"\r\nabc\r\n0\r\n\r\n"].concat();
        one_fault(&request, "hexadecimal");
    }
}

#[test]
fn a_chunk_longer_than_its_size_is_told() {
    one_fault(
        &[CHUNKED, b"2\r\nabc\r\n0\r\n\r\n"].concat(),
        "CRLF follows",
    );
}

#[test]
fn the_largest_chunk_is_waited_for_without_making_room() {
    let request = [CHUNKED, b"ffffffffffffffff\r\nabc"].concat();
    one_fault(&request, "the connection ended");
}

#[test]
fn a_body_that_is_cut_off_is_told_as_far_as_it_came() {
    let head = b"POST / HTTP/1.1\r\ncontent-type: application/json\r\n";
    let request = [&head[..], b"content-length: 9\r\n\r\n[1,"].concat();
    let dissection = dissect(&[(Up, &request)]);
    let says = "the connection ended 6 bytes before the body did";
    assert_eq!(broken(&dissection, Up), [says]);
    assert_eq!(&dissection.derived[0].bytes[..], b"[1,");
}

#[test]
fn chunks_without_an_end_are_told_as_far_as_they_came() {
    let dissection = dissect(&[(Up, &[CHUNKED, b"3\r\n[1,\r\n"].concat())]);
    assert_eq!(&dissection.derived[0].bytes[..], b"[1,");
}

#[test]
fn a_transfer_coding_beside_chunks_is_undone() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(b"[1]").expect("memory");
    let gzip = gzip.finish().expect("memory");
    let size = format!("{:x}\r\n", gzip.len());
    let head = b"POST / HTTP/1.1\r\ntransfer-encoding: gzip, chunked\r\n\r\n";
    let request = [&head[..], size.as_bytes(), &gzip, b"\r\n0\r\n\r\n"].concat();
    let dissection = dissect(&[(Up, &request)]);
    let inflated = dissection.derived.last().expect("inflated");
    assert_eq!(&inflated.bytes[..], b"[1]");
}

fn at_most(message_bytes: usize) -> Limits {
    Limits {
        message_bytes,
        ..Limits::default()
    }
}

#[test]
fn a_header_without_end_is_kept_only_up_to_the_limit() {
    let mut dissector = Dissector::new(Knowledge::default(), at_most(1000));
    dissector.feed(0, Up, b"GET / HTTP/1.1\r\nx: ");
    let mut told = 0;
    for _ in 0..100 {
        dissector.feed(0, Up, &[b'x'; 100]);
        let recorded = dissector.take().recorded;
        told += recorded
            .iter()
            .map(|buffer| buffer.bytes.len())
            .sum::<usize>();
    }
    assert!(10_000 - told <= 1000, "{told}");
}

#[test]
fn an_answer_without_a_request_is_kept_only_up_to_the_limit() {
    let mut dissector = Dissector::new(Knowledge::default(), at_most(1000));
    dissector.feed(0, Up, b"GET / HT");
    dissector.feed(0, Down, &[b'x'; 1000]);
    assert!(dissector.take().recorded.is_empty());
    dissector.feed(0, Down, b"x");
    assert!(!dissector.take().recorded.is_empty());
}

#[test]
fn a_body_longer_than_the_limit_is_passed_on_in_pieces() {
    let length = b"POST / HTTP/1.1\r\ncontent-length: 1000\r\n\r\n";
    let chunked = [CHUNKED, b"3e8\r\n"].concat();
    let bytes = [b'x'; 1000];
    for (head, end) in [(&length[..], &b""[..]), (&chunked, b"\r\n0\r\n\r\n")] {
        let request = [head, &bytes, end].concat();
        let dissection = dissect_within(at_most(100), &[(Up, &request)]);
        let bodies = units(&dissection, Up);
        let bodies = bodies.iter().filter(|name| **name == "body").count();
        assert_eq!(bodies, 10);
        assert_eq!(broken(&dissection, Up), Vec::<String>::new());
    }
}
