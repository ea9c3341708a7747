//! `trivium chat` as its user runs it.

use std::process::Command;

#[test]
fn four_people_on_four_protocols_see_the_same_talk() {
    let output = Command::new(env!("CARGO_BIN_EXE_trivium"))
        .arg("chat")
        .env_remove("CLICOLOR_FORCE")
        .output();
    let output = output.expect("the program starts");
    let talk = String::from_utf8(output.stdout).expect("it is text");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    for speaker in [
        "\n[Ana, XML-RPC] ",
        "\n[Bruno, JSON-RPC] ",
        "\n[Carla, gRPC] ",
        "\n[Davi, REST] ",
    ] {
        assert_eq!(talk.matches(speaker).count(), 2, "{talk}");
    }
    assert!(talk.contains("Davi, REST saw 8\n"), "{talk}");
    let verdict = "Everybody saw the same lines in the same order.\n";
    assert!(talk.ends_with(verdict), "{talk}");
    assert!(!talk.contains('\u{1b}'), "{talk}");
    for line in talk.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}
