//! `trivium protobuf` as its user runs it, with the schemas that the talk shows.

use std::path::Path;
use std::process::{Command, Output};

const ANA: &str = r#"{"id": 7, "name": "Ana", "email": "ana@x.org"}"#;

fn protobuf(arguments: &[&str]) -> Output {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../slides/demos/schema");
    let mut command = Command::new(env!("CARGO_BIN_EXE_trivium"));
    command.arg("protobuf").args(arguments).current_dir(schemas);
    command.env_remove("CLICOLOR_FORCE");
    command.output().expect("the program starts")
}

fn printed(arguments: &[&str]) -> String {
    let output = protobuf(arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    String::from_utf8(output.stdout).expect("it is text")
}

#[test]
fn every_byte_of_a_message_is_explained() {
    let message = r#"{"id": 300, "name": "Ana"}"#;
    let explained = printed(&[message, "--proto", "user.proto"]);
    insta::assert_snapshot!(explained, @r#"
    User: 8 bytes by user.proto
    id: 300
      08           tag: field 1, wire type 0 (varint): 0x08 = 1 << 3 | 0
      ac 02        int32 = 300: a varint, 7 bits a byte, lowest first: 0xac 0x02 =
                   0x2c + (0x02 << 7)
    name: Ana
      12           tag: field 2, wire type 2 (length-delimited): 0x12 = 2 << 3 | 2
      03           length = 3: so many bytes follow
      41 6e 61     string = Ana: UTF-8, as it is: protobuf escapes nothing
    "#);
}

#[test]
fn readers_with_other_schemas_tell_what_becomes_of_each_field() {
    let read = printed(&[
        ANA,
        "--proto",
        "user.proto",
        "--read-by",
        "renamed.proto",
        "--read-by",
        "added.proto",
        "--read-by",
        "renumbered.proto",
    ]);
    insta::assert_snapshot!(read, @r#"
    User: 18 bytes by user.proto
    renamed.proto reads id = 7, full_name = "Ana", email = "ana@x.org"
      field 2: name is called full_name here; names do not travel
    added.proto reads id = 7, name = "Ana", email = "ana@x.org", phone = ""
      field 4, phone, was not sent: it has its default
    renumbered.proto reads id = 7, email = "Ana", name = "ana@x.org"
      field 2: email holds what was sent as name, and no error tells it
      field 3: name holds what was sent as email, and no error tells it
    "#);
}

#[test]
fn a_message_that_does_not_fit_its_schema_is_one_line_with_the_place() {
    let output = protobuf(&[r#"{"id": "x"}"#, "--proto", "user.proto"]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).expect("it is text");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains("column"), "{told}");
}

#[test]
fn of_several_messages_one_has_to_be_chosen() {
    let schema = "../../../proto/calculator.proto";
    let output = protobuf(&[r#"{"a": 5}"#, "--proto", schema]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).expect("it is text");
    assert!(told.contains("OperandsRequest"), "{told}");
    assert!(told.contains("--message"), "{told}");
}
