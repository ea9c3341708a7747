//! The check itself: for each thing that can be wrong, a deck in which it is.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "check/house.rs"]
mod house;
#[path = "../../peers/support.rs"]
mod peers;

use house::{ENGLISH, House, PORTUGUESE, RECORDED, SCRIPT, told};

#[test]
fn where_nothing_is_wrong_nothing_is_told() {
    assert_eq!(House::new().statics(), [""; 0]);
}

#[test]
fn a_region_that_is_gone_is_told_at_its_line() {
    let faults = House::new()
        .change("a.rs", "region: add", "region: sub")
        .statics();
    told(
        &faults,
        &["slides/en/what-is-rpc.md, line 18: a.rs has 0 lines"],
    );
}

#[test]
fn a_demo_that_is_not_there_is_told() {
    told(
        &House::new().remove(SCRIPT).statics(),
        &["line 34", "no such demo"],
    );
}

#[test]
fn a_demo_without_a_tape_is_told() {
    told(
        &House::new().remove(RECORDED).statics(),
        &["line 34", "has no tape"],
    );
}

#[test]
fn a_tape_with_other_masks_than_its_demo_is_told() {
    let house = House::new().change(RECORDED, "masks: durations", "masks: ports");
    told(&house.statics(), &["line 34", "other masks"]);
}

#[test]
fn a_slide_without_notes_is_told() {
    let house = House::new().change_decks("  Say it.\n", "");
    told(&house.statics(), &["line 6", "\"Code\" has no notes"]);
}

#[test]
fn a_slide_without_minutes_is_told() {
    let house = House::new().change_decks(
        "<!-- minutes: 1 -->\n<!-- topics: code",
        "<!-- topics: code",
    );
    let house = house.change_decks("minutes: 2", "minutes: 1");
    told(&house.statics(), &["line 6", "\"Code\" has no minutes"]);
}

#[test]
fn minutes_that_do_not_add_up_are_told() {
    let house = House::new().change_decks("minutes: 2", "minutes: 2.5");
    told(
        &house.statics(),
        &["line 1", "add up to 2, and the head says 2.5"],
    );
}

#[test]
fn a_topic_without_a_slide_that_shows_it_is_told() {
    let house = House::new().change(
        "slides/topics.txt",
        "demo ",
        "# no topic\nhttp2 frames\ndemo ",
    );
    told(
        &house.statics(),
        &["slides/topics.txt, line 3", "\"http2\""],
    );
}

#[test]
fn a_topic_on_a_slide_with_nothing_to_show_is_not_covered() {
    let house = House::new().change_decks("```region\na.rs add\n```\n", "Words.\n");
    told(&house.statics(), &["slides/topics.txt, line 1", "\"code\""]);
}

#[test]
fn a_topic_that_is_unknown_is_told() {
    let house = House::new().change_decks("topics: code", "topics: code, cod");
    told(&house.statics(), &["line 6", "no topic \"cod\""]);
}

#[test]
fn code_that_is_no_region_is_told_however_it_is_fenced() {
    let faults = House::new()
        .change_decks("What the room reads.", "```rust\nlet a = 1;\n```")
        .statics();
    told(&faults, &["line 16", "code on a slide is a region"]);
    let faults = House::new()
        .change_decks("What the room reads.", "```bash +exec\nls\n```")
        .statics();
    told(&faults, &["line 16", "what runs is a demo"]);
    for fence in ["~~~", "  ```"] {
        let text = format!("{fence}rust\n{fence}");
        let faults = House::new()
            .change_decks("What the room reads.", &text)
            .statics();
        assert!(faults[0].contains("in the first column"), "{faults:?}");
    }
    let plain = House::new().change_decks("What the room reads.", "```text\na frame\n```");
    assert_eq!(plain.statics(), [""; 0]);
}

#[test]
fn code_that_is_too_wide_is_told() {
    let wide = format!("    Some(a) // {}\n", "x".repeat(70));
    let faults = House::new()
        .change("a.rs", "    Some(a)\n", &wide)
        .statics();
    told(&faults, &["line 18", "85 columns, 80 fit"]);
}

