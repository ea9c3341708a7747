//! Bytes by hand, and messages that prost-reflect wrote.

mod oracle;

use proptest::prelude::*;
use prost_reflect::{DescriptorPool, MessageDescriptor};

use super::spans;
use crate::span::{Certainty, Span, tiles};

/// A message of `tests/every_type.proto`.
fn message(name: &str) -> MessageDescriptor {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    let files = protox::compile(["every_type.proto"], [folder]).unwrap();
    let pool = DescriptorPool::from_file_descriptor_set(files).unwrap();
    pool.get_message_by_name(name).unwrap()
}

/// A line a span: where, what, what it says, its path, how sure, and why.
fn outline(spans: &[Span]) -> String {
    let mut text = String::new();
    for span in spans {
        let sure = match span.certainty {
            Certainty::Sure => "",
            Certainty::Guess => " ?",
            Certainty::Broken => " !",
        };
        let path = span.path.as_deref().map(|path| format!(" @{path}"));
        let line = format!(
            "{:?} {}: {}{}{sure}  ({})\n",
            span.range,
            span.name,
            span.value,
            path.unwrap_or_default(),
            span.note
        );
        text.push_str(&line);
        for line in outline(&span.children).lines() {
            text.push_str(&format!("  {line}\n"));
        }
    }
    text
}

/// Paths and values of the leaves that have one.
fn values(spans: &[Span]) -> Vec<(String, String)> {
    let leaves = spans.iter().flat_map(Span::leaves);
    let with_path = leaves.filter_map(|leaf| Some((leaf.path.as_deref()?, &leaf.value)));
    with_path
        .map(|(path, value)| (path.to_owned(), value.clone()))
        .collect()
}

