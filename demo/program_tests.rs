//! A room's program, run as its user runs it: each room's `tests/program.rs` includes this file and
//! says which program it is. Every process is killed when its time is up, so no test can hang.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "program_tests/chats.rs"]
mod chats;
#[path = "program_tests/metrics.rs"]
mod metrics;
#[path = "../peers/support.rs"]
mod peers;
#[path = "program_tests/people.rs"]
mod people;
#[path = "program_tests/process.rs"]
mod process;
#[path = "program_tests/shared.rs"]
mod shared;
#[path = "program_tests/terminals.rs"]
mod terminals;
#[path = "program_tests/uploads.rs"]
mod uploads;

use std::net::TcpListener;

use process::{Server, only_line, run, text};

#[test]
fn the_demo_shows_the_courses_calls_and_ends_well() {
    let output = run(&[]);
    let page = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for wanted in [
        "5 + 3 = 8",
        "4 × 7 = 28",
        "'hello' → 'HELLO'",
        "5³ = 125",
        "Hello, 42!",
        "Hello again, 42!",
        "MetricsServer 1.0 is running",
        "average 58.2%",
        "Service api is running",
        "9²=81 10²=100",
        "3 values",
        "[Ana] hi Bob [Bob] hi Ana",
        "2 lines, in one order for both",
        "Bob is user 2",
        "all: ana@example.org bob@example.org",
        "AlreadyExists: email is \"ANA@example.org\"",
        "8 calls: 1 4 9 16 25 36 49 64",
        "OutOfRange: add(2147483647, 1) is 2147483648",
        "InvalidArgument: metric_type is \"fan\"",
        "DeadlineExceeded: ",
    ] {
        assert!(page.contains(wanted), "{wanted:?} is missing in:\n{page}");
    }
}

#[test]
fn the_demo_is_plain_text_in_80_columns_when_it_is_piped() {
    let page = text(&run(&["demo"]).stdout);
    assert!(!page.contains('\u{1b}'), "{page:?}");
    for line in page.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn the_demo_tells_the_bytes_of_every_unary_call() {
    let page = text(&run(&[]).stdout);
    let calls = page
        .lines()
        .filter(|line| line.contains(" = ") || line.contains("Hello"));
    let calls: Vec<_> = calls.filter(|line| line.contains(" ms")).collect();
    assert_eq!(calls.len(), 5, "{page}");
    for call in calls {
        assert!(!call.contains('–'), "{call}");
    }
}

#[test]
fn a_served_operation_is_called_and_sigterm_ends_well() {
    let server = Server::start(&["--pace", "0"]);
    let output = server.call(&["add", "5", "-3"]);
    assert_eq!(text(&output.stdout), "2\n", "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(0));
    let output = server.call(&["stream_numbers", "1", "3"]);
    let numbers = "1  The square of 1 is 1\n2  The square of 2 is 4\n3  The square of 3 is 9\n";
    assert_eq!(text(&output.stdout), numbers, "{}", text(&output.stderr));
    let (status, said) = server.end("TERM");
    assert_eq!(status.code(), Some(0));
    assert!(
        said.starts_with("Closing: ") && said.ends_with("Closed\n"),
        "{said}"
    );
}

#[test]
fn results_are_json_when_asked() {
    let server = Server::start(&[]);
    let lists = ["calculate_metrics", "45,67,89", "2.5", "--json"];
    let report = text(&server.call(&lists).stdout);
    let wanted = "{\"avg_cpu\":67.0,\"max_cpu\":89.0,\"avg_memory\":2.5,\"alert\":true}\n";
    assert_eq!(report, wanted);
    let summary = server.call(&["record_metrics", "1.5", "2.5", "--json"]);
    let wanted = "{\"count\":2,\"min\":1.5,\"max\":2.5,\"mean\":2.0}\n";
    assert_eq!(text(&summary.stdout), wanted, "{}", text(&summary.stderr));
}

#[test]
fn calls_that_are_made_several_times_tell_who_answered() {
    let server = Server::start(&["--name", "a"]);
    let output = server.call(&["add", "5", "3", "--times", "3"]);
    assert_eq!(text(&output.stdout), "8\n8\n8\n3 calls, answered by a: 3\n");
    let output = server.call(&["add", "5", "3", "--times", "2", "--json"]);
    assert_eq!(text(&output.stdout), "8\n8\n");
}

#[test]
fn an_error_of_the_server_is_one_line_and_exit_code_1() {
    let server = Server::start(&[]);
    let told = only_line(&server.call(&["add", "2147483647", "1"]), 1);
    assert!(
        told.starts_with("error: OutOfRange: add(2147483647, 1) is "),
        "{told}"
    );
}

#[test]
fn a_timeout_ends_a_stream_that_takes_longer() {
    let server = Server::start(&["--pace", "1h"]);
    let output = server.call(&["stream_numbers", "1", "2", "--timeout", "300ms"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "1  The square of 1 is 1\n");
    assert!(text(&output.stderr).starts_with("error: DeadlineExceeded: "));
}

#[test]
fn a_server_whose_output_nobody_reads_serves_on() {
    let mut server = Server::start(&["--verbose"]);
    drop(server.stdout.take());
    drop(server.child.stderr.take());
    let output = server.call(&["say_hello", "42"]);
    assert_eq!(text(&output.stdout), "Hello, 42!\n");
    let (status, _) = server.end("INT");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_taken_port_is_one_line_and_exit_code_1() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let told = only_line(&run(&["serve", "--addr", &address]), 1);
    assert!(
        told.contains(&format!("cannot listen on {address}")),
        "{told}"
    );
}

#[test]
fn an_unreachable_server_is_one_line_and_exit_code_1() {
    // Bound and given back: nobody listens there.
    let gone = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let told = only_line(
        &run(&["call", "add", "5", "3", "--url", &gone.to_string()]),
        1,
    );
    assert!(told.starts_with("error: Unavailable: "), "{told}");
    assert!(told.contains(&gone.to_string()), "{told}");
}

#[test]
fn a_wrong_argument_is_one_line_and_exit_code_2() {
    let told = only_line(&run(&["call", "add", "5", "three"]), 2);
    assert!(told.starts_with("error: b of add is \"three\": "), "{told}");
    let told = only_line(&run(&["call", "sub", "5", "3"]), 2);
    assert!(told.contains("use one of add, multiply"), "{told}");
    let told = only_line(&run(&["call", "add", "5"]), 2);
    assert!(told.contains("add takes 2 arguments"), "{told}");
}
