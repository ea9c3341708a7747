//! A JSON document as values of XML-RPC, which has no `null` and no integer past 32 bits.

use dxr::Value;
use services::error::excerpt;

use super::document::{Json, Number};
use super::remarks::Remarks;

/// The value of what stands at `path`; where `problems` has got a sentence, it is not the same.
pub fn of(json: &Json, path: &str, problems: &mut Remarks) -> Value {
    match json {
        Json::Null => {
            problems.push(format!("{path}: XML-RPC has no null"));
            Value::Boolean(false)
        }
        Json::Boolean(boolean) => Value::Boolean(*boolean),
        Json::Number(number) => numeric(number, path, problems),
        Json::Text(text) => {
            illegal(text, &format!("{path}:"), "; send it as Base64", problems);
            Value::String(text.clone())
        }
        Json::List(elements) => {
            let elements = elements.iter().enumerate();
            let elements =
                elements.map(|(place, element)| of(element, &format!("{path}[{place}]"), problems));
            Value::Array(elements.collect())
        }
        Json::Object(members) => {
            let members = members.iter().map(|(name, element)| {
                let path = format!("{path}.{}", excerpt(name));
                illegal(name, &format!("{path}: in a member's name"), "", problems);
                (name.clone(), of(element, &path, problems))
            });
            Value::Struct(members.collect())
        }
    }
}

fn numeric(number: &Number, path: &str, problems: &mut Remarks) -> Value {
    let (small, digits) = match number {
        Number::Real(real) => return Value::Double(*real),
        Number::Signed(number) => (i32::try_from(*number).ok(), number.to_string()),
        Number::Unsigned(number) => (None, number.to_string()),
        Number::Beyond(number) => (None, number.text().to_owned()),
    };
    if small.is_none() {
        let digits = excerpt(digits);
        problems.push(format!(
            "{path}: {digits} is past XML-RPC's 32 bits; send it as text"
        ));
    }
    Value::Integer(small.unwrap_or_default())
}

fn illegal(text: &str, place: &str, way_out: &str, problems: &mut Remarks) {
    if let Some((byte, character)) = xmlrpc::codec::first_illegal(text) {
        let code = u32::from(character);
        problems.push(format!(
            "{place} XML 1.0 forbids U+{code:04X}, at byte {byte}{way_out}"
        ));
    }
}
