//! What a browser is told about pages of other origins.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use insta::assert_snapshot;
use services::ServeOptions;
use services::conformance::reference;
use support::bytes::lines;
use support::{Running, get};

const SLIDES: &str = "origin: https://slides.example\r\n";

async fn start() -> Running {
    let options = ServeOptions {
        allowed_origins: vec!["https://slides.example".into()],
        ..ServeOptions::default()
    };
    Running::with(reference(), options).await
}

fn from(request: &str, headers: &str) -> String {
    request.replace(
        "connection: close\r\n",
        &format!("connection: close\r\n{headers}"),
    )
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_read_answers_and_problems() {
    let server = start().await;
    let answer = server.raw(from(&get("/api/health/api"), SLIDES)).await;
    assert_snapshot!(lines(&answer), @r#"
    HTTP/1.1 200 OK
    content-type: application/json
    content-length: 51
    access-control-allow-origin: https://slides.example
    access-control-expose-headers: *
    vary: origin
    connection: close

    {"healthy":true,"message":"Service api is running"}
    "#);
    for target in [
        "/api/users/7",
        "/nowhere",
        "/api/chat?after=x",
        "/api/numbers?start=1&end=2",
    ] {
        let answer = server.raw(from(&get(target), SLIDES)).await;
        assert!(answer.contains("access-control-allow-origin: https://slides.example\r\n"));
    }
    let without = server.raw(get("/api/health/api")).await;
    assert!(!without.contains("access-control") && !without.contains("vary"));
}

#[tokio::test]
async fn a_preflight_of_an_allowed_origin_is_answered() {
    let server = start().await;
    let asked = format!(
        "{SLIDES}access-control-request-method: PATCH\r\n\
         access-control-request-headers: content-type,if-match\r\n"
    );
    let options = get("/api/users/1").replace("GET", "OPTIONS");
    assert_snapshot!(lines(&server.raw(from(&options, &asked)).await), @r#"
    HTTP/1.1 204 No Content
    access-control-allow-origin: https://slides.example
    access-control-allow-methods: PATCH
    access-control-allow-headers: content-type,if-match
    access-control-max-age: 7200
    vary: origin
    connection: close
    "#);
    // Without what makes it a preflight it is a method like any other.
    let answer = server.raw(from(&options, SLIDES)).await;
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
}

#[tokio::test]
async fn a_page_of_another_origin_may_neither_call_nor_read() {
    let server = start().await;
    let alien = "origin: https://evil.example\r\naccess-control-request-method: POST\r\n";
    for request in [
        get("/api/users"),
        get("/api/users").replace("GET", "OPTIONS"),
    ] {
        let answer = server.raw(from(&request, alien)).await;
        assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
        assert!(!answer.contains("access-control"), "{answer}");
    }
}
