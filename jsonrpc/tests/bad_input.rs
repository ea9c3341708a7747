//! Bad input to JSON-RPC, case by case: over HTTP and, where it means something, over WebSocket.
//! After each the server answers the next correct call.
#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

mod support;

#[path = "bad_input/calls.rs"]
mod calls;
#[path = "bad_input/doors.rs"]
mod doors;
#[path = "bad_input/people.rs"]
mod people;

use serde_json::Value;
use services::ServeOptions;
use services::conformance::{Faulty, reference};
use support::{ADD, Server, Socket};

async fn started() -> Server {
    Server::start(reference(), ServeOptions::default()).await
}

fn code(reply: &str) -> i64 {
    let reply: Value = serde_json::from_str(reply).unwrap();
    reply["error"]["code"].as_i64().unwrap()
}

fn error(code: i64, message: &str, id: &str) -> String {
    let message = serde_json::to_string(message).unwrap();
    format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":{code},"message":{message}}}}}"#)
}

async fn lives(server: &Server) {
    let (status, reply) = server.post(ADD).await;
    assert_eq!(status, 200);
    assert_eq!(reply, r#"{"jsonrpc":"2.0","id":"lives","result":8}"#);
}

/// Sends a text over both transports and wants the same reply, or none, of both; then a correct
/// call on the same WebSocket and on a new connection.
async fn gets(server: &Server, text: &str, wanted: &str) {
    let (status, reply) = server.post(text).await;
    assert_eq!((status, reply.as_str()), (200, wanted), "over HTTP: {text}");
    lives(server).await;
    let mut socket = Socket::connect(server).await;
    socket.send(text).await;
    if !wanted.is_empty() {
        assert_eq!(socket.next().await, wanted, "over WebSocket: {text}");
    }
    socket.lives().await;
}

/// The same where only the code and the id count.
async fn gets_code(server: &Server, text: &str, wanted: i64, id: &str) {
    let (_, reply) = server.post(text).await;
    assert_eq!(code(&reply), wanted, "{text} got {reply}");
    assert!(
        reply.starts_with(&format!(r#"{{"jsonrpc":"2.0","id":{id},"#)),
        "{reply}"
    );
    gets(server, text, &reply).await;
}

fn call(params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"add","params":{params}}}"#)
}

#[tokio::test]
async fn case_31_broken_json() {
    let server = started().await;
    let eof = "Parse error: EOF while parsing a value at line 1 column 0";
    gets(&server, "", &error(-32700, eof, "null")).await;
    for text in [
        "{",
        "nothing",
        r#"{"jsonrpc":"2.0","id":1,"method":"add""#,
        "{} {}",
        "[1,]",
    ] {
        gets_code(&server, text, -32700, "null").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn case_32_a_method_that_is_no_string_and_no_id() {
    let server = started().await;
    gets_code(&server, r#"{"jsonrpc":"2.0","method":1}"#, -32600, "null").await;
    gets_code(
        &server,
        r#"{"jsonrpc":"2.0","method":null,"params":[]}"#,
        -32600,
        "null",
    )
    .await;
    gets_code(
        &server,
        r#"{"jsonrpc":"2.0","id":7,"method":1}"#,
        -32600,
        "7",
    )
    .await;
    gets_code(&server, r#"{"jsonrpc":"2.0","id":7}"#, -32600, "7").await;
    gets_code(&server, "17", -32600, "null").await;
    gets_code(&server, "\"add\"", -32600, "null").await;
    server.stop().await;
}

#[tokio::test]
async fn case_33_an_empty_batch() {
    let server = started().await;
    let wanted = "Invalid Request: a batch has at least one request";
    gets(&server, "[]", &error(-32600, wanted, "null")).await;
    gets(&server, " [ ] ", &error(-32600, wanted, "null")).await;
    server.stop().await;
}

#[tokio::test]
async fn case_34_a_batch_of_no_requests() {
    let server = started().await;
    let (_, reply) = server.post("[1]").await;
    let replies: Vec<Value> = serde_json::from_str(&reply).unwrap();
    assert_eq!(replies.len(), 1);
    assert_eq!(replies[0]["error"]["code"], -32600);
    gets(&server, "[1]", &reply).await;
    server.stop().await;
}

#[tokio::test]
async fn case_35_another_version() {
    let server = started().await;
    let text = r#"{"jsonrpc":"1.0","id":1,"method":"add","params":[5,3]}"#;
    gets_code(&server, text, -32600, "1").await;
    let text = r#"{"id":1,"method":"add","params":[5,3]}"#;
    gets_code(&server, text, -32600, "1").await;
    server.stop().await;
}

#[tokio::test]
async fn case_36_an_id_that_is_none() {
    let server = started().await;
    for id in ["true", "false", "{}", "[]", r#"{"a":1}"#] {
        let text = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"add","params":[5,3]}}"#);
        gets_code(&server, &text, -32600, "null").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn cases_37_and_38_unusual_ids_are_answered_as_they_are() {
    let server = started().await;
    let ids = [
        "-1",
        "1.5",
        "1.0",
        "1e3",
        "18446744073709551616",
        "null",
        r#""\u0041""#,
        "\"\"",
    ];
    for id in ids {
        let text = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"add","params":[5,3]}}"#);
        let wanted = format!(r#"{{"jsonrpc":"2.0","id":{id},"result":8}}"#);
        gets(&server, &text, &wanted).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn case_39_a_duplicate_key() {
    let server = started().await;
    for text in [
        r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"add","params":[5,3]}"#,
        r#"{"jsonrpc":"2.0","id":1,"id":1,"method":"add","params":[5,3]}"#,
    ] {
        gets_code(&server, text, -32600, "null").await;
    }
    let text = r#"{"jsonrpc":"2.0","id":1,"method":"add","method":"add","params":[5,3]}"#;
    gets_code(&server, text, -32600, "1").await;
    let text = r#"{"jsonrpc":"2.0","id":1,"method":"add","params":[5,3],"params":[5,3]}"#;
    gets_code(&server, text, -32600, "1").await;
    gets_code(&server, &call(r#"{"a":5,"b":3,"b":3}"#), -32602, "1").await;
    server.stop().await;
}

#[tokio::test]
async fn case_40_notifications_are_executed_and_not_answered() {
    let faulty = Faulty::panicking();
    let server = Server::start(faulty.clone(), ServeOptions::default()).await;
    let one = r#"{"jsonrpc":"2.0","method":"add","params":[5,3]}"#;
    for text in [one.to_owned(), format!("[{one},{one}]")] {
        assert_eq!(server.post(&text).await, (200, String::new()));
        support::within(faulty.started()).await;
        let mut socket = Socket::connect(&server).await;
        socket.send(text).await;
        support::within(faulty.started()).await;
        assert_eq!(code(&socket.ask(ADD).await), -32603);
    }
    server.stop().await;
    let server = started().await;
    gets(&server, r#"{"jsonrpc":"2.0","method":"nothing"}"#, "").await;
    gets(
        &server,
        r#"{"jsonrpc":"2.0","method":"add","params":[5]}"#,
        "",
    )
    .await;
    server.stop().await;
}

#[tokio::test]
async fn case_47_deep_nesting() {
    let server = started().await;
    for depth in [127, 128, 100_000] {
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        gets_code(&server, &call(&format!("[{nested},3]")), -32602, "1").await;
        gets_code(&server, &call(&nested), -32602, "1").await;
        let text = format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"calculate_metrics","params":[{nested},[1]]}}"#
        );
        gets_code(&server, &text, -32602, "1").await;
        let (_, reply) = server.post(&nested).await;
        let replies: Vec<Value> = serde_json::from_str(&reply).unwrap();
        assert_eq!(replies[0]["error"]["code"], -32600);
    }
    server.stop().await;
}

#[tokio::test]
async fn case_48_invalid_utf8() {
    let server = started().await;
    let text = b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"uppercase\",\"params\":[\"\xff\"]}";
    let (status, reply) = server.post(text).await;
    let wanted = "Parse error: invalid UTF-8 at byte 57";
    assert_eq!((status, reply), (200, error(-32700, wanted, "null")));
    lives(&server).await;
    // Over WebSocket such a text breaks the protocol: RFC 6455, section 8.1.
    let mut raw = Socket::connect(&server).await;
    raw.send_raw_text(text).await;
    assert_eq!(raw.closed_with().await, 1007);
    lives(&server).await;
    // Half a surrogate pair is JSON, and no text.
    let text = r#"{"jsonrpc":"2.0","id":1,"method":"uppercase","params":["\ud800"]}"#;
    gets_code(&server, text, -32602, "1").await;
    server.stop().await;
}

#[tokio::test]
async fn case_49_a_long_batch() {
    let server = started().await;
    let batch = |count: usize| format!("[{}]", vec![ADD; count].join(","));
    let wanted = "Invalid Request: a batch has at most 100 requests";
    gets(&server, &batch(101), &error(-32600, wanted, "null")).await;
    let (_, reply) = server.post(batch(100)).await;
    assert_eq!(reply.matches("\"result\":8").count(), 100);
    let mut socket = Socket::connect(&server).await;
    assert_eq!(socket.ask(batch(100)).await, reply);
    server.stop().await;
}

#[tokio::test]
async fn case_50_a_large_message() {
    let server = started().await;
    let text = |length: usize| {
        let frame = r#"{"jsonrpc":"2.0","id":1,"method":"uppercase","params":[""]}"#.len();
        let text = "x".repeat(length - frame);
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"uppercase","params":["{text}"]}}"#)
    };
    const LIMIT: usize = 2 * 1024 * 1024;
    let (status, reply) = server.post(text(LIMIT)).await;
    assert_eq!((status, reply.contains("\"result\":\"XXX")), (200, true));
    let (status, reply) = server.post(text(LIMIT + 1)).await;
    assert_eq!((status, code(&reply)), (413, -32005));
    lives(&server).await;
    let head = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
        transfer-encoding: chunked\r\n";
    let large = text(LIMIT + 1);
    let chunks = format!("{:x}\r\n{large}\r\n0\r\n\r\n", large.len());
    let (status, reply) = server.send(head, chunks.as_bytes()).await;
    assert_eq!((status, code(&reply)), (413, -32005));
    let chunks = format!("{:x}\r\n{ADD}\r\n0\r\n\r\n", ADD.len());
    let (status, reply) = server.send(head, chunks.as_bytes()).await;
    assert_eq!((status, reply.contains("\"result\":8")), (200, true));
    let mut socket = Socket::connect(&server).await;
    assert!(socket.ask(text(LIMIT)).await.contains("\"result\":\"XXX"));
    assert_eq!(code(&socket.ask(text(LIMIT + 1)).await), -32005);
    assert_eq!(socket.closed_with().await, 1009);
    lives(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn case_51_a_handler_panics() {
    let server = Server::start(Faulty::panicking(), ServeOptions::default()).await;
    let (status, reply) = server.post(ADD).await;
    assert_eq!((status, code(&reply)), (200, -32603));
    let mut socket = Socket::connect(&server).await;
    for _ in 0..2 {
        assert_eq!(code(&socket.ask(ADD).await), -32603);
    }
    let (_, reply) = server.post(format!("[{ADD},{ADD}]")).await;
    assert_eq!(reply.matches("-32603").count(), 2);
    server.stop().await;
}
