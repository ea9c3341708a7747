//! The views of small dissections that are made by hand, so that each line can be reviewed.

use std::time::Duration;

use proptest::prelude::*;

use super::live::Form;
use super::samples::*;
use super::*;
use crate::dissection::{Derivation, Dissection};
use crate::recording::Direction;
use crate::span::{Layer, Role};

/// Text without ANSI's escape sequences for colours.
pub(crate) fn stripped(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        all + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Hex,
    Tree,
    Raw,
    Live,
}

fn shown(view: View, kind: Kind, dissection: &Dissection) -> String {
    assert_eq!(dissection.check(), Ok(()));
    let sight = Sight::of(dissection);
    let excerpt = Excerpt::whole("all", dissection);
    let mut out = Vec::new();
    match kind {
        Kind::Hex => view.hex(&sight, &excerpt, &mut out),
        Kind::Tree => view.tree(&sight, &excerpt, &mut out),
        Kind::Raw => view.raw(&sight, &excerpt, &mut out),
        Kind::Live => view.live(dissection, Duration::ZERO, Form::Lines, &mut out),
    }
    .expect("a Vec takes all");
    String::from_utf8(out).expect("views write text")
}

fn plain(kind: Kind, dissection: &Dissection) -> String {
    shown(View::default(), kind, dissection)
}

