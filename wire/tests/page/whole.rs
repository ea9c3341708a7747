//! Pages of what passed between any two programs: connections that need not carry the same call.

use std::io::Write;

use serde_json::json;
use wire::page::{Call, State};
use wire::{BufferId, Direction, Dissection, Dissector, Excerpt, Knowledge, Limits};

use crate::browser::{Looked, look};
use crate::page;

/// What a client sends on each of its connections.
fn dissected(connections: &[&[u8]]) -> Dissection {
    let mut dissector = Dissector::new(Knowledge::default(), Limits::none());
    for (number, bytes) in connections.iter().enumerate() {
        dissector.feed(number, Direction::Up, bytes);
    }
    dissector.take()
}

fn calls(dissection: &Dissection) -> Vec<Call<'_>> {
    let connections = dissection.recorded.iter().enumerate();
    let calls = connections.map(|(number, buffer)| {
        let mut excerpt = Excerpt::whole("all", dissection);
        excerpt.pieces.retain(|piece| piece.buffer == buffer.id);
        assert_eq!(buffer.id, BufferId::Recorded(number, Direction::Up));
        Call {
            protocol: format!("connection {number}"),
            state: State::Whole,
            dissection,
            excerpt,
        }
    });
    calls.collect()
}

const SUMMARY: &str = "document.getElementById('summary').innerText";

#[test]
fn connections_of_a_recording_are_not_compared() {
    let dissection = dissected(&[
        b"GET /a HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n[5]",
    ]);
    let text = page("what passed", &calls(&dissection));
    let steps = json!([{"size": [1280, 800]}, {"read": SUMMARY}]);
    let Some(Looked { read, complaints }) = look("whole", &text, &steps) else {
        return;
    };
    let said = "Connection 0 carried 19 bytes, 0 of them value; \
                connection 1 carried 73 bytes, 1 of them value.";
    assert_eq!(read, [said]);
    assert_eq!(complaints, Vec::<String>::new());
}

/// A request whose body comes in two chunks.
fn chunked(fields: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("POST / HTTP/1.1\r\n{fields}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
    for part in body.chunks(body.len() / 2 + 1) {
        bytes.extend(format!("{:x}\r\n", part.len()).into_bytes());
        bytes.extend_from_slice(part);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    bytes
}

#[test]
fn what_was_decoded_elsewhere_is_not_painted_as_not_understood() {
    let text = br#"{"a":5,"b":3}"#;
    let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    zip.write_all(text).unwrap();
    let zipped = zip.finish().unwrap();
    let json = "Content-Type: application/json\r\n";
    let gzip = "Content-Encoding: gzip\r\n";
    let dissection = dissected(&[
        &chunked(json, text),
        &chunked("", text),
        &chunked(&format!("{json}{gzip}"), &zipped),
        &chunked(gzip, &zipped),
    ]);
    let text = page("chunks", &calls(&dissection));
    let steps = json!([
        {"size": [1280, 800]},
        {"read": "document.querySelectorAll('.layer-unknown').length"},
        {"hover": "[data-wire='connection 2'] .byte.layer-gzip"},
        {"read": "document.getElementById('explanation').innerText.includes('Not understood')"},
    ]);
    let Some(Looked { read, .. }) = look("chunks", &text, &steps) else {
        return;
    };
    assert_eq!(read, [json!(0), json!(false)]);
}

#[test]
fn on_a_narrow_screen_the_explanation_takes_a_third_at_most_and_no_more_than_it_says() {
    let height = "Math.round(document.querySelector('aside').getBoundingClientRect().height)";
    let steps = json!([
        {"size": [400, 800]},
        {"read": height},
        {"click": ".byte.role-value"},
        {"read": height},
        {"read": "document.querySelector('aside').clientHeight \
                  - document.getElementById('explanation').offsetHeight \
                  - document.getElementById('chosen').offsetHeight < 40"},
    ]);
    let Some(Looked { read, .. }) = look("narrow", &crate::fixture_page(), &steps) else {
        return;
    };
    let [empty, full] = [0, 1].map(|place| read[place].as_u64().unwrap());
    assert!(empty < 100, "{empty} pixels for a hint");
    assert!(full <= 800 / 3, "{full} pixels");
    assert_eq!(read[2], true);
}
