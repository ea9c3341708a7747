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

/// The line of the solution that makes a pause.
const PAUSE: &str = "bound.mul_f64(0.5 + world.random() / 2.0)";
const BOUND: &str = "(FIRST_PAUSE * 2_u32.pow(sent - 1)).min(LONGEST_PAUSE)";

#[test]
fn chance_that_makes_no_difference_is_found() {
    let report = with("bound.mul_f64(1.0 + world.random() / 10_000.0)", PAUSE);
    assert_eq!(wrong(&report), ["Pauses differ from client to client"]);
}

#[test]
fn chance_over_the_whole_pause_or_a_tenth_of_it_is_right() {
    for pause in [
        "bound.mul_f64(world.random())",
        "bound.mul_f64(0.9 + world.random() / 10.0)",
        "bound.mul_f64(1.1 - world.random() / 5.0)",
        "bound.mul_f64(0.5 + (world.random() + world.random()) / 4.0)",
    ] {
        let report = with(pause, PAUSE);
        assert!(report.is_solved(), "{pause}: {}", said(&report));
    }
}

#[test]
fn pauses_that_reach_their_bound_are_right() {
    for bound in [
        "(FIRST_PAUSE * 2_u32.pow(sent)).min(FIRST_PAUSE * 4)",
        "(FIRST_PAUSE * 2_u32.pow(sent)).min(FIRST_PAUSE * 5)",
        "FIRST_PAUSE.mul_f64(1.5_f64.powi(sent as i32))",
    ] {
        let report = with(bound, BOUND);
        assert!(report.is_solved(), "{bound}: {}", said(&report));
    }
}

#[test]
fn pauses_that_grow_otherwise_than_the_sheet_says_are_found() {
    for bound in [
        "FIRST_PAUSE + FIRST_PAUSE * 3 / 10 * sent",
        "FIRST_PAUSE * sent",
        "FIRST_PAUSE / 20 * 2_u32.pow(sent - 1)",
        "FIRST_PAUSE * 1_000 * 2_u32.pow(sent - 1)",
    ] {
        assert_eq!(wrong(&with(bound, BOUND)), ["Pauses grow"], "{bound}");
    }
}

#[test]
fn going_by_the_name_of_an_operation_is_found() {
    for names in [
        "request.operation.starts_with(\"get\")",
        "!request.operation.starts_with(\"create\")",
    ] {
        let report = with(names, "request.repeat == Repeat::Safe");
        let wrong = wrong(&report);
        assert!(
            wrong.contains(&"What may have been done is not done twice"),
            "{wrong:?}"
        );
    }
}

#[test]
fn a_pause_that_takes_all_that_is_left_is_found() {
    let report = with("world.now() + pause <= end", "world.now() + pause < end");
    assert_eq!(wrong(&report), ["The deadline covers everything"]);
}

#[test]
fn what_a_function_prints_is_its_own_affair() {
    let print = "println!(\"wrong\"); print!(\"{}\", \"x\".repeat(9_000)); eprintln!(\"ok\");\n";
    let original = "let end = world.now()";
    let report = with(&format!("{print}{original}"), original);
    assert!(report.is_solved(), "{}", said(&report));
}

#[test]
fn verdicts_of_its_own_do_not_make_a_function_right() {
    let original = "let end = world.now()";
    for forged in [
        "for _ in 0..10 { println!(\"ok\"); } std::process::exit(0);",
        "std::fs::write(\"verdicts\", \"ok\\n\".repeat(10)).unwrap(); std::process::exit(0);",
        "std::fs::write(\"verdicts\", \"ok\\n\".repeat(11)).unwrap(); std::process::exit(0);",
    ] {
        let report = with(&format!("{forged}\n{original}"), original);
        assert!(!report.is_solved(), "{forged}");
        assert_eq!(
            wrong(&report),
            ["An answer is given as it came"],
            "{forged}"
        );
        assert!(said(&report).contains("look for what ends a process"));
    }
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
