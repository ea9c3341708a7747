//! The exercises' checks as students run them: what is untouched fails with something useful, the
//! solution passes, typical mistakes are told, and the answer is never printed.

#[path = "exercises/by_hand.rs"]
mod by_hand;
#[path = "exercises/bytes.rs"]
mod bytes;
#[path = "exercises/evolve.rs"]
mod evolve;
#[path = "exercises/netcat.rs"]
mod netcat;
#[path = "exercises/own_client.rs"]
mod own_client;
#[path = "exercises/tried.rs"]
mod tried;

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
fn a_file_that_is_gone_is_told_with_the_way_to_get_it_back() {
    let tried = Tried::solution(1);
    tried.remove("2-jsonrpc-add.http");
    let checked = tried.check();
    assert!(!checked.passed);
    checked.tells("2-jsonrpc-add.http");
    checked.tells("git checkout -- ");
}
