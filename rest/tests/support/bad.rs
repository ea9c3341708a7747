//! Bad requests and what they get.

use serde_json::Value;
use services::conformance::reference;

use super::{Running, post};

pub const ADD: &str = "/api/calculator/add";
pub const CALCULATE: &str = "/api/metrics/calculate";
pub const RECORD: &str = "/api/metrics/record";
pub const LINES: &str = "application/x-ndjson";
pub const METRIC: &str =
    r#"{"hostname":"a","metric_type":"cpu","value":1,"timestamp":1,"unit":"percent"}"#;

pub async fn start() -> Running {
    Running::new(reference()).await
}

/// The status of an answer, its code and its text; that it is a problem.
pub fn problem(answer: &str) -> (u16, Option<String>, String) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(
        head.contains("content-type: application/problem+json"),
        "{answer}"
    );
    let problem: Value = serde_json::from_str(body).unwrap();
    let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
    assert_eq!(problem["status"], status);
    let detail = problem["detail"].as_str().unwrap().to_owned();
    assert!(!detail.is_empty() && detail.len() < 300, "{detail}");
    let code = problem["code"].as_str().map(str::to_owned);
    (status, code, detail)
}

/// Sends a bad request on a connection of its own and, where it can survive, before a correct one
/// on the same; then a correct one anew. Gives the text of the problem.
pub async fn refused(server: &Running, request: &str, status: u16, code: &str) -> String {
    let (got, named, detail) = problem(&server.raw(request).await);
    let shown = &request[..request.len().min(300)];
    assert_eq!(
        (got, named.as_deref()),
        (status, Some(code)),
        "{shown}: {detail}"
    );
    lives(server).await;
    let both = request.replace("connection: close\r\n", "") + &post(ADD, r#"{"a":5,"b":3}"#);
    let answers = server.raw(both).await;
    assert!(answers.ends_with(r#"{"result":8}"#), "{shown}: {answers}");
    detail
}

pub async fn lives(server: &Running) {
    let answer = server.raw(post(ADD, r#"{"a":5,"b":3}"#)).await;
    assert!(answer.ends_with("\r\n\r\n{\"result\":8}"), "{answer}");
}

pub fn chunked(path: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: {kind}\r\ntransfer-encoding: chunked\r\n\r\n\
         {length:x}\r\n{body}\r\n0\r\n\r\n"
    )
}
