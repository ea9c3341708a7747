//! What HTTP and WebSocket themselves refuse: case 64 and its neighbours.

use services::ServeOptions;
use services::conformance::reference;
use tokio_tungstenite::tungstenite::Message;

use super::{error, lives, started};
use crate::support::{ADD, Server, Socket};

#[tokio::test]
async fn case_64_an_alien_host_or_origin() {
    let options = ServeOptions {
        allowed_hosts: vec!["class.example".into()],
        allowed_origins: vec!["https://slides.example".into()],
        ..ServeOptions::default()
    };
    let server = Server::start(reference(), options).await;
    let upgrade = "GET / HTTP/1.1\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
        sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let post = "POST / HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 60\r\n";
    assert_eq!(ADD.len(), 60);
    for (headers, forbidden) in [
        ("host: localhost:1\r\n", false),
        (
            "host: class.example\r\norigin: http://class.example:80\r\n",
            false,
        ),
        (
            "host: 127.0.0.1\r\norigin: https://slides.example\r\n",
            false,
        ),
        ("host: evil.example\r\n", true),
        ("host: localhost\r\norigin: http://evil.example\r\n", true),
        ("host: localhost\r\norigin: null\r\n", true),
    ] {
        let (status, reply) = server
            .send(&format!("{post}{headers}"), ADD.as_bytes())
            .await;
        assert_eq!(
            status,
            if forbidden { 403 } else { 200 },
            "{headers} got {reply}"
        );
        let head = format!("{upgrade}{headers}connection: upgrade\r\n\r\n");
        let status = server.first_line(head.as_bytes()).await;
        let wanted = if forbidden {
            "HTTP/1.1 403"
        } else {
            "HTTP/1.1 101"
        };
        assert!(status.starts_with(wanted), "{headers} got {status}");
    }
    lives(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn http_that_is_not_a_post_of_json_is_refused() {
    let server = started().await;
    let asked = |method: &str, content_type: &str| {
        let head = format!(
            "{method} /any/path HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n{content_type}",
            ADD.len()
        );
        let server = &server;
        async move { server.send(&head, ADD.as_bytes()).await.0 }
    };
    let json = "content-type: application/json\r\n";
    assert_eq!(asked("POST", json).await, 200);
    assert_eq!(
        asked(
            "POST",
            "content-type: Application/JSON-RPC; charset=utf-8\r\n"
        )
        .await,
        200
    );
    assert_eq!(asked("POST", "").await, 415);
    assert_eq!(asked("POST", "content-type: text/plain\r\n").await, 415);
    for method in ["GET", "PUT", "OPTIONS", "DELETE"] {
        assert_eq!(asked(method, json).await, 405);
    }
    lives(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn a_malformed_deadline_is_an_invalid_argument_of_its_call() {
    let server = started().await;
    for malformed in ["+5S", "5", "S", "123456789S", "1.5S", "soon"] {
        let head = format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
            content-length: {}\r\ngrpc-timeout: {malformed}\r\n",
            ADD.len()
        );
        let wanted = "grpc-timeout is malformed: send 1 to 8 digits and one of H, M, S, m, u, n";
        let wanted = error(-32602, wanted, "\"lives\"");
        let answered = server.send(&head, ADD.as_bytes()).await;
        assert_eq!(answered, (200, wanted), "{malformed}");
        lives(&server).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn frames_that_are_no_text_close_the_connection() {
    let server = started().await;
    let mut socket = Socket::connect(&server).await;
    socket.send_message(Message::binary(ADD)).await;
    assert_eq!(socket.closed_with().await, 1003);
    let mut socket = Socket::connect(&server).await;
    socket
        .send_message(Message::Ping("are you there?".into()))
        .await;
    let pong = socket.next_message().await;
    assert_eq!(pong, Some(Message::Pong("are you there?".into())));
    socket.lives().await;
    lives(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_handshake_is_refused() {
    let server = started().await;
    let key = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let version = "sec-websocket-version: 13\r\n";
    let both = "upgrade: websocket\r\nconnection: upgrade\r\n";
    for (headers, wanted) in [
        (format!("{both}{key}{version}"), 101),
        (format!("{both}{key}sec-websocket-version: 8\r\n"), 426),
        (format!("{both}{key}"), 426),
        (format!("{both}{version}"), 400),
        (format!("connection: upgrade\r\n{key}{version}"), 405),
        (format!("upgrade: websocket\r\n{key}{version}"), 405),
        (
            format!("upgrade: h2c\r\nconnection: upgrade\r\n{key}{version}"),
            405,
        ),
    ] {
        let head = format!("GET / HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n");
        let line = server.first_line(head.as_bytes()).await;
        assert!(
            line.starts_with(&format!("HTTP/1.1 {wanted} ")),
            "{headers} got {line}"
        );
    }
    lives(&server).await;
    server.stop().await;
}
