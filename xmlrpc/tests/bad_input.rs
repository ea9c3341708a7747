//! Bad input, case by case as the project numbers them: each gets its code, and after each the
//! server answers the next correct call, on a new connection and, where it is still open, on the
//! same. Cases 26 and 27 are in `multicall.rs`, 28 to 30 and 64, which HTTP decides, in `http.rs`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod serving;

use dxr::Value;
use services::ServeOptions;
use services::conformance::{Faulty, reference};
use serving::{Raw, Running, add_2_3, call, int, still_answers, string};

async fn reference_server() -> Running {
    Running::start(reference(), ServeOptions::default()).await
}

/// Posts each document and expects that fault for all of them.
async fn each_is(fault_code: i32, documents: &[Vec<u8>]) {
    let server = reference_server().await;
    for document in documents {
        let mut raw = server.connect().await;
        let answer = raw.post(document).await;
        let shown = String::from_utf8_lossy(&document[..document.len().min(200)]).into_owned();
        let fault = answer.reply().expect_err(&shown);
        assert_eq!(fault.code(), fault_code, "{shown}: {}", fault.string());
        assert!(
            answer.body.len() < 1_000,
            "the input comes back: {}",
            answer.text()
        );
        answers_on(&mut raw).await;
        still_answers(&server).await;
    }
    server.stopped().await;
}

async fn answers_on(raw: &mut Raw) {
    assert_eq!(raw.post(add_2_3()).await.reply(), Ok(Value::Integer(5)));
}

fn documents<const N: usize>(texts: [&str; N]) -> Vec<Vec<u8>> {
    texts.map(|text| text.as_bytes().to_vec()).to_vec()
}

/// `add` with that value and 3.
fn add_with(value: &str) -> Vec<u8> {
    call("add", &[value, &int(3)]).into_bytes()
}

/// `calculate_metrics` with that element among the first samples.
fn metrics_with(sample: &str) -> Vec<u8> {
    let list = |items: &str| format!("<value><array><data>{items}</data></array></value>");
    let good = list("<value><double>1.5</double></value>");
    call("calculate_metrics", &[&list(sample), &good]).into_bytes()
}

#[tokio::test]
async fn case_1_what_is_not_xml_is_a_parse_error() {
    let documents = documents(["hello", "{\"jsonrpc\": \"2.0\"}", "<", "&", "<a", "<<>>"]);
    each_is(-32700, &documents).await;
    each_is(-32700, &[b"<".repeat(1024 * 1024)]).await;
}

#[tokio::test]
async fn case_2_an_empty_body_is_a_parse_error() {
    each_is(
        -32700,
        &documents(["", " \n", "<?xml version='1.0'?>", "<!-- nothing -->"]),
    )
    .await;
}

#[tokio::test]
async fn case_3_a_truncated_document_is_a_parse_error() {
    let whole = add_2_3();
    let whole = whole.trim_end();
    let cuts = [
        "<methodCall>",
        "<methodName>ad",
        "<params>",
        "<value><in",
        "</methodCall",
    ];
    let ends = cuts.map(|cut| whole.find(cut).unwrap() + cut.len());
    let documents: Vec<_> = ends
        .iter()
        .map(|&end| whole.as_bytes()[..end].to_vec())
        .collect();
    each_is(-32700, &documents).await;
}

#[tokio::test]
async fn case_4_junk_after_the_root_is_a_parse_error() {
    let after = |junk: &str| format!("{}{junk}", add_2_3()).into_bytes();
    let junk = [
        "x",
        "<a/>",
        "&amp;",
        "<![CDATA[x]]>",
        "<methodCall/>",
        "</methodCall>",
        "<?xml version='1.0'?>",
    ];
    each_is(-32700, &junk.map(after)).await;
}

#[tokio::test]
async fn case_5_a_wrong_root_is_an_invalid_request() {
    let reply = "<methodResponse><params><param><value/></param></params></methodResponse>";
    each_is(
        -32600,
        &documents(["<a/>", "<html><body/></html>", reply, "<MethodCall/>"]),
    )
    .await;
}

