//! Exercise 2: a message decoded by hand.

use crate::tried::{Checked, Tried};

const FILE: &str = "answers.txt";

/// One question answered so; nothing that is printed has the right answer as a word of its own.
fn answered(question: &str, right: &str, wrong: &str) -> Checked {
    let tried = Tried::solution(2);
    let line = |answer: &str| format!("{question} = {answer}\n");
    tried.replace(FILE, &line(right), &line(wrong));
    let checked = tried.check();
    assert!(!checked.passed, "{}", checked.shown);
    checked.tells("11 of 12 parts are right");
    // A single digit may be part of any sentence: "of 12 parts", "2. Decode".
    if right.len() > 1 {
        checked.hides(right);
    }
    checked
}

#[test]
fn each_rule_of_the_encoding_that_was_missed_is_told() {
    for (question, right, wrong, told) in [
        ("station", "São Gonçalo", "SÃ£o GonÃ§alo", "A text is UTF-8"),
        (
            "station",
            "São Gonçalo",
            "São Gonça",
            "counts bytes, not letters",
        ),
        (
            "offset",
            "-731",
            "1461",
            "In what does sint32 differ from int32?",
        ),
        (
            "offset",
            "-731",
            "12",
            "Is there another of the same number",
        ),
        ("offset", "-731", "731", "Where in that list"),
        ("altitude", "-6", "18446744073709551610", "int32 has a sign"),
        ("altitude", "-6", "6", "Two's complement"),
        (
            "serial",
            "31415926",
            "4139580686",
            "The top bit of each byte",
        ),
        ("serial", "31415926", "248462990", "in the wrong order"),
        (
            "samples",
            "9, 421, 64",
            "9, 165, 3, 64",
            "does not end its number",
        ),
        (
            "samples",
            "9, 421, 64",
            "4, 9, 165, 3, 64",
            "how long the list is",
        ),
        ("temperature", "-12.75", "12.75", "Which bit is the sign?"),
        (
            "temperature",
            "-12.75",
            "3242983424",
            "more than a whole number",
        ),
        (
            "latitude",
            "-22862345",
            "-43223456",
            "the place's other field",
        ),
        (
            "latitude",
            "-22862345",
            "4272104951",
            "does this type have a sign?",
        ),
        ("latitude", "-22862345", "-22.862345", "In degrees, yes"),
        ("battery", "0", "none", "what does it read?"),
        ("sealed", "true", "false", "Its tag stands at byte"),
        ("unknown_number", "50", "402", "the wire type is in it"),
        ("unknown_number", "50", "18", "A tag is a varint too"),
        (
            "unknown_length",
            "5",
            "6",
            "tag and length are no part of it",
        ),
    ] {
        answered(question, right, wrong).tells(told);
    }
}

#[test]
fn any_other_answer_is_told_where_to_read_again() {
    answered("serial", "31415926", "1").tells("Its tag stands at byte 29 of the message");
    answered("serial", "31415926", "many").tells("many is no number.");
    answered("unknown_number", "50", "7").tells("Go from tag to tag");
}

#[test]
fn a_line_that_answers_nothing_is_told() {
    let tried = Tried::solution(2);
    tried.replace(
        FILE,
        "sealed = true",
        "sealed = true\nsaeled = true\nand so on",
    );
    let checked = tried.check();
    assert!(!checked.passed);
    checked.tells("saeled is no question of the sheet.");
    checked.tells("is no answer: and so on.");
}

#[test]
fn what_is_right_may_be_written_in_several_ways() {
    let tried = Tried::solution(2);
    for (from, to) in [
        ("= São Gonçalo", "= Sa\u{303}o Gonc\u{327}alo"),
        ("= 31415926", "= 31,415,926"),
        ("= -22862345", "= -22.862.345"),
        ("sealed = true", "sealed = 1"),
    ] {
        tried.replace(FILE, from, to);
    }
    let checked = tried.check();
    assert!(checked.passed, "{}", checked.shown);
    checked.tells("All 12 parts are right.");
}
