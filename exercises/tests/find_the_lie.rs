//! Exercise 8 on untouched files, on the solution, and on what students mark.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use exercises::report::Report;
use support::{checked, copy, exercise, root, said, wrong};

/// What the check says of these marks.
fn marking(lies: &str) -> Report {
    let folder = copy(&exercise(8).folder(&root()));
    fs::write(folder.path().join("lies.txt"), lies).expect("it can be written");
    checked(8, folder.path())
}

fn solution() -> String {
    let file = exercise(8).solution(&root()).join("lies.txt");
    fs::read_to_string(file).expect("it is there")
}

#[test]
fn the_solution_is_right() {
    let report = checked(8, &exercise(8).solution(&root()));
    assert!(report.is_solved(), "{}", said(&report));
}

#[test]
fn the_untouched_file_is_told_how_a_mark_looks() {
    let report = checked(8, &exercise(8).folder(&root()));
    assert_eq!(wrong(&report), ["lies.txt can be read"]);
    assert!(
        said(&report).contains("file, line number, kind"),
        "{}",
        said(&report)
    );
}

#[test]
fn a_lie_that_is_left_out_is_counted_and_never_named() {
    let solution = solution();
    let marks: Vec<&str> = solution
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    for left_out in &marks {
        let others: Vec<&str> = marks
            .iter()
            .copied()
            .filter(|mark| mark != left_out)
            .collect();
        let report = marking(&others.join("\n"));
        assert_eq!(wrong(&report), ["All lies are marked"]);
        let (said, words) = (said(&report), left_out.split(' ').collect::<Vec<_>>());
        assert!(said.contains("Found: 6 of 7"), "{said}");
        assert!(
            !said.contains(&format!("{}:{}", words[0], words[1])),
            "{said}"
        );
        assert!(!said.contains(words[2]), "{said}");
    }
}

#[test]
fn an_honest_line_is_told_with_what_to_ask() {
    let report = marking(&(solution() + "bench.rs 36 delayed-packets\n"));
    assert_eq!(wrong(&report), ["What is marked is a lie"]);
    assert!(
        said(&report).contains("bench.rs:36 is honest"),
        "{}",
        said(&report)
    );
}

#[test]
fn the_wrong_kind_is_told_without_the_right_one() {
    let report = marking(&solution().replace("report.md 11 unequal-build", "report.md 11 best-of"));
    let said = said(&report);
    assert!(
        said.contains("report.md:11 is not honest, and what is wrong with it is not best-of"),
        "{said}"
    );
    assert!(!said.contains("unequal-build"), "{said}");
}

#[test]
fn a_conclusion_is_not_where_it_was_made_false() {
    let report = marking("relatorio.md 1 beyond-measured");
    assert!(
        said(&report).contains("only follows from the lies"),
        "{}",
        said(&report)
    );
}

#[test]
fn what_is_left_is_counted_once_and_as_the_sheets_count_it() {
    let none = said(&marking("bench.rs 36 delayed-packets"));
    assert!(none.contains("Found: 0 of 7. Of those that are left the sheet counts 4 in bench.rs and 3 in the report."), "{none}");
    let solution = solution();
    for (left_out, counted) in [
        ("report.md 27 no-spread\n", "0 in bench.rs and 1 in"),
        ("bench.rs 72 unequal-job\n", "1 in bench.rs and 0 in"),
    ] {
        let said = said(&marking(&solution.replace(left_out, "")));
        assert!(said.contains(counted), "{said}");
    }
}

#[test]
fn every_line_that_tells_the_lie_is_right() {
    let instead = |of: &str, mark: &str| marking(&solution().replace(of, mark));
    let rows = (20..=23).map(|line| format!("report.md {line} no-spread"));
    let prints =
        [217, 218, 219, 220, 221, 222, 223, 225].map(|line| format!("bench.rs {line} no-spread"));
    for mark in rows.chain(prints) {
        let report = instead("report.md 27 no-spread", &mark);
        assert!(report.is_solved(), "{mark}: {}", said(&report));
    }
    for line in 118..=122 {
        let mark = format!("bench.rs {line} coordinated-omission");
        let report = instead("bench.rs 120 coordinated-omission", &mark);
        assert!(report.is_solved(), "{mark}: {}", said(&report));
    }
}