#[tokio::test]
async fn case_6_invalid_utf8_is_an_invalid_character() {
    let spoilt = |bytes: &[u8]| {
        let text = call("uppercase", &["<value>@</value>"]).into_bytes();
        let at = text.iter().position(|&byte| byte == b'@').unwrap();
        [&text[..at], bytes, &text[at + 1..]].concat()
    };
    let broken: [&[u8]; 5] = [b"\xFF", b"\xC3", b"\xE9t\xE9", b"\xED\xA0\x80", b"\xC0\xAF"];
    each_is(-32702, &broken.map(spoilt)).await;
}

#[tokio::test]
async fn case_7_another_encoding_is_unsupported() {
    let declared = |encoding: &str| {
        let declaration = format!("<?xml version='1.0' encoding='{encoding}'?>");
        add_2_3()
            .replace("<?xml version='1.0'?>", &declaration)
            .into_bytes()
    };
    let utf16: Vec<u8> = add_2_3()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = [b"\xFF\xFE".to_vec(), utf16.clone()].concat();
    let mut latin1 = declared("ISO-8859-1");
    latin1.extend(b"<!-- \xE9 -->");
    let documents = [
        declared("UTF-16"),
        declared("iso-8859-1"),
        latin1,
        utf16,
        marked,
    ];
    each_is(-32701, &documents).await;

    let server = reference_server().await;
    let latin1 = "content-type: text/xml; charset=\"ISO-8859-1\"\r\n";
    let answer = server.connect().await.post_with(latin1, add_2_3()).await;
    assert_eq!(answer.fault_code(), -32701);
    let utf8 = "content-type: Text/XML; charset=UTF-8\r\n";
    let answer = server
        .connect()
        .await
        .post_with(utf8, declared("utf-8"))
        .await;
    assert_eq!(answer.reply(), Ok(Value::Integer(5)));
}

#[tokio::test]
async fn case_8_a_document_type_is_a_parse_error_before_anything_is_expanded() {
    let bomb: String = (1..10)
        .map(|n| {
            let references = format!("&a{};", n - 1).repeat(10);
            format!("<!ENTITY a{n} \"{references}\">")
        })
        .collect();
    let bomb = format!("<!DOCTYPE x [<!ENTITY a0 \"ha\">{bomb}]><methodCall>&a9;</methodCall>");
    let external =
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><methodCall>&e;</methodCall>";
    let plain = "<!DOCTYPE methodCall><methodCall><methodName>add</methodName></methodCall>";
    each_is(
        -32700,
        &documents([plain, external, &bomb, "<!DOCTYPE", "<!doctype a><a/>"]),
    )
    .await;
}

#[tokio::test]
async fn case_9_an_undefined_entity_is_a_parse_error() {
    let documents = ["&foo;", "&nbsp;", "&;", "&#;", "& "].map(|entity| {
        let value = format!("<value>{entity}</value>");
        call("uppercase", &[&value]).into_bytes()
    });
    each_is(-32700, &documents).await;
}

#[tokio::test]
async fn case_10_a_forbidden_character_is_an_invalid_character() {
    let documents = ["&#1;", "\u{1b}", "&#xFFFF;", "&#0;", "\0", "\u{FFFE}"].map(|text| {
        let value = format!("<value>a{text}</value>");
        call("uppercase", &[&value]).into_bytes()
    });
    each_is(-32702, &documents).await;
}

#[tokio::test]
async fn case_11_a_hundred_nested_arrays_are_an_invalid_request() {
    let nested = |depth: usize| {
        let (open, close) = ("<value><array><data>", "</data></array></value>");
        add_with(&format!("{}{}", open.repeat(depth), close.repeat(depth)))
    };
    each_is(-32600, &[nested(100), nested(20_000)]).await;
}

#[tokio::test]
async fn case_12_an_unknown_type_is_an_invalid_request() {
    let types = [
        "<i8>5</i8>",
        "<nil/>",
        "<ex:i4>5</ex:i4>",
        "<Int>5</Int>",
        "<float>5</float>",
    ];
    each_is(
        -32600,
        &types.map(|tag| add_with(&format!("<value>{tag}</value>"))),
    )
    .await;
}

