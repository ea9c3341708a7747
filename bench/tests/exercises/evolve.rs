//! Exercise 5: a contract that changes.

use crate::tried::{Checked, Tried};

const FILE: &str = "v2.proto";

/// Lines that the solution has and that would give it away.
const ANSWERS: [&str; 6] = [
    "string buyer = 2",
    "int64",
    "optional",
    "reserved 3",
    "reserved \"coupon\"",
    "STATUS_RETURNED = 3",
];

fn mistake(from: &str, to: &str) -> Checked {
    let tried = Tried::solution(5);
    tried.replace(FILE, from, to);
    let checked = tried.check();
    assert!(!checked.passed, "{}", checked.shown);
    for answer in ANSWERS.iter().filter(|answer| !to.contains(**answer)) {
        checked.hides(answer);
    }
    checked
}

#[test]
fn a_field_that_is_renamed_by_a_new_number_loses_what_was_written() {
    let moved = mistake("string buyer = 2;", "string buyer = 9;");
    moved.tells("An old order says Ana in customer. Your version reads nothing in buyer");
    moved.tells("An old program reads nothing in customer.");
    mistake("string buyer = 2;", "string customer = 2;").tells("customer is still there.");
    let both = mistake(
        "string buyer = 2;",
        "string customer = 2;\n  string buyer = 9;",
    );
    both.tells("customer is still there.");
    let number = mistake("string buyer = 2;", "int32 buyer = 2;");
    number.tells("cannot be read by your version at all");
}

#[test]
fn a_type_that_reads_the_same_bytes_otherwise_is_told_by_what_it_reads() {
    let zigzag = mistake("int64 total_cents", "sint64 total_cents");
    zigzag.tells("An old order says 1999 in total_cents. Your version reads -1000");
    let unsigned = mistake("int64 total_cents", "uint64 total_cents");
    unsigned
        .tells("An old order says -500 in total_cents. Your version reads 18446744073709551116");
    unsigned.tells("cannot hold -500, which version 1 can");
    mistake("int64 total_cents", "fixed64 total_cents").tells("cannot be read");
    mistake("int64 total_cents", "int32 total_cents").tells("does not hold 10000000000");
}

#[test]
fn a_place_that_is_free_for_the_next_one_is_told() {
    let heir = mistake("  reserved 3;\n", "");
    heir.tells("In two years somebody adds a field");
    mistake("  reserved \"coupon\";\n", "").tells("keeps the name from being given");
    let tried = Tried::solution(5);
    tried.replace(FILE, "  reserved 3;\n", "");
    tried.replace(FILE, "gift_note = 7", "gift_note = 3");
    let checked = tried.check();
    assert!(!checked.passed);
    checked.tells("Your field gift_note has the number that coupon had");
}

#[test]
fn a_note_that_cannot_be_missing_is_told() {
    let same = mistake("optional string gift_note", "string gift_note");
    same.tells("An order with an empty note and one without a note are the same bytes");
    mistake("optional string gift_note", "optional int32 gift_note").tells("gift_note is no text.");
}

#[test]
fn a_status_that_changes_its_meaning_is_told() {
    mistake("  STATUS_RETURNED = 3;\n", "").tells("There is no STATUS_RETURNED.");
    let tried = Tried::solution(5);
    tried.replace(FILE, "STATUS_SENT = 2", "STATUS_SENT = 4");
    tried.replace(FILE, "STATUS_RETURNED = 3", "STATUS_RETURNED = 2");
    let checked = tried.check();
    checked.tells("An old order's status STATUS_SENT is no longer STATUS_SENT");
    checked.tells("Old programs read your STATUS_RETURNED as STATUS_SENT.");
}

#[test]
fn lines_in_the_place_of_items_are_told() {
    let tried = Tried::solution(5);
    tried.replace(FILE, "  repeated string items = 5;\n", "");
    tried.replace(FILE, "repeated Line lines = 8", "repeated Line lines = 5");
    let checked = tried.check();
    assert!(!checked.passed);
    checked.tells("lines has the number of version 1's items");
    checked.tells("Your version has no field items.");
    mistake("repeated Line lines", "Line lines").tells("lines is no list of messages.");
    mistake("uint32 quantity", "string quantity").tells("quantity a whole number");
}

#[test]
fn a_shape_that_nobody_asked_for_is_told() {
    let many = "may come many times in your version";
    mistake("string buyer = 2", "repeated string buyer = 2").tells(many);
    mistake("uint32 quantity", "repeated uint32 quantity").tells(many);
    mistake("string item = 1", "repeated string item = 1").tells(many);
    let wide = mistake("int32 id = 1", "uint32 id = 1");
    wide.tells("id is int32 in version 1 and uint32 in yours");
    let bare = mistake("Status status = 6", "int32 status = 6");
    bare.tells("status is enum in version 1 and int32 in yours");
    let either = mistake(
        "string item = 1;\n  uint32 quantity = 2;",
        "oneof one { string item = 1; uint32 quantity = 2; }",
    );
    either.tells("item shares a oneof with another field");
}

#[test]
fn what_an_editor_puts_at_the_beginning_does_no_harm() {
    let tried = Tried::solution(5);
    let text = std::fs::read(tried.path(FILE)).expect("the solution is there");
    tried.write(FILE, &[b"\xef\xbb\xbf", text.as_slice()].concat());
    let checked = tried.check();
    assert!(checked.passed, "{}", checked.shown);
}

#[test]
fn a_file_that_does_not_compile_is_told_with_its_place() {
    let broken = mistake("string item = 1;", "string item = 1");
    broken.tells("The compiler refuses it:");
    broken.tells("v2.proto:");
    broken.tells("First the file has to compile.");
    let other = mistake("message Order", "message Ordr");
    other.tells("v2.proto has no message shop.Order");
}
