//! Bad input to REST, case by case, over a socket: the counterparts of JSON-RPC's cases, by their
//! numbers. After each the server answers the next correct call, on the same connection where that
//! survived and on a new one.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use services::conformance::{Faulty, reference};
use services::{Limits, ServeOptions};
use support::bad::{
    ADD, CALCULATE, LINES, METRIC, RECORD, chunked, lives, problem, refused, start,
};
use support::{Running, get, post, typed};

#[tokio::test]
async fn case_31_broken_json_is_400_with_place_and_reason_only() {
    let server = start().await;
    for body in [
        "",
        "{",
        r#"{"a":5,"b":3"#,
        r#"{"a":5,"b":3}}"#,
        "{a:5}",
        "secret",
        "\u{feff}{}",
        r#"{"a":05,"b":3}"#,
    ] {
        let detail = refused(&server, &post(ADD, body), 400, "InvalidArgument").await;
        assert!(!detail.contains("secret"), "{detail}");
    }
}

#[tokio::test]
async fn cases_35_and_44_what_has_another_type_is_400() {
    let server = start().await;
    for body in [
        r#"{"a":"secret","b":3}"#,
        r#"{"a":5.5,"b":3}"#,
        r#"{"a":5e-1,"b":3}"#,
        r#"{"a":null,"b":3}"#,
        r#"{"a":true,"b":3}"#,
        r#"{"a":2147483648,"b":3}"#,
        r#"{"a":-2147483649,"b":3}"#,
        r#"{"a":99999999999999999999,"b":3}"#,
        "[5,3]",
        "null",
        "\"secret\"",
    ] {
        let detail = refused(&server, &post(ADD, body), 400, "InvalidArgument").await;
        assert!(!detail.contains("secret"), "{detail}");
    }
    for body in [
        r#"{"cpu_usage":[1e400],"memory_usage":[1]}"#,
        r#"{"cpu_usage":["1"],"memory_usage":[1]}"#,
        r#"{"cpu_usage":[null],"memory_usage":[1]}"#,
        r#"{"cpu_usage":[NaN],"memory_usage":[1]}"#,
        r#"{"cpu_usage":1,"memory_usage":[1]}"#,
        r#"{"cpu_usage":[],"memory_usage":[1]}"#,
    ] {
        refused(&server, &post(CALCULATE, body), 400, "InvalidArgument").await;
    }
}

#[tokio::test]
async fn case_39_duplicate_members_are_400() {
    let server = start().await;
    let body = r#"{"a":5,"b":3,"a":5}"#;
    let detail = refused(&server, &post(ADD, body), 400, "InvalidArgument").await;
    assert!(detail.contains("duplicate member `a`"), "{detail}");
}

#[tokio::test]
async fn case_41_unknown_paths_are_404_unimplemented_and_unknown_methods_405() {
    let server = start().await;
    for path in [
        "/",
        "/api",
        "/api/calculator/divide",
        "/api/calculator/add/",
        "//",
        "/api/calculator/%61dd",
    ] {
        refused(&server, &post(path, "{}"), 404, "Unimplemented").await;
    }
    refused(&server, &get(ADD), 405, "Unimplemented").await;
    refused(&server, &post("/api/system", "{}"), 405, "Unimplemented").await;
}

