//! Raw bytes, in and out: what a caller without any library sends and gets, and what our client
//! sends to whoever listens.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use std::time::Duration;

use futures::{StreamExt, stream};
use insta::assert_snapshot;
use services::conformance::reference;
use services::model::{Metric, MetricRequest};
use services::{Calculator, Code, Context, Metrics, ServeOptions};
use support::bytes::{exchanged, lines};
use support::{Running, get, post, typed};

#[tokio::test]
async fn one_call_in_bytes() {
    let options = ServeOptions {
        name: Some("trivium".into()),
        ..ServeOptions::default()
    };
    let server = Running::with(reference(), options).await;
    let request = "POST /api/calculator/add HTTP/1.1\r\n\
        host: 127.0.0.1:8000\r\n\
        content-type: application/json\r\n\
        content-length: 13\r\n\
        connection: close\r\n\r\n\
        {\"a\":5,\"b\":3}";
    assert_snapshot!(lines(&server.raw(request).await), @r#"
    HTTP/1.1 200 OK
    content-type: application/json
    content-length: 12
    server: trivium
    connection: close

    {"result":8}
    "#);
}

#[tokio::test]
async fn an_error_in_bytes() {
    let server = Running::new(reference()).await;
    let request = post("/api/calculator/add", r#"{"a":2147483647,"b":1}"#);
    assert_snapshot!(lines(&server.raw(request).await), @r#"
    HTTP/1.1 422 Unprocessable Entity
    content-type: application/problem+json
    content-length: 182
    connection: close

    {"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"add(2147483647, 1) is 2147483648, which does not fit in 32 bits: use smaller numbers","code":"OutOfRange"}
    "#);
}

#[tokio::test]
async fn a_stream_in_bytes_and_resumed() {
    let server = Running::new(reference()).await;
    let request = get("/api/numbers?start=1&end=2");
    assert_snapshot!(lines(&server.raw(&request).await), @r#"
    HTTP/1.1 200 OK
    content-type: text/event-stream
    cache-control: no-cache
    connection: close
    transfer-encoding: chunked

    47
    id: 1
    event: item
    data: {"number":1,"message":"The square of 1 is 1"}


    47
    id: 2
    event: item
    data: {"number":2,"message":"The square of 2 is 4"}


    15
    event: end
    data: {}


    0
    "#);
    let resumed = request.replace("\r\n\r\n", "\r\nlast-event-id: 1\r\n\r\n");
    assert_snapshot!(lines(&server.raw(resumed).await), @r#"
    HTTP/1.1 200 OK
    content-type: text/event-stream
    cache-control: no-cache
    connection: close
    transfer-encoding: chunked

    47
    id: 2
    event: item
    data: {"number":2,"message":"The square of 2 is 4"}


    15
    event: end
    data: {}


    0
    "#);
}

#[tokio::test]
async fn an_upload_in_bytes() {
    let server = Running::new(reference()).await;
    let metric =
        r#"{"hostname":"web-1","metric_type":"cpu","value":1.5,"timestamp":1,"unit":"percent"}"#;
    let body = format!("{metric}\n\n{}", metric.replace("1.5", "4"));
    let request = typed(
        "/api/metrics/record",
        "application/x-ndjson; charset=utf-8",
        &body,
    );
    assert_snapshot!(lines(&server.raw(request).await), @r#"
    HTTP/1.1 200 OK
    content-type: application/json
    content-length: 43
    connection: close

    {"count":2,"min":1.5,"max":4.0,"mean":2.75}
    "#);
}

#[tokio::test]
async fn an_empty_type_and_names_of_any_unicode_reach_the_server() {
    let server = Running::new(reference()).await;
    for (target, told) in [
        ("/api/metrics/?hostname=a", r#""metric_type":"memory""#),
        (
            "/api/metrics//stream?hostname=a",
            r#""metric_type":"memory""#,
        ),
        (
            "/api/metrics/cpu?hostname=h%C3%B6st%2Fa+b%2B%00",
            r#""hostname":"höst/a b+\u0000""#,
        ),
        (
            "/api/metrics/%63pu?hostname=",
            r#""hostname":"","metric_type":"cpu""#,
        ),
        (
            "/api/metrics/%63alculate?hostname=",
            "metric_type is \\\"calculate\\\"",
        ),
        ("/api/metrics/a%2Fb?hostname=", "metric_type is \\\"a/b\\\""),
        ("/api/health/", "Service  is running"),
        ("/api/health/a%20b%2Fc%3Fd", "Service a b/c?d is running"),
    ] {
        let answer = server.raw(get(target)).await;
        assert!(answer.contains(told), "{target}: {answer}");
    }
}

#[tokio::test]
async fn methods_and_paths_that_are_not_there() {
    let server = Running::new(reference()).await;
    assert_snapshot!(lines(&server.raw(get("/api/calculator/add")).await), @r#"
    HTTP/1.1 405 Method Not Allowed
    content-type: application/problem+json
    allow: POST
    content-length: 168
    connection: close

    {"type":"about:blank","title":"Method Not Allowed","status":405,"detail":"the path has no such method: the header Allow tells those that it has","code":"Unimplemented"}
    "#);
    assert_snapshot!(lines(&server.raw(get("/api/divide")).await), @r#"
    HTTP/1.1 404 Not Found
    content-type: application/problem+json
    content-length: 145
    connection: close

    {"type":"about:blank","title":"Not Found","status":404,"detail":"there is no operation at /api/divide: see /openapi.json","code":"Unimplemented"}
    "#);
    let head = get("/api/system").replace("GET", "HEAD");
    assert_snapshot!(lines(&server.raw(head).await), @r#"
    HTTP/1.1 200 OK
    content-type: application/json
    content-length: 61
    connection: close
    "#);
}

#[tokio::test]
async fn the_router_has_the_paths_of_the_document_and_their_methods() {
    let server = Running::new(reference()).await;
    let answer = server.raw(get("/openapi.json")).await;
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let document: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(document["openapi"], "3.2.0");
    for (path, item) in document["paths"].as_object().unwrap() {
        let segments = path.split('/').map(|segment| match segment {
            "{type}" | "{service}" => "x",
            "{id}" => "1",
            segment => segment,
        });
        let target = segments.collect::<Vec<_>>().join("/");
        let request = get(&target).replace("GET", "TRACE");
        let answer = server.raw(request).await;
        assert!(answer.starts_with("HTTP/1.1 405 "), "{path}: {answer}");
        let allow = answer.lines().find_map(|line| line.strip_prefix("allow: "));
        let mut allowed: Vec<_> = allow.unwrap().split(',').collect();
        allowed.retain(|method| *method != "HEAD");
        allowed.sort_unstable();
        let told = item.as_object().unwrap().keys();
        let mut told: Vec<_> = told.map(|method| method.to_ascii_uppercase()).collect();
        told.sort_unstable();
        assert_eq!(allowed, told, "{path}");
    }
}

#[tokio::test]
async fn the_client_sends_a_call() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{\"result\":8}";
    let (seen, sum) = exchanged(answer, async |client| {
        client
            .add(&Context::with_timeout(Duration::from_secs(3600)), 5, 3)
            .await
    })
    .await;
    assert_eq!(sum, Ok(8));
    assert_snapshot!(seen, @r#"
    POST /api/calculator/add HTTP/1.1
    content-type: application/json
    host: 127.0.0.1:8000
    grpc-timeout: [8 characters]
    content-length: 13

    {"a":5,"b":3}
    "#);
}

#[tokio::test]
async fn the_client_sends_names_percent_encoded() {
    let answer = "HTTP/1.1 503 Busy\r\ncontent-length: 5\r\n\r\nlater";
    let request = MetricRequest {
        hostname: "höst a+b".into(),
        metric_type: "a/b".into(),
    };
    let (seen, metric) = exchanged(answer, async |client| {
        client
            .get_metric(&Context::with_timeout(Duration::from_secs(3600)), &request)
            .await
    })
    .await;
    let error = metric.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    assert_eq!(
        error.to_string(),
        "the server answered HTTP status 503: later"
    );
    assert_snapshot!(seen, @r#"
    GET /api/metrics/a%2Fb?hostname=h%C3%B6st%20a%2Bb HTTP/1.1
    host: 127.0.0.1:8000
    grpc-timeout: [8 characters]
    "#);
}

#[tokio::test]
async fn the_client_sends_an_upload_as_lines() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n\
        {\"count\":2,\"min\":1,\"max\":4,\"mean\":2.5}  ";
    let metric = |value| Metric {
        hostname: "web-1".into(),
        metric_type: "cpu".into(),
        value,
        timestamp: 1,
        unit: "percent".into(),
    };
    let metrics = stream::iter([Ok(metric(1.0)), Ok(metric(4.0))]).boxed();
    let (seen, summary) = exchanged(answer, async |client| {
        client.record_metrics(&Context::new(), metrics).await
    })
    .await;
    assert_eq!(summary.unwrap().mean, 2.5);
    assert_snapshot!(seen, @r#"
    POST /api/metrics/record HTTP/1.1
    content-type: application/x-ndjson
    host: 127.0.0.1:8000
    transfer-encoding: chunked

    54
    {"hostname":"web-1","metric_type":"cpu","value":1.0,"timestamp":1,"unit":"percent"}

    54
    {"hostname":"web-1","metric_type":"cpu","value":4.0,"timestamp":1,"unit":"percent"}

    0
    "#);
}

#[tokio::test]
async fn a_file_in_bytes() {
    let server = Running::new(reference()).await;
    let file = typed("/api/files", "application/octet-stream", "abc");
    assert_snapshot!(lines(&server.raw(file).await), @r#"
    HTTP/1.1 200 OK
    content-type: application/json
    content-length: 103
    connection: close

    {"size_bytes":3,"chunks":1,"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}
    "#);
}
