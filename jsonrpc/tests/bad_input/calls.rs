//! Requests that are well-formed, and calls that are not: cases 41 to 46.

use services::ServeOptions;
use services::conformance::Faulty;

use super::{call, error, gets, gets_code, started};
use crate::support::Server;

#[tokio::test]
async fn case_41_an_unknown_method() {
    let server = started().await;
    let text = r#"{"jsonrpc":"2.0","id":1,"method":"rm\u001b[31m","params":[5,3]}"#;
    let wanted = r#"Method not found: there is no operation "rm\u{1b}[31m""#;
    gets(&server, text, &error(-32601, wanted, "1")).await;
    let text = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"{}"}}"#,
        "x".repeat(1_000)
    );
    let wanted = format!(
        "Method not found: there is no operation \"{}…\"",
        "x".repeat(64)
    );
    gets(&server, &text, &error(-32601, &wanted, "1")).await;
    server.stop().await;
}

#[tokio::test]
async fn case_42_a_missing_parameter() {
    let server = started().await;
    let wanted = "add takes 2 parameters (a, b), not 1";
    gets(&server, &call("[5]"), &error(-32602, wanted, "1")).await;
    let wanted = "the parameter b is missing: add takes (a, b)";
    gets(&server, &call(r#"{"a":5}"#), &error(-32602, wanted, "1")).await;
    gets_code(&server, &call("[]"), -32602, "1").await;
    gets_code(&server, &call("{}"), -32602, "1").await;
    gets_code(
        &server,
        r#"{"jsonrpc":"2.0","id":1,"method":"add"}"#,
        -32602,
        "1",
    )
    .await;
    server.stop().await;
}

#[tokio::test]
async fn case_43_an_extra_parameter() {
    let server = started().await;
    let wanted = "add takes 2 parameters (a, b), not 3";
    gets(&server, &call("[5,3,1]"), &error(-32602, wanted, "1")).await;
    let wanted = "there is no parameter \"c\": add takes (a, b)";
    gets(
        &server,
        &call(r#"{"a":5,"b":3,"c":1}"#),
        &error(-32602, wanted, "1"),
    )
    .await;
    let text = r#"{"jsonrpc":"2.0","id":1,"method":"get_system_info","params":[1]}"#;
    let wanted = "get_system_info takes no parameters: send an empty list";
    gets(&server, text, &error(-32602, wanted, "1")).await;
    let text = text.replace("[1]", r#"{"a":1}"#);
    gets(&server, &text, &error(-32602, wanted, "1")).await;
    server.stop().await;
}

#[tokio::test]
async fn case_44_no_int32() {
    let server = started().await;
    let wanted = "a is \"2147483648\": send an integer of 32 bits, written without a point";
    gets(
        &server,
        &call("[2147483648,3]"),
        &error(-32602, wanted, "1"),
    )
    .await;
    for value in [
        "-2147483649",
        "5.0",
        "5e0",
        "1e400",
        "\"5\"",
        "null",
        "true",
        "[5]",
        "{}",
    ] {
        gets_code(&server, &call(&format!("[{value},3]")), -32602, "1").await;
        gets_code(
            &server,
            &call(&format!(r#"{{"a":{value},"b":3}}"#)),
            -32602,
            "1",
        )
        .await;
    }
    server.stop().await;
}

#[tokio::test]
async fn case_45_add_overflows() {
    let server = started().await;
    let wanted = "add(2147483647, 1) is 2147483648, which does not fit in 32 bits: \
        use smaller numbers";
    gets(
        &server,
        &call("[2147483647,1]"),
        &error(-32001, wanted, "1"),
    )
    .await;
    server.stop().await;
}

#[tokio::test]
async fn case_46_an_infinite_result() {
    let server = Server::start(Faulty::not_finite(), ServeOptions::default()).await;
    let text = r#"{"jsonrpc":"2.0","id":1,"method":"calculate_metrics","params":[[1],[2.5]]}"#;
    gets(&server, text, &error(-32603, "Internal error", "1")).await;
    let text = r#"{"jsonrpc":"2.0","id":1,"method":"get_metric","params":["web-1","cpu"]}"#;
    gets(&server, text, &error(-32603, "Internal error", "1")).await;
    server.stop().await;
}
