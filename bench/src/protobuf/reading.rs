//! What a reader with another schema makes of a message's bytes. Only numbers and wire types travel,
//! so what a field is called is the reader's own idea.

use anstyle::Style;
use anyhow::{Result, anyhow};
use demo::print::{ERROR, QUIET};
use prost_reflect::{
    DynamicMessage, FieldDescriptor, MessageDescriptor, ReflectMessage, SerializeOptions,
};
use serde_json::Value;

/// What a reader sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// Its fields with their values, those at their default too.
    pub(super) values: String,
    /// What became of fields that the two schemas do not have alike.
    pub(super) remarks: Vec<Remark>,
}

/// What became of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remark {
    /// A sentence.
    pub(super) text: String,
    /// Whether the reader takes something for what it is not.
    is_wrong: bool,
}

impl Remark {
    fn harmless(text: String) -> Self {
        Self {
            text,
            is_wrong: false,
        }
    }

    fn wrong(text: String) -> Self {
        Self {
            text,
            is_wrong: true,
        }
    }

    pub(super) fn style(&self) -> Style {
        if self.is_wrong { ERROR } else { QUIET }
    }
}

/// Reads the bytes of `sent` with the schema `reader`.
///
/// # Errors
/// Bytes that the reader refuses, such as those of a field whose wire type is another now.
pub(super) fn read(
    sent: &DynamicMessage,
    bytes: &[u8],
    reader: &MessageDescriptor,
) -> Result<Reading> {
    let got = DynamicMessage::decode(reader.clone(), bytes).map_err(|error| anyhow!("{error}"))?;
    let writer = sent.descriptor();
    let mut numbers: Vec<_> = writer.fields().chain(reader.fields()).collect();
    numbers.sort_by_key(FieldDescriptor::number);
    numbers.dedup_by_key(|field| field.number());
    let remarks = numbers.iter().filter_map(|field| {
        let number = field.number();
        let was = writer.get_field(number).filter(|was| sent.has_field(was));
        remark(&writer, was, reader.get_field(number))
    });
    Ok(Reading {
        remarks: remarks.collect(),
        values: values(&got)?,
    })
}

/// What is to be said of a number: of the field that was sent with it, and of the one that reads it.
fn remark(
    writer: &MessageDescriptor,
    sent: Option<FieldDescriptor>,
    read: Option<FieldDescriptor>,
) -> Option<Remark> {
    match (sent, read) {
        (None, None) => None,
        (Some(sent), None) => {
            let (number, name) = (sent.number(), sent.name().to_owned());
            let text = format!("field {number}, {name}, has no name here: skipped, not refused");
            Some(Remark::harmless(text))
        }
        (None, Some(read)) => {
            // A field that both have, at its default: there is nothing to tell.
            let is_new = writer.get_field(read.number()).is_none();
            let (number, name) = (read.number(), read.name());
            let text = format!("field {number}, {name}, was not sent: it has its default");
            is_new.then(|| Remark::harmless(text))
        }
        (Some(sent), Some(read)) if sent.name() == read.name() => None,
        (Some(sent), Some(read)) => Some(renamed(writer, &sent, &read)),
    }
}

/// A new name costs nothing, but one that the writer uses for another number tells a swap.
fn renamed(writer: &MessageDescriptor, sent: &FieldDescriptor, read: &FieldDescriptor) -> Remark {
    let (number, was, is) = (sent.number(), sent.name(), read.name());
    match writer.get_field_by_name(is) {
        Some(_) => Remark::wrong(format!(
            "field {number}: {is} holds what was sent as {was}, and no error tells it"
        )),
        None => Remark::harmless(format!(
            "field {number}: {was} is called {is} here; names do not travel"
        )),
    }
}

/// `id = 7, name = "Ana"`, in the order of the numbers.
fn values(message: &DynamicMessage) -> Result<String> {
    let options = SerializeOptions::new()
        .use_proto_field_name(true)
        .stringify_64_bit_integers(false)
        .skip_default_fields(false);
    let json = message.serialize_with_options(serde_json::value::Serializer, &options)?;
    let mut fields: Vec<_> = message.descriptor().fields().collect();
    fields.sort_by_key(FieldDescriptor::number);
    let values = fields.iter().map(|field| {
        let value = json.get(field.name()).unwrap_or(&Value::Null);
        format!("{} = {value}", field.name())
    });
    Ok(values.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use prost_reflect::prost::Message;

    use super::*;
    use crate::payload::message::{compile_text, from_json};

    const OLD: &str = "int32 id = 1; string name = 2; string email = 3;";
    const ANA: &str = r#"{"id": 7, "name": "Ana", "email": "ana@x.org"}"#;

    fn schema(fields: &str) -> MessageDescriptor {
        let text = format!("syntax = \"proto3\"; message User {{ {fields} }}");
        compile_text(&text, "User").expect("it compiles")
    }

    fn read_by(fields: &str) -> Result<Reading> {
        let sent = from_json(&schema(OLD), ANA, ANA).expect("it is a user");
        read(&sent, &sent.encode_to_vec(), &schema(fields))
    }

    fn remarks(fields: &str) -> Vec<String> {
        let reading = read_by(fields).expect("it is read");
        reading.remarks.into_iter().map(|it| it.text).collect()
    }

    #[test]
    fn the_same_schema_needs_no_remark() {
        let reading = read_by(OLD).expect("it is read");
        assert_eq!(reading.remarks, []);
        assert_eq!(
            reading.values,
            r#"id = 7, name = "Ana", email = "ana@x.org""#
        );
    }

    #[test]
    fn a_new_name_loses_nothing() {
        let fields = "int32 id = 1; string full_name = 2; string email = 3;";
        let told = "field 2: name is called full_name here; names do not travel";
        assert_eq!(remarks(fields), [told]);
    }

    #[test]
    fn a_field_that_is_new_has_its_default_and_one_that_is_gone_is_skipped() {
        let fields = "int32 id = 1; string name = 2; string phone = 4;";
        let told = remarks(fields);
        assert_eq!(
            told,
            [
                "field 3, email, has no name here: skipped, not refused",
                "field 4, phone, was not sent: it has its default"
            ]
        );
    }

    #[test]
    fn swapped_numbers_swap_the_values_without_an_error() {
        let fields = "int32 id = 1; string email = 2; string name = 3;";
        let reading = read_by(fields).expect("it is read");
        assert_eq!(
            reading.values,
            r#"id = 7, email = "Ana", name = "ana@x.org""#
        );
        assert!(reading.remarks.iter().all(|remark| remark.is_wrong));
        assert_eq!(reading.remarks.len(), 2);
    }

    #[test]
    fn another_wire_type_is_refused() {
        assert!(read_by("string id = 1; string name = 2; string email = 3;").is_err());
    }
}
