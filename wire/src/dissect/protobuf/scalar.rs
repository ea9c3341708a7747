//! Numbers, truth values and enums: what their bits say, by the declared type or as a guess.

use prost_reflect::Kind;

use super::varint;

/// A value in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// The type that it was read as.
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) note: String,
}

/// A varint of that type; without one the likeliest reading.
pub(super) fn varint(kind: Option<&Kind>, bytes: &[u8], number: u64) -> Said {
    let Some(kind) = kind else {
        return guessed_varint(bytes, number);
    };
    Said {
        name: super::declared::scalar_name(kind),
        value: varint_value(kind, number),
        note: format!("{}{}", varint::note(bytes, number), remark(kind, number)),
    }
}

/// What a varint of that type says. A number that is too large for its type loses its upper bits, as
/// it does in every library (protobuf.dev, "Updating A Message Type").
pub(super) fn varint_value(kind: &Kind, number: u64) -> String {
    match kind {
        Kind::Int32 => (number as i32).to_string(),
        Kind::Int64 => (number as i64).to_string(),
        Kind::Uint32 => (number as u32).to_string(),
        Kind::Sint32 => (varint::unzigzag(u64::from(number as u32)) as i32).to_string(),
        Kind::Sint64 => varint::unzigzag(number).to_string(),
        Kind::Bool => (number != 0).to_string(),
        Kind::Enum(named) => {
            let value = named.get_value(number as i32);
            value.map_or_else(
                || (number as i32).to_string(),
                |value| value.name().to_owned(),
            )
        }
        _ => number.to_string(),
    }
}

/// What is worth knowing of such a varint.
fn remark(kind: &Kind, number: u64) -> String {
    let signed = number as i64;
    match kind {
        Kind::Int32 | Kind::Int64 if signed < 0 => {
            let size = varint::size(varint::zigzag(signed));
            format!("; negative numbers take 10 bytes, as sint64 this one would take {size}")
        }
        Kind::Sint32 | Kind::Sint64 => {
            format!(
                "; zigzag: {number} stands for {}",
                varint_value(kind, number)
            )
        }
        Kind::Enum(named) => match named.get_value(number as i32) {
            Some(value) => format!("; {} of {}", value.number(), named.full_name()),
            None => format!("; {} has no such value", named.full_name()),
        },
        _ => String::new(),
    }
}

fn guessed_varint(bytes: &[u8], number: u64) -> Said {
    let (plain, zigzag) = (number as i64, varint::unzigzag(number));
    let value = match size_tells_sign(bytes, plain) {
        true => plain.to_string(),
        false => number.to_string(),
    };
    let bool = match number {
        0 => ", as bool false",
        1 => ", as bool true",
        _ => "",
    };
    let note = varint::note(bytes, number);
    Said {
        name: "varint",
        value,
        note: format!("{note}; its type is not known: as sint it says {zigzag}{bool}"),
    }
}

/// A varint of ten bytes is a negative number more often than one past 2^63.
fn size_tells_sign(bytes: &[u8], number: i64) -> bool {
    bytes.len() == 10 && number < 0
}

/// Eight bytes of that type; without one a double.
pub(super) fn fixed64(kind: Option<&Kind>, bits: u64) -> Said {
    let name = kind.map_or("double", super::declared::scalar_name);
    let (value, note) = match kind {
        Some(Kind::Fixed64) => (bits.to_string(), "8 bytes, lowest first".to_owned()),
        Some(Kind::Sfixed64) => {
            let note = "8 bytes, lowest first, two's complement";
            ((bits as i64).to_string(), note.to_owned())
        }
        Some(_) => (double(f64::from_bits(bits)), DOUBLE.to_owned()),
        None => {
            let note = format!("its type is not known: as fixed64 it says {bits}");
            (double(f64::from_bits(bits)), note)
        }
    };
    Said { name, value, note }
}

/// Four bytes of that type; without one a float.
pub(super) fn fixed32(kind: Option<&Kind>, bits: u32) -> Said {
    let name = kind.map_or("float", super::declared::scalar_name);
    let (value, note) = match kind {
        Some(Kind::Fixed32) => (bits.to_string(), "4 bytes, lowest first".to_owned()),
        Some(Kind::Sfixed32) => {
            let note = "4 bytes, lowest first, two's complement";
            ((bits as i32).to_string(), note.to_owned())
        }
        Some(_) => (float(f32::from_bits(bits)), FLOAT.to_owned()),
        None => {
            let note = format!("its type is not known: as fixed32 it says {bits}");
            (float(f32::from_bits(bits)), note)
        }
    };
    Said { name, value, note }
}

const DOUBLE: &str = "8 bytes, lowest first, IEEE 754: the size is the same for every number";
const FLOAT: &str = "4 bytes, lowest first, IEEE 754: the size is the same for every number";

/// The shortest digits that give this number; with an exponent where there would be many zeros.
fn double(number: f64) -> String {
    match number.abs() {
        0.0 | 1e-5..1e16 => number.to_string(),
        _ => format!("{number:?}"),
    }
}

fn float(number: f32) -> String {
    match number.abs() {
        0.0 | 1e-5..1e16 => number.to_string(),
        _ => format!("{number:?}"),
    }
}
