//! Bad input to HTTP itself, over a socket: media types, bodies that do not come, alien hosts and
//! origins. After each the server answers the next correct call.

mod support;

use std::time::Duration;

use services::ServeOptions;
use services::conformance::reference;
use support::bad::{ADD, LINES, METRIC, RECORD, lives, problem, refused, start};
use support::{Running, post, typed};

#[tokio::test]
async fn case_30_another_media_type_is_415() {
    let server = start().await;
    let body = r#"{"a":5,"b":3}"#;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
        "application/jsonx",
        LINES,
    ] {
        refused(&server, &typed(ADD, kind, body), 415, "InvalidArgument").await;
    }
    refused(
        &server,
        &typed(RECORD, "application/json", METRIC),
        415,
        "InvalidArgument",
    )
    .await;
    for kind in [
        "Application/JSON; charset=utf-8",
        "application/vnd.course+json",
    ] {
        let answer = server.raw(typed(ADD, kind, body)).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{kind}: {answer}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_408() {
    let options = ServeOptions {
        request_timeout: Duration::from_millis(50),
        ..ServeOptions::default()
    };
    let server = Running::with(reference(), options).await;
    let request = post(ADD, r#"{"a":5,"b":3}"#);
    let answer = server.raw(&request[..request.len() - 1]).await;
    let (status, code, _) = problem(&answer);
    assert_eq!((status, code.as_deref()), (408, Some("DeadlineExceeded")));
    lives(&server).await;
}

#[tokio::test]
async fn case_64_alien_hosts_and_origins_are_403() {
    let options = ServeOptions {
        allowed_hosts: vec!["class.example".into()],
        allowed_origins: vec!["https://slides.example".into()],
        ..ServeOptions::default()
    };
    let server = Running::with(reference(), options).await;
    let with = |host: &str, more: &str| {
        let request = post(ADD, r#"{"a":5,"b":3}"#);
        request.replace("host: localhost\r\n", &format!("host: {host}\r\n{more}"))
    };
    for (host, more) in [
        ("evil.example", ""),
        ("localhost.evil.example:8000", ""),
        ("localhost", "origin: http://evil.example\r\n"),
        ("localhost", "origin: null\r\n"),
        ("localhost", "host: evil.example\r\n"),
    ] {
        let (status, code, detail) = problem(&server.raw(with(host, more)).await);
        let got = (status, code.as_deref());
        let wanted = (403, Some("InvalidArgument"));
        assert_eq!(got, wanted, "{host} {more}: {detail}");
        lives(&server).await;
    }
    for (host, more) in [
        ("LOCALHOST:1", ""),
        ("[::1]", ""),
        ("class.example", ""),
        ("localhost", "origin: http://localhost:3000\r\n"),
        ("localhost", "origin: https://slides.example\r\n"),
    ] {
        let answer = server.raw(with(host, more)).await;
        assert!(
            answer.starts_with("HTTP/1.1 200 "),
            "{host} {more}: {answer}"
        );
    }
}
