//! Bytes that break rules, and bytes that mean harm.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{explain, hex, texts};
use crate::dissect::hpack::{Decoder, TABLE_BYTES, huffman};
use crate::span::Certainty;

/// The first span that breaks a rule, with the rule.
fn broken(digits: &str) -> String {
    let explained = explain(&mut Decoder::default(), &hex(digits));
    let mut leaves = explained.spans.iter().flat_map(|span| span.leaves());
    let leaf = leaves.find(|leaf| leaf.certainty == Certainty::Broken);
    leaf.expect("something is broken").note.to_string()
}

#[test]
fn each_broken_rule_is_told() {
    for (block, rule) in [
        ("80", "no table has an entry 0 (RFC 7541, section 2.3.3)"),
        ("be", "no table has an entry 62 (RFC 7541, section 2.3.3)"),
        (
            "7f 00 00",
            "no table has an entry 63 (RFC 7541, section 2.3.3)",
        ),
        (
            "ff",
            "the block ends in the middle of an integer (RFC 7541, section 5.1)",
        ),
        (
            "ff 80 80 80 80 80 80 00",
            "an integer past 32 bits, which no length or index may be (RFC 7541, section 5.1)",
        ),
        (
            "ff ff ff ff ff 7f",
            "an integer past 32 bits, which no length or index may be (RFC 7541, section 5.1)",
        ),
        (
            "04 05 2f",
            "the block ends in the middle of a string (RFC 7541, section 5.2)",
        ),
        (
            "40",
            "the block ends in the middle of an integer (RFC 7541, section 5.1)",
        ),
        (
            "04 84 ff ff ff ff",
            "the code holds the end-of-string symbol, which is for padding only (RFC 7541, section 5.2)",
        ),
        (
            "04 81 00",
            "the code does not end with up to seven one bits (RFC 7541, section 5.2)",
        ),
        (
            "04 82 1f ff",
            "the code does not end with up to seven one bits (RFC 7541, section 5.2)",
        ),
        (
            "82 3e",
            "stands at the beginning of a block only (RFC 7541, section 4.2)",
        ),
        (
            "3f e2 1f",
            "more than the 4096 bytes that the other side allows (RFC 7541, section 6.3)",
        ),
    ] {
        assert_eq!(broken(block), rule, "{block}");
    }
}

#[test]
fn integers_may_have_needless_zeros_but_not_without_end() {
    let explained = explain(&mut Decoder::default(), &hex("3f 80 80 80 00"));
    assert_eq!(explained.spans[0].value, "31");
    assert_eq!(huffman::decode(&[]), Ok(Vec::new()));
}

#[test]
fn after_a_broken_block_the_dynamic_table_is_unknown_and_the_static_one_is_not() {
    let mut decoder = Decoder::default();
    explain(&mut decoder, &hex("4001 6101 62"));
    explain(&mut decoder, &hex("80"));
    let explained = explain(&mut decoder, &hex("be 82 4001 6101 63 be"));
    assert_eq!(texts(&explained), [(":method", "GET"), ("a", "c")]);
    assert_eq!(explained.spans[0].certainty, Certainty::Sure);
    assert_eq!(
        explained.spans[3].note,
        "entry 62 is in the dynamic table, which is not known any more: an earlier header block pointed to an entry that is not there"
    );
    assert_eq!(decoder.table(), None);
}

#[test]
fn a_table_larger_than_is_kept_is_not_followed() {
    let mut decoder = Decoder::default();
    decoder.permit(usize::MAX);
    explain(&mut decoder, &hex("3f e1 ff 03"));
    assert!(decoder.table().is_some(), "{TABLE_BYTES} bytes are kept");
    explain(&mut decoder, &hex("3f e2 ff 03"));
    assert_eq!(decoder.table(), None);
}

#[test]
fn heads_that_leave_the_table_as_it_was_share_it() {
    let mut decoder = Decoder::default();
    explain(&mut decoder, &hex("4001 6101 62"));
    let before = decoder.table().expect("known");
    explain(&mut decoder, &hex("be"));
    assert!(std::sync::Arc::ptr_eq(
        &before,
        &decoder.table().expect("known")
    ));
}

#[test]
fn a_block_that_stands_for_gigabytes_does_not_become_them() {
    let mut decoder = Decoder::default();
    decoder.permit(TABLE_BYTES);
    // The largest table, an entry of 60,000 bytes in it, and 100,000 indices to it.
    let mut block = hex("3f e1 ff 03 40 01 61 7f e1 d3 03");
    block.extend(std::iter::repeat_n(b'x', 60_000));
    block.extend(std::iter::repeat_n(0xbe, 100_000));
    let explained = explain(&mut decoder, &block);
    let kept: usize = explained.fields.iter().map(|field| field.value.len()).sum();
    assert!(kept < 50_000_000, "{kept} bytes");
    let last = explained.spans.last().expect("many");
    assert_eq!(
        last.note,
        "not looked up: these blocks stand for far more than their size"
    );
}

proptest! {
    #[test]
    fn any_bytes_are_tiled(blocks in vec(vec(any::<u8>(), 0..200), 1..6)) {
        let mut decoder = Decoder::default();
        for block in blocks {
            explain(&mut decoder, &block);
        }
    }
}
