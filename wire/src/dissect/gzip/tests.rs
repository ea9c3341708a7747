use std::io::Write;

use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use flate2::{Compression, GzBuilder};
use insta::assert_snapshot;
use proptest::prelude::*;

use super::super::shown::{assert_sound, tree};
use super::*;
use crate::span::tiles;

const NO_LIMIT: usize = usize::MAX;

fn gzipped(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlibbed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn each_part_of_a_header_is_told() {
    let builder = GzBuilder::new()
        .filename("a.txt")
        .comment("hi")
        .extra(*b"xyz\0")
        .mtime(7);
    let mut encoder = builder.write(Vec::new(), Compression::best());
    encoder.write_all(b"aaaaaaaaaa").unwrap();
    let bytes = encoder.finish().unwrap();
    let unpacked = gunzip(&bytes, 0, NO_LIMIT);
    assert_eq!(unpacked.bytes, "aaaaaaaaaa");
    assert_snapshot!(tree(&unpacked.spans, &bytes), @r#"
    gzip member:
      Framing magic: "\u{1f}�" = "1f8b"
      Framing compression method: "\u{8}" = "8"
      Framing flags: "\u{1c}" = "0x1c"
      Framing modification time: "\u{7}\0\0\0" = "7"
      Framing extra flags: "\u{2}" = "2"
      Framing operating system: "�" = "255"
      Framing extra field: "\u{4}\0xyz\0"
      Framing file name: "a.txt\0" = "a.txt"
      Framing comment: "hi\0" = "hi"
      Compressed deflated data: "KL�\u{1}\0"
      Framing CRC32: "��\u{11}L" = "f0cd114c"
      Framing ISIZE: "\n\0\0\0" = "10"
    "#);
}

#[test]
fn a_bomb_stops_at_the_limit_and_is_told() {
    let bytes = gzipped(&vec![0; 1 << 20], 9);
    let unpacked = gunzip(&bytes, 0, 100_000);
    assert_eq!(unpacked.bytes.len(), 100_000);
    assert!(!unpacked.is_whole);
    assert_eq!(tiles(&unpacked.spans, 0..bytes.len()), Ok(()));
    let leaves = unpacked.spans.iter().flat_map(Span::leaves);
    let told = leaves
        .filter(|leaf| leaf.note.starts_with("stopped"))
        .count();
    assert_eq!(told, 1);
}

#[test]
fn what_fills_the_limit_is_no_bomb() {
    let bytes = gzipped(&vec![0; 100_000], 9);
    let unpacked = gunzip(&bytes, 0, 100_000);
    assert!(unpacked.is_whole);
    assert_sound(&unpacked.spans, &bytes, 0);
}

#[test]
fn a_wrong_checksum_is_told() {
    let mut bytes = gzipped(b"hello", 6);
    let last = bytes.len() - 5;
    bytes[last] ^= 1;
    let unpacked = gunzip(&bytes, 0, NO_LIMIT);
    let mut leaves = unpacked.spans.iter().flat_map(Span::leaves);
    let sum = leaves.find(|leaf| leaf.name == "CRC32").unwrap();
    assert_eq!(sum.certainty, Certainty::Broken);
    assert_eq!(unpacked.bytes, "hello");
}

#[test]
fn deflate_is_known_with_and_without_its_header() {
    for bytes in [zlibbed(b"hello"), deflated(b"hello")] {
        let unpacked = zlib(&bytes, 3, NO_LIMIT);
        assert_sound(&unpacked.spans, &bytes, 3);
        assert_eq!(unpacked.bytes, "hello");
        assert!(unpacked.is_whole);
    }
}

proptest! {
    #[test]
    fn members_of_anything_inflate_to_it(
        members in prop::collection::vec(prop::collection::vec(0u8..4, 0..4000), 1..4),
        level in 0u32..10,
    ) {
        let bytes: Vec<u8> = members.iter().flat_map(|member| gzipped(member, level)).collect();
        let unpacked = gunzip(&bytes, 11, NO_LIMIT);
        assert_sound(&unpacked.spans, &bytes, 11);
        prop_assert_eq!(&unpacked.bytes[..], &members.concat()[..]);
        prop_assert!(unpacked.is_whole);
        prop_assert_eq!(unpacked.deflated.len(), members.len());
        let bytes = zlibbed(&members.concat());
        let unpacked = zlib(&bytes, 11, NO_LIMIT);
        assert_sound(&unpacked.spans, &bytes, 11);
        prop_assert_eq!(&unpacked.bytes[..], &members.concat()[..]);
    }

    #[test]
    fn torn_and_damaged_members_are_tiled(
        plain in prop::collection::vec(any::<u8>(), 0..300),
        cut in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        damage in any::<u8>(),
        limit in 0usize..400,
    ) {
        for whole in [gzipped(&plain, 6), zlibbed(&plain)] {
            let mut bytes = whole[..cut.index(whole.len() + 1)].to_vec();
            if !bytes.is_empty() {
                let place = place.index(bytes.len());
                bytes[place] ^= damage;
            }
            for unpacked in [gunzip(&bytes, 2, limit), zlib(&bytes, 2, limit)] {
                prop_assert_eq!(tiles(&unpacked.spans, 2..2 + bytes.len()), Ok(()));
                prop_assert!(unpacked.bytes.len() <= limit);
            }
        }
    }
}
