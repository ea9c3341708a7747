use insta::assert_snapshot;
use proptest::prelude::*;

use super::super::shown::{assert_sound, leaves, tree, values};
use super::*;
use crate::span::tiles;

fn told(text: &str) -> String {
    leaves(&spans(text.as_bytes(), 0), text.as_bytes())
}

fn said(text: &str) -> Vec<(String, String)> {
    values(&spans(text.as_bytes(), 0))
}

fn pairs<const COUNT: usize>(pairs: [(&str, &str); COUNT]) -> Vec<(String, String)> {
    let pairs = pairs.into_iter();
    pairs
        .map(|(path, value)| (path.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn a_call_of_xml_rpc_is_mostly_encoding() {
    let call = "<?xml version=\"1.0\"?>\n<methodCall><methodName>add</methodName><params>\
        <param><value><int>5</int></value></param>\
        <param><value>3</value></param></params></methodCall>";
    assert_snapshot!(tree(&spans(call.as_bytes(), 0), call.as_bytes()), @r#"
    Encoding declaration: "<?xml version=\"1.0\"?>" = "xml version=\"1.0\""
    Encoding whitespace: "\n"
    methodCall:
      Encoding start tag: "<methodCall>" = "methodCall"
      methodName: add
        Encoding start tag: "<methodName>" = "methodName"
        Encoding method name: "add"
        Encoding end tag: "</methodName>" = "methodName"
      params:
        Encoding start tag: "<params>" = "params"
        param: 5
          Encoding start tag: "<param>" = "param"
          value: 5
            Encoding start tag: "<value>" = "value"
            int: 5
              Encoding start tag: "<int>" = "int"
              Value text: "5" at params.0
              Encoding end tag: "</int>" = "int"
            Encoding end tag: "</value>" = "value"
          Encoding end tag: "</param>" = "param"
        param: 3
          Encoding start tag: "<param>" = "param"
          value: 3
            Encoding start tag: "<value>" = "value"
            Value text: "3" at params.1
            Encoding end tag: "</value>" = "value"
          Encoding end tag: "</param>" = "param"
        Encoding end tag: "</params>" = "params"
      Encoding end tag: "</methodCall>" = "methodCall"
    "#);
}

#[test]
fn values_of_xml_rpc_have_paths_by_member_and_index() {
    let call =
        "<methodCall><methodName>f</methodName><params><param><value><int>1</int></value></param>
        <param> <value> <struct>
            <member><name>cpu</name><value><array><data>
                <value><double>0.5</double></value> <value><boolean>1</boolean></value>
            </data></array></value></member>
            <member><name>a&amp;b</name><value> </value></member>
            <member><name>empty</name><value><string/></value></member>
        </struct></value></param></params></methodCall>";
    assert_sound(&spans(call.as_bytes(), 0), call.as_bytes(), 0);
    let expected = [
        ("params.0", "1"),
        ("params.1.cpu.0", "0.5"),
        ("params.1.cpu.1", "1"),
        ("params.1.a&b", " "),
    ];
    assert_eq!(said(call), pairs(expected));
}

#[test]
fn a_fault_has_its_own_paths() {
    let fault = "<methodResponse><fault><value><struct>\
        <member><name>faultCode</name><value><i4>404</i4></value></member>\
        <member><name>faultString</name><value><string>no &lt;user&gt;</string></value></member>\
        </struct></value></fault></methodResponse>";
    let expected = [
        ("fault.faultCode", "404"),
        ("fault.faultString", "no <user>"),
    ];
    assert_eq!(said(fault), pairs(expected));
}

#[test]
fn a_document_of_any_kind_is_told() {
    let text = "\u{feff}<!DOCTYPE note [<!-- > --> <!ENTITY x \"]>\">]><!-- hello -->\n\
        <note lang='en' xmlns:x=\"urn:x\"><?p q?><to>a &amp;&#x41;&#66; \r\nb</to><x:b/>\
        <![CDATA[1 < 2]]> and</note >\n";
    assert_snapshot!(told(text), @r#"
    Encoding byte order mark: "\u{feff}"
    Encoding document type: "<!DOCTYPE note [<!-- > --> <!ENTITY x \"]>\">]>"
    Encoding comment: "<!-- hello -->" = " hello "
    Encoding whitespace: "\n"
    Encoding tag name: "<note"
    Encoding whitespace: " "
    Encoding attribute name: "lang"
    Encoding equals sign and quote: "='"
    Value attribute value: "en" at note.lang
    Encoding quote: "'"
    Encoding whitespace: " "
    Encoding attribute name: "xmlns:x"
    Encoding equals sign and quote: "=\""
    Encoding namespace: "urn:x"
    Encoding quote: "\""
    Encoding end of tag: ">"
    Encoding processing instruction: "<?p q?>" = "p q"
    Encoding start tag: "<to>" = "to"
    Value text: "a &amp;&#x41;&#66; \r\nb" = "a &AB \nb" at note.to
    Encoding end tag: "</to>" = "to"
    Encoding empty element: "<x:b/>" = "x:b"
    Encoding CDATA section: "<![CDATA["
    Value text: "1 < 2" at note
    Encoding CDATA section: "]]>"
    Value text: " and" at note
    Encoding end tag: "</note >" = "note"
    Encoding whitespace: "\n"
    "#);
}

#[test]
fn what_breaks_a_rule_is_told_with_what_follows() {
    assert_snapshot!(told("<a><b>1</a></b>"), @r#"
    Encoding start tag: "<a>" = "a"
    Encoding start tag: "<b>" = "b"
    Value text: "1" at a.b
    Unknown not understood: "</a></b>" BROKEN: another element is to end first (XML 1.0, section 3)
    "#);
    assert_snapshot!(told("<a>&nbsp;\u{1}</a>"), @r#"
    Encoding start tag: "<a>" = "a"
    Value text: "&nbsp;\u{1}" at a BROKEN: a character that XML cannot carry (XML 1.0, section 2.2)
    Encoding end tag: "</a>" = "a"
    "#);
    assert_snapshot!(told("<a/>junk"), @r#"
    Encoding empty element: "<a/>" = "a"
    Unknown not understood: "junk" BROKEN: no text outside of the one element (XML 1.0, section 2.1)
    "#);
    assert_snapshot!(told("<a></a><b></b>"), @r#"
    Encoding start tag: "<a>" = "a"
    Encoding end tag: "</a>" = "a"
    Unknown not understood: "<b></b>" BROKEN: nothing but one element (XML 1.0, section 2.1)
    "#);
    assert_snapshot!(told("<a b=1></a>"), @r#"
    Unknown not understood: "<a b=1></a>" BROKEN: no tag of XML (XML 1.0, section 3.1)
    "#);
    assert_snapshot!(told("<a><!-- "), @r#"
    Encoding start tag: "<a>" = "a"
    Unknown not understood: "<!-- " BROKEN: markup ends before it is whole
    "#);
}

#[test]
fn what_ends_too_early_is_told_although_no_byte_is_left() {
    let torn = spans(b"<a><b>1</b>", 0);
    assert_eq!(torn[0].note, "the document ends before this element does");
    assert_eq!(torn[0].certainty, Certainty::Broken);
}

#[test]
fn deep_elements_are_told_flat_and_overflow_nothing() {
    let depth = 50_000;
    let text = format!("{}1{}", "<a>".repeat(depth), "</a>".repeat(depth));
    let spans = spans(text.as_bytes(), 0);
    assert_sound(&spans, text.as_bytes(), 0);
    assert_eq!(values(&spans).len(), 1);
}

#[test]
fn a_tag_with_very_many_attributes_is_told_up_to_a_bound() {
    let text = format!("<a {}/>", "a='' ".repeat(400_000));
    let spans = spans(text.as_bytes(), 0);
    assert_sound(&spans, text.as_bytes(), 0);
    let leaves = spans.iter().map(|span| span.leaves().count());
    assert!(leaves.sum::<usize>() < 1_100_000);
}

/// An element of a random document.
#[derive(Debug, Clone)]
enum Node {
    Text(String),
    Element(String, Vec<Node>),
}

fn node() -> impl Strategy<Value = Node> {
    let text = "[ -~é€\u{1F600}\t\n]{0,6}x".prop_map(Node::Text);
    text.prop_recursive(5, 40, 4, |inner| {
        // Text beside text would be one.
        let children = prop::collection::vec(inner, 0..4).prop_map(|mut children| {
            children.dedup_by(|a, b| matches!((a, b), (Node::Text(_), Node::Text(_))));
            children
        });
        ("[a-zé_][a-z0-9.-]{0,3}", children).prop_map(|(name, nodes)| Node::Element(name, nodes))
    })
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('é', "&#xe9;").replace('\t', "&#9;")
}

fn written(node: &Node, path: &str, text: &mut String, said: &mut Vec<(String, String)>) {
    match node {
        Node::Text(value) => {
            *text += &escaped(value);
            said.push((path.to_owned(), value.clone()));
        }
        Node::Element(name, children) => {
            let path = match path.is_empty() {
                true => name.clone(),
                false => format!("{path}.{name}"),
            };
            *text += &format!("<{name}>");
            children
                .iter()
                .for_each(|child| written(child, &path, text, said));
            *text += &format!("</{name}>");
        }
    }
}

proptest! {
    #[test]
    fn any_document_is_tiled_and_says_what_was_written(node in node(), start in 0usize..9) {
        let root = Node::Element("root".to_owned(), vec![node]);
        let (mut text, mut expected) = (String::new(), Vec::new());
        written(&root, "", &mut text, &mut expected);
        let spans = spans(text.as_bytes(), start);
        assert_sound(&spans, text.as_bytes(), start);
        prop_assert_eq!(values(&spans), expected);
    }

    #[test]
    fn a_document_cut_anywhere_is_tiled(node in node(), cut in any::<prop::sample::Index>()) {
        let root = Node::Element("methodCall".to_owned(), vec![node]);
        let mut text = String::new();
        written(&root, "", &mut text, &mut Vec::new());
        let bytes = &text.as_bytes()[cut.index(text.len())..];
        prop_assert_eq!(tiles(&spans(bytes, 7), 7..7 + bytes.len()), Ok(()));
        let bytes = &text.as_bytes()[..cut.index(text.len())];
        prop_assert_eq!(tiles(&spans(bytes, 7), 7..7 + bytes.len()), Ok(()));
    }

    #[test]
    fn any_bytes_are_tiled(
        text in "([<>/!?=\"'&;#\\[\\]a-c -]|--|<a>|</a>|<!--|-->|<!\\[CDATA\\[|]]>|<!DOCTYPE|&#x41;|<\\?xml ){0,20}",
        bytes in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        prop_assert_eq!(tiles(&spans(text.as_bytes(), 5), 5..5 + text.len()), Ok(()));
        prop_assert_eq!(tiles(&spans(&bytes, 5), 5..5 + bytes.len()), Ok(()));
    }
}
