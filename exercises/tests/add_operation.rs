//! Exercise 7 as far as nothing has to be built; `exercises/check-solutions` builds the solution.

mod support;

use std::fs;
use std::path::Path;

use support::{checked, exercise, root, said, wrong};
use tempfile::TempDir;

const PROTO: &str = "proto/calculator.proto";
const TABLE: &str = "services/src/operation/calculator.rs";
/// An entry of the table, as far as it is read.
const ENTRY: &str = "pub static SUBTRACT: Operation = unary(\"calculator\", \"subtract\");\n";
const SCENARIOS: &str = "services/src/conformance/calculator.rs";

/// What the check reads before it builds; what is there to be built is no crate.
fn workspace() -> TempDir {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    fs::write(folder.path().join("Cargo.toml"), "not a manifest").expect("it can be written");
    for file in [PROTO, TABLE, SCENARIOS] {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("it can be made");
        fs::copy(root().join(file), path).expect("it can be copied");
    }
    folder
}

fn append(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    let before = fs::read_to_string(&path).expect("it is there");
    fs::write(path, before + text).expect("it can be written");
}

fn with_call(folder: &Path, call: &str) {
    let path = folder.join(PROTO);
    let before = fs::read_to_string(&path).expect("it is there");
    let after = before.replace(
        "service Calculator {",
        &format!("service Calculator {{\n  {call}"),
    );
    fs::write(path, after).expect("it can be written");
}

#[test]
fn the_untouched_workspace_is_not_built_and_told_what_it_lacks() {
    let report = checked(7, &exercise(7).folder(&root()));
    assert_eq!(wrong(&report), ["The contract", "A scenario calls it"]);
    let said = said(&report);
    assert!(said.contains("no call Subtract"), "{said}");
    assert!(said.contains("no operation with that name"), "{said}");
}

#[test]
fn a_call_with_other_messages_than_its_neighbours_is_told() {
    let folder = workspace();
    append(folder.path(), TABLE, ENTRY);
    with_call(
        folder.path(),
        "rpc Subtract(OperandsRequest) returns (CubeReply);",
    );
    let report = checked(7, folder.path());
    assert!(
        said(&report).contains("Subtract takes OperandsRequest and gives CubeReply"),
        "{}",
        said(&report)
    );
}

#[test]
fn what_stands_in_a_comment_is_not_there() {
    let folder = workspace();
    append(folder.path(), TABLE, "// \"subtract\"\n");
    append(
        folder.path(),
        SCENARIOS,
        "// x.subtract(1, 2)\n/* x.subtract(\n1, 2) */\n",
    );
    let report = checked(7, folder.path());
    assert_eq!(wrong(&report), ["The contract", "A scenario calls it"]);
    assert!(said(&report).contains("no operation with that name"));
}

#[test]
fn an_operation_that_must_not_be_repeated_is_told() {
    let folder = workspace();
    let unsafe_one = ENTRY.replace("unary(", "Operation { repeat: Repeat::Unsafe, ..unary(");
    append(folder.path(), TABLE, &unsafe_one);
    let said = said(&checked(7, folder.path()));
    assert!(said.contains("must not be repeated"), "{said}");
}

#[test]
fn a_contract_that_does_not_compile_is_told() {
    let folder = workspace();
    with_call(
        folder.path(),
        "rpc Subtract(Operands) returns (NumberReply);",
    );
    let report = checked(7, folder.path());
    assert!(
        said(&report).contains("calculator.proto does not compile"),
        "{}",
        said(&report)
    );
}

#[test]
fn a_missing_scenario_and_what_cargo_says_are_told() {
    let folder = workspace();
    append(folder.path(), TABLE, ENTRY);
    with_call(
        folder.path(),
        "rpc Subtract(OperandsRequest) returns (NumberReply);",
    );
    let report = checked(7, folder.path());
    assert_eq!(
        wrong(&report),
        ["A scenario calls it", "The workspace compiles"]
    );
    assert!(said(&report).contains("cargo says:"), "{}", said(&report));
}

#[test]
fn the_solution_of_this_exercise_is_a_patch_of_every_room() {
    let patch = exercise(7).solution(&root()).join("subtract.patch");
    let patch = fs::read_to_string(patch).expect("it is there");
    for room in ["xmlrpc", "jsonrpc", "grpc", "rest"] {
        for file in ["client/calculator.rs", "server/calculator.rs"] {
            assert!(
                patch.contains(&format!("+++ b/{room}/src/{file}")),
                "{room} {file}"
            );
        }
    }
}
