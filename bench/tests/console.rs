//! A presenter's two terminals: the deck in one, the console in the other, as they are started and left.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "console/desk.rs"]
mod desk;
#[path = "../../peers/support.rs"]
mod peers;

use std::fs;
use std::process::{Command, Stdio};

use desk::{Desk, Terminal};
use serde_json::Value;

/// What a shell says when the command of its terminal has ended well, and what the terminal is then: one
/// that takes whole lines and shows what is typed.
const LEFT: [&str; 3] = ["left with 0", " icanon", " echo "];

/// Starts the deck and looks at all that it tells before.
fn started(deck: &Terminal<'_>) {
    deck.sees("80 x 24");
    deck.sees("glyphs      ß");
    deck.sees("Enter starts the deck");
    deck.press(&["Enter"]);
    deck.sees("Read the first");
}

#[test]
fn the_console_follows_its_deck() {
    let Some(desk) = Desk::open("80", "24") else {
        return;
    };
    let console = desk.terminal("talk small --console");
    console.sees("nothing heard of the deck yet");
    console.sees("Notes of one.");
    let deck = desk.terminal("talk small");
    started(&deck);

    deck.press(&["Right"]);
    console.sees("slide 2 of 3");
    console.sees("Notes of two.");
    console.sees("next: The third");
    console.press(&["j", "t", "h", "i"]);
    console.sees("in the deck press 3G");
    console.press(&["Enter"]);
    console.sees("press 3G in the deck for The third");
    deck.press(&["3", "G"]);
    console.sees("this is the last slide");

    deck.press(&["q"]);
    LEFT.iter().for_each(|text| deck.sees(text));
    console.sees("the deck was left");
    console.press(&["q"]);
    LEFT.iter().for_each(|text| console.sees(text));
}

#[test]
fn the_console_of_another_deck_follows_nothing_and_says_why() {
    let Some(desk) = Desk::open("80", "24") else {
        return;
    };
    let other = desk.terminal("talk other --console");
    let console = desk.terminal("talk small --console");
    other.sees("nothing heard");
    console.sees("nothing heard");
    let deck = desk.terminal("talk small");
    started(&deck);
    deck.press(&["Right"]);
    console.sees("Notes of two.");
    other.sees("another deck or language is shown");
    other.press(&["C-c"]);
    LEFT.iter().for_each(|text| other.sees(text));
}

#[cfg(target_os = "linux")]
#[test]
fn a_console_that_is_told_to_end_leaves_its_terminal_as_it_was() {
    let Some(desk) = Desk::open("80", "24") else {
        return;
    };
    let console = desk.terminal("talk small --console");
    console.sees("nothing heard");
    console.tell_to_end();
    LEFT.iter().for_each(|text| console.sees(text));
}

#[test]
fn a_rehearsal_keeps_the_time_of_each_slide_beside_the_deck() {
    let Some(desk) = Desk::open("80", "24") else {
        return;
    };
    let plan = fs::read_to_string(desk.root().join("slides/en/small.md")).unwrap();
    let deck = desk.terminal("talk small --rehearse");
    started(&deck);
    deck.press(&["Right"]);
    deck.sees("Read the second");
    deck.press(&["q"]);
    deck.sees("rehearsed in 0:");
    LEFT.iter().for_each(|text| deck.sees(text));

    let kept = fs::read(desk.root().join("slides/en/small.rehearsed.json")).unwrap();
    let kept: Value = serde_json::from_slice(&kept).unwrap();
    assert_eq!(kept["reached"], 2);
    assert_eq!(kept["slides"][1]["title"], "The second");
    assert_eq!(kept["slides"][1]["planned_seconds"], 60.0);
    assert!(kept["slides"][1]["used_seconds"].is_f64());
    let now = fs::read_to_string(desk.root().join("slides/en/small.md")).unwrap();
    assert_eq!(now, plan);

    let console = desk.terminal("talk small --console");
    console.sees("rehearsed in 0:");
}

#[test]
fn a_terminal_that_is_too_small_is_told_before_anything_starts() {
    let Some(desk) = Desk::open("79", "24") else {
        return;
    };
    let deck = desk.terminal("talk small");
    deck.sees("79 columns and 24 rows");
    deck.sees("left with 1");
}

#[test]
fn without_a_terminal_both_say_so_and_fail() {
    let Some(desk) = Desk::open("80", "24") else {
        return;
    };
    for (arguments, told) in [
        (&["talk", "small"][..], "a talk needs a terminal"),
        (
            &["talk", "small", "--console"],
            "the console needs a terminal",
        ),
        (&["talk", "none", "--console"], "choose one of other, small"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_trivium"))
            .args(arguments)
            .current_dir(desk.root())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{complaint}");
        assert!(complaint.contains(told), "{complaint}");
    }
}
