//! A second opinion: fluke-hpack, another implementation.

use fluke_hpack::{Decoder as Other, Encoder};
use proptest::collection::vec;
use proptest::prelude::*;

use super::super::huffman::LENGTHS;
use super::super::table::STATIC;
use super::{explain, hex, texts};
use crate::dissect::hpack::Decoder;

/// The code of a text, by the code lengths alone: slow, and plain to see.
fn huffman(text: &[u8]) -> Vec<u8> {
    let mut symbols: Vec<usize> = (0..LENGTHS.len()).collect();
    symbols.sort_by_key(|symbol| (LENGTHS[*symbol], *symbol));
    let mut codes = vec![String::new(); LENGTHS.len()];
    let (mut code, mut last) = (0_u64, 0);
    for symbol in symbols {
        let length = LENGTHS[symbol];
        code <<= length - last;
        codes[symbol] = format!("{code:0width$b}", width = usize::from(length));
        (code, last) = (code + 1, length);
    }
    let mut bits: String = text
        .iter()
        .map(|byte| &codes[usize::from(*byte)][..])
        .collect();
    while !bits.len().is_multiple_of(8) {
        bits.push('1');
    }
    let bytes = bits.as_bytes().chunks(8);
    let byte = |bits: &[u8]| bits.iter().fold(0, |byte, bit| byte << 1 | (bit - b'0'));
    bytes.map(byte).collect()
}

/// A string as a block has it.
fn string(text: &[u8], coded: bool) -> Vec<u8> {
    let bytes = if coded { huffman(text) } else { text.to_vec() };
    let mut string = fluke_hpack::encoder::encode_integer(bytes.len(), 7);
    string[0] |= if coded { 0x80 } else { 0 };
    string.extend(bytes);
    string
}

/// A representation, as nobody's encoder would choose it: any of the five, with any index.
#[derive(Debug, Clone)]
enum Item {
    Indexed(usize),
    Literal {
        bits: u8,
        prefix: u8,
        index: usize,
        name: Vec<u8>,
        value: Vec<u8>,
        coded: bool,
    },
}

impl Item {
    fn write(&self, block: &mut Vec<u8>) {
        match self {
            Self::Indexed(index) => {
                let mut integer = fluke_hpack::encoder::encode_integer(*index, 7);
                integer[0] |= 0x80;
                block.extend(integer);
            }
            Self::Literal {
                bits,
                prefix,
                index,
                name,
                value,
                coded,
            } => {
                let mut integer = fluke_hpack::encoder::encode_integer(*index, *prefix);
                integer[0] |= bits;
                block.extend(integer);
                if *index == 0 {
                    block.extend(string(name, *coded));
                }
                block.extend(string(value, *coded));
            }
        }
    }
}

fn item() -> impl Strategy<Value = Item> {
    // Most indices are those of entries that a short connection has.
    let index = prop_oneof![0..=61_usize, 62..80_usize];
    let kind = prop_oneof![
        Just((0x40, 6)),
        Just((0x40, 6)),
        Just((0, 4)),
        Just((0x10, 4))
    ];
    let name = vec(any::<u8>(), 0..12);
    let value = vec(any::<u8>(), 0..300);
    let literal = (kind, index.clone(), name, value, any::<bool>());
    prop_oneof![
        index.prop_map(Item::Indexed),
        literal.prop_map(
            |((bits, prefix), index, name, value, coded)| Item::Literal {
                bits,
                prefix,
                index,
                name,
                value,
                coded
            }
        ),
    ]
}

/// What both should say, or that it cannot be read.
fn compare(ours: &mut Decoder, other: &mut Other<'_>, block: &[u8]) -> Result<bool, TestCaseError> {
    let explained = explain(ours, block);
    match other.decode(block) {
        Ok(fields) => {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (text(name), text(value)))
                .collect();
            let ours: Vec<_> = texts(&explained)
                .into_iter()
                .map(|(n, v)| (n.to_owned(), v.to_owned()))
                .collect();
            prop_assert_eq!(ours, fields);
            Ok(true)
        }
        Err(_) => {
            prop_assert!(
                ours.table().is_none(),
                "what the other refuses loses the table"
            );
            Ok(false)
        }
    }
}

proptest! {
    #[test]
    fn what_another_encoder_writes_is_read_as_it_was_meant(
        heads in vec(vec((0..30_usize, vec(any::<u8>(), 0..40)), 0..12), 1..12),
    ) {
        let (mut ours, mut encoder) = (Decoder::default(), Encoder::new());
        for head in heads {
            // Names repeat, so that the tables come into play.
            let fields: Vec<_> = head.into_iter().map(|(name, value)| (format!("x-{name}"), value)).collect();
            let block = encoder.encode(fields.iter().map(|(name, value)| (name.as_bytes(), &value[..])));
            let explained = explain(&mut ours, &block);
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let meant: Vec<_> = fields.iter().map(|(name, value)| (name.clone(), text(value))).collect();
            let read: Vec<_> = texts(&explained).into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
            prop_assert_eq!(read, meant);
        }
    }

    #[test]
    fn any_representations_are_read_as_another_decoder_reads_them(
        blocks in vec(vec(item(), 1..8), 1..10),
    ) {
        let (mut ours, mut other) = (Decoder::default(), Other::new());
        for items in blocks {
            let mut block = Vec::new();
            items.iter().for_each(|item| item.write(&mut block));
            if !compare(&mut ours, &mut other, &block)? {
                break;
            }
        }
    }

    #[test]
    fn any_text_comes_out_of_the_huffman_code(text in vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(super::super::huffman::decode(&huffman(&text)), Ok(text));
    }
}

#[test]
fn both_static_tables_are_the_same() {
    for (place, (name, value)) in STATIC.iter().enumerate() {
        let block = [0x80 | u8::try_from(place + 1).expect("61 at most")];
        let fields = Other::new().decode(&block).expect("an entry");
        assert_eq!(
            fields,
            [(name.as_bytes().to_vec(), value.as_bytes().to_vec())]
        );
        assert_eq!(
            texts(&explain(&mut Decoder::default(), &block)),
            [(*name, *value)]
        );
    }
}

#[test]
fn the_code_is_that_of_the_standards_examples() {
    assert_eq!(
        huffman(b"www.example.com"),
        hex("f1e3 c2e5 f23a 6ba0 ab90 f4ff")
    );
}
