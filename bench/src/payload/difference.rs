//! What a document has lost on its way into a message and back.

use std::collections::{HashMap, HashSet};

use services::error::excerpt;

use super::document::{Json, Number};

/// Whose the schema is that a message was read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaOf {
    /// Inferred from the samples: what comes back should be what was sent.
    Samples,
    /// The user's, by whose types `"1.5s"` and `"1.500s"`, or `1` and an enum's name, are the same:
    /// only numbers that changed and what is missing are told.
    User,
}

/// Where they differ, a sentence each with the path, which begins with `root`; empty where they say
/// the same. A member that only `back` has, with its type's default, is none: that is how protobuf
/// tells a missing one.
#[must_use]
pub fn between(sent: &Json, back: &Json, root: &str, schema: SchemaOf) -> Vec<String> {
    let mut comparison = Comparison {
        schema,
        found: Vec::new(),
    };
    comparison.compare(sent, back, root);
    comparison.found
}

struct Comparison {
    schema: SchemaOf,
    found: Vec<String>,
}

impl Comparison {
    fn compare(&mut self, sent: &Json, back: &Json, path: &str) {
        match (sent, back) {
            (Json::Object(sent), Json::Object(back)) => self.members(sent, back, path),
            (Json::List(sent), Json::List(back)) if sent.len() == back.len() => {
                for (place, (sent, back)) in sent.iter().zip(back).enumerate() {
                    self.compare(sent, back, &format!("{path}[{place}]"));
                }
            }
            (Json::Number(one), Json::Number(other)) if equal(one, other) => {}
            (Json::Number(_), Json::Number(_)) => self.became(path, sent, &told(back)),
            (sent, back) if sent == back || self.schema == SchemaOf::User => {}
            (sent, back) => self.became(path, sent, &told(back)),
        }
    }

    fn members(&mut self, sent: &[(String, Json)], back: &[(String, Json)], path: &str) {
        let there: HashMap<_, _> = back.iter().map(|(name, value)| (name, value)).collect();
        let here: HashSet<_> = sent.iter().map(|(name, _)| name).collect();
        for (name, value) in sent {
            let path = format!("{path}.{}", excerpt(name));
            match there.get(name) {
                Some(there) => self.compare(value, there, &path),
                // The field's other name is as good, so only what is not there at all is told.
                None if self.schema == SchemaOf::User && *value != Json::Null => {}
                None => self.became(&path, value, "a missing member"),
            }
        }
        if self.schema == SchemaOf::User {
            return;
        }
        for (name, value) in back {
            if !here.contains(name) && !is_default(value) {
                let path = format!("{path}.{}", excerpt(name));
                self.found
                    .push(format!("{path}: a missing member became {}", told(value)));
            }
        }
    }

    fn became(&mut self, path: &str, sent: &Json, back: &str) {
        self.found
            .push(format!("{path}: {} became {back}", told(sent)));
    }
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
        between(
            &read(sent).unwrap(),
            &read(back).unwrap(),
            "$",
            SchemaOf::Samples,
        )
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
