//! A schema as a `.proto` file (proto3).

use services::error::excerpt;

use super::message::WRAPPED;
use super::names::{self, Scope};
use super::schema::{Field, Kind, Record};

/// The package and the message that the file has.
pub const MESSAGE: &str = "payload.Payload";

/// What protobuf calls any JSON value; its numbers are doubles.
const ANY: &str = "google.protobuf.Value";

/// The file, and what protobuf cannot say as JSON does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proto {
    /// Compiles as it is.
    pub text: String,
    /// A sentence each.
    pub remarks: Vec<String>,
}

/// Writes the file for messages of that schema.
#[must_use]
pub fn write(record: &Record) -> Proto {
    let mut writer = Writer::default();
    // `Value` is protobuf's own.
    writer.messages.take("Value");
    let name = writer.messages.unique("Payload".into());
    writer.message(&name, record, "$");
    let any = writer.texts.iter().any(|text| text.contains(ANY));
    let import = if any {
        "import \"google/protobuf/struct.proto\";\n\n"
    } else {
        ""
    };
    // The outermost message is done last, and read first.
    let texts: Vec<_> = writer.texts.iter().rev().map(String::as_str).collect();
    let messages = texts.join("\n");
    Proto {
        text: format!("syntax = \"proto3\";\npackage payload;\n\n{import}{messages}"),
        remarks: writer.remarks,
    }
}

/// All messages stand at the top: protobuf's compilers let them nest 32 deep, and values 100.
#[derive(Debug, Default)]
struct Writer {
    messages: Scope,
    texts: Vec<String>,
    remarks: Vec<String>,
}

impl Writer {
    fn message(&mut self, name: &str, record: &Record, path: &str) {
        let mut scope = Scope::default();
        // JSON's names are known to the reader of JSON too, so no field may have another's.
        let legal: Vec<_> = record
            .fields
            .iter()
            .map(|field| names::field(&field.name))
            .collect();
        let mut lines = String::new();
        for (place, (field, legal)) in record.fields.iter().zip(legal).enumerate() {
            let reserved = record
                .fields
                .iter()
                .any(|other| other.name != field.name && names::same(&other.name, &legal));
            if reserved {
                scope.take(&legal);
            }
            let name = scope.unique(legal);
            lines += &self.field(place, field, &name, path);
        }
        self.texts.push(format!("message {name} {{\n{lines}}}\n"));
    }

    fn field(&mut self, place: usize, field: &Field, name: &str, path: &str) -> String {
        let path = format!("{path}.{}", excerpt(&field.name));
        let (label, kind) = match &field.kind {
            Kind::List(element) => ("repeated ", &**element),
            // A message, which `Value` is too, can be absent anyway.
            Kind::Record(_) | Kind::Mixed | Kind::Nothing => ("", &field.kind),
            other if field.optional => ("optional ", other),
            other => ("", other),
        };
        let typed = self.typed(kind, name, &path);
        let option = match names::json(name) == field.name {
            true => String::new(),
            false => format!(" [json_name = {}]", quoted(&field.name)),
        };
        if field.name.starts_with('[') || field.name.contains('\0') {
            let remark =
                "cannot be a json_name for protoc, which takes neither a leading [ nor NUL";
            self.remarks.push(format!("{path} {remark}"));
        }
        let number = field_number(place);
        format!("  {label}{typed} {name} = {number}{option};\n")
    }

    /// The name of a type; a message that it needs is written.
    fn typed(&mut self, kind: &Kind, field: &str, path: &str) -> String {
        match kind {
            Kind::Boolean => "bool".into(),
            Kind::Text => "string".into(),
            Kind::Double => "double".into(),
            Kind::Integer(least, most) => self.integer(*least, *most, path),
            Kind::Nothing => ANY.into(),
            Kind::Mixed => {
                let remark = "has values of several kinds, or null in a list";
                self.remarks.push(format!("{path} {remark}: {ANY}"));
                ANY.into()
            }
            Kind::Record(record) => self.named(field, record, path),
            Kind::List(_) => {
                self.remarks
                    .push(format!("{path} has lists in a list: a message around each"));
                let items = Field {
                    name: WRAPPED.into(),
                    kind: kind.clone(),
                    optional: false,
                };
                let fields = vec![items];
                self.named(field, &Record { fields }, path)
            }
        }
    }

    /// A message of its own for a field.
    fn named(&mut self, field: &str, record: &Record, path: &str) -> String {
        let name = self.messages.unique(names::message(field));
        self.message(&name, record, path);
        name
    }

    fn integer(&mut self, least: i128, most: i128, path: &str) -> String {
        let fits = |low: i128, high: i128| least >= low && most <= high;
        if fits(i32::MIN.into(), i32::MAX.into()) {
            "int32".into()
        } else if fits(i64::MIN.into(), i64::MAX.into()) {
            "int64".into()
        } else if fits(0, u64::MAX.into()) {
            "uint64".into()
        } else {
            self.remarks.push(format!(
                "{path} has integers that no 64 bits hold together: double"
            ));
            "double".into()
        }
    }
}

/// Numbers from 19000 to 19999 are reserved: protobuf.dev, "Language Guide (proto 3)".
fn field_number(place: usize) -> usize {
    match place + 1 {
        number @ ..19_000 => number,
        number => number + 1_000,
    }
}

/// A string literal.
fn quoted(text: &str) -> String {
    let escaped = |character: char| match character {
        '"' | '\\' => format!("\\{character}"),
        // Control characters, and those that turn the direction of text.
        control if control.is_control() || is_bidi(control) => {
            let mut bytes = [0; 4];
            let bytes = control.encode_utf8(&mut bytes).bytes();
            bytes.map(|byte| format!("\\{byte:03o}")).collect()
        }
        other => other.to_string(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// What turns the direction of text, as Unicode's Bidi_Control lists it.
fn is_bidi(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
