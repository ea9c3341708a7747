//! The page, by its bytes and in a browser: nothing from the wire becomes markup, a hovered byte
//! explains itself, and a chosen field is lit in every protocol.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "page/browser.rs"]
mod browser;
#[path = "page/fixture.rs"]
mod fixture;
#[path = "../../peers/support.rs"]
mod peers;
#[path = "page/whole.rs"]
mod whole;

use browser::{Looked, look};
use fixture::Written;
use serde_json::{Value, json};
use wire::page::{Call, FieldNames, Page, State, write};
use wire::{BufferId, Derivation, Direction, Dissection, Excerpt, Layer, Piece, Role};

fn names() -> FieldNames {
    FieldNames {
        parameters: vec!["a".to_owned(), "b".to_owned()],
    }
}

fn page(title: &str, calls: &[Call<'_>]) -> String {
    let names = names();
    let page = Page {
        title,
        calls,
        names: &names,
    };
    let mut written = Vec::new();
    write(&page, &mut written).unwrap();
    String::from_utf8(written).unwrap()
}

/// The data that the page's script is given.
fn data(page: &str) -> Value {
    let (_, data) = page.split_once(r#"id="capture">"#).unwrap();
    let (data, _) = data.split_once("</script>").unwrap();
    serde_json::from_str(data).unwrap()
}

/// A call of one recorded buffer.
fn lone(up: Written) -> (Dissection, Excerpt) {
    let buffer = up.recorded(0, Direction::Up);
    let excerpt = Excerpt {
        title: "lone".to_owned(),
        pieces: vec![Piece {
            buffer: buffer.id,
            range: buffer.range(),
        }],
    };
    let dissection = Dissection {
        recorded: vec![buffer],
        ..Dissection::default()
    };
    (dissection, excerpt)
}

fn warm<'a>(protocol: &str, (dissection, excerpt): &'a (Dissection, Excerpt)) -> Call<'a> {
    Call {
        protocol: protocol.to_owned(),
        state: State::Warm,
        dissection,
        excerpt: excerpt.clone(),
    }
}

/// What an attacker may send in any place.
const HOSTILE: &str =
    "</script><!--<script>\"'><img src=x onerror=\"document.title='owned'\">{{title}}&amp;\u{202e}";

fn hostile() -> (Dissection, Excerpt) {
    let written = Written::default()
        .leaf(HOSTILE.as_bytes(), Layer::Http1, Role::Headers, HOSTILE)
        .grouped(0, Layer::Http1, HOSTILE)
        .value(HOSTILE.as_bytes(), Layer::Json, HOSTILE);
    lone(written)
}

#[test]
fn nothing_from_the_wire_is_markup() {
    let capture = hostile();
    let text = page(HOSTILE, &[warm(HOSTILE, &capture)]);
    assert_eq!(text.matches("<script").count(), 2);
    assert_eq!(text.matches("</script").count(), 2);
    assert!(!text.contains("<img"));
    let words = data(&text)["words"].as_array().unwrap().clone();
    assert!(words.contains(&json!(HOSTILE)), "the data says it whole");
}

#[test]
fn a_field_has_one_place_in_the_list_of_fields() {
    let dissection = fixture::dissection();
    let data = data(&page("add 5 3", &fixture::calls(&dissection)));
    assert_eq!(fields(&data), ["a", "b", "result"]);
}

#[test]
fn requests_after_the_first_do_not_carry_what_the_caller_named() {
    let document = |written: Written, bytes: &[u8]| {
        written.leaf(bytes, Layer::Xml, Role::Encoding, "document")
    };
    let request = |written| document(written, b"<call>").value(b"5", Layer::Xml, "params.0");
    let alone = lone(request(Written::default()).grouped(0, Layer::Xml, "body"));
    let alone = data(&page("alone", &[warm("XML-RPC", &alone)]));
    assert_eq!(fields(&alone), ["a"]);
    let later = request(document(Written::default(), b"<open/>")).grouped(1, Layer::Xml, "body");
    let later = lone(later);
    let later = data(&page("later", &[warm("XML-RPC", &later)]));
    assert_eq!(fields(&later), ["params.0"]);
}

/// Names of the fields that the page offers.
fn fields(data: &Value) -> Vec<&str> {
    let places = data["fields"].as_array().unwrap().iter();
    let names = places.map(|place| data["words"][usize(place)].as_str().unwrap());
    names.collect()
}

