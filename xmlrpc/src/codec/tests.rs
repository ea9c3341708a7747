//! Documents as real peers write them, documents that nobody should write, and round trips.

use std::collections::BTreeMap;

use dxr::{Fault, MethodCall, Value};
use proptest::prelude::*;

use super::*;

/// The only parameter of a call whose value element is that.
fn value(value: &str) -> Result<Value, DecodeError> {
    let document = format!(
        "<methodCall><methodName>m</methodName><params><param>{value}</param></params></methodCall>"
    );
    read_call(document.as_bytes()).map(|mut call| call.params.remove(0))
}

fn class(inner: &str) -> Class {
    value(inner).expect_err(inner).class
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

#[test]
fn a_call_of_pythons_client_is_read() {
    let document = "<?xml version='1.0'?>\n<methodCall>\n<methodName>add</methodName>\n<params>\n\
        <param>\n<value><int>5</int></value>\n</param>\n<param>\n<value><array><data>\n\
        <value><double>45.67</double></value>\n<value><boolean>1</boolean></value>\n\
        </data></array></value>\n</param>\n</params>\n</methodCall>\n";
    let call = read_call(document.as_bytes()).unwrap();
    assert_eq!(call.name, "add");
    let list = Value::Array(vec![Value::Double(45.67), Value::Boolean(true)]);
    assert_eq!(call.params, [Value::Integer(5), list]);
}

#[test]
fn every_way_to_write_a_string_is_read() {
    for (written, read) in [
        ("<value>plain</value>", "plain"),
        ("<value> \n</value>", " \n"),
        ("<value/>", ""),
        ("<value></value>", ""),
        ("<value><string/></value>", ""),
        ("<value> <string> a </string> </value>", " a "),
        (
            "<value><string>a<!-- c -->b<?pi c?>c</string></value>",
            "abc",
        ),
        (
            "<value><string><![CDATA[<&>]]>]]&gt;</string></value>",
            "<&>]]>",
        ),
        ("<value>&lt;&#x41;&#66;&apos;&quot;&amp;</value>", "<AB'\"&"),
        (
            "<value>a\r\nb\rc&#13;d<![CDATA[\r\n]]></value>",
            "a\nb\nc\rd\n",
        ),
        ("<value\n>a</value >", "a"),
    ] {
        assert_eq!(value(written), Ok(text(read)), "{written}");
    }
}

#[test]
fn empty_elements_are_empty_values() {
    for (written, read) in [
        (
            "<value><array><data/></array></value>",
            Value::Array(Vec::new()),
        ),
        (
            "<value><array> <data> </data> </array></value>",
            Value::Array(Vec::new()),
        ),
        ("<value><struct/></value>", Value::Struct(BTreeMap::new())),
        ("<value><base64/></value>", Value::Base64(Vec::new())),
        (
            "<value><struct><member><name/><value/></member></struct></value>",
            Value::Struct([(String::new(), text(""))].into()),
        ),
    ] {
        assert_eq!(value(written), Ok(read), "{written}");
    }
}

#[test]
fn what_is_not_xml_rpc_is_an_invalid_request() {
    for written in [
        "<value><i8>1</i8></value>",
        "<value><nil/></value>",
        "<value><i4>1</i4><i4>2</i4></value>",
        "<value>text<i4>1</i4></value>",
        "<value><i4>1</i4>text</value>",
        "<value><string>a<b/></string></value>",
        "<value><array/></value>",
        "<value><array><data/><data/></array></value>",
        "<value><array><data>text</data></array></value>",
        "<value><array><data><i4>1</i4></data></array></value>",
        "<value><struct><member><value/></member></struct></value>",
        "<value><struct><member><name>a</name></member></struct></value>",
        "<value><struct><member><name>a</name><value/><value/></member></struct></value>",
        "<value><struct><name>a</name></struct></value>",
        "<value><i4 unit='s'>1</i4></value>",
        "<value/><value/>",
        "",
        "<i4>1</i4>",
    ] {
        assert_eq!(class(written), Class::Request, "{written}");
    }
}

#[test]
fn a_member_named_twice_is_an_invalid_request() {
    let member = "<member><name>a</name><value/></member>";
    let written = format!("<value><struct>{member}{member}</struct></value>");
    assert_eq!(class(&written), Class::Request);
}

#[test]
fn what_is_not_xml_is_a_parse_error() {
    for written in [
        "<value>&undefined;</value>",
        "<value>a & b</value>",
        "<value>&#;</value>",
        "<value>&#x;</value>",
        "<value>&#+65;</value>",
        "<value>]]></value>",
        "<value><!-- a -- b --></value>",
        "<value><?xml version='1.0'?></value>",
        "<value><?XML x?></value>",
        "<value><?1 x?></value>",
        "<value></valve>",
        "<value a></value>",
        "<value a='1' a='2'></value>",
        "<value><![CDATA[</value>",
        "<value></param>",
    ] {
        assert_eq!(class(written), Class::Parse, "{written}");
    }
}

#[test]
fn an_error_of_xml_outranks_one_of_xml_rpc() {
    assert_eq!(
        class("<value><i8>1</i8></value><value>&undefined;</value>"),
        Class::Parse
    );
    assert_eq!(
        class("<value><i4>x</i4></value><value>&#1;</value>"),
        Class::Character
    );
}

#[test]
fn references_to_forbidden_characters_are_invalid_characters() {
    for written in [
        "&#0;",
        "&#1;",
        "&#x1B;",
        "&#xD800;",
        "&#xFFFE;",
        "&#x110000;",
        "&#99999999999;",
    ] {
        assert_eq!(
            class(&format!("<value>{written}</value>")),
            Class::Character,
            "{written}"
        );
    }
}

#[test]
fn doubles_in_arrays_are_read_whatever_stands_around_them() {
    let (open, close) = ("<value><array><data>", "</data></array></value>");
    let array = |items: &str| value(&format!("{open}{items}{close}"));
    let plain = "<value><double>1.5</double></value>";
    for other in [
        "<value> <double>1.5</double></value>",
        "<value><double> 1.5 </double></value>",
        "<value><double>1&#46;5</double></value>",
        "<value><double>1<!-- -->.5</double></value>",
        "<value><double>1.5</double> </value>",
        "<!-- --> <value><double>1.5</double></value> <?pi?>",
        "\r\n\t<value><double>1.5</double></value>",
    ] {
        let items = format!("{plain}\n{other}{plain}");
        assert_eq!(
            array(&items),
            Ok(Value::Array(vec![Value::Double(1.5); 3])),
            "{other}"
        );
    }
    for (wrong, class) in [
        ("<value><double>x</double></value>", Class::Params),
        (
            "<value><double>1.5</double><int>1</int></value>",
            Class::Request,
        ),
        ("<value><double>1.5</value></double>", Class::Parse),
        ("text<value><double>1.5</double></value>", Class::Request),
        ("<value><double>1.5", Class::Parse),
    ] {
        let items = format!("{plain}{wrong}");
        assert_eq!(array(&items).unwrap_err().class, class, "{wrong}");
    }
}

#[test]
fn nesting_ends_at_its_limit() {
    let nested = |depth: usize| {
        let (open, close) = ("<value><array><data>", "</data></array></value>");
        format!(
            "{}<value/>{}",
            open.repeat(depth - 1),
            close.repeat(depth - 1)
        )
    };
    assert!(value(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(class(&nested(MAX_DEPTH + 1)), Class::Request);
    let doubles = nested(MAX_DEPTH).replace("<value/>", "<value><double>1</double></value>");
    assert!(value(&doubles).is_ok());
    let doubles = nested(MAX_DEPTH + 1).replace("<value/>", "<value><double>1</double></value>");
    assert_eq!(class(&doubles), Class::Request);
    assert_eq!(class(&nested(100)), Class::Request);
    assert_eq!(class(&nested(50_000)), Class::Request);
}

#[test]
fn replies_are_values_or_faults() {
    let reply = "<methodResponse><params><param><value><int>8</int></value></param></params></methodResponse>";
    assert_eq!(read_reply(reply.as_bytes()), Ok(Ok(Value::Integer(8))));
    let fault = Fault::new(4, "Too many parameters.".into());
    assert_eq!(read_reply(&write_fault(&fault)), Ok(Err(fault)));
    for document in [
        "<methodResponse/>",
        "<methodResponse><params/></methodResponse>",
        "<methodResponse><fault><value/></fault></methodResponse>",
        "<methodCall><methodName>m</methodName></methodCall>",
    ] {
        let error = read_reply(document.as_bytes()).expect_err(document);
        assert_eq!(error.class, Class::Request, "{document}");
    }
}

#[test]
fn errors_tell_the_place_and_never_the_text() {
    let error = read_call(b"<methodCall><methodName>m</methodName><secret/></methodCall>");
    let told = error.unwrap_err().to_string();
    assert_eq!(
        told,
        "methodName is not followed by params, at byte 47 of the document"
    );
}

#[test]
fn what_xml_rpc_cannot_carry_is_not_written() {
    let written = |value: Value| write_reply(&value).unwrap_err();
    assert_eq!(written(text("a\u{1}")), EncodeError::Character('\u{1}'));
    assert_eq!(
        written(text("\u{FFFF}")),
        EncodeError::Character('\u{FFFF}')
    );
    assert_eq!(written(Value::Double(f64::NAN)), EncodeError::NotFinite);
    let fault = Fault::new(1, "bell \u{7}".into());
    let read = read_reply(&write_fault(&fault)).unwrap().unwrap_err();
    assert_eq!(read.string(), "bell \\u{7}");
}

/// Text of every kind that XML can carry.
fn any_text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "\r",
        "\r\n",
        "]]>",
        "<",
        "&amp;",
        "\t",
        "é",
        "\u{10FFFF}",
        " ",
    ]);
    let legal = any::<char>().prop_filter("XML carries it", |&c| {
        first_illegal(&c.to_string()).is_none()
    });
    let piece = prop_oneof![special.prop_map(String::from), legal.prop_map(String::from)];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn any_value() -> impl Strategy<Value = Value> {
    let finite = any::<f64>().prop_filter("XML-RPC carries it", |number| number.is_finite());
    let seconds = -62_135_596_800_i64..=253_402_300_799;
    let scalar = prop_oneof![
        any::<i32>().prop_map(Value::Integer),
        any::<bool>().prop_map(Value::Boolean),
        finite.prop_map(Value::Double),
        any_text().prop_map(Value::String),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Value::Base64),
        seconds.prop_map(|seconds| Value::DateTime(date_time_from_unix(seconds).unwrap())),
    ];
    scalar.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map(any_text(), inner, 0..6).prop_map(Value::Struct),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_goes_there_and_back(values in prop::collection::vec(any_value(), 0..4)) {
        let call = MethodCall { name: "m".into(), params: values };
        let written = write_call(&call).unwrap();
        prop_assert_eq!(&read_call(&written).unwrap().params, &call.params);
        for value in call.params {
            let written = write_reply(&value).unwrap();
            prop_assert_eq!(read_reply(&written).unwrap(), Ok(value));
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_call(&bytes);
        let _ = read_reply(&bytes);
    }

    #[test]
    fn no_damage_makes_the_reader_panic(
        value in any_value(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = write_call(&MethodCall { name: "m".into(), params: vec![value] }).unwrap();
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = read_call(&bytes);
    }
}
