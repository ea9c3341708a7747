use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::Value;

use super::super::shown::{assert_sound, leaves, tree, values};
use super::*;
use crate::span::tiles;

fn told(text: &str) -> String {
    leaves(&spans(text.as_bytes(), 0), text.as_bytes())
}

#[test]
fn a_call_of_json_rpc_is_mostly_encoding() {
    let call = r#"{"jsonrpc":"2.0","method":"add","params":{"a":5,"b":[3]},"id":1}"#;
    assert_snapshot!(tree(&spans(call.as_bytes(), 0), call.as_bytes()), @r#"
    object:
      Encoding begin object: "{"
      jsonrpc: 2.0
        Encoding quotation mark: "\""
        Encoding member name: "jsonrpc"
        Encoding quotation mark: "\""
        Encoding name separator: ":"
        Encoding quotation mark: "\""
        Encoding string: "2.0"
        Encoding quotation mark: "\""
      Encoding value separator: ","
      method: add
        Encoding quotation mark: "\""
        Encoding member name: "method"
        Encoding quotation mark: "\""
        Encoding name separator: ":"
        Encoding quotation mark: "\""
        Encoding string: "add"
        Encoding quotation mark: "\""
      Encoding value separator: ","
      params:
        Encoding quotation mark: "\""
        Encoding member name: "params"
        Encoding quotation mark: "\""
        Encoding name separator: ":"
        Encoding begin object: "{"
        a: 5
          Encoding quotation mark: "\""
          Encoding member name: "a"
          Encoding quotation mark: "\""
          Encoding name separator: ":"
          Value number: "5" at params.a
        Encoding value separator: ","
        b:
          Encoding quotation mark: "\""
          Encoding member name: "b"
          Encoding quotation mark: "\""
          Encoding name separator: ":"
          Encoding begin array: "["
          Value number: "3" at params.b.0
          Encoding end array: "]"
        Encoding end object: "}"
      Encoding value separator: ","
      id: 1
        Encoding quotation mark: "\""
        Encoding member name: "id"
        Encoding quotation mark: "\""
        Encoding name separator: ":"
        Encoding number: "1"
      Encoding end object: "}"
    "#);
}

#[test]
fn envelopes_of_a_batch_are_known_even_if_their_version_comes_last() {
    let batch = r#"[{"id":7,"result":"x","jsonrpc":"2.0"},{"id":8}]"#;
    let said = values(&spans(batch.as_bytes(), 0));
    let expected = [("0.result", "x"), ("1.id", "8")];
    assert_eq!(
        said,
        expected.map(|(path, value)| (path.to_owned(), value.to_owned()))
    );
}

#[test]
fn strings_are_decoded() {
    let text = r#"["a\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00é😀", "\ud83d!"]"#;
    let said = values(&spans(text.as_bytes(), 0));
    assert_eq!(said[0].1, "a\"\\/\u{8}\u{c}\n\r\té😀é😀");
    assert_eq!(said[1].1, "\u{fffd}!");
}

#[test]
fn what_breaks_a_rule_is_told_with_what_follows() {
    assert_snapshot!(told("[1, 02]"), @r#"
    Encoding begin array: "["
    Value number: "1" at 0
    Encoding value separator: ","
    Encoding whitespace: " "
    Value number: "0" at 1
    Unknown not understood: "2]" BROKEN: a comma or a closing bracket was to come
    "#);
    assert_snapshot!(told("{\"a\":\"\u{1}\"}"), @r#"
    Encoding begin object: "{"
    Encoding quotation mark: "\""
    Encoding member name: "a"
    Encoding quotation mark: "\""
    Encoding name separator: ":"
    Unknown not understood: "\"\u{1}\"}" BROKEN: control characters are escaped (RFC 8259, section 7)
    "#);
    assert_snapshot!(told("{\"a\" 1}"), @r#"
    Encoding begin object: "{"
    Encoding quotation mark: "\""
    Encoding member name: "a"
    Encoding quotation mark: "\""
    Encoding whitespace: " "
    Unknown not understood: "1}" BROKEN: a colon was to come after the member's name
    "#);
    assert_snapshot!(told("[1,]"), @r#"
    Encoding begin array: "["
    Value number: "1" at 0
    Encoding value separator: ","
    Unknown not understood: "]" BROKEN: a value was to come (RFC 8259, section 3)
    "#);
    assert_snapshot!(told("{} {}"), @r#"
    Encoding begin object: "{"
    Encoding end object: "}"
    Encoding whitespace: " "
    Unknown not understood: "{}" BROKEN: a JSON text is one value (RFC 8259, section 2)
    "#);
    assert_snapshot!(told("[true, tru"), @r#"
    Encoding begin array: "["
    Value boolean: "true" at 0
    Encoding value separator: ","
    Encoding whitespace: " "
    Unknown not understood: "tru" BROKEN: a value was to come (RFC 8259, section 3)
    "#);
}

#[test]
fn what_ends_too_early_is_told_although_no_byte_is_left() {
    let torn = spans(b"{\"a\":[1", 0);
    let chain = torn[0].down_to(6);
    assert!(chain.iter().any(|span| span.note == NOT_CLOSED), "{torn:?}");
}

#[test]
fn deep_lists_are_told_flat_and_overflow_nothing() {
    let depth = 100_000;
    let text = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let spans = spans(text.as_bytes(), 0);
    assert_sound(&spans, text.as_bytes(), 0);
    assert_eq!(values(&spans).len(), 1);
}

#[test]
fn a_document_with_very_many_parts_is_told_up_to_a_bound() {
    let text = format!("[{}1]", "1,".repeat(1 << 20));
    let spans = spans(text.as_bytes(), 0);
    assert_sound(&spans, text.as_bytes(), 0);
    let last = spans.last().and_then(|span| span.leaves().last()).unwrap();
    assert_eq!(last.name, "rest");
}

/// Any JSON whose strings are short enough for a span's value.
fn document() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}|[\\x00-\\x7f]{0,8}".prop_map(Value::from),
    ];
    scalar.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("[a-zA-Zé\"\\\\]{0,5}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// What a document says, as paths and values.
fn said(value: &Value, path: &str, into: &mut Vec<(String, String)>) {
    let below = |step: &str| match path.is_empty() {
        true => step.to_owned(),
        false => format!("{path}.{step}"),
    };
    match value {
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, item)| said(item, &below(&index.to_string()), into));
        }
        Value::Object(members) => {
            let members = members.iter();
            members.for_each(|(name, member)| said(member, &below(name), into));
        }
        // No byte says it.
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => into.push((path.to_owned(), text.clone())),
        other => into.push((path.to_owned(), other.to_string())),
    }
}

proptest! {
    #[test]
    fn any_document_is_tiled_and_says_what_serde_json_reads(
        document in document(),
        pretty in any::<bool>(),
        start in 0usize..9,
    ) {
        let text = match pretty {
            true => serde_json::to_string_pretty(&document).unwrap(),
            false => document.to_string(),
        };
        let spans = spans(text.as_bytes(), start);
        assert_sound(&spans, text.as_bytes(), start);
        let mut expected = Vec::new();
        said(&document, "", &mut expected);
        prop_assert_eq!(values(&spans), expected);
    }

    #[test]
    fn any_bytes_are_tiled_and_sound_only_if_serde_json_reads_them(
        text in "[\\[\\]{}:,\"\\\\truefalsn0-9.eE+ -]{0,24}|\\PC{0,12}",
    ) {
        let spans = spans(text.as_bytes(), 3);
        prop_assert_eq!(tiles(&spans, 3..3 + text.len()), Ok(()));
        let mut all: Vec<&Span> = spans.iter().collect();
        let mut is_sound = !text.is_empty();
        while let Some(span) = all.pop() {
            is_sound &= span.certainty != crate::span::Certainty::Broken;
            all.extend(&span.children);
        }
        prop_assert_eq!(is_sound, serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok());
    }

    #[test]
    fn random_bytes_are_tiled(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(tiles(&spans(&bytes, 5), 5..5 + bytes.len()), Ok(()));
    }
}
