//! Random messages that prost-reflect encodes: the dissector finds just what is in them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use prost_reflect::prost::Message;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, Value};

use super::{message, values};
use crate::dissect::protobuf::spans;
use crate::span::{Certainty, Span, tiles};

/// A message with random fields, at most `depth` messages deep.
fn random_message(
    message: &MessageDescriptor,
    depth: u32,
    random: &mut fastrand::Rng,
) -> DynamicMessage {
    let mut made = DynamicMessage::new(message.clone());
    for field in message.fields() {
        if random.u8(..3) == 0 && (depth > 0 || !matches!(field.kind(), Kind::Message(_))) {
            made.set_field(&field, random_field(&field, depth, random));
        }
    }
    made
}

fn random_field(field: &FieldDescriptor, depth: u32, random: &mut fastrand::Rng) -> Value {
    match field.kind() {
        Kind::Message(entry) if field.is_map() => {
            let key = random_key(&entry.map_entry_key_field().kind(), random);
            let value = random_value(&entry.map_entry_value_field().kind(), depth, random);
            Value::Map([(key, value)].into())
        }
        kind if field.is_list() => {
            let count = random.usize(..4);
            Value::List(
                (0..count)
                    .map(|_| random_value(&kind, depth, random))
                    .collect(),
            )
        }
        kind => random_value(&kind, depth, random),
    }
}

fn random_key(kind: &Kind, random: &mut fastrand::Rng) -> MapKey {
    match kind {
        Kind::Bool => MapKey::Bool(random.bool()),
        Kind::Int64 => MapKey::I64(random.i64(..)),
        _ => MapKey::String(random_text(random)),
    }
}

fn random_value(kind: &Kind, depth: u32, random: &mut fastrand::Rng) -> Value {
    let small = random.u64(..) >> random.u32(..64);
    match kind {
        Kind::Double => Value::F64(f64::from_bits(random.u64(..))),
        Kind::Float => Value::F32(f32::from_bits(random.u32(..))),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(small as i32),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(small as i64),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(small as u32),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(small),
        Kind::Bool => Value::Bool(random.bool()),
        Kind::String => Value::String(random_text(random)),
        Kind::Bytes => Value::Bytes(random_text(random).into_bytes().into()),
        Kind::Enum(_) => Value::EnumNumber(*random.choice(&[0, 1, 300, -1, 7]).unwrap()),
        Kind::Message(message) => {
            Value::Message(random_message(message, depth.saturating_sub(1), random))
        }
    }
}

fn random_text(random: &mut fastrand::Rng) -> String {
    let count = random.usize(..12);
    (0..count).map(|_| random.char(..)).collect()
}

/// What a message says, by path; empty texts have no bytes and so no span.
fn said(message: &DynamicMessage, path: &str, found: &mut BTreeMap<String, String>) {
    for (field, value) in message.fields() {
        let path = format!("{path}{}", field.name());
        said_by(&field.kind(), value, path, found);
    }
}

fn said_by(kind: &Kind, value: &Value, path: String, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Message(message) => said(message, &format!("{path}."), found),
        Value::List(list) => {
            for (place, value) in list.iter().enumerate() {
                said_by(kind, value, format!("{path}.{place}"), found);
            }
        }
        Value::Map(map) => {
            let Kind::Message(entry) = kind else {
                panic!("a map is a message of its entries");
            };
            let kind = entry.map_entry_value_field().kind();
            for (key, value) in map {
                // Left out of the entry, as implicit presence has it.
                if *value != kind.default_value() {
                    said_by(&kind, value, format!("{path}.{}", key_text(key)), found);
                }
            }
        }
        scalar => {
            let text = text_of(kind, scalar);
            let empty = matches!(scalar, Value::String(_) | Value::Bytes(_)) && text.is_empty();
            if !empty {
                found.insert(path, text);
            }
        }
    }
}

fn key_text(key: &MapKey) -> String {
    match key {
        MapKey::Bool(key) => key.to_string(),
        MapKey::I64(key) => key.to_string(),
        MapKey::String(key) => key.clone(),
        other => format!("{other:?}"),
    }
}

fn text_of(kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        (Kind::Enum(named), Value::EnumNumber(number)) => {
            let value = named.get_value(*number);
            value.map_or_else(|| number.to_string(), |value| value.name().to_owned())
        }
        (_, Value::Bytes(bytes)) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(truth)) => truth.to_string(),
        (_, Value::I32(number)) => number.to_string(),
        (_, Value::I64(number)) => number.to_string(),
        (_, Value::U32(number)) => number.to_string(),
        (_, Value::U64(number)) => number.to_string(),
        // Bit by bit, whichever way they are written.
        (_, Value::F32(number)) => format!("{:08x}", canonical32(*number)),
        (_, Value::F64(number)) => format!("{:016x}", canonical64(*number)),
        other => panic!("{other:?} has no text"),
    }
}

fn canonical32(number: f32) -> u32 {
    if number.is_nan() { 0 } else { number.to_bits() }
}

fn canonical64(number: f64) -> u64 {
    if number.is_nan() { 0 } else { number.to_bits() }
}

/// What the spans say, by path, with floats as their bits.
fn found(spans: &[Span]) -> BTreeMap<String, String> {
    let leaves = spans.iter().flat_map(Span::leaves);
    let with_path = leaves.filter_map(|leaf| Some((leaf.path.as_deref()?, leaf)));
    let text = |leaf: &Span| match &*leaf.name {
        "float" => format!("{:08x}", canonical32(leaf.value.parse().unwrap())),
        "double" => format!("{:016x}", canonical64(leaf.value.parse().unwrap())),
        _ => leaf.value.clone(),
    };
    with_path
        .map(|(path, leaf)| (path.to_owned(), text(leaf)))
        .collect()
}

proptest! {
    #[test]
    fn what_prost_reflect_encodes_is_found_value_by_value(seed in any::<u64>()) {
        let everything = message("every.Everything");
        let sent = random_message(&everything, 4, &mut fastrand::Rng::with_seed(seed));
        let bytes = sent.encode_to_vec();
        let spans = spans(&bytes, 7, Some(&everything), "");
        prop_assert_eq!(tiles(&spans, 7..7 + bytes.len()), Ok(()));
        prop_assert!(spans.iter().flat_map(Span::leaves).all(|leaf| leaf.certainty == Certainty::Sure));
        let mut expected = BTreeMap::new();
        said(&sent, "", &mut expected);
        prop_assert_eq!(found(&spans), expected);
        prop_assert!(values(&spans).len() <= bytes.len());
    }

    #[test]
    fn what_prost_reflect_encodes_and_somebody_tears_or_changes_is_tiled(
        seed in any::<u64>(),
        end in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let everything = message("every.Everything");
        let sent = random_message(&everything, 4, &mut fastrand::Rng::with_seed(seed));
        let mut bytes = sent.encode_to_vec();
        bytes.push(0);
        let place = place.index(bytes.len());
        bytes[place] = byte;
        bytes.truncate(end.index(bytes.len()));
        for message in [Some(&everything), None] {
            prop_assert_eq!(tiles(&spans(&bytes, 0, message, ""), 0..bytes.len()), Ok(()));
        }
    }
}
