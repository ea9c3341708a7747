//! The exercises' checks as students run them: what is untouched fails with something useful, the
//! solution passes, typical mistakes are told, and the answer is never printed.

#[path = "exercises/by_hand.rs"]
mod by_hand;
#[path = "exercises/bytes.rs"]
mod bytes;
#[cfg(unix)]
#[path = "exercises/ended.rs"]
mod ended;
#[path = "exercises/evolve.rs"]
mod evolve;
#[path = "exercises/netcat.rs"]
mod netcat;
#[path = "exercises/own_client.rs"]
mod own_client;
#[path = "exercises/tried.rs"]
mod tried;

use std::fs;

use tried::{Tried, trivium};

/// Those that are tried here; the others need no servers, and have their tests in
/// `exercises/tests/`.
const TRIED: [u8; 5] = [1, 2, 3, 4, 5];

#[test]
fn they_are_listed_with_their_minutes_in_both_languages() {
    let english = trivium(&[]);
    assert!(english.passed, "{}", english.shown);
    english.tells(" 1   30 min  Call a server with nothing but netcat");
    let portuguese = trivium(&["--lang", "pt-BR"]);
    portuguese.tells(" 1   30 min  Chame um servidor só com o netcat");
}

#[test]
fn a_sheet_is_shown_plain_in_a_pipe_and_fits_a_terminal() {
    for exercise in exercises::exercise::ALL {
        for language in ["en", "pt-BR"] {
            let sheet = trivium(&[&exercise.number.to_string(), "--lang", language]);
            assert!(sheet.passed, "{}", sheet.shown);
            sheet.tells(&format!("# {}. ", exercise.number));
            assert!(!sheet.shown.contains('\u{1b}'), "{}", sheet.shown);
            let mut lines = sheet.shown.lines();
            let wide = lines.find(|line| line.chars().count() > 80 && !line.contains("https://"));
            assert_eq!(wide, None, "{} {language}", exercise.name());
        }
    }
}

#[test]
fn what_is_untouched_fails_and_the_solution_passes_in_both_languages() {
    let can_be_tried = |number: &u8| *number != 4 || own_client::python_is_there();
    for number in TRIED.into_iter().filter(can_be_tried) {
        for language in ["en", "pt-BR"] {
            let untouched = Tried::untouched(number).check_in(language);
            assert!(!untouched.passed, "{}", untouched.shown);
            let wrong = ["wrong", "errado"].map(|word| untouched.shown.contains(word));
            assert!(wrong.contains(&true), "{}", untouched.shown);
            let solved = Tried::solution(number).check_in(language);
            assert!(solved.passed, "{}", solved.shown);
        }
    }
}

#[test]
fn a_wrong_command_line_is_told_with_what_is_right() {
    let none = trivium(&["99"]);
    assert!(!none.passed);
    none.tells("there is no exercise 99: use 1");
    let french = trivium(&["1", "--lang", "fr"]);
    assert!(!french.passed);
    french.tells("use en or pt-BR");
}

#[test]
fn a_file_that_is_gone_or_none_is_told_and_the_other_parts_go_on() {
    let tried = Tried::solution(1);
    tried.remove("2-jsonrpc-add.http");
    tried.remove("3-xmlrpc-uppercase.http");
    fs::create_dir(tried.path("3-xmlrpc-uppercase.http")).expect("a folder can be made");
    let checked = tried.check();
    assert!(!checked.passed);
    checked.tells("2-jsonrpc-add.http There is no such file in this folder");
    checked.tells("3-xmlrpc-uppercase.http This is no file but a folder");
    checked.tells("3 of 5 parts are right");
    tried
        .check_in("pt-BR")
        .tells("Esse arquivo não existe nesta pasta");
}

#[test]
fn without_a_file_the_report_of_every_exercise_says_so_in_its_language() {
    for (number, file) in [(2, "answers.txt"), (3, "answers.txt"), (5, "v2.proto")] {
        let tried = Tried::solution(number);
        tried.remove(file);
        let checked = tried.check_in("pt-BR");
        assert!(!checked.passed);
        checked.tells(&format!("{number}. "));
        checked.tells("Esse arquivo não existe nesta pasta");
        checked.hides("error:");
    }
}

#[test]
fn a_folder_that_is_none_is_an_error() {
    let checked = trivium(&["1", "--check", "--folder", "exercises/none"]);
    assert!(!checked.passed);
    checked.tells("there is no folder exercises/none");
}
