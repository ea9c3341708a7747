//! gRPC-Web over HTTP/1.1 as a browser would send it, byte by byte, and what a server on loopback
//! does with alien hosts and origins.

use std::net::SocketAddr;

use http_body_util::Full;
use services::ServeOptions;
use services::conformance::reference;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::serving::{self, ADD, ADD_2_3, Running, framed, soon, still_answers};

/// What came back over HTTP/1.1: the head in lower case, and the body.
struct Page {
    head: String,
    body: Vec<u8>,
}

impl Page {
    fn status(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    fn has(&self, line: &str) -> bool {
        self.head.lines().any(|known| known == line)
    }
}

async fn send(address: SocketAddr, method: &str, headers: &[(&str, &str)], body: &[u8]) -> Page {
    let mut request = format!("{method} {ADD} HTTP/1.1\r\nconnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!("content-length: {}\r\n\r\n", body.len());
    let mut stream = soon(TcpStream::connect(address)).await.unwrap();
    soon(stream.write_all(&[request.as_bytes(), body].concat()))
        .await
        .unwrap();
    let mut answer = Vec::new();
    soon(stream.read_to_end(&mut answer)).await.unwrap();
    let end = answer
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .unwrap();
    Page {
        head: String::from_utf8_lossy(&answer[..end]).to_lowercase(),
        body: answer[end + 4..].to_vec(),
    }
}

async fn start() -> Running {
    let options = ServeOptions {
        allowed_hosts: vec!["class.example".into()],
        allowed_origins: vec!["https://slides.example".into()],
        ..ServeOptions::default()
    };
    Running::start(reference(), options).await
}

const WEB: (&str, &str) = ("content-type", "application/grpc-web+proto");
const HOST: (&str, &str) = ("host", "localhost:50051");

#[tokio::test]
async fn a_browser_calls_over_http_1() {
    let server = start().await;
    let answer = send(server.address, "POST", &[WEB, HOST], &framed(0, ADD_2_3)).await;
    assert_eq!(answer.status(), "200");
    let body = String::from_utf8_lossy(&answer.body);
    // The message in its frame, then the trailers in theirs.
    assert!(body.contains("\0\0\0\0\u{2}\u{8}\u{5}"), "{body:?}");
    assert!(body.contains("grpc-status:0\r\n"), "{body:?}");
}

#[tokio::test]
async fn a_browser_is_told_an_error_and_a_bad_frame() {
    let server = start().await;
    let two = [framed(0, ADD_2_3), framed(0, ADD_2_3)].concat();
    for (body, status) in [
        (
            framed(0, &[0x08, 0xff, 0xff, 0xff, 0xff, 0x07, 0x10, 1]),
            11,
        ),
        (vec![0, 0, 0, 0, 4], 13),
        (vec![], 12),
        (two, 12),
    ] {
        let answer = send(server.address, "POST", &[WEB, HOST], &body).await;
        assert!(
            answer.has(&format!("grpc-status: {status}")),
            "{}",
            answer.head
        );
    }
    still_answers(server.address).await;
}

#[tokio::test]
async fn case_64_an_alien_host_is_forbidden_and_a_known_one_is_not() {
    let server = start().await;
    for (host, wanted) in [
        ("evil.example", "403"),
        ("localhost.evil.example", "403"),
        ("localhost:1", "200"),
        ("127.0.0.1", "200"),
        ("class.example:50051", "200"),
    ] {
        let headers = [WEB, ("host", host)];
        let answer = send(server.address, "POST", &headers, &framed(0, ADD_2_3)).await;
        assert_eq!(answer.status(), wanted, "{host}");
    }
    still_answers(server.address).await;
}

#[tokio::test]
async fn case_64_an_alien_origin_is_forbidden_and_a_known_one_may_read() {
    let server = start().await;
    for (origin, wanted) in [
        ("https://evil.example", "403"),
        ("null", "403"),
        ("http://localhost:3000", "200"),
        ("https://slides.example", "200"),
    ] {
        let headers = [WEB, HOST, ("origin", origin)];
        let answer = send(server.address, "POST", &headers, &framed(0, ADD_2_3)).await;
        assert_eq!(answer.status(), wanted, "{origin}");
        let allowed = answer.has(&format!("access-control-allow-origin: {origin}"));
        assert_eq!(allowed, wanted == "200", "{}", answer.head);
    }
    still_answers(server.address).await;
}

#[tokio::test]
async fn case_64_a_browser_that_asks_for_leave_gets_it_for_a_known_origin() {
    let server = start().await;
    let ask = [
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type,x-grpc-web"),
    ];
    let known = [&[HOST, ("origin", "https://slides.example")], &ask[..]].concat();
    let preflight = send(server.address, "OPTIONS", &known, &[]).await;
    assert_eq!(preflight.status(), "204");
    assert!(preflight.has("access-control-allow-origin: https://slides.example"));
    assert!(preflight.has("access-control-allow-headers: content-type,x-grpc-web"));
    let alien = [&[HOST, ("origin", "https://evil.example")], &ask[..]].concat();
    let refused = send(server.address, "OPTIONS", &alien, &[]).await;
    assert_eq!(refused.status(), "403");
}

#[tokio::test]
async fn case_64_an_alien_origin_is_forbidden_over_http_2() {
    let server = start().await;
    for (origin, wanted) in [
        ("https://evil.example", 403),
        ("https://slides.example", 200),
    ] {
        let mut raw = serving::connect(server.address).await;
        let body = Full::new(bytes::Bytes::from(framed(0, ADD_2_3)));
        let request = serving::request(ADD, &[("origin", origin)], body);
        let response = soon(raw.send_request(request)).await.unwrap();
        assert_eq!(response.status(), wanted, "{origin}");
    }
    still_answers(server.address).await;
}

#[tokio::test]
async fn what_is_not_grpc_web_is_refused_over_http_1() {
    let server = start().await;
    let native = [HOST, ("content-type", "application/grpc")];
    let answer = send(server.address, "POST", &native, &framed(0, ADD_2_3)).await;
    assert_eq!(answer.status(), "415");
    let answer = send(server.address, "GET", &[HOST, WEB], &[]).await;
    assert_eq!(answer.status(), "405");
    still_answers(server.address).await;
}