fn usize(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

#[test]
fn the_sums_are_those_of_the_socket() {
    let dissection = fixture::dissection();
    let data = data(&page("add 5 3", &fixture::calls(&dissection)));
    for (connection, wire) in data["wires"].as_array().unwrap().iter().enumerate() {
        for (direction, key) in [(Direction::Up, "up"), (Direction::Down, "down")] {
            let id = BufferId::Recorded(connection, direction);
            let sums = wire["calls"][0][key].as_array().unwrap().iter();
            let carried = dissection.buffer(id).unwrap().bytes.len();
            assert_eq!(sums.map(usize).sum::<usize>(), carried, "{id:?}");
        }
    }
}

#[test]
fn a_large_call_is_cut_and_says_so() {
    let line = [b'x'; 1000];
    let long = (0..1500).fold(Written::default(), |written, _| {
        written.leaf(&line, Layer::Text, Role::Value, "line")
    });
    let (mut dissection, mut excerpt) = lone(long);
    let whole = excerpt.pieces[0].clone();
    let other = |from: usize| Piece {
        range: from..from + 100_000,
        ..whole.clone()
    };
    excerpt.pieces = (0..15).map(|number| other(number * 100_000)).collect();
    let copy = vec![whole];
    let inflated = Written::default().leaf(&line, Layer::Text, Role::Value, "line");
    let inflated = inflated.derived(0, "inflated", Derivation::Inflated, copy);
    dissection.derived.push(inflated);
    let capture = (dissection, excerpt);
    let text = page("large", &[warm("text", &capture)]);
    assert!(text.len() < 200_000, "{} bytes", text.len());
    let call = &data(&text)["wires"][0]["calls"][0];
    let parts = call["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 4);
    assert!(parts.iter().all(|part| part["length"] == 100_000));
    let left_out = json!({"pieces": 11, "bytes": 1_100_000, "derived": 1});
    assert_eq!(call["left_out"], left_out);
    let counted = call["up"].as_array().unwrap().iter().map(usize);
    assert_eq!(counted.sum::<usize>(), 1_500_000);
}

fn fixture_page() -> String {
    let dissection = fixture::dissection();
    page("add 5 3", &fixture::calls(&dissection))
}

/// Which bytes are lit, protocol by protocol.
const LIT: &str = "Object.fromEntries([...document.querySelectorAll('.wire')].map((wire) => \
    [wire.dataset.wire, [...wire.querySelectorAll('.lit')].map((byte) => byte.textContent).join(' ')]))";
const EXPLAINED: &str = "document.getElementById('explanation').innerText";
/// The 5 of XML-RPC.
const FIVE: &str = "[data-wire='XML-RPC'] .role-value";

#[test]
fn a_hovered_byte_explains_itself_and_its_field_is_lit_in_every_protocol() {
    let steps = json!([
        {"size": [1280, 800]},
        {"hover": FIVE},
        {"read": EXPLAINED},
        {"read": LIT},
        {"click": FIVE},
        {"read": LIT},
        {"click": "[data-field='result']"},
        {"read": LIT},
        {"key": "Escape"},
        {"read": LIT},
        {"click": "[value=cold]"},
        {"click": "[data-wire='gRPC'] .role-value"},
        {"read": LIT},
    ]);
    let Some(Looked { read, complaints }) = look("choosing", &fixture_page(), &steps) else {
        return;
    };
    let explained = read[0].as_str().unwrap();
    for part in [
        "XML-RPC › client → server › document › integer",
        "field a",
        "35",
        "section 4",
    ] {
        assert!(explained.contains(part), "{part} in {explained}");
    }
    let none = json!({"XML-RPC": "", "JSON-RPC, WebSocket": "", "gRPC": "", "REST": ""});
    // The masked byte, and what it is without the mask.
    let a = json!({"XML-RPC": "35", "JSON-RPC, WebSocket": "f6 35", "gRPC": "05", "REST": "35"});
    let result = json!({"XML-RPC": "38", "JSON-RPC, WebSocket": "38", "gRPC": "08", "REST": "38"});
    assert_eq!(read[1..], [none.clone(), a.clone(), result, none, a]);
    assert_eq!(complaints, Vec::<String>::new());
}

#[test]
fn the_keyboard_reaches_every_byte() {
    let focused = "document.activeElement.getAttribute('aria-label')";
    let wire = "document.activeElement.closest('.wire')?.dataset.wire";
    let steps = json!([
        {"size": [1280, 800]},
        {"click": "[data-field='b']"},
        {"key": "Tab"},
        {"key": "Tab"},
        {"read": wire},
        {"read": focused},
        {"key": "ArrowRight"},
        {"read": focused},
        {"key": "ArrowDown"},
        {"key": "ArrowUp"},
        {"read": focused},
        {"key": "Tab"},
        {"read": wire},
        {"key": "Tab"},
        {"key": "End"},
        {"read": focused},
        {"read": EXPLAINED},
        {"key": "Enter"},
        {"read": LIT},
        {"key": "Escape"},
        {"read": EXPLAINED},
    ]);
    let Some(Looked { read, .. }) = look("keyboard", &fixture_page(), &steps) else {
        return;
    };
    assert_eq!(read[0], "XML-RPC");
    assert_eq!(read[1], "50, start line");
    assert_eq!(read[2], "4f, start line");
    assert_eq!(read[3], "4f, start line");
    assert_eq!(read[4], "JSON-RPC, WebSocket");
    assert_eq!(read[5], "08, integer");
    assert!(
        read[6]
            .as_str()
            .unwrap()
            .contains("gRPC › server → client › DATA › integer")
    );
    assert_eq!(read[7]["XML-RPC"], "38");
    assert!(read[8].as_str().unwrap().starts_with("Point at a byte"));
}

/// Text whose contrast with what is behind it is below WCAG's 4.5.
const PALE: &str = include_str!("page/pale.js");

/// A value in each layer, and what it is said with.
fn every_layer() -> (Dissection, Excerpt) {
    use Layer::*;
    let layers = [
        Http1, WebSocket, Http2, Hpack, Grpc, Protobuf, Xml, Json, Sse, Gzip, Text, Unknown,
    ];
    let written = layers.iter().enumerate();
    lone(
        written.fold(Written::default(), |written, (number, layer)| {
            let said = written.leaf(b"said with ", *layer, Role::Encoding, "text");
            said.value(b"value", *layer, &format!("params.{number}"))
        }),
    )
}

#[test]
fn text_is_legible_in_light_and_dark_with_and_without_a_choice() {
    let steps = json!([
        {"size": [1280, 800]},
        {"scheme": "light"}, {"read": PALE}, {"click": FIVE}, {"read": PALE},
        {"scheme": "dark"}, {"read": PALE}, {"key": "Escape"}, {"read": PALE},
    ]);
    let capture = every_layer();
    let text = page("every layer", &[warm("XML-RPC", &capture)]);
    let Some(Looked { read, .. }) = look("contrast", &text, &steps) else {
        return;
    };
    assert_eq!(read, vec![json!([]); 4]);
}

#[test]
fn nothing_is_wider_than_the_window() {
    let wider = "document.scrollingElement.scrollWidth - innerWidth";
    let steps = json!([
        {"size": [1280, 800]}, {"read": wider}, {"click": FIVE}, {"read": wider},
        {"size": [400, 800]}, {"read": wider}, {"hover": FIVE}, {"read": wider},
        {"size": [320, 640]}, {"read": wider},
    ]);
    let Some(Looked { read, .. }) = look("width", &fixture_page(), &steps) else {
        return;
    };
    assert_eq!(read, vec![json!(0); 5]);
}

#[test]
fn what_is_hostile_is_shown_as_text() {
    let capture = hostile();
    let text = page(HOSTILE, &[warm(HOSTILE, &capture)]);
    let steps = json!([
        {"size": [400, 800]},
        {"hover": ".byte"},
        {"read": "document.querySelectorAll('img').length"},
        {"read": "document.title.startsWith('</script>')"},
        {"read": EXPLAINED},
        {"click": ".byte.role-value"},
        {"read": "document.querySelectorAll('.lit').length"},
        {"read": "document.scrollingElement.scrollWidth - innerWidth"},
    ]);
    let Some(Looked { read, complaints }) = look("hostile", &text, &steps) else {
        return;
    };
    assert_eq!(read[0], 0);
    assert_eq!(read[1], true);
    let explained = read[2].as_str().unwrap();
    assert!(
        explained.contains("<img") && explained.contains("\\u{202e}"),
        "{explained}"
    );
    assert_eq!(read[3], HOSTILE.len());
    assert_eq!(read[4], 0);
    assert_eq!(complaints, Vec::<String>::new());
}