#[test]
fn languages_with_other_slides_are_told_of_the_second() {
    let end = "<!-- end_slide -->";
    let one_more =
        format!("{end}\n\nMore\n===\n\n<!-- minutes: 0.5 -->\n<!--\nspeaker_note: a\n-->\n{end}");
    let house = House::new().change(PORTUGUESE, end, &one_more);
    let faults = house
        .change(PORTUGUESE, "minutes: 2\n", "minutes: 2.5\n")
        .statics();
    assert!(
        faults[0].contains("pt-BR/what-is-rpc.md, line 1: its minutes are not"),
        "{faults:#?}"
    );
    assert!(
        faults[1].contains("3 slides, and slides/en/what-is-rpc.md has 2"),
        "{faults:#?}"
    );
    assert!(
        faults[2].contains("\"More\" has other demos"),
        "{faults:#?}"
    );
}

#[test]
fn a_slide_with_other_topics_or_minutes_in_one_language_is_told() {
    let house = House::new().change(PORTUGUESE, "topics: code", "topics: code, demo");
    told(
        &house.statics(),
        &["\"Code\" has other topics than slides/en/what-is-rpc.md, line 6"],
    );
    let house = House::new().change(
        PORTUGUESE,
        "minutes: 1 -->\n<!-- topics: code",
        "minutes: 0.5 -->\n<!-- topics: code",
    );
    let house = house.change(
        PORTUGUESE,
        "minutes: 1 -->\n<!-- topics: demo",
        "minutes: 1.5 -->\n<!-- topics: demo",
    );
    told(
        &house.statics(),
        &["\"Code\" has other minutes", "\"Demo\" has other minutes"],
    );
}

#[test]
fn a_deck_that_is_missing_in_a_language_is_told() {
    told(
        &House::new().remove(PORTUGUESE).statics(),
        &["pt-BR/what-is-rpc.md, line 1: it cannot be read"],
    );
}

#[test]
fn a_deck_that_cannot_be_read_is_told_at_its_line() {
    let house = House::new().change(ENGLISH, "Demo\n===\n", "Demo\n\n");
    told(
        &house.statics(),
        &["en/what-is-rpc.md, line 24: this slide has no title"],
    );
}

#[test]
fn a_demo_that_fails_live_is_told_with_its_last_words() {
    let house = House::new().change(SCRIPT, "echo '<b>", "echo broken >&2; exit 7; echo '<b>");
    told(
        &house.whole(),
        &["call.sh, line 1: it fails: it ended with 7", "broken"],
    );
    let house = House::new().change(SCRIPT, "expect: 5 + 3", "expect: 6 + 3");
    told(&house.whole(), &["\"6 + 3 = 8\" was not printed"]);
}

#[test]
fn a_demo_that_prints_too_late_is_told() {
    let house = House::new().change(SCRIPT, "echo '5", "sleep 1.2\necho '5");
    told(&house.whole(), &["its first output came after 1"]);
}

#[test]
fn a_demo_that_prints_too_wide_is_told() {
    let wide = format!("echo '{}5", "x".repeat(80));
    let faults = House::new().change(SCRIPT, "echo '5", &wide).whole();
    assert!(
        faults.iter().any(|it| it.contains("wider than 80 columns")),
        "{faults:#?}"
    );
}

#[test]
fn a_tape_of_another_time_is_told_and_what_is_masked_is_not() {
    let house = House::new().change(RECORDED, "17 ms", "1.5 s");
    assert_eq!(house.whole(), [""; 0]);
    let house = House::new().change(RECORDED, "92 bytes", "93 bytes");
    told(&house.whole(), &["line 2 of the tape is", "93 bytes"]);
}

#[test]
fn a_program_of_others_that_is_missing_skips_the_demo_aloud() {
    let house = House::new().change(SCRIPT, "# masks", "# needs: no-such-program\n# masks");
    let report = slides::check::look(house.root(), slides::check::Selection::default()).unwrap();
    assert_eq!(report.faults(), []);
    let skips = report.skips().join("\n");
    assert!(
        skips.contains("call did not run, no-such-program is not here"),
        "{skips}"
    );
}

#[test]
fn an_unknown_deck_is_answered_with_those_that_there_are() {
    let selection = slides::check::Selection {
        deck: Some("what"),
        language: None,
    };
    let error = slides::check::look(House::new().root(), selection).unwrap_err();
    assert!(
        error.to_string().contains("choose one of what-is-rpc"),
        "{error}"
    );
}