#[test]
fn each_byte_of_a_message_is_explained() {
    let bytes = b"\x09\0\0\0\0\0\0\x14\x40\x18\xac\x02\x8a\x01\x08\x0a\x03Ada\x80\x01\x03\xb2\x01\x03\x01\xac\x02\xda\x01\x05\x0a\x01k\x10\x05";
    insta::assert_snapshot!(outline(&spans(bytes, 100, Some(&message("every.Everything")), "")), @r#"
    100..109 double: 5  (double double = 1)
      100..101 tag: field 1, wire type 1 (64 bits)  (field 1, wire type 1 (64 bits): 0x09 = 1 << 3 | 1)
      101..109 double: 5 @double  (8 bytes, lowest first, IEEE 754: the size is the same for every number)
    109..112 int32: 300  (int32 int32 = 3)
      109..110 tag: field 3, wire type 0 (varint)  (field 3, wire type 0 (varint): 0x18 = 3 << 3 | 0)
      110..112 int32: 300 @int32  (a varint, 7 bits a byte, lowest first: 0xac 0x02 = 0x2c + (0x02 << 7))
    112..123 inner:   (every.Inner inner = 17)
      112..114 tag: field 17, wire type 2 (length-delimited)  (field 17, wire type 2 (length-delimited): 0x8a 0x01 = 0x0a + (0x01 << 7) = 0x8a = 17 << 3 | 2)
      114..115 length: 8  (so many bytes follow)
      115..120 name: Ada  (string name = 1)
        115..116 tag: field 1, wire type 2 (length-delimited)  (field 1, wire type 2 (length-delimited): 0x0a = 1 << 3 | 2)
        116..117 length: 3  (so many bytes follow)
        117..120 string: Ada @inner.name  (UTF-8, as it is: protobuf escapes nothing)
      120..123 offset: -2  (sint32 offset = 16)
        120..122 tag: field 16, wire type 0 (varint)  (field 16, wire type 0 (varint): 0x80 0x01 = 0x00 + (0x01 << 7) = 0x80 = 16 << 3 | 0)
        122..123 sint32: -2 @inner.offset  (a varint of one byte, 0x03: numbers up to 127 need no more; zigzag: 3 stands for -2)
    123..129 sints:   (repeated sint64 sints = 22)
      123..125 tag: field 22, wire type 2 (length-delimited)  (field 22, wire type 2 (length-delimited): 0xb2 0x01 = 0x32 + (0x01 << 7) = 0xb2 = 22 << 3 | 2)
      125..126 length: 3  (so many bytes follow)
      126..127 sint64: -1 @sints.0  (a varint of one byte, 0x01: numbers up to 127 need no more; zigzag: 1 stands for -1)
      127..129 sint64: 150 @sints.1  (a varint, 7 bits a byte, lowest first: 0xac 0x02 = 0x2c + (0x02 << 7); zigzag: 300 stands for 150)
    129..137 counts: k  (map<string, int32> counts = 27)
      129..131 tag: field 27, wire type 2 (length-delimited)  (field 27, wire type 2 (length-delimited): 0xda 0x01 = 0x5a + (0x01 << 7) = 0xda = 27 << 3 | 2)
      131..132 length: 5  (so many bytes follow)
      132..135 key: k  (string key = 1)
        132..133 tag: field 1, wire type 2 (length-delimited)  (field 1, wire type 2 (length-delimited): 0x0a = 1 << 3 | 2)
        133..134 length: 1  (so many bytes follow)
        134..135 string: k  (UTF-8, as it is: protobuf escapes nothing)
      135..137 value: 5  (int32 value = 2)
        135..136 tag: field 2, wire type 0 (varint)  (field 2, wire type 0 (varint): 0x10 = 2 << 3 | 0)
        136..137 int32: 5 @counts.k  (a varint of one byte, 0x05: numbers up to 127 need no more)
    "#);
}

#[test]
fn without_a_descriptor_the_likeliest_reading_is_told_and_marked() {
    let bytes = b"\x0a\x05\x0a\x03Ada\x12\x05hello\x1a\x10\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\x40\x22\x03\x01\xac\x02\x28\x05\x32\x02\xff\xff";
    insta::assert_snapshot!(outline(&spans(bytes, 0, None, "")), @r#"
    0..7 field 1:   (names and types are not in the bytes: no descriptor tells them)
      0..1 tag: field 1, wire type 2 (length-delimited)  (field 1, wire type 2 (length-delimited): 0x0a = 1 << 3 | 2)
      1..2 length: 5  (so many bytes follow)
      2..7 field 1: Ada ?  (names and types are not in the bytes: no descriptor tells them)
        2..3 tag: field 1, wire type 2 (length-delimited) ?  (field 1, wire type 2 (length-delimited): 0x0a = 1 << 3 | 2)
        3..4 length: 3 ?  (so many bytes follow)
        4..7 string: Ada @1.1 ?  (UTF-8, as it is: protobuf escapes nothing)
    7..14 field 2: hello  (names and types are not in the bytes: no descriptor tells them)
      7..8 tag: field 2, wire type 2 (length-delimited)  (field 2, wire type 2 (length-delimited): 0x12 = 2 << 3 | 2)
      8..9 length: 5  (so many bytes follow)
      9..14 string: hello @2 ?  (UTF-8, as it is: protobuf escapes nothing)
    14..32 field 3:   (names and types are not in the bytes: no descriptor tells them)
      14..15 tag: field 3, wire type 2 (length-delimited)  (field 3, wire type 2 (length-delimited): 0x1a = 3 << 3 | 2)
      15..16 length: 16  (so many bytes follow)
      16..24 double: 1 @3.0 ?  (its type is not known: as fixed64 it says 4607182418800017408)
      24..32 double: 2 @3.1 ?  (its type is not known: as fixed64 it says 4611686018427387904)
    32..37 field 4:   (names and types are not in the bytes: no descriptor tells them)
      32..33 tag: field 4, wire type 2 (length-delimited)  (field 4, wire type 2 (length-delimited): 0x22 = 4 << 3 | 2)
      33..34 length: 3  (so many bytes follow)
      34..35 varint: 1 @4.0 ?  (a varint of one byte, 0x01: numbers up to 127 need no more; its type is not known: as sint it says -1, as bool true)
      35..37 varint: 300 @4.1 ?  (a varint, 7 bits a byte, lowest first: 0xac 0x02 = 0x2c + (0x02 << 7); its type is not known: as sint it says 150)
    37..39 field 5: 5  (names and types are not in the bytes: no descriptor tells them)
      37..38 tag: field 5, wire type 0 (varint)  (field 5, wire type 0 (varint): 0x28 = 5 << 3 | 0)
      38..39 varint: 5 @5 ?  (a varint of one byte, 0x05: numbers up to 127 need no more; its type is not known: as sint it says -3)
    39..43 field 6: ffff  (names and types are not in the bytes: no descriptor tells them)
      39..40 tag: field 6, wire type 2 (length-delimited)  (field 6, wire type 2 (length-delimited): 0x32 = 6 << 3 | 2)
      40..41 length: 2  (so many bytes follow)
      41..43 bytes: ffff @6 ?  (2 bytes as they are, here in hexadecimal)
    "#);
}

#[test]
fn bytes_that_break_the_rules_are_told_with_the_rule() {
    let torn: [&[u8]; 11] = [
        b"\x08",
        b"\x08\xff",
        b"\x0f\x01",
        b"\x00\x01",
        b"\x0a\x05abc",
        b"\x09\x01\x02",
        b"\x0c\x01",
        b"\x0b\x10\x01",
        b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
        b"\xf8\xff\xff\xff\xff\x01",
    ];
    let rule = |bytes: &&[u8]| {
        let spans = spans(bytes, 0, None, "");
        let mut leaves = spans.iter().flat_map(Span::leaves);
        let broken = leaves.find(|leaf| leaf.certainty == Certainty::Broken);
        broken.map_or_else(String::new, |leaf| {
            format!("{:?} {}", leaf.range, leaf.note)
        })
    };
    let rules: Vec<String> = torn.iter().map(rule).collect();
    insta::assert_snapshot!(rules.join("\n"), @r#"
    0..1 the message ends within a varint
    1..2 the message ends within a varint
    0..2 wire types 6 and 7 do not exist: this is no tag
    0..2 no field has the number 0: this is no tag
    2..5 the length goes past the end of the message
    1..3 the message ends within 8 bytes
    0..2 the end of a group that was not begun
    0..1 this group has no end: groups are messages between two tags, out of use today (protobuf.dev, Encoding, Groups)
    1..12 a varint has at most 10 bytes (protobuf.dev, Encoding, Base 128 Varints)
    1..11 the tenth byte of a varint holds one bit: this one has more than 64
    0..6 field numbers end at 536870911 (29 bits): this is no tag
    "#);
}

#[test]
fn a_group_is_a_message_between_two_tags() {
    let spans = spans(b"\x0b\x10\x07\x0c\x18\x01", 0, None, "");
    assert_eq!(
        values(&spans),
        [("1.2".into(), "7".into()), ("3".into(), "1".into())]
    );
}

#[test]
fn a_field_of_another_wire_type_than_declared_is_an_unknown_one() {
    let spans = spans(
        b"\x09\0\0\0\0\0\0\xf0\x3f\x0d\0\0\x80\x3f",
        0,
        Some(&message("every.Everything")),
        "",
    );
    assert_eq!(
        values(&spans),
        [("double".into(), "1".into()), ("1".into(), "1".into())]
    );
    assert_eq!(spans[1].children[1].certainty, Certainty::Guess);
}

#[test]
fn a_repeated_field_counts_on_packed_or_not() {
    let bytes = b"\xd2\x01\x02\x05\x06\xd0\x01\x07\xd2\x01\x01\x08";
    let spans = spans(bytes, 0, Some(&message("every.Everything")), "params");
    let paths: Vec<String> = values(&spans).into_iter().map(|(path, _)| path).collect();
    assert_eq!(
        paths,
        [
            "params.unpacked.0",
            "params.unpacked.1",
            "params.unpacked.2",
            "params.unpacked.3"
        ]
    );
}

#[test]
fn nesting_without_end_is_not_followed_without_end() {
    let mut bytes = Vec::new();
    for _ in 0..2_000 {
        let length = bytes.len();
        let mut around = vec![0x0a, (length & 0x7f) as u8 | 0x80, (length >> 7) as u8];
        around.append(&mut bytes);
        bytes = around;
    }
    let known = message("every.Inner");
    for message in [None, Some(&known)] {
        let spans = spans(&bytes, 0, message, "");
        tiles(&spans, 0..bytes.len()).unwrap();
    }
    let groups = vec![0x0b; 100_000];
    let spans = spans(&groups, 0, None, "");
    tiles(&spans, 0..groups.len()).unwrap();
}

proptest! {
    #[test]
    fn any_bytes_are_tiled(bytes in proptest::collection::vec(any::<u8>(), 0..200), start in 0_usize..1000) {
        let known = message("every.Everything");
        for message in [None, Some(&known)] {
            let spans = spans(&bytes, start, message, "");
            prop_assert_eq!(tiles(&spans, start..start + bytes.len()), Ok(()));
        }
    }
}
