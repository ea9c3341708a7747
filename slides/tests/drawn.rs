//! The check of what presenterm draws: for each thing that can be wrong, a deck in which it is.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "check/house.rs"]
mod house;
#[path = "../../peers/support.rs"]
mod peers;

use house::{House, RECORDED, SCRIPT, told};

#[test]
fn a_deck_with_nothing_wrong_is_drawn_at_three_sizes() {
    let Some(house) = House::with_presenterm() else {
        return;
    };
    let report = slides::check::look(house.root(), slides::check::Selection::default()).unwrap();
    assert_eq!(report.faults(), []);
    assert_eq!(report.skips(), [""; 0]);
}

#[test]
fn a_slide_whose_output_is_cut_is_told_with_the_rows_that_it_needs() {
    let Some(house) = House::with_presenterm() else {
        return;
    };
    let house = house.change(SCRIPT, "echo '<b>", "seq 1 12; echo '<b>");
    let tape = (1..=12)
        .map(|number| format!("{number}\n"))
        .collect::<String>()
        + "<b>";
    let house = house.change(RECORDED, "<b>", &tape);
    told(
        &house.whole(),
        &["line 24: at 80x24 \"Demo\" needs 28 rows and has 21"],
    );
}

#[test]
fn what_follows_a_pause_counts() {
    let Some(house) = House::with_presenterm() else {
        return;
    };
    let after = "<!-- pause -->\n".to_owned() + &"A line.\n\n".repeat(10);
    let house = house.change_decks("What the room reads.\n", &after);
    told(&house.whole(), &["line 6: at 80x24 \"Code\" needs"]);
}

#[test]
fn text_in_the_middle_of_a_slide_may_not_reach_the_footer() {
    let Some(house) = House::with_presenterm() else {
        return;
    };
    let middle =
        |lines: usize| "<!-- jump_to_middle -->\n".to_owned() + &"A line.\n\n".repeat(lines);
    let house = house.change_decks(
        "What the room reads.\n\n```region\na.rs add\n```\n",
        "What the room reads.\n",
    );
    let house = house
        .change("slides/topics.txt", "code what is shown\n", "")
        .change_decks("topics: code", "topics: demo");
    let house = house.change_decks("What the room reads.\n", &middle(3));
    assert_eq!(house.whole(), [""; 0]);
    let house = house.change_decks(&middle(3), &middle(8));
    told(&house.whole(), &["at 80x24 \"Code\" needs more than its"]);
}

#[test]
fn code_that_wraps_in_a_column_is_told() {
    let Some(house) = House::with_presenterm() else {
        return;
    };
    let columns = "<!-- column_layout: [1, 1] -->\n<!-- column: 0 -->\n```region\na.rs add\n```\n<!-- reset_layout -->\n";
    let house = house.change_decks("```region\na.rs add\n```\n", columns);
    told(
        &house.whole(),
        &[
            "at 80x24 this line of \"Code\" does not stand whole",
            "fn add(a: &i64)",
        ],
    );
}

#[test]
fn a_deck_that_presenterm_refuses_is_told_with_its_reason() {
    let Some(house) = House::with_presenterm() else {
        return;
    };
    let house = house.change_decks("What the room reads.", "<!-- no_such_command -->");
    let faults = house.whole();
    assert!(
        faults[0].contains("presenterm does not take"),
        "{faults:#?}"
    );
    assert!(faults[0].contains("no_such_command"), "{faults:#?}");
}

#[test]
fn a_slide_more_for_presenterm_than_for_the_plan_is_told() {
    let Some(house) = House::with_presenterm() else {
        return;
    };
    let house = house.change_decks("What the room reads.", "Text. <!-- end_slide -->");
    let house = house.change_decks("Text. <!-- end_slide -->", "<!--end_slide-->");
    let faults = house.whole();
    assert!(
        faults
            .iter()
            .any(|it| it.contains("presenterm shows 3 slides of 2")),
        "{faults:#?}"
    );
}

#[test]
fn a_handout_of_another_day_is_told() {
    let Some(house) = House::with_presenterm() else {
        return;
    };
    let house = house.change_decks("What the room reads.", "What the room reads today.");
    let faults = || {
        let report = slides::check::look(house.root(), slides::check::Selection::default());
        let told: Vec<String> = report
            .unwrap()
            .faults()
            .iter()
            .map(ToString::to_string)
            .collect();
        told
    };
    told(
        &faults(),
        &[
            "slides/handouts/en/what-is-rpc.html",
            "slides/handouts/pt-BR/what-is-rpc.html",
        ],
    );
    house.hand_out();
    assert_eq!(faults(), [""; 0]);
}
