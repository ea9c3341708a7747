//! The table at several widths.

use super::*;
use crate::view::Colour;

fn row(title: &str, state: &str, up: [usize; 7], down: [usize; 7]) -> Row {
    let tally = |bytes: [usize; 7]| {
        let mut tally = Tally::default();
        for (role, bytes) in Role::ALL.into_iter().zip(bytes) {
            tally.add(role, bytes);
        }
        tally
    };
    Row {
        title: title.into(),
        state: state.into(),
        ledger: Ledger {
            up: tally(up),
            down: tally(down),
            ..Ledger::default()
        },
    }
}

fn rows() -> Vec<Row> {
    vec![
        row(
            "XML-RPC",
            "cold",
            [2, 171, 0, 128, 0, 0, 0],
            [1, 89, 0, 141, 0, 0, 0],
        ),
        row(
            "XML-RPC",
            "warm",
            [2, 171, 0, 128, 0, 0, 0],
            [1, 89, 0, 141, 0, 0, 0],
        ),
        row(
            "JSON-RPC WS",
            "cold",
            [2, 52, 0, 0, 8, 180, 0],
            [1, 34, 0, 0, 2, 129, 0],
        ),
        row(
            "JSON-RPC WS",
            "warm",
            [2, 52, 0, 0, 8, 0, 0],
            [1, 34, 0, 0, 2, 0, 0],
        ),
        row(
            "gRPC",
            "cold",
            [2, 2, 0, 95, 23, 60, 0],
            [1, 1, 0, 61, 23, 53, 0],
        ),
        row(
            "gRPC",
            "warm",
            [2, 2, 0, 27, 23, 0, 0],
            [1, 1, 0, 13, 23, 0, 0],
        ),
    ]
}

#[test]
fn figures_and_bars_stand_side_by_side() {
    let text = View::default().ledger(&rows(), Ways::Together);
    insta::assert_snapshot!(text, @r"
    bytes            value encoding headers framing set-up total
    XML-RPC     cold     3      260     269       0      0   532 EEEEEEEEEHHHHHHHHHH
                warm     3      260     269       0      0   532 EEEEEEEEEHHHHHHHHHH
    JSON-RPC WS cold     3       86       0      10    309   408 EEEFSSSSSSSSSSS
                warm     3       86       0      10      0    99 EEEF
    gRPC        cold     3        3     156      46    113   321 HHHHHHFSSSS
                warm     3        3      40      46      0    92 HHF
    V value  E encoding  H headers  F framing  S set-up
    ");
}

#[test]
fn directions_may_stand_apart() {
    let text = View::default().ledger(&rows()[4..], Ways::Apart);
    insta::assert_snapshot!(text, @r"
    bytes       value encoding headers framing set-up total
    gRPC cold →     2        2      95      23     60   182 EHHHHHHHHHHHHFFFSSSSSSSS
         cold ←     1        1      61      23     53   139 HHHHHHHHFFFSSSSSSS
         warm →     2        2      27      23      0    54 EHHHFFF
         warm ←     1        1      13      23      0    38 HHFFF
    V value  E encoding  H headers  F framing  S set-up
    ");
}

#[test]
fn five_wires_cold_and_warm_fit_in_fourteen_lines_of_any_width() {
    let titles = ["XML-RPC", "JSON-RPC", "JSON-RPC WebSocket", "gRPC", "REST"];
    let rows: Vec<_> = titles
        .iter()
        .flat_map(|title| ["cold", "warm"].map(|state| (title, state)))
        .map(|(title, state)| row(title, state, [2, 171, 9, 128, 3, 4, 5], [99; 7]))
        .collect();
    for columns in [60, 72, 80, 100, 160] {
        let view = View {
            columns,
            ..View::default()
        };
        let text = view.ledger(&rows, Ways::Together);
        assert!(text.lines().count() <= 14, "{text}");
        let widest = text.lines().map(escape::columns).max();
        assert!(widest <= Some(columns), "{columns}:\n{text}");
    }
}

#[test]
fn colours_change_nothing_else() {
    let plain = View::default().ledger(&rows(), Ways::Together);
    let colour = View {
        colour: Colour::Always,
        ..View::default()
    };
    let coloured = colour.ledger(&rows(), Ways::Together);
    assert_eq!(crate::view::tests::stripped(&coloured), plain);
    assert_ne!(coloured, plain);
}

#[test]
fn no_rows_and_no_bytes_are_no_trouble() {
    assert_eq!(
        View::default().ledger(&[], Ways::Together).lines().count(),
        2
    );
    let nothing = row("gRPC", "", [0; 7], [0; 7]);
    let text = View::default().ledger(&[nothing], Ways::Apart);
    assert_eq!(text.lines().count(), 4, "{text}");
}