#[test]
fn hex_explains_each_byte() {
    insta::assert_snapshot!(plain(Kind::Hex, &grpc()), @r#"
    connection 0, client to server, 0..18, 18 bytes
    ── HTTP/2 DATA frame: stream 1 ───────────────────────────────── 0..18, 18 bytes
         0  00 00 09                 ···       length = 9
         3  00                       ·         type = DATA (0)
         4  01                       ·         flags = END_STREAM
         5  00 00 00 01              ····      stream identifier = 1
                                               odd: the client opened it; RFC 9113,
                                               section 5.1.1
         9  00                       ·         compressed flag = 0
        10  00 00 00 04              ····      message length = 4
            14..18, 4 bytes                    message: AddRequest
            14..16, 2 bytes                     a
        14  08                       ·           tag = field 1, wire type 0
                                                 field number times 8 plus the wire
                                                 type, protobuf.dev, "Encoding"
        15  05                       ·           varint = 5
            16..18, 2 bytes                     b
        16  10                       ·           tag = field 2, wire type 0
        17  03                       ·           varint = 3
    "#);
}

#[test]
fn hex_shows_what_was_derived_below_what_it_came_from() {
    insta::assert_snapshot!(plain(Kind::Hex, &masked()), @r#"
    connection 0, client to server, 0..13, 13 bytes
    ── WebSocket text frame ──────────────────────────────────────── 0..13, 13 bytes
         0  81                       ·         FIN and opcode = final, text
         1  87                       ·         MASK and length = masked, 7
         2  01 02 03 04              ····      mask
         6  7a 20 62 26 3b 37 7e     z b&;7~   payload
                                               masked: each byte is XORed with one
                                               of the mask's four; RFC 6455, section
                                               5.3
    └─ derived 0: message, unmasked, from 6..13, 7 bytes
            0..7, 7 bytes                      object
         0  7b                       {          begin object
         1  22                       "          quote
         2  61                       a          member name = a
         3  22                       "          quote
         4  3a                       :          colon
         5  35                       5          number = 5
         6  7d                       }          end object
    "#);
}

#[test]
fn a_tree_folds_what_says_nothing() {
    insta::assert_snapshot!(plain(Kind::Tree, &masked()), @r"
    connection 0, client to server, 0..13, 13 bytes
    WebSocket text frame                                             0..13  13 bytes
      FIN and opcode = final, text                                    0..1    1 byte
      MASK and length = masked, 7                                     1..2    1 byte
      mask                                                            2..6   4 bytes
      payload                                                        6..13   7 bytes
      derived 0: message, unmasked, from 6..13                        0..7   7 bytes
        object                                                        0..7   7 bytes
          begin object, quote                                         0..2   2 bytes
          member name = a                                             2..3    1 byte
          quote, colon                                                3..5   2 bytes
          number = 5                                                  5..6    1 byte
          end object                                                  6..7    1 byte
    ");
}

#[test]
fn raw_is_text_where_it_is_text() {
    let text = b"GET /a\tb HTTP/1.1\r\nHost: \xc3\xa9\x1b[2J\r\n\r\n";
    let end = text.len();
    let head = span(0..end, Layer::Http1, Role::Headers, "head");
    let mut dissection = grpc();
    let mut bytes = text.to_vec();
    bytes.extend_from_slice(DATA_FRAME);
    let frame = span(end..end + 18, Layer::Http2, Role::Framing, "DATA frame");
    let buffer = &mut dissection.recorded[0];
    buffer.bytes = bytes.into();
    buffer.spans = vec![head, frame];
    insta::assert_snapshot!(plain(Kind::Raw, &dissection), @r"
    connection 0, client to server, 0..53, 53 bytes
    GET /a\tb HTTP/1.1\r\n
    Host: é\x1b[2J\r\n
    \r\n
    00 00 09 00 01 00 00 00 01 00 00 00 00 04 08 05 10 03
    ");
}

#[test]
fn what_is_too_long_is_counted() {
    let leaf = span(0..16_384, Layer::Text, Role::Value, "body");
    let zeros = vec![b'0'; 16_384];
    let mut dissection = grpc();
    dissection.recorded[0] = buffer(UP, "long", &zeros, Origin::Recorded, vec![leaf]);
    let hex = plain(Kind::Hex, &dissection);
    assert!(hex.contains("… 16,352 more"), "{hex}");
    assert!(hex.lines().count() < 10, "{hex}");

    let digits = (0..1000).map(|at| span(at..at + 1, Layer::Text, Role::Value, "digit").value("0"));
    let list = span(0..1000, Layer::Text, Role::Value, "digits").children(digits.collect());
    dissection.recorded[0] = buffer(UP, "many", &zeros[..1000], Origin::Recorded, vec![list]);
    let hex = plain(Kind::Hex, &dissection);
    assert!(hex.contains("… 968 more spans, 968 bytes"), "{hex}");
    let tree = plain(Kind::Tree, &dissection);
    assert!(tree.contains("… 960 more"), "{tree}");
}

#[test]
fn bytes_that_are_not_kept_are_counted() {
    let dissection = grpc();
    let sight = Sight::of(&dissection);
    let pieces = vec![
        Piece {
            buffer: UP,
            range: 10..30,
        },
        Piece {
            buffer: BufferId::Recorded(7, Direction::Up),
            range: 0..5,
        },
    ];
    let excerpt = Excerpt {
        title: String::new(),
        pieces,
    };
    let mut out = Vec::new();
    View::default()
        .raw(&sight, &excerpt, &mut out)
        .expect("a Vec takes all");
    let text = String::from_utf8(out).expect("views write text");
    insta::assert_snapshot!(text, @r"
    connection 0, client to server, 10..30, 20 bytes
    00 00 00 04 08 05 10 03
    12 bytes of 20 are not kept any more
    5 bytes of 5 are not kept any more
    ");
}

#[test]
fn a_unit_that_comes_is_a_line_with_what_it_says() {
    let mut out = Vec::new();
    let view = View::default();
    let at = Duration::from_micros(12_300);
    for dissection in [grpc(), masked()] {
        view.live(&dissection, at, Form::Lines, &mut out)
            .expect("a Vec takes all");
    }
    let text = String::from_utf8(out).expect("views write text");
    insta::assert_snapshot!(text, @r"
    0.0123 s #0 → HTTP/2 DATA frame: stream 1  a = 5  b = 3                   18 B
    0.0123 s #0 → WebSocket text frame  a = 5                                 13 B
    ");
}

#[test]
fn a_unit_that_comes_may_be_shown_whole() {
    let (dissection, view) = (masked(), View::default());
    for (form, kind) in [(Form::Hex, Kind::Hex), (Form::Tree, Kind::Tree)] {
        let mut out = Vec::new();
        view.live(&dissection, Duration::ZERO, form, &mut out)
            .expect("a Vec takes all");
        let text = String::from_utf8(out).expect("views write text");
        let whole = plain(kind, &dissection);
        // Both begin with a line of their own.
        assert!(
            text.lines().skip(1).eq(whole.lines().skip(1)),
            "{text}\n{whole}"
        );
    }
}

/// Dissections in which everything that a peer may choose is hostile.
fn hostile() -> impl Strategy<Value = Dissection> {
    let part = (
        1..90_usize,
        "\\PC{0,8}|.{0,40}|(\u{202e}|\x1b\\[2J|\n){0,9}",
        0..12_u8,
        any::<bool>(),
    );
    let bytes = prop::collection::vec(any::<u8>(), 200);
    (bytes, prop::collection::vec(part, 1..12)).prop_map(|(bytes, parts)| {
        let layers = [Layer::Http1, Layer::Http2, Layer::Json, Layer::Unknown];
        let mut spans = Vec::new();
        let mut next = 0;
        for (length, text, choice, nested) in parts {
            let end = (next + length).min(bytes.len());
            let layer = layers[usize::from(choice % 4)];
            let leaf = Span::new(next..end, layer, Role::Value, text.clone())
                .value(text.clone())
                .note(text);
            let parent = Span {
                children: vec![leaf.clone()],
                ..leaf.clone()
            };
            spans.extend((next < end).then_some(if nested { parent } else { leaf }));
            next = end;
        }
        let from = vec![Piece {
            buffer: UP,
            range: 0..next,
        }];
        let origin = Origin::Derived {
            by: Derivation::Reassembled,
            from,
        };
        let id = BufferId::Derived(0);
        Dissection {
            recorded: vec![buffer(
                UP,
                "up",
                &bytes[..next],
                Origin::Recorded,
                spans.clone(),
            )],
            derived: vec![buffer(id, "derived", &bytes[..next], origin, spans)],
            ..Dissection::default()
        }
    })
}

proptest! {
    #[test]
    fn no_view_lets_a_peer_steer_the_terminal_or_leave_the_columns(
        dissection in hostile(),
        columns in 60..140_usize,
    ) {
        for kind in [Kind::Hex, Kind::Tree, Kind::Raw, Kind::Live] {
            let text = shown(View { columns, colour: Colour::Never }, kind, &dissection);
            let steers = |one: char| one != '\n' && escape::text(&one.to_string()) != one.to_string();
            prop_assert!(!text.chars().any(steers), "{:?}:\n{}", kind, text);
            for line in text.lines() {
                prop_assert!(escape::columns(line) <= columns, "{:?}: {}", kind, line);
            }
            let coloured = shown(View { columns, colour: Colour::Always }, kind, &dissection);
            let coloured: Vec<_> = stripped(&coloured).lines().map(|line| line.trim_end().to_owned()).collect();
            let plain: Vec<_> = text.lines().map(|line| line.trim_end().to_owned()).collect();
            // Bytes without a layer need no legend.
            let legend = coloured.iter().filter(|line| line.starts_with("colours: ")).count();
            prop_assert!(legend <= usize::from(matches!(kind, Kind::Hex)));
            prop_assert_eq!(&coloured[..coloured.len() - legend], &plain[..]);
        }
    }
}
