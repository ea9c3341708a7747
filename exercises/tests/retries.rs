//! Exercise 6 on untouched files, on the solution, and on what students write.

mod support;

use std::fs;

use support::{checked, copy, exercise, root, said, wrong};

/// What the check says where, in the solution, the first text stands in place of the second.
fn with(replacement: &str, original: &str) -> exercises::report::Report {
    let folder = copy(&exercise(6).solution(&root()));
    let file = folder.path().join("retry.rs");
    let solution = fs::read_to_string(&file).expect("it is there");
    assert_eq!(solution.matches(original).count(), 1, "{original}");
    fs::write(&file, solution.replace(original, replacement)).expect("it can be written");
    checked(6, folder.path())
}

#[test]
fn the_solution_is_right() {
    let report = checked(6, &exercise(6).solution(&root()));
    assert!(report.is_solved(), "{}", said(&report));
}

#[test]
fn the_untouched_file_sends_once_and_is_told_so() {
    let report = checked(6, &exercise(6).folder(&root()));
    assert_eq!(report.right(), 1, "{}", said(&report));
    assert!(said(&report).contains("a third one would be answered. Number of sends: 1."));
}

#[test]
fn what_may_have_been_done_is_found_to_be_repeated() {
    let report = with(
        "true",
        "request.repeat == Repeat::Safe || request.key.is_some()",
    );
    assert_eq!(
        wrong(&report),
        ["What may have been done is not done twice"]
    );
}

#[test]
fn a_key_that_is_overlooked_is_found() {
    let report = with(
        "request.repeat == Repeat::Safe",
        "request.repeat == Repeat::Safe || request.key.is_some()",
    );
    assert_eq!(wrong(&report), ["A key makes it safe to repeat"]);
}

#[test]
fn repeating_what_is_wrong_is_found() {
    let report = with(
        "Failure::InvalidArgument => true",
        "Failure::InvalidArgument => false",
    );
    assert_eq!(wrong(&report), ["What is wrong is not repeated"]);
}

#[test]
fn a_deadline_for_each_try_is_found() {
    let report = with(
        "let left = deadline;",
        "let left = end.saturating_sub(world.now());",
    );
    assert_eq!(wrong(&report), ["The deadline covers everything"]);
    assert!(
        said(&report).contains("of the whole call's time are left"),
        "{}",
        said(&report)
    );
}

#[test]
fn sending_for_ever_is_found() {
    let report = with("const SENDS: u32 = 25", "const SENDS: u32 = 5");
    assert_eq!(wrong(&report), ["The number of sends is bounded"]);
}

#[test]
fn pauses_without_chance_are_found() {
    let report = with("bound", "bound.mul_f64(0.5 + world.random() / 2.0)");
    assert_eq!(wrong(&report), ["Pauses differ from client to client"]);
}

#[test]
fn pauses_that_do_not_grow_are_found() {
    let report = with(
        "FIRST_PAUSE",
        "(FIRST_PAUSE * 2_u32.pow(sent - 1)).min(LONGEST_PAUSE)",
    );
    // Nothing uses the constant any more, and that alone is no reason to stop.
    assert_eq!(wrong(&report), ["Pauses grow"]);
}

#[test]
fn what_does_not_compile_is_told_as_rustc_tells_it() {
    let report = with("let end: u8 = world.now()", "let end = world.now()");
    assert_eq!(wrong(&report), ["retry.rs compiles"]);
    assert!(said(&report).contains("retry.rs:"), "{}", said(&report));
}

#[test]
fn a_loop_without_end_is_ended_and_told() {
    let report = with("loop {\n        if sent == 2 { continue; }", "loop {");
    assert!(
        said(&report).contains("did not come back"),
        "{}",
        said(&report)
    );
}

#[test]
fn a_panic_is_told_with_its_text() {
    let report = with(
        "None::<()>.expect(\"my own panic\");\n    let end = world.now()",
        "let end = world.now()",
    );
    assert!(
        said(&report).contains("ended in a panic: my own panic"),
        "{}",
        said(&report)
    );
}
