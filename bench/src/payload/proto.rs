//! A schema as a `.proto` file (proto3).

use super::names::{self, Scope};
use super::schema::{Kind, Record};

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
    for name in ["Payload", "Value"] {
        writer.messages.take(name);
    }
    let body = writer.message("Payload", record, "$", 0);
    let import = match body.contains(ANY) {
        true => "import \"google/protobuf/struct.proto\";\n\n",
        false => "",
    };
    Proto {
        text: format!("syntax = \"proto3\";\npackage payload;\n\n{import}{body}"),
        remarks: writer.remarks,
    }
}

#[derive(Debug, Default)]
struct Writer {
    /// Names are unique in the whole file, so that none hides another.
    messages: Scope,
    remarks: Vec<String>,
}

impl Writer {
    /// A message with the messages of its fields inside.
    fn message(&mut self, name: &str, record: &Record, path: &str, depth: usize) -> String {
        let indent = "  ".repeat(depth);
        let mut scope = Scope::default();
        // JSON's names are known to the reader of JSON too, so no field may have another's.
        for field in &record.fields {
            scope.take(&field.name);
        }
        let (mut inner, mut lines) = (String::new(), String::new());
        for (place, field) in record.fields.iter().enumerate() {
            let legal = names::field(&field.name);
            let name = match legal == field.name {
                true => legal,
                false => scope.unique(legal),
            };
            let path = format!("{path}.{}", field.name);
            let (label, kind) = match &field.kind {
                Kind::List(element) => ("repeated ", &**element),
                // A message, which `Value` is too, can be absent anyway.
                Kind::Record(_) | Kind::Mixed | Kind::Nothing => ("", &field.kind),
                other if field.optional => ("optional ", other),
                other => ("", other),
            };
            let typed = self.typed(kind, &name, &path, depth + 1, &mut inner);
            let option = match json_name(&name) == field.name {
                true => String::new(),
                false => format!(" [json_name = {}]", quoted(&field.name)),
            };
            let number = field_number(place);
            lines += &format!("{indent}  {label}{typed} {name} = {number}{option};\n");
        }
        format!("{indent}message {name} {{\n{inner}{lines}{indent}}}\n")
    }

    /// The name of a type; a message that it needs is written to `inner`.
    fn typed(
        &mut self,
        kind: &Kind,
        field: &str,
        path: &str,
        depth: usize,
        inner: &mut String,
    ) -> String {
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
            Kind::Record(record) => {
                let name = self.messages.unique(names::message(field));
                *inner += &self.message(&name, record, path, depth);
                name
            }
            Kind::List(element) => {
                self.remarks
                    .push(format!("{path} has lists in a list: a message around each"));
                let name = self.messages.unique(names::message(field));
                let record = Record {
                    fields: vec![super::schema::Field {
                        name: super::message::WRAPPED.into(),
                        kind: Kind::List(element.clone()),
                        optional: false,
                    }],
                };
                *inner += &self.message(&name, &record, path, depth);
                name
            }
        }
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

/// The name that protobuf's JSON gives a field that tells none.
fn json_name(field: &str) -> String {
    let mut name = String::new();
    let mut after_underscore = false;
    for character in field.chars() {
        match character {
            '_' => after_underscore = true,
            letter if after_underscore => {
                name.push(letter.to_ascii_uppercase());
                after_underscore = false;
            }
            letter => name.push(letter),
        }
    }
    name
}

/// A string literal.
fn quoted(text: &str) -> String {
    let escaped = |character: char| match character {
        '"' | '\\' => format!("\\{character}"),
        control if control.is_control() => {
            let mut bytes = [0; 4];
            let bytes = control.encode_utf8(&mut bytes).bytes();
            bytes.map(|byte| format!("\\{byte:03o}")).collect()
        }
        other => other.to_string(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}