#[tokio::test]
async fn case_13_two_types_in_one_value_are_an_invalid_request() {
    let doubled = "<value><int>1</int><int>2</int></value>";
    let mixed = "<value>1<int>2</int></value>";
    each_is(-32600, &[add_with(doubled), add_with(mixed)]).await;
}

#[tokio::test]
async fn cases_14_and_15_an_int_that_is_none_is_an_invalid_param() {
    let values = [
        "<i4>2147483648</i4>",
        "<i4></i4>",
        "<i4/>",
        "<int> </int>",
        "<int>1.0</int>",
    ];
    each_is(
        -32602,
        &values.map(|tag| add_with(&format!("<value>{tag}</value>"))),
    )
    .await;
}

#[tokio::test]
async fn case_16_a_boolean_of_2_is_an_invalid_param() {
    let values = ["2", "true", ""].map(|flag| format!("<value><boolean>{flag}</boolean></value>"));
    each_is(-32602, &values.map(|value| add_with(&value))).await;
}

#[tokio::test]
async fn case_17_a_double_that_is_not_finite_is_an_invalid_param() {
    let values = ["NaN", "inf", "-Infinity", "1e400", "", "1,5"];
    let samples = values.map(|text| format!("<value><double>{text}</double></value>"));
    each_is(-32602, &samples.map(|sample| metrics_with(&sample))).await;
}

#[tokio::test]
async fn case_18_bad_base64_is_an_invalid_param() {
    let values = ["*", "8MrMGg", "8MrMGh==", "===="];
    let values = values.map(|text| format!("<value><base64>{text}</base64></value>"));
    each_is(-32602, &values.map(|value| add_with(&value))).await;
}

#[tokio::test]
async fn case_19_the_30th_of_february_is_an_invalid_param() {
    let values = ["20230230T00:00:00", "2023-02-29T00:00:00Z", "yesterday", ""];
    let tag = |text| format!("<value><dateTime.iso8601>{text}</dateTime.iso8601></value>");
    each_is(-32602, &values.map(|text| add_with(&tag(text)))).await;
}

#[tokio::test]
async fn cases_20_to_22_wrong_parameters_are_invalid_params() {
    let one = call("add", &[&int(1)]);
    let three = call("add", &[&int(1), &int(2), &int(3)]);
    let none = "<methodCall><methodName>add</methodName></methodCall>";
    let text = call("add", &[&string("1"), &int(2)]);
    let double = call("add", &["<value><double>1</double></value>", &int(2)]);
    let some = call("get_system_info", &[&int(1)]);
    let number = call("uppercase", &[&int(1)]);
    each_is(
        -32602,
        &documents([&one, &three, none, &text, &double, &some, &number]),
    )
    .await;
}

#[tokio::test]
async fn case_23_an_unknown_method_is_not_found() {
    let names = [
        "subtract",
        "Add",
        "system.exit",
        "stream_numbers",
        "add.open",
        "stream_numbers.send",
    ];
    each_is(-32601, &names.map(|name| call(name, &[]).into_bytes())).await;
    each_is(
        -32600,
        &documents(["<methodCall><methodName/></methodCall>", "<methodCall/>"]),
    )
    .await;
}

#[tokio::test]
async fn case_24_a_sum_past_32_bits_is_out_of_range() {
    each_is(
        -32001,
        &[call("add", &[&int(i32::MAX), &int(1)]).into_bytes()],
    )
    .await;
}

#[tokio::test]
async fn case_25_a_panic_is_an_internal_error() {
    let server = Running::start(Faulty::panicking(), ServeOptions::default()).await;
    let mut raw = server.connect().await;
    for _ in 0..2 {
        assert_eq!(raw.post(add_2_3()).await.fault_code(), -32603);
    }
    assert_eq!(
        server.connect().await.post(add_2_3()).await.fault_code(),
        -32603
    );
}
