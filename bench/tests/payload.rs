//! `trivium payload` as its user runs it.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use proptest::prelude::*;
use serde_json::{Value, json};

fn payload(arguments: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_trivium"))
        .arg("payload")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut pipe = child.stdin.take().expect("it is piped");
    // A program that refuses its arguments does not read.
    let _ = pipe.write_all(stdin.as_bytes());
    drop(pipe);
    child.wait_with_output().expect("the program ends")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("it is text")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("it is text")
}

/// What fails tells so on stderr, in a line, and nothing on stdout.
fn refused(arguments: &[&str], stdin: &str) -> String {
    let output = payload(arguments, stdin);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    stderr(&output).trim_end().to_owned()
}

fn reported(arguments: &[&str], stdin: &str) -> Value {
    let output = payload(&[arguments, &["--json"]].concat(), stdin);
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

fn row<'a>(report: &'a Value, protocol: &str) -> &'a Value {
    let rows = report["rows"].as_array().expect("rows are a list");
    let row = rows.iter().find(|row| row["protocol"] == protocol);
    row.expect("the protocol has a row")
}

/// A file that goes with its test.
struct Given(PathBuf);

impl Given {
    fn new(name: &str, text: &str) -> Self {
        let name = format!("{}-{name}", std::process::id());
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, text).expect("the folder can be written");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("it is text")
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        // A file that stays harms nobody.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn the_sizes_of_an_addition_are_those_of_its_bodies() {
    let report = reported(&["-"], r#"{"a": 5, "b": 3}"#);
    let raw = |protocol| row(&report, protocol)["bytes"]["raw"].as_u64();
    let jsonrpc = br#"{"jsonrpc":"2.0","id":1,"method":"send","params":[{"a":5,"b":3}]}"#;
    assert_eq!(raw("gRPC"), Some(5 + 4));
    assert_eq!(raw("REST"), Some(r#"{"a":5,"b":3}"#.len() as u64));
    assert_eq!(raw("JSON-RPC"), Some(jsonrpc.len() as u64));
    assert!(raw("XML-RPC") > Some(200));
    assert_eq!(report["codecs"], "dynamic");
    for protocol in ["XML-RPC", "JSON-RPC", "gRPC", "REST"] {
        let row = row(&report, protocol);
        assert_eq!(row["remarks"], json!([]));
        assert!(row["encode_ns"]["median"].as_f64() > Some(0.0));
        assert!(row["decode_ns"]["median"].as_f64() > Some(0.0));
    }
}

#[test]
fn the_inferred_schema_is_printed_and_is_the_one_that_is_used() {
    let samples = r#"[
        {"orderId": 7, "paid": true, "lines": [{"sku": "a-1", "price": 2.5}], "e-mail": null},
        {"orderId": 5000000000, "lines": [], "matrix": [[1, 2], [3]], "any": [1, "x"]}
    ]"#;
    let report = reported(&["-"], samples);
    insta::assert_snapshot!(report["proto"].as_str().unwrap(), @r#"
    syntax = "proto3";
    package payload;

    import "google/protobuf/struct.proto";

    message Payload {
      int64 order_id = 1;
      optional bool paid = 2;
      repeated Lines lines = 3;
      google.protobuf.Value e_mail = 4 [json_name = "e-mail"];
      repeated Matrix matrix = 5;
      repeated google.protobuf.Value any = 6;
    }

    message Matrix {
      repeated int32 items = 1;
    }

    message Lines {
      string sku = 1;
      double price = 2;
    }
    "#);
    assert_eq!(report["messages"], 2);
    assert_eq!(
        report["remarks"],
        json!([
            "$.matrix has lists in a list: a message around each",
            "$.any has values of several kinds, or null in a list: google.protobuf.Value"
        ])
    );
}

#[test]
fn what_a_protocol_cannot_carry_its_row_says_with_the_path() {
    let sample =
        r#"{"a": [{"b": null}, {"b": 5000000000}], "c": "x\u0001", "d": 12345678901234567890123}"#;
    let report = reported(&["-"], sample);
    assert_eq!(
        row(&report, "XML-RPC")["remarks"],
        json!([
            "$.a[0].b: XML-RPC has no null",
            "$.a[1].b: 5000000000 is past XML-RPC's 32 bits; send it as text",
            "$.c: XML 1.0 forbids U+0001, at byte 1; send it as Base64",
            "$.d: 12345678901234567890123 is past XML-RPC's 32 bits; send it as text"
        ])
    );
    assert_eq!(row(&report, "XML-RPC")["bytes"], Value::Null);
    assert_eq!(
        row(&report, "gRPC")["remarks"],
        json!([
            "$.a[0].b: null became a missing member",
            "$.d: 12345678901234567890123 became 12345678901234568000000"
        ])
    );
    let told = "$.d is past 2^53: readers whose numbers are doubles round it";
    assert_eq!(row(&report, "REST")["remarks"], json!([told]));
    assert!(row(&report, "REST")["bytes"]["raw"].is_u64());
}

#[test]
fn what_protobuf_leaves_out_is_carried() {
    for (sample, bytes) in [
        (r#"{"a":0}"#, 0),
        (r#"{"ok":false,"s":"","l":[],"d":0.0,"n":5}"#, 2),
        (r#"{"o":{"a":0}}"#, 2),
        (
            r#"{"line1":"a","line_1":"b","userId":1,"userid":2,"[x]":1}"#,
            12,
        ),
    ] {
        let report = reported(&["-", "--protocol", "grpc"], sample);
        let row = row(&report, "gRPC");
        assert_eq!(row["remarks"], json!([]), "{sample}");
        assert_eq!(row["bytes"]["raw"], 5 + bytes, "{sample}");
    }
}

/// prost takes it for the default of a double, and leaves it out.
#[test]
fn a_minus_zero_is_told_to_be_lost() {
    let report = reported(&["-", "--protocol", "grpc"], r#"{"d":-0.0}"#);
    assert_eq!(row(&report, "gRPC")["remarks"], json!(["$.d: -0 became 0"]));
}

#[test]
fn what_nests_deeply_is_carried() {
    let sample = "{\"a\":".repeat(60) + "5" + &"}".repeat(60);
    let report = reported(&["-", "--protocol", "grpc"], &sample);
    assert!(row(&report, "gRPC")["bytes"]["raw"].is_u64(), "{report}");
}

#[test]
fn samples_are_told_apart_and_what_is_not_told_is_counted() {
    let samples = r#"[{"a":1},{"a":null},{"a":null},{"a":null},{"a":null},{"a":null}]"#;
    let report = reported(&["-", "--protocol", "xmlrpc"], samples);
    let remarks = row(&report, "XML-RPC")["remarks"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(remarks[0], "$[1].a: XML-RPC has no null");
    assert_eq!(remarks[4], "and 1 more of this kind");
}

#[test]
fn a_bad_file_is_told_with_line_and_column() {
    assert_eq!(
        refused(&["-"], "{\n  \"a\": }"),
        "error: -: line 2, column 8: expected value"
    );
    assert_eq!(
        refused(&["-"], "[]"),
        "error: -: an empty array has no sample: give one message at least"
    );
    let missing = refused(&["nowhere.json"], "");
    assert!(
        missing.starts_with("error: cannot read nowhere.json: "),
        "{missing}"
    );
    let file = Given::new("latin1.json", "");
    std::fs::write(&file.0, b"{\n\"a\": \"\xe9\"}").unwrap();
    let told = refused(&[file.path()], "");
    assert!(
        told.ends_with("line 2, column 7: this is not UTF-8, as JSON has to be"),
        "{told}"
    );
}

const SHOP: &str = r#"syntax = "proto3";
package shop;
message Order { int32 id = 1; repeated string tags = 2; Kind kind = 3; }
enum Kind { KIND_UNSPECIFIED = 0; KIND_GIFT = 1; }
"#;

#[test]
fn the_users_own_schema_is_used() {
    let proto = Given::new("shop.proto", SHOP);
    let sample = r#"{"id": 7, "tags": ["a"], "kind": "KIND_GIFT"}"#;
    for name in ["shop.Order", "Order"] {
        let report = reported(&["-", "--proto", proto.path(), "--message", name], sample);
        // 08 07, 12 01 61, 18 01 behind the prefix.
        assert_eq!(row(&report, "gRPC")["bytes"]["raw"], 5 + 7);
        assert_eq!(row(&report, "gRPC")["remarks"], json!([]));
        assert_eq!(
            (&report["proto"], &report["message"]),
            (&Value::Null, &json!("shop.Order"))
        );
    }
}

#[test]
fn what_does_not_fit_the_users_schema_is_told_with_its_place() {
    let proto = Given::new("place.proto", SHOP);
    let with = |name| ["-", "--proto", proto.path(), "--message", name];
    let unknown = refused(&with("Order"), "[\n{\"id\": 1},\n{\"name\": \"x\"}]");
    assert!(
        unknown.starts_with("error: -: line 3, column "),
        "{unknown}"
    );
    assert!(unknown.contains("name"), "{unknown}");
    let nobody = refused(&with("Nobody"), "{}");
    assert!(
        nobody.ends_with("there is no message \"Nobody\", but shop.Order"),
        "{nobody}"
    );
    let twice = Given::new(
        "twice.proto",
        "syntax = \"proto3\";\nmessage A { message X {} }\nmessage B { message X {} }",
    );
    let told = refused(&["-", "--proto", twice.path(), "--message", "X"], "{}");
    assert!(
        told.ends_with("\"X\" may be A.X, B.X: give the full name"),
        "{told}"
    );
    let missing = refused(&["-", "--proto", "no.proto", "--message", "X"], "{}");
    assert!(
        missing.starts_with("error: cannot read no.proto: "),
        "{missing}"
    );
    let broken = Given::new("broken.proto", "syntax = \"proto3\";\nmessage {}");
    let told = refused(&["-", "--proto", broken.path(), "--message", "A"], "{}");
    assert!(told.contains("broken.proto:2:9: "), "{told}");
}

#[test]
fn nothing_of_a_file_steers_the_terminal() {
    let output = payload(&["-"], r#"{"a\u001b[31m\u202e": null, "b": [1, "\u001b"]}"#);
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    let steers = |character: char| character != '\n' && character.is_control();
    assert!(
        !text.contains(steers) && !text.contains('\u{202e}'),
        "{text:?}"
    );
    for line in text.lines().filter(|line| !line.contains("json_name")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn one_protocol_can_be_asked_for() {
    let report = reported(&["-", "--protocol", "grpc"], "5");
    assert_eq!(report["rows"].as_array().map(Vec::len), Some(1));
    assert_eq!(row(&report, "gRPC")["bytes"]["raw"], 5 + 2);
}

#[test]
fn the_schema_can_be_kept() {
    let kept = Given::new("kept.proto", "");
    let report = reported(&["-", "--write-proto", kept.path()], r#"{"a":1}"#);
    let text = std::fs::read_to_string(&kept.0).unwrap();
    assert_eq!(report["proto"], text);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(".{0,6}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// Whatever the sample, a schema is found that compiles and takes it; what is lost is told.
    #[test]
    fn any_sample_has_a_schema(samples in proptest::collection::vec(any_json(), 1..4)) {
        let text = serde_json::to_string(&samples).unwrap();
        let made = trivium::payload::protobuf_of(&text).unwrap();
        prop_assert!(made.problem.is_none(), "{:?}\n{}", made.problem, made.proto);
        let lossy = |value: &Value| value.to_string().contains("null") || made.proto.contains("Value");
        let lossy = samples.iter().any(lossy) || made.proto.contains("double");
        prop_assert!(lossy || made.lost.is_empty(), "{:?}\n{}", made.lost, made.proto);
    }
}
