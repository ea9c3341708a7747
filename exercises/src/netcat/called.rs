//! What a request calls, read from its body: a sum tells nothing of what was added.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use serde_json::Value;

use super::Protocol;

/// A method and its arguments as they are written, text without quotes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Called {
    pub(super) method: String,
    pub(super) arguments: Vec<String>,
}

impl Called {
    /// What that body calls; `None` where it is no request of the protocol.
    pub(super) fn read(protocol: Protocol, body: &[u8]) -> Option<Self> {
        match protocol {
            Protocol::XmlRpc => xml_rpc(std::str::from_utf8(body).ok()?),
            Protocol::JsonRpc => json_rpc(&serde_json::from_slice(body).ok()?),
        }
    }

    /// Whether it is that call: 27 and 27.0 are one number, and so is 27 with spaces around it.
    pub(super) fn is(&self, method: &str, arguments: &[&str]) -> bool {
        let same = |(one, other): (&String, &&str)| {
            let numbers = [one.trim().parse::<f64>(), other.parse::<f64>()];
            match numbers {
                [Ok(one), Ok(other)] => one == other,
                _ => one == other,
            }
        };
        let mut pairs = self.arguments.iter().zip(arguments);
        self.method == method && self.arguments.len() == arguments.len() && pairs.all(same)
    }
}

fn json_rpc(request: &Value) -> Option<Called> {
    let written = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let arguments = match &request["params"] {
        Value::Array(items) => items.iter().map(written).collect(),
        // By name: all of the sheet's calls have their arguments in the order of the names.
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            members.into_iter().map(|(_, it)| written(it)).collect()
        }
        _ => Vec::new(),
    };
    Some(Called {
        method: request["method"].as_str()?.to_owned(),
        arguments,
    })
}

fn xml_rpc(body: &str) -> Option<Called> {
    let (mut called, mut text) = (Called::default(), String::new());
    // What stands in a tag for a type is the value; without one all of the text is.
    let mut typed = None;
    let mut reader = Reader::from_str(body);
    loop {
        match reader.read_event().ok()? {
            Event::Start(_) => text.clear(),
            Event::Empty(_) => typed = Some(String::new()),
            Event::Text(more) => text.push_str(&more),
            Event::CData(more) => text.push_str(&more),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().ok()? {
                Some(character) => text.push(character),
                None => text.push_str(resolve_predefined_entity(&reference)?),
            },
            Event::End(end) => match end.name().as_ref() {
                "methodName" => called.method = text.trim().to_owned(),
                "value" => {
                    let value = typed.take().unwrap_or_else(|| text.clone());
                    called.arguments.push(value);
                }
                "param" | "params" | "methodCall" => {}
                _ => typed = Some(text.clone()),
            },
            Event::Eof => return Some(called),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_read_however_it_is_written() {
        for (protocol, body) in [
            (
                Protocol::JsonRpc,
                r#"{"method":"add","params":[1998,27.0]}"#,
            ),
            (
                Protocol::JsonRpc,
                r#"{"method":"add","params":{"b":27,"a":1998}}"#,
            ),
            (
                Protocol::XmlRpc,
                "<?xml version=\"1.0\"?><methodCall><methodName> add</methodName><params>\n\
                 <param><value>\n <i4> 1998 </i4>\n</value></param>\n\
                 <param><value><int>2&#55;</int></value></param></params></methodCall>",
            ),
        ] {
            let called = Called::read(protocol, body.as_bytes()).expect("it is a request");
            assert!(called.is("add", &["1998", "27"]), "{called:?}");
            assert!(!called.is("add", &["1998"]), "{called:?}");
            assert!(!called.is("multiply", &["1998", "27"]), "{called:?}");
        }
    }

    #[test]
    fn a_text_is_compared_letter_by_letter() {
        let body = "<methodCall><methodName>u</methodName><params><param>\
                    <value>a &lt; b<!-- c --></value></param></params></methodCall>";
        let called = Called::read(Protocol::XmlRpc, body.as_bytes()).expect("it is a request");
        assert!(called.is("u", &["a < b"]), "{called:?}");
        assert!(!called.is("u", &["A < B"]), "{called:?}");
    }
}
