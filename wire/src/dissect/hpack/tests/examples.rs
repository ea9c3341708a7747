//! RFC 7541, Appendix C, to the byte.

use super::super::integer::{Integer, integer};
use super::{explain, hex, texts};
use crate::dissect::hpack::Decoder;

/// A block of an example: its bytes, what it says, and the table after it with its size.
struct Example {
    bytes: &'static str,
    fields: &'static [(&'static str, &'static str)],
    table: &'static [(&'static str, &'static str)],
    table_bytes: usize,
}

fn check(decoder: &mut Decoder, examples: &[Example]) {
    for example in examples {
        let explained = explain(decoder, &hex(example.bytes));
        assert_eq!(texts(&explained), example.fields, "{}", example.bytes);
        let table = decoder.table().expect("known");
        let table: Vec<_> = table
            .iter()
            .map(|(name, value)| (&name[..], &value[..]))
            .collect();
        assert_eq!(table, example.table, "{}", example.bytes);
        assert_eq!(decoder.table.size_bytes(), example.table_bytes);
    }
}

#[test]
fn integers_are_those_of_appendix_c_1() {
    let read = |digits, prefix| integer(&hex(digits), prefix);
    assert_eq!(
        read("0a", 5),
        Ok(Integer {
            value: 10,
            length: 1
        })
    );
    assert_eq!(
        read("1f 9a 0a", 5),
        Ok(Integer {
            value: 1337,
            length: 3
        })
    );
    assert_eq!(
        read("2a", 8),
        Ok(Integer {
            value: 42,
            length: 1
        })
    );
}

#[test]
fn single_fields_are_those_of_appendix_c_2() {
    let custom = &[("custom-key", "custom-header")];
    let path = &[(":path", "/sample/path")];
    let password = &[("password", "secret")];
    let method = &[(":method", "GET")];
    let examples = [
        (
            "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572",
            custom,
            &custom[..],
            55,
        ),
        ("040c 2f73 616d 706c 652f 7061 7468", path, &[], 0),
        (
            "1008 7061 7373 776f 7264 0673 6563 7265 74",
            password,
            &[],
            0,
        ),
        ("82", method, &[], 0),
    ];
    for (bytes, fields, table, table_bytes) in examples {
        check(
            &mut Decoder::default(),
            &[Example {
                bytes,
                fields,
                table,
                table_bytes,
            }],
        );
    }
}

const FIRST: &[(&str, &str)] = &[
    (":method", "GET"),
    (":scheme", "http"),
    (":path", "/"),
    (":authority", "www.example.com"),
];
const SECOND: &[(&str, &str)] = &[
    (":method", "GET"),
    (":scheme", "http"),
    (":path", "/"),
    (":authority", "www.example.com"),
    ("cache-control", "no-cache"),
];
const THIRD: &[(&str, &str)] = &[
    (":method", "GET"),
    (":scheme", "https"),
    (":path", "/index.html"),
    (":authority", "www.example.com"),
    ("custom-key", "custom-value"),
];
const FIRST_TABLE: &[(&str, &str)] = &[(":authority", "www.example.com")];
const SECOND_TABLE: &[(&str, &str)] = &[
    ("cache-control", "no-cache"),
    (":authority", "www.example.com"),
];
const THIRD_TABLE: &[(&str, &str)] = &[
    ("custom-key", "custom-value"),
    ("cache-control", "no-cache"),
    (":authority", "www.example.com"),
];

fn requests(bytes: [&'static str; 3]) -> [Example; 3] {
    let [first, second, third] = bytes;
    [
        Example {
            bytes: first,
            fields: FIRST,
            table: FIRST_TABLE,
            table_bytes: 57,
        },
        Example {
            bytes: second,
            fields: SECOND,
            table: SECOND_TABLE,
            table_bytes: 110,
        },
        Example {
            bytes: third,
            fields: THIRD,
            table: THIRD_TABLE,
            table_bytes: 164,
        },
    ]
}

#[test]
fn requests_are_those_of_appendix_c_3() {
    let examples = requests([
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "8286 84be 5808 6e6f 2d63 6163 6865",
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
    ]);
    check(&mut Decoder::default(), &examples);
}

#[test]
fn requests_in_huffman_code_are_those_of_appendix_c_4() {
    let examples = requests([
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
    ]);
    check(&mut Decoder::default(), &examples);
}

const COOKIE: (&str, &str) = (
    "set-cookie",
    "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
);
const DATE: (&str, &str) = ("date", "Mon, 21 Oct 2013 20:13:21 GMT");
const LATER: (&str, &str) = ("date", "Mon, 21 Oct 2013 20:13:22 GMT");
const LOCATION: (&str, &str) = ("location", "https://www.example.com");
const PRIVATE: (&str, &str) = ("cache-control", "private");
const GZIP: (&str, &str) = ("content-encoding", "gzip");

fn responses(bytes: [&'static str; 3]) -> [Example; 3] {
    let [first, second, third] = bytes;
    let fields = [
        &[(":status", "302"), PRIVATE, DATE, LOCATION][..],
        &[(":status", "307"), PRIVATE, DATE, LOCATION],
        &[(":status", "200"), PRIVATE, LATER, LOCATION, GZIP, COOKIE],
    ];
    [
        Example {
            bytes: first,
            fields: fields[0],
            table: &[LOCATION, DATE, PRIVATE, (":status", "302")],
            table_bytes: 222,
        },
        Example {
            bytes: second,
            fields: fields[1],
            table: &[(":status", "307"), LOCATION, DATE, PRIVATE],
            table_bytes: 222,
        },
        Example {
            bytes: third,
            fields: fields[2],
            table: &[COOKIE, GZIP, LATER],
            table_bytes: 215,
        },
    ]
}

/// The examples' connection has agreed on 256 bytes for the table.
fn small() -> Decoder {
    let mut decoder = Decoder::default();
    decoder.table.resize(256);
    decoder
}

#[test]
fn responses_that_evict_are_those_of_appendix_c_5() {
    let examples = responses([
        "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 \
         2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 \
         6c65 2e63 6f6d",
        "4803 3330 37c1 c0bf",
        "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d \
         54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 \
         5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e \
         3d31",
    ]);
    check(&mut small(), &examples);
}

#[test]
fn responses_in_huffman_code_are_those_of_appendix_c_6() {
    let examples = responses([
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 \
         2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
        "4883 640e ffc1 c0bf",
        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab \
         77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f \
         9587 3160 65c0 03ed 4ee5 b106 3d50 07",
    ]);
    check(&mut small(), &examples);
}

#[test]
fn a_field_tells_what_it_took_and_what_it_would_have_taken() {
    let mut decoder = Decoder::default();
    explain(
        &mut decoder,
        &hex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"),
    );
    let explained = explain(&mut decoder, &hex("be"));
    let field = &explained.fields[0];
    assert_eq!((field.wire_bytes, field.plain_bytes), (1, 29));
    let note = "entry 62 of the dynamic table: 1 byte instead of 29";
    assert_eq!(explained.spans[0].note, note);
}
