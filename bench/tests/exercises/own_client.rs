//! Exercise 4: a client in the student's own language, here in Python.

use std::process::Command;

use crate::tried::{Checked, Tried};

const FILE: &str = "client.py";

/// Whether the machine has the Python of the solution: 3.10, for `match`.
pub(crate) fn python_is_there() -> bool {
    let recent = "import sys; sys.exit(sys.version_info < (3, 10))";
    let status = Command::new("python3").args(["-c", recent]).status();
    let there = status.is_ok_and(|status| status.success());
    if !there {
        let skipped = "SKIPPED: python3 (3.10 or later) is not installed, the solution of exercise 4 needs it";
        assert!(
            std::env::var_os("REQUIRE_PEERS").is_none_or(|it| it != "1"),
            "{skipped}"
        );
        eprintln!("{skipped}");
    }
    there
}

/// What the check says where, in the solution, something else stands in a place; nothing where there
/// is no Python.
fn with(from: &str, to: &str) -> Option<Checked> {
    python_is_there().then(|| {
        let tried = Tried::solution(4);
        tried.replace(FILE, from, to);
        let checked = tried.check();
        assert!(!checked.passed, "{}", checked.shown);
        checked
    })
}

fn tells(from: &str, to: &str, told: &[&str]) {
    if let Some(checked) = with(from, to) {
        for text in told {
            checked.tells(text);
        }
    }
}

#[test]
fn a_program_that_is_not_there_is_told_by_its_name() {
    let tried = Tried::untouched(4);
    tried.write("command.txt", b"no-such-program client.py\n");
    let checked = tried.check();
    assert!(!checked.passed);
    checked.tells("no-such-program does not start");
    checked.tells("0 of 13 parts are right");
}

#[test]
fn who_reads_to_the_end_of_the_connection_is_stuck() {
    let reads = "list(iter(lambda: connection.sock.recv(4096), b''))";
    tells(
        "response = connection.getresponse()",
        &format!("watch.cancel(); connection.sock.settimeout(None); {reads}"),
        &["had not ended after 8 seconds", "1 of 13 parts are right"],
    );
}

#[test]
fn a_limit_that_is_not_the_sheets_is_found() {
    for (limit, told) in [("0.8", "The program gave up"), ("5.0", "The program ended")] {
        tells(
            "DEADLINE = 2.0",
            &format!("DEADLINE = {limit}"),
            &["wrong No reply at all", told, "a call has 2 s"],
        );
    }
}

#[test]
fn a_call_that_is_made_again_is_found() {
    tells(
        "status, body = post(self.url, json.dumps(request).encode())",
        "status, body = post(self.url, json.dumps(request).encode())\n        if status != 200: status, body = post(self.url, json.dumps(request).encode())",
        &[
            "wrong A page instead",
            "One call made 2 requests",
            "12 of 13",
        ],
    );
}

#[test]
fn a_limit_for_each_read_alone_is_found_by_a_reply_that_never_ends() {
    tells(
        "watch.start()",
        "pass",
        &["wrong A reply that never ends", "12 of 13 parts are right"],
    );
}

#[test]
fn taking_the_reply_to_somebody_else_is_found() {
    tells(
        "if reply.get(\"id\") != self.last_id:",
        "if False:",
        &[
            "wrong A reply to somebody else",
            "takes it for one",
            "12 of 13",
        ],
    );
}

#[test]
fn taking_status_200_for_success_is_found() {
    tells(
        "if \"error\" in reply:",
        "if status != 200:",
        &["does not tell what the server said of the failure"],
    );
}

#[test]
fn a_failure_that_looks_like_a_success_is_found() {
    tells(
        "sys.exit(f\"client.py: {failure}\")",
        "print(f\"client.py: {failure}\")",
        &["The exit code is 0", "Standard error is empty"],
    );
}

#[test]
fn a_result_that_no_server_gave_is_found() {
    tells(
        "Client(url).call(\"add\", int(a), int(b))",
        "int(a) + int(b)",
        &[
            "One call made 0 requests",
            "is not the result that the server gave",
        ],
    );
}

#[test]
fn a_trace_in_place_of_a_reason_is_found() {
    tells(
        "except (CallFailed, ValueError, OSError) as failure",
        "except KeyboardInterrupt as failure",
        &["broke off with a trace of its stack"],
    );
}

#[test]
fn batches_without_numbers_are_found() {
    tells(
        "upload, sequence,",
        "upload, 0,",
        &["The batches are not numbered"],
    );
}

#[test]
fn a_request_without_an_id_is_found() {
    tells(
        "\"id\": self.last_id, ",
        "",
        &["a request without one is a notification"],
    );
}
