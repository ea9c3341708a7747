//! The comparison as a reader runs it: the program, its output through a pipe.

use std::process::{Command, Output, Stdio};

use serde_json::Value;
use trivium::target;

fn trivium(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trivium"));
    command.args(arguments).env_remove("NO_COLOR");
    command.output().expect("the program starts")
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).expect("the program writes UTF-8")
}

#[test]
fn a_quick_run_reports_every_row_in_80_columns_of_plain_text() {
    let file = std::env::temp_dir().join(format!("trivium-test-{}.json", std::process::id()));
    let path = file.to_str().expect("this path is UTF-8");
    let output = trivium(&["--quick", "--workload", "add", "--json", path]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let report = text(&output.stdout);
    assert!(!report.contains('\u{1b}'), "{report}");
    for line in report.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let json = std::fs::read_to_string(&file).expect("the report was written");
    std::fs::remove_file(&file).expect("the report is ours");
    let json: Value = serde_json::from_str(&json).expect("the report is JSON");
    let rows = json["workloads"][0]["rows"].as_array().expect("rows");
    for (target, row) in target::ALL.iter().zip(rows) {
        assert!(report.contains(target.title), "{}", target.title);
        assert_eq!(row["target"], target.name);
        assert!(
            row["latency"]["p50"]["median"].as_f64() > Some(0.0),
            "{row}"
        );
        assert_eq!(row["bytes"].is_null(), target.server.is_none(), "{row}");
        for state in ["cold", "warm"] {
            let bytes = &row["bytes"];
            let count = |name: &str| bytes[state][name].as_u64().unwrap_or_default();
            let roles = bytes[format!("{state}_roles")].as_object();
            let roles = roles.into_iter().flat_map(|roles| roles.values());
            let sum: u64 = roles.filter_map(Value::as_u64).sum();
            assert_eq!(sum, count("up") + count("down"), "{row}");
        }
        if row["kind"] == "wire" {
            assert_eq!(row["bytes"]["warm_roles"]["unknown"], 0, "{row}");
            assert_eq!(row["bytes"]["warm_roles"]["value"], 3, "{row}");
        }
    }
    assert!(
        report.contains("where the bytes of a warm call go"),
        "{report}"
    );
    assert_eq!(rows.len(), target::ALL.len());
}

#[test]
fn json_on_stdout_stands_alone() {
    let output = trivium(&[
        "--quick",
        "--protocol",
        "rest",
        "--workload",
        "add",
        "--json",
        "-",
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).expect("nothing but JSON");
    assert_eq!(json["setting"]["runtime"], "multi-thread");
    assert_eq!(json["proof"]["wires"], 1);
}

#[test]
fn the_bytes_of_two_runs_are_the_same_but_for_a_deadlines_digits() {
    let (first, second) = (counts(), counts());
    assert_eq!(first.len(), second.len());
    for ((name, one), (_, other)) in first.iter().zip(&second) {
        // Seen from the client 10 s are "10000m" at once, and "9999m" a millisecond later.
        assert!(one.abs_diff(*other) <= 1, "{name}: {one} and {other} bytes");
    }
}

/// Every count of a run, with where it stands in the report.
fn counts() -> Vec<(String, u64)> {
    let output = trivium(&["--quick", "--workload", "add,metrics-1000", "--json", "-"]);
    let json: Value = serde_json::from_slice(&output.stdout).expect("nothing but JSON");
    let mut counts = Vec::new();
    for workload in json["workloads"].as_array().expect("workloads") {
        for row in workload["rows"].as_array().expect("rows") {
            let sides = |of| [(of, "up"), (of, "down")];
            for (of, which) in ["body", "cold", "warm"].into_iter().flat_map(sides) {
                let name = format!("{} {} {of} {which}", workload["workload"], row["target"]);
                let count = row["bytes"][of][which].as_u64();
                counts.extend(count.map(|count| (name, count)));
            }
        }
    }
    assert!(counts.len() > 100, "{counts:?}");
    counts
}

#[test]
fn the_other_runtime_is_named() {
    let arguments = [
        "--quick",
        "--protocol",
        "grpc",
        "--workload",
        "add",
        "--runtime",
        "current",
    ];
    let output = trivium(&arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let report = text(&output.stdout);
    let words: Vec<_> = report.split_whitespace().collect();
    assert!(
        words
            .join(" ")
            .contains("tokio current-thread at both ends"),
        "{report}"
    );
}

#[test]
fn markdown_has_tables() {
    let output = trivium(&[
        "--quick",
        "--protocol",
        "rest",
        "--workload",
        "add",
        "--markdown",
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(
        text(&output.stdout).contains("| REST |"),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn a_wrong_argument_is_told_with_what_is_right() {
    for (arguments, right) in [
        (["--workload", "division"], "metrics-1000"),
        (["--protocol", "corba"], "xmlrpc"),
        (["--runtime", "none"], "current"),
    ] {
        let output = trivium(&arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            text(&output.stderr).contains(right),
            "{}",
            text(&output.stderr)
        );
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_servers_end_when_their_parent_does() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_trivium"))
        .arg("child")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // What the system does with the pipe of a parent that was killed.
    drop(child.stdin.take());
    let output = child.wait_with_output().expect("the child ends");
    assert!(output.status.success());
    let addresses: Value = serde_json::from_slice(&output.stdout).expect("one line of JSON");
    assert!(addresses["grpc"].is_string(), "{addresses}");
}
