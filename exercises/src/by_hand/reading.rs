//! The questions of exercise 2, with what a decoder answers.

use anyhow::{Context as _, Result, anyhow};
use prost_reflect::{DynamicMessage, ReflectMessage as _, Value};

use super::walk::{self, Payload, Record};
use super::{Kind, Question, SCHEMA, mistakes};
use crate::language::Text;
use crate::schema;

/// What is asked about that message.
///
/// # Errors
/// Where it is none of the schema.
pub(super) fn questions(message: &[u8]) -> Result<Vec<Question>> {
    let descriptor = schema::message("reading.proto", SCHEMA, "station.Reading");
    let descriptor = descriptor.map_err(|error| anyhow!(error))?;
    let decoded = DynamicMessage::decode(descriptor, message)?;
    let records = walk::records(message)?;
    let known = |number: u64| decoded.descriptor().get_field(number as u32).is_some();
    let unknown = records.iter().find(|record| !known(record.number));
    let unknown = unknown.context("the message has no unknown field")?;
    let place = decoded.get_field_by_name("place").context("no place")?;
    let place = place.as_message().context("place is a message")?;
    let asked = Asked {
        decoded: &decoded,
        records: &records,
    };
    let latitude = place.get_field_by_name("latitude").context("no latitude")?;
    Ok(vec![
        asked.field("station", Kind::Text, mistakes::text)?,
        asked.field("offset", Kind::Number, mistakes::zigzag_repeated)?,
        asked.field("altitude", Kind::Number, mistakes::negative)?,
        asked.field("serial", Kind::Number, mistakes::varint)?,
        asked.field("samples", Kind::Numbers, mistakes::packed)?,
        asked.field("temperature", Kind::Number, mistakes::float)?,
        Question {
            name: "latitude",
            right: said(&latitude),
            ..asked.field("place", Kind::Number, mistakes::fixed_in_a_message)?
        },
        asked.field("battery", Kind::Number, mistakes::absent)?,
        asked.field("sealed", Kind::Truth, mistakes::truth)?,
        unknown_number(unknown),
        unknown_length(unknown),
    ])
}

/// A message, decoded and as its records.
struct Asked<'a> {
    decoded: &'a DynamicMessage,
    records: &'a [Record],
}

/// What wrong answers to a field's value tell, by its records.
type Mistakes = fn(&[&Record]) -> Vec<(String, Text)>;

impl Asked<'_> {
    fn field(&self, name: &'static str, kind: Kind, mistakes: Mistakes) -> Result<Question> {
        let field = self.decoded.descriptor().get_field_by_name(name);
        let field = field.with_context(|| format!("the schema has no field {name}"))?;
        let mine = |record: &&Record| record.number == u64::from(field.number());
        let records: Vec<_> = self.records.iter().filter(mine).collect();
        Ok(Question {
            name,
            kind,
            right: said(&self.decoded.get_field(&field)),
            mistakes: mistakes(&records),
            otherwise: records.first().map_or_else(not_there, |it| place(it)),
        })
    }
}

/// A value as the student writes it.
fn said(value: &Value) -> String {
    match value {
        Value::Bool(it) => it.to_string(),
        Value::I32(it) => it.to_string(),
        Value::U32(it) => it.to_string(),
        Value::U64(it) => it.to_string(),
        Value::F32(it) => it.to_string(),
        Value::String(it) => it.clone(),
        Value::List(items) => items.iter().map(said).collect::<Vec<_>>().join(", "),
        // `place` is asked about by its latitude.
        _ => String::new(),
    }
}

fn not_there() -> Text {
    tell!(
        "Look for the tag of this field: where is it in the message, and what does a reader's program get?",
        "Procure a tag deste campo: onde ela está na mensagem, e o que o programa leitor recebe?"
    )
}

/// Where to look again.
fn place(record: &Record) -> Text {
    let how = match record.payload {
        Payload::Varint(..) => tell!("a varint", "um varint"),
        Payload::Bytes(_) => tell!(
            "a length and so many bytes",
            "um comprimento e esses tantos bytes"
        ),
        Payload::Fixed32(_) => tell!("four bytes of fixed width", "quatro bytes de tamanho fixo"),
        Payload::Fixed64(_) => tell!("eight bytes of fixed width", "oito bytes de tamanho fixo"),
    };
    tell!(
        "That is not what the bytes say. Its tag stands at byte {at} of the message, counted from 1, and says that {en} follows: read again from there, with the field's type in the schema beside it.",
        "Não é isso que os bytes dizem. A tag está no byte {at} da mensagem, contando de 1, e diz que vem {pt}: releia dali, com o tipo do campo no esquema ao lado.",
        at = record.at + 1,
        en = how.en,
        pt = how.pt,
    )
}

fn unknown_number(record: &Record) -> Question {
    Question {
        name: "unknown_number",
        kind: Kind::Number,
        right: record.number.to_string(),
        mistakes: mistakes::number(record),
        otherwise: tell!(
            "No record of the message has this number, or the schema knows it. Go from tag to tag: only whoever knows where a value ends finds the next tag.",
            "Nenhum registro da mensagem tem esse número, ou o esquema o conhece. Vá de tag em tag: só quem sabe onde um valor acaba acha a próxima."
        ),
    }
}

fn unknown_length(record: &Record) -> Question {
    Question {
        name: "unknown_length",
        kind: Kind::Number,
        right: record.payload.bytes().len().to_string(),
        mistakes: mistakes::length(record),
        otherwise: tell!(
            "The tag's wire type says how a reader that does not know the field finds its end: what does it say here?",
            "O wire type, que vem na tag, diz como um leitor que não conhece o campo acha o fim dele: o que ele diz aqui?"
        ),
    }
}
