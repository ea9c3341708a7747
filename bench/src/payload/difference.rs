//! What a document has lost on its way into a message and back.

use services::error::excerpt;

use super::document::{Json, Number};

/// Differences that are told of one message; more would tell nothing new.
const MOST: usize = 3;

/// Where they differ, a sentence each with the path; empty where they say the same. A member that
/// only `back` has, with its type's default, is none: that is how protobuf tells a missing one.
#[must_use]
pub fn between(sent: &Json, back: &Json) -> Vec<String> {
    let mut found = Vec::new();
    compare(sent, back, "$", &mut found);
    found
}

fn compare(sent: &Json, back: &Json, path: &str, found: &mut Vec<String>) {
    if found.len() >= MOST {
        return;
    }
    match (sent, back) {
        (Json::Object(sent), Json::Object(back)) => members(sent, back, path, found),
        (Json::List(sent), Json::List(back)) if sent.len() == back.len() => {
            for (place, (sent, back)) in sent.iter().zip(back).enumerate() {
                compare(sent, back, &format!("{path}[{place}]"), found);
            }
        }
        (Json::Number(sent), Json::Number(back)) if equal(sent, back) => {}
        (sent, back) if sent == back => {}
        (sent, back) => found.push(format!("{path}: {} became {}", told(sent), told(back))),
    }
}

fn members(sent: &[(String, Json)], back: &[(String, Json)], path: &str, found: &mut Vec<String>) {
    let named = |members: &[(String, Json)], name: &str| {
        let member = members.iter().find(|(known, _)| known == name);
        member.map(|(_, value)| value.clone())
    };
    for (name, value) in sent {
        let path = format!("{path}.{}", excerpt(name));
        match named(back, name) {
            Some(there) => compare(value, &there, &path, found),
            None => found.push(format!("{path}: {} became a missing member", told(value))),
        }
    }
    for (name, value) in back {
        if named(sent, name).is_none() && !is_default(value) {
            let path = format!("{path}.{}", excerpt(name));
            found.push(format!("{path}: a missing member became {}", told(value)));
        }
    }
    found.truncate(MOST);
}

fn is_default(value: &Json) -> bool {
    match value {
        Json::Null | Json::Boolean(false) => true,
        Json::Number(number) => as_double(number) == 0.0,
        Json::Text(text) => text.is_empty(),
        Json::List(elements) => elements.is_empty(),
        Json::Object(members) => members.iter().all(|(_, value)| is_default(value)),
        Json::Boolean(true) => false,
    }
}

/// Whether they are the same number, however it is written; −0 is not 0.
fn equal(sent: &Number, back: &Number) -> bool {
    match (sent, back) {
        (Number::Real(sent), Number::Real(back)) => sent.to_bits() == back.to_bits(),
        (Number::Real(real), other) | (other, Number::Real(real)) => {
            format!("{real:.0}") == digits(other) && real.fract() == 0.0
        }
        (sent, back) => digits(sent) == digits(back),
    }
}

fn digits(number: &Number) -> String {
    match number {
        Number::Signed(number) => number.to_string(),
        Number::Unsigned(number) => number.to_string(),
        Number::Beyond(number) => number.text().to_owned(),
        Number::Real(number) => number.to_string(),
    }
}

fn as_double(number: &Number) -> f64 {
    digits(number).parse().unwrap_or(f64::NAN)
}

fn told(value: &Json) -> String {
    match value {
        Json::Null => "null".into(),
        Json::Boolean(boolean) => boolean.to_string(),
        Json::Number(number) => excerpt(digits(number)),
        Json::Text(text) => format!("\"{}\"", excerpt(text)),
        Json::List(elements) => format!("a list of {}", elements.len()),
        Json::Object(members) => format!("an object of {} members", members.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::document::read;

    fn told_between(sent: &str, back: &str) -> Vec<String> {
        between(&read(sent).unwrap(), &read(back).unwrap())
    }

    #[test]
    fn the_same_in_other_words_is_no_difference() {
        let sent = r#"{"a":5,"b":[1.0,2e3],"c":{}}"#;
        let back = r#"{"b":[1,2000],"a":5.0,"c":{"d":""},"e":0}"#;
        assert_eq!(told_between(sent, back), [""; 0]);
    }

    #[test]
    fn what_differs_is_told_by_its_path() {
        let sent = r#"{"a":null,"b":[1,{"c":12345678901234567890123}]}"#;
        let back = r#"{"b":[1,{"c":1.2345678901234568e22}]}"#;
        assert_eq!(
            told_between(sent, back),
            [
                "$.a: null became a missing member",
                "$.b[1].c: 12345678901234567890123 became 12345678901234568000000",
            ]
        );
    }
}
