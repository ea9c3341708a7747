//! HTTP on an accepted connection: heads, bodies, shutdown, both versions.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use services::ServeOptions;
use support::{Running, Version, echo, serving, soon};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::unbounded_channel;
use transport::http::{BodyError, read_body};

/// Answers with how the body was read, within 10 bytes and 50 milliseconds.
async fn judge(request: Request<Incoming>) -> Response<Full<Bytes>> {
    let read = read_body(request.into_body(), 10, Duration::from_millis(50)).await;
    let status = match &read {
        Ok(_) => StatusCode::OK,
        Err(BodyError::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
        Err(BodyError::TimedOut) => StatusCode::REQUEST_TIMEOUT,
        Err(BodyError::Broken) => StatusCode::BAD_REQUEST,
    };
    let mut reply = Response::new(Full::new(read.unwrap_or_default()));
    *reply.status_mut() = status;
    reply
}

/// Sends those bytes, shuts the sending side where told, and reads to the end.
async fn sent(server: &Running, request: &str) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    soon(stream.read_to_end(&mut reply)).await.unwrap();
    String::from_utf8(reply).unwrap()
}

#[tokio::test]
async fn bodies_are_read_whole_within_the_limit() {
    let server = serving(ServeOptions::default(), Version::Http1, judge).await;
    for (framing, status, body) in [
        ("content-length: 10\r\n\r\n0123456789", "200", "0123456789"),
        ("content-length: 11\r\n\r\n01234567890", "413", ""),
        (
            "transfer-encoding: chunked\r\n\r\n4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n",
            "200",
            "0123456789",
        ),
        (
            "transfer-encoding: chunked\r\n\r\n6\r\n012345\r\n6\r\n678901\r\n0\r\n\r\n",
            "413",
            "",
        ),
        (
            "transfer-encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n",
            "413",
            "",
        ),
        ("transfer-encoding: chunked\r\n\r\nzz\r\n", "400", ""),
        ("content-length: 10\r\n\r\n012345678", "408", ""),
        ("content-length: 0\r\n\r\n", "200", ""),
    ] {
        let reply = sent(
            &server,
            &format!("POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{framing}"),
        )
        .await;
        assert!(
            reply.starts_with(&format!("HTTP/1.1 {status} ")),
            "{framing:?}: {reply}"
        );
        assert!(
            reply.ends_with(&format!("\r\n\r\n{body}")),
            "{framing:?}: {reply}"
        );
    }
}

#[tokio::test]
async fn an_announced_body_past_the_limit_is_refused_and_the_refusal_can_be_read() {
    let server = serving(ServeOptions::default(), Version::Http1, judge).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 8000000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    soon(stream.write_all(&vec![b'x'; 8_000_000]))
        .await
        .unwrap();
    let mut reply = String::new();
    soon(stream.read_to_string(&mut reply)).await.unwrap();
    assert!(reply.starts_with("HTTP/1.1 413 "), "{reply}");
}

#[tokio::test]
async fn a_head_that_does_not_come_closes_the_connection() {
    let options = ServeOptions {
        request_timeout: Duration::from_millis(50),
        ..ServeOptions::default()
    };
    let server = serving(options, Version::Http1, echo).await;
    assert_eq!(sent(&server, "POST / HT").await, "");
    let idle = sent(&server, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(
        idle.starts_with("HTTP/1.1 200 OK\r\n"),
        "then idle for too long: {idle}"
    );
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let server = serving(ServeOptions::default(), Version::Http1, echo).await;
    let reply = sent(
        &server,
        &format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(40_000)),
    )
    .await;
    assert!(reply.starts_with("HTTP/1.1 431 "), "{reply}");
}

#[tokio::test]
async fn at_shutdown_the_request_in_flight_is_answered_and_idle_connections_close() {
    let (began, mut begins) = unbounded_channel();
    let (go, goes) = tokio::sync::watch::channel(false);
    let mut server = serving(ServeOptions::default(), Version::Http1, move |request| {
        let (began, mut goes) = (began.clone(), goes.clone());
        async move {
            began.send(()).unwrap();
            goes.wait_for(|go| *go).await.unwrap();
            echo(request).await
        }
    })
    .await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nok";
    stream.write_all(request).await.unwrap();
    soon(begins.recv()).await.unwrap();
    server.shutdown.cancel();
    soon(server.closing.cancelled()).await;
    go.send(true).unwrap();
    let mut reply = String::new();
    soon(stream.read_to_string(&mut reply)).await.unwrap();
    assert!(reply.ends_with("\r\n\r\nok"), "{reply}");
    server.ended().await;
}

#[cfg(feature = "http2")]
mod version_2 {
    use super::*;
    use hyper::client::conn::http2;
    use hyper_util::rt::{TokioExecutor, TokioIo};

    #[tokio::test]
    async fn both_versions_are_served_on_one_port() {
        let server = serving(ServeOptions::default(), Version::Auto, echo).await;
        let first =
            "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok";
        assert!(sent(&server, first).await.ends_with("\r\n\r\nok"));

        let stream = TcpStream::connect(server.address).await.unwrap();
        let opened = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await;
        let (mut sender, connection) = opened.unwrap();
        let driver = tokio::spawn(connection);
        let request = Request::post(server.url())
            .body(Full::<Bytes>::from("ok"))
            .unwrap();
        let reply = soon(sender.send_request(request)).await.unwrap();
        let body = read_body(reply.into_body(), 10, support::PATIENCE)
            .await
            .unwrap();
        assert_eq!(body, "ok");
        driver.abort();
    }

    #[tokio::test]
    async fn a_part_of_the_preface_is_not_waited_for_without_end() {
        let options = ServeOptions {
            request_timeout: Duration::from_millis(50),
            ..ServeOptions::default()
        };
        let server = serving(options, Version::Auto, echo).await;
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(b"PRI * HTTP").await.unwrap();
        // Closed with bytes unread: an end or a reset.
        let read = soon(stream.read(&mut [0; 10])).await;
        assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
    }

    #[tokio::test]
    async fn aborting_a_connection_drops_the_handlers_of_its_streams() {
        let (began, mut begins) = unbounded_channel();
        let (held, mut drops) = unbounded_channel::<()>();
        let options = ServeOptions {
            drain: Duration::from_millis(10),
            ..ServeOptions::default()
        };
        let mut server = serving(options, Version::Auto, move |_| {
            began.send(()).unwrap();
            let held = Tell(held.clone());
            async move {
                std::future::pending::<()>().await;
                drop(held);
                Response::default()
            }
        })
        .await;
        let stream = TcpStream::connect(server.address).await.unwrap();
        let opened = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await;
        let (mut sender, connection) = opened.unwrap();
        let driver = tokio::spawn(connection);
        let request = Request::post(server.url())
            .body(Full::<Bytes>::default())
            .unwrap();
        let call = tokio::spawn(sender.send_request(request));
        soon(begins.recv()).await.unwrap();
        server.shutdown.cancel();
        server.ended().await;
        soon(drops.recv())
            .await
            .expect("the stream's handler was dropped");
        assert!(soon(call).await.unwrap().is_err());
        driver.abort();
    }

    /// Tells when it is dropped.
    struct Tell(tokio::sync::mpsc::UnboundedSender<()>);

    impl Drop for Tell {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }
}
