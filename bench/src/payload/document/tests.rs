use super::*;

fn bad(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn numbers_keep_their_digits() {
    let text = r#"{"b":18446744073709551616,"a":[18446744073709551615,-1,0.5]}"#;
    let json = read(text).unwrap();
    assert_eq!(serde_json::to_string(&json).unwrap(), text);
}

#[test]
fn what_is_wrong_is_told_by_its_place() {
    assert_eq!(bad("{\n  \"a\": }"), "line 2, column 8: expected value");
    assert_eq!(
        bad("{\"á\": 1,\n \"b\": {\"c\":1, \"c\":2}}"),
        "line 2, column 19: the member c comes twice: which one is meant?"
    );
    assert_eq!(
        bad("[\n1e999]"),
        "line 2, column 1: a number past a double's range: write it as text"
    );
    assert_eq!(
        bad(r#"{"a":"\ud800"}"#),
        "line 1, column 13: unexpected end of hex escape"
    );
    assert_eq!(bad(""), "line 1, column 1: EOF while parsing a value");
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert_eq!(bad(&deep), "line 1, column 129: nested deeper than 127");
}

#[test]
fn an_array_is_samples_and_anything_else_is_one() {
    let texts = |text| -> Vec<String> {
        let samples = samples(text).unwrap();
        samples
            .into_iter()
            .map(|(_, text)| text.to_owned())
            .collect()
    };
    assert_eq!(texts(" [ {\"a\":1}, 2 ] "), [r#"{"a":1}"#, "2"]);
    assert_eq!(texts(" 5 "), ["5"]);
}