#[test]
fn lines_around_a_lie_do_not_tell_it() {
    for (line, kind) in [
        (101, "cold-against-warm"),
        (132, "one-against-many"),
        (108, "coordinated-omission"),
        (114, "coordinated-omission"),
        (117, "coordinated-omission"),
    ] {
        let report = marking(&(solution() + &format!("bench.rs {line} {kind}\n")));
        assert_eq!(wrong(&report), ["What is marked is a lie"], "{line}");
    }
    assert!(said(&marking("bench.rs 101 no-spread")).contains("has no word in it"));
}

#[test]
fn a_row_that_tells_one_lie_only_follows_from_the_others() {
    for line in 20..=23 {
        let said = said(&marking(&format!("report.md {line} unequal-job")));
        assert!(said.contains("only follows from the lies"), "{said}");
    }
}

#[test]
fn marks_that_cannot_be_read_are_told_line_by_line() {
    let report = marking("bench.rs 36\nreport.md 99 no-spread\nx.rs 1 no-spread\nbench.rs 1 bug\n");
    let said = said(&report);
    for told in [
        "has three words",
        "from 1 to 34",
        "the files are",
        "one of the kinds",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
}

#[test]
fn marking_everything_is_called_guessing() {
    let marks: String = (70..100)
        .map(|line| format!("bench.rs {line} unequal-job\n"))
        .collect();
    let report = marking(&marks);
    assert_eq!(wrong(&report), ["lies.txt can be read"]);
}

#[test]
fn the_sheets_list_every_kind_and_the_number_of_lies() {
    let kinds = [
        "unequal-job",
        "unequal-build",
        "cold-against-warm",
        "one-against-many",
        "coordinated-omission",
        "no-spread",
        "beyond-measured",
        "best-of",
        "failures-counted",
        "nothing-done",
        "delayed-packets",
    ];
    for language in exercises::language::Language::ALL {
        let sheet = fs::read_to_string(exercise(8).sheet(&root(), language)).expect("it is there");
        for kind in kinds {
            assert!(sheet.contains(&format!("`{kind}`")), "{kind} in {language}");
        }
    }
}

#[test]
fn the_program_of_the_report_compiles_by_each_command_that_is_written_down() {
    let [report, relatorio] = ["report.md", "relatorio.md"].map(|name| {
        let file = exercise(8).folder(&root()).join(name);
        fs::read_to_string(file).expect("it is there")
    });
    let sheets = exercises::language::Language::ALL.map(|language| {
        fs::read_to_string(exercise(8).sheet(&root(), language)).expect("it is there")
    });
    let texts = [report, relatorio].into_iter().chain(sheets);
    let commands: BTreeSet<String> = texts.flat_map(|text| compilations(&text)).collect();
    let optimised = commands
        .iter()
        .filter(|command| command.contains(" -O "))
        .count();
    assert_eq!((commands.len(), optimised), (2, 1), "{commands:?}");
    for command in commands {
        compiles(&command);
    }
}

/// The calls of the compiler in a text, without the name of what they make.
fn compilations(text: &str) -> Vec<String> {
    let calls = text.split("rustc ").skip(1);
    let calls = calls.filter_map(|call| call.split_once(" -o "));
    calls
        .map(|(options, _)| format!("rustc {options}"))
        .collect()
}

/// By exactly that command, and without a warning.
fn compiles(command: &str) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let made = folder.path().join("bench");
    let mut words = command.split(' ');
    let mut rustc = Command::new(words.next().expect("a program"));
    rustc
        .args(words)
        .args(["-D", "warnings", "-o"])
        .arg(made)
        .current_dir(exercise(8).folder(&root()));
    let compiled = rustc.output().expect("what compiled this test is there");
    let said = String::from_utf8_lossy(&compiled.stderr);
    assert!(compiled.status.success(), "{command}: {said}");
}
