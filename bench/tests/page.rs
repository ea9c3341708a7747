//! The page of `trivium wire add 5 3 --html`, in a browser: a byte that is pointed at explains itself,
//! and a chosen field is lit over every wire.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "../../wire/tests/page/browser.rs"]
mod browser;
#[path = "../../peers/support.rs"]
mod peers;

use std::path::Path;
use std::process::Command;

use browser::{Looked, look};
use serde_json::json;

/// The page of a call.
fn page(arguments: &[&str]) -> String {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.html", arguments.join("-")));
    let output = Command::new(env!("CARGO_BIN_EXE_trivium"))
        .arg("wire")
        .args(arguments)
        .arg("--html")
        .arg(&file)
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    std::fs::read_to_string(file).unwrap()
}

/// What is lit of each wire, the last byte: a masked one comes before what it is without the mask.
const LIT: &str = "Object.fromEntries([...document.querySelectorAll('.wire')].map((wire) => \
    [wire.dataset.wire, [...wire.querySelectorAll('.lit')].at(-1)?.textContent]))";
const EXPLAINED: &str = "document.getElementById('explanation').innerText";
const SUMMARY: &str = "document.getElementById('summary').innerText";
const WIDER: &str = "document.scrollingElement.scrollWidth - innerWidth";

#[test]
fn the_page_of_an_addition_shows_its_numbers_over_every_wire() {
    let page = page(&["add", "5", "3"]);
    assert!(page.len() < 600_000, "{} bytes", page.len());
    let steps = json!([
        {"size": [1280, 800]},
        {"read": SUMMARY},
        {"hover": "[data-wire='XML-RPC'] .role-value"},
        {"read": EXPLAINED},
        {"click": "[data-wire='gRPC'] .layer-protobuf.role-value"},
        {"read": LIT},
        {"read": WIDER},
        {"click": "[value=cold]"},
        {"read": LIT},
        {"read": SUMMARY},
        {"size": [400, 800]},
        {"read": WIDER},
    ]);
    let Some(Looked { read, complaints }) = look("addition", &page, &steps) else {
        return;
    };
    assert_eq!(complaints, Vec::<String>::new());
    let explained = read[1].as_str().unwrap();
    assert!(
        explained.starts_with("XML-RPC › client → server › "),
        "{explained}"
    );
    assert!(explained.contains("field a"), "{explained}");
    let lit = json!({
        "XML-RPC": "35",
        "JSON-RPC, HTTP": "35",
        "JSON-RPC, WebSocket": "35",
        "gRPC": "05",
        "REST": "35",
    });
    assert_eq!((&read[2], &read[4]), (&lit, &lit));
    assert_eq!((&read[3], &read[6]), (&json!(0), &json!(0)));
    assert!(
        read[0]
            .as_str()
            .unwrap()
            .starts_with("The same warm call takes ")
    );
    assert!(
        read[5]
            .as_str()
            .unwrap()
            .starts_with("The same cold call takes ")
    );
}
