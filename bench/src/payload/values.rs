//! A JSON document as values of XML-RPC, which has no `null` and no integer past 32 bits.

use dxr::Value;
use services::error::excerpt;

use super::document::{Json, Number};

/// Reasons that are told of one message.
const MOST: usize = 3;

/// The value.
///
/// # Errors
/// What XML-RPC cannot carry, a sentence each with the path.
pub fn of(json: &Json) -> Result<Value, Vec<String>> {
    let mut problems = Vec::new();
    let value = value(json, "$", &mut problems);
    match problems.is_empty() {
        true => Ok(value),
        false => {
            problems.truncate(MOST);
            Err(problems)
        }
    }
}

fn value(json: &Json, path: &str, problems: &mut Vec<String>) -> Value {
    match json {
        Json::Null => {
            problems.push(format!("{path}: XML-RPC has no null"));
            Value::Boolean(false)
        }
        Json::Boolean(boolean) => Value::Boolean(*boolean),
        Json::Number(number) => numeric(number, path, problems),
        Json::Text(text) => {
            legal(text, path, problems);
            Value::String(text.clone())
        }
        Json::List(elements) => {
            let elements = elements.iter().enumerate();
            let elements = elements
                .map(|(place, element)| value(element, &format!("{path}[{place}]"), problems));
            Value::Array(elements.collect())
        }
        Json::Object(members) => {
            let members = members.iter().map(|(name, element)| {
                let path = format!("{path}.{}", excerpt(name));
                legal(name, &path, problems);
                (name.clone(), value(element, &path, problems))
            });
            Value::Struct(members.collect())
        }
    }
}

fn numeric(number: &Number, path: &str, problems: &mut Vec<String>) -> Value {
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

fn legal(text: &str, path: &str, problems: &mut Vec<String>) {
    if let Some((place, character)) = xmlrpc::codec::first_illegal(text) {
        let code = u32::from(character);
        let told = format!("XML 1.0 forbids U+{code:04X}, at byte {place}");
        problems.push(format!("{path}: {told}; send it as Base64"));
    }
}
