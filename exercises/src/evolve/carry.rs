//! A value that one version writes and the other reads.

use prost_reflect::prost::Message as _;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value};

/// What became of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Carried {
    /// It arrived.
    Same,
    /// The reader found nothing for its field.
    Lost,
    /// The reader understands it otherwise, as that.
    Changed(String),
    /// The reader could not read the message.
    Refused(String),
    /// The writer's field cannot hold it.
    NoRoom,
}

/// Writes a message with that value alone, and reads the field of the other version.
pub(super) fn carried(
    writer: &MessageDescriptor,
    from: &FieldDescriptor,
    value: &Value,
    reader: &MessageDescriptor,
    to: &FieldDescriptor,
) -> Carried {
    let mut written = DynamicMessage::new(writer.clone());
    if written.try_set_field(from, value.clone()).is_err() {
        return Carried::NoRoom;
    }
    let bytes = written.encode_to_vec();
    let read = match DynamicMessage::decode(reader.clone(), bytes.as_slice()) {
        Ok(read) => read,
        Err(error) => return Carried::Refused(error.to_string()),
    };
    let (was, is) = (shown(value), shown(&read.get_field(to)));
    match was == is {
        true => Carried::Same,
        false if read.has_field(to) => Carried::Changed(is),
        false => Carried::Lost,
    }
}

/// A whole number as a value of that kind; `None` where it does not hold it.
pub(super) fn number(kind: &Kind, number: i64) -> Option<Value> {
    Some(match kind {
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(number.try_into().ok()?),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(number),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(number.try_into().ok()?),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(number.try_into().ok()?),
        Kind::Double => Value::F64(number as f64),
        Kind::Enum(_) => Value::EnumNumber(number.try_into().ok()?),
        _ => return None,
    })
}

/// A value as a finding shows it, the same for the same in another type.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Bool(it) => it.to_string(),
        Value::I32(it) | Value::EnumNumber(it) => it.to_string(),
        Value::I64(it) => it.to_string(),
        Value::U32(it) => it.to_string(),
        Value::U64(it) => it.to_string(),
        Value::F32(it) => it.to_string(),
        Value::F64(it) => it.to_string(),
        Value::String(it) => it.clone(),
        Value::List(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn a_number_that_is_too_great_is_cut_off_in_silence() {
        let message = |kind: &str| {
            let text = format!("syntax = \"proto3\"; message A {{ {kind} a = 1; }}");
            schema::message("a.proto", &text, "A").expect("it compiles")
        };
        let (wide, narrow) = (message("int64"), message("int32"));
        let field = |message: &MessageDescriptor| message.get_field(1).expect("it is there");
        let (from, to) = (field(&wide), field(&narrow));
        let carried = |value| carried(&wide, &from, &Value::I64(value), &narrow, &to);
        assert_eq!(
            carried(10_000_000_000),
            Carried::Changed("1410065408".to_owned())
        );
        assert_eq!(carried(-500), Carried::Same);
    }
}
