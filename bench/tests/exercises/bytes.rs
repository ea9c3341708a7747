//! Exercise 3: where the bytes go.

use crate::tried::{Checked, Tried};

const ANSWERS: &str = "answers.txt";
const GUESSES: &str = "predictions.txt";

fn answered(question: &str, right: &str, wrong: &str) -> Checked {
    let tried = Tried::solution(3);
    let line = |answer: &str| format!("{question} = {answer}\n");
    tried.replace(ANSWERS, &line(right), &line(wrong));
    let checked = tried.check();
    assert!(!checked.passed, "{}", checked.shown);
    checked.tells("13 of 14 parts are right");
    // A single digit may be part of any sentence; the wires' names stand in the guesses.
    if right.len() > 1 && right.bytes().all(|byte| byte.is_ascii_digit()) {
        checked.hides(right);
    }
    checked
}

#[test]
fn what_was_counted_instead_is_told() {
    for (question, right, wrong, told) in [
        (
            "most-setup",
            "jsonrpc-websocket",
            "grpc",
            "Look at the column set-up",
        ),
        (
            "most-setup",
            "jsonrpc-websocket",
            "soap",
            "soap is none of the wires: xmlrpc,",
        ),
        (
            "hpack-saves",
            "80",
            "214",
            "the connection's set-up is in it",
        ),
        ("hpack-saves", "80", "30", "what is left, not what is saved"),
        ("bytes-for-one", "170", "139", "one way only"),
        ("bytes-for-one", "170", "107", "header fields travel too"),
        ("websocket-pays", "2", "3", "Add up call by call"),
        ("grpc-nothing", "0", "5", "in front of each message"),
        ("grpc-nothing", "0", "4", "the message of add(5, 3)"),
        (
            "negative-costs",
            "9",
            "10",
            "the positive one took something too",
        ),
        (
            "most-for-negative",
            "grpc",
            "xmlrpc",
            "Text is not always the longer one",
        ),
        ("hpack-saves", "80", "much", "much is no whole number"),
    ] {
        answered(question, right, wrong).tells(told);
    }
}

#[test]
fn a_wire_may_be_named_as_the_table_has_it() {
    let tried = Tried::solution(3);
    tried.replace(ANSWERS, "= jsonrpc-websocket", "= JSON-RPC WS");
    tried.replace(ANSWERS, "negative = grpc", "negative = gRPC");
    let checked = tried.check();
    assert!(checked.passed, "{}", checked.shown);
}

#[test]
fn who_has_not_guessed_is_not_measured() {
    let tried = Tried::solution(3);
    tried.replace(GUESSES, "grpc = 60", "grpc = ?");
    let checked = tried.check();
    assert!(!checked.passed);
    checked.tells("There is no guess yet.");
    checked.tells("First guess, in predictions.txt");
    checked.tells("6 of 14 parts are right");
}

#[test]
fn a_guess_is_told_how_far_off_it_is_without_the_number() {
    let tried = Tried::solution(3);
    tried.replace(GUESSES, "xmlrpc = 500", "xmlrpc = 50");
    tried.replace(GUESSES, "rest = 250", "rest = 2500");
    let checked = tried.check();
    assert!(checked.passed, "a guess may be wrong: {}", checked.shown);
    checked.tells("Far too few");
    checked.tells("Far too many");
    for total in ["510", "291", "97", "91", "245"] {
        checked.hides(total);
    }
    tried.replace(GUESSES, "xmlrpc = 50", "xmlrpc = -5");
    tried
        .check()
        .tells("-5 is no whole number of bytes above 0.");
}