#[tokio::test]
async fn cases_42_and_43_missing_and_unknown_members_are_400() {
    let server = start().await;
    let detail = refused(&server, &post(ADD, r#"{"a":5}"#), 400, "InvalidArgument").await;
    assert!(detail.contains("missing member `b`"), "{detail}");
    let body = r#"{"a":5,"b":3,"secret":1}"#;
    let detail = refused(&server, &post(ADD, body), 400, "InvalidArgument").await;
    assert!(
        detail.contains("unknown member, expected `a` or `b`"),
        "{detail}"
    );
}

#[tokio::test]
async fn case_45_an_overflow_is_422() {
    let server = start().await;
    let body = r#"{"a":2147483647,"b":1}"#;
    refused(&server, &post(ADD, body), 422, "OutOfRange").await;
}

#[tokio::test]
async fn case_46_a_result_that_is_not_finite_is_500_and_never_null() {
    let server = Running::new(Faulty::not_finite()).await;
    let body = r#"{"cpu_usage":[1],"memory_usage":[1]}"#;
    refused(&server, &post(CALCULATE, body), 500, "Internal").await;
    refused(
        &server,
        &get("/api/metrics/cpu?hostname=a"),
        500,
        "Internal",
    )
    .await;
    refused(&server, &typed(RECORD, LINES, METRIC), 500, "Internal").await;
    let events = server.raw(get("/api/metrics/cpu/stream?hostname=a")).await;
    assert!(
        events.contains("event: error\ndata: {") && !events.contains("null"),
        "{events}"
    );
    assert!(!events.contains("event: end"), "{events}");
}

#[tokio::test]
async fn case_47_nesting_is_400_whatever_its_depth() {
    let server = start().await;
    for depth in [127, 10_000, 500_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            for body in [
                format!("{{\"a\":{nested},\"b\":1}}"),
                format!("{{\"c\":{nested}}}"),
            ] {
                if body.len() < 2 * 1024 * 1024 {
                    refused(&server, &post(ADD, &body), 400, "InvalidArgument").await;
                }
            }
        }
    }
}

#[tokio::test]
async fn case_48_invalid_utf_8_is_400() {
    let server = start().await;
    let mut request = post("/api/calculator/uppercase", r#"{"text":"xx"}"#).into_bytes();
    let length = request.len();
    request[length - 4..length - 2].copy_from_slice(b"\xc3\x28");
    let (status, code, _) = problem(&server.raw(&request).await);
    assert_eq!((status, code.as_deref()), (400, Some("InvalidArgument")));
    for text in [r"\ud800", r"\x", "\u{1}"] {
        let body = format!("{{\"text\":\"{text}\"}}");
        let request = post("/api/calculator/uppercase", &body);
        refused(&server, &request, 400, "InvalidArgument").await;
    }
    for target in [
        "/api/health/%ff",
        "/api/health/%zz",
        "/api/metrics/cpu?hostname=%c3",
        "/api/metrics/cpu?hostname=%",
    ] {
        refused(&server, &get(target), 400, "InvalidArgument").await;
    }
}

#[tokio::test]
async fn case_50_an_oversized_body_is_413_with_and_without_its_length() {
    let server = start().await;
    let large = "x".repeat(2 * 1024 * 1024 + 1);
    let answers = [
        server.raw(post(ADD, &large)).await,
        server.raw(chunked(ADD, "application/json", &large)).await,
        server.raw(typed(RECORD, LINES, &large)).await,
    ];
    for answer in &answers {
        let (status, code, _) = problem(answer);
        assert_eq!((status, code.as_deref()), (413, Some("ResourceExhausted")));
        lives(&server).await;
    }
    let just = "x".repeat(2 * 1024 * 1024 - "{\"text\":\"\"}".len());
    let body = format!("{{\"text\":\"{just}\"}}");
    let answer = server.raw(post("/api/calculator/uppercase", &body)).await;
    assert!(answer.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn the_limit_of_a_body_is_an_option() {
    let options = ServeOptions {
        limits: Limits {
            message_bytes: Some(13),
            ..Limits::default()
        },
        ..ServeOptions::default()
    };
    let server = Running::with(reference(), options).await;
    lives(&server).await;
    let answer = server.raw(post(ADD, r#"{"a":5,"b":33}"#)).await;
    assert_eq!(problem(&answer).0, 413);
}

#[tokio::test]
async fn a_chunked_body_is_taken() {
    let server = start().await;
    let answer = server
        .raw(chunked(ADD, "application/json", r#"{"a":5,"b":3}"#))
        .await;
    assert!(answer.ends_with(r#"{"result":8}"#), "{answer}");
}

#[tokio::test]
async fn case_51_a_panic_is_500_and_the_server_lives() {
    let server = Running::new(Faulty::panicking()).await;
    for _ in 0..2 {
        let answer = server.raw(post(ADD, r#"{"a":5,"b":3}"#)).await;
        let (status, code, _) = problem(&answer);
        assert_eq!((status, code.as_deref()), (500, Some("Internal")));
    }
    let events = server.raw(get("/api/numbers?start=1&end=3")).await;
    assert!(
        events.contains("event: item") && events.contains("event: error"),
        "{events}"
    );
    let answer = server.raw(typed(RECORD, LINES, METRIC)).await;
    assert_eq!(problem(&answer).0, 500);
}

#[tokio::test]
async fn case_59_a_deadline_that_passes_is_504() {
    let server = Running::new(Faulty::never_answering()).await;
    for request in [post(ADD, r#"{"a":5,"b":3}"#), typed(RECORD, LINES, METRIC)] {
        let request = request.replace(
            "connection: close",
            "connection: close\r\ngrpc-timeout: 20m",
        );
        let (status, code, _) = problem(&server.raw(request).await);
        assert_eq!((status, code.as_deref()), (504, Some("DeadlineExceeded")));
    }
}

#[tokio::test]
async fn case_60_a_malformed_deadline_is_400() {
    let server = start().await;
    for timeout in ["+5S", "5", "5s", "123456789S", "-1S"] {
        let header = format!("connection: close\r\ngrpc-timeout: {timeout}");
        let request = get("/api/system").replace("connection: close", &header);
        let (status, code, detail) = problem(&server.raw(request).await);
        assert_eq!(
            (status, code.as_deref()),
            (400, Some("InvalidArgument")),
            "{detail}"
        );
        lives(&server).await;
    }
}

#[tokio::test]
async fn malformed_queries_are_400_and_name_the_parameter() {
    let server = start().await;
    for (query, told) in [
        ("", "start is missing"),
        ("?start=1", "end is missing"),
        (
            "?start=1&end=x%1b",
            "end is \"x\\u{1b}\": send an integer of 32 bits",
        ),
        ("?start=1&end=2147483648", "end is \"2147483648\""),
        ("?start=+1&end=2", "start is \" 1\""),
        ("?start=%2B1&end=2", "start is \"+1\""),
        ("?start=1&end=2&end=3", "end is there twice"),
        ("?start=1&end=2&pace=0", "query parameter is \"pace\""),
        ("?start=2&end=1", "start"),
        ("?start=0&end=1001", "end"),
    ] {
        let request = get(&format!("/api/numbers{query}"));
        let detail = refused(&server, &request, 400, "InvalidArgument").await;
        assert!(detail.contains(told), "{query}: {detail}");
    }
    refused(&server, &get("/api/system?x=1"), 400, "InvalidArgument").await;
    refused(&server, &get("/api/health/api?x=1"), 400, "InvalidArgument").await;
    refused(
        &server,
        &get("/api/metrics/fan?hostname=a"),
        400,
        "InvalidArgument",
    )
    .await;
    let resumed = get("/api/numbers?start=1&end=2").replace("host:", "last-event-id: x\r\nhost:");
    refused(&server, &resumed, 400, "InvalidArgument").await;
}
