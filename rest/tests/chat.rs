//! The chat in raw bytes: what is said goes up by POST, and comes down as events.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use insta::assert_snapshot;
use services::conformance::reference;
use support::bytes::lines;
use support::{Running, get, post, soon};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The end of the second message of the chat, and of its chunk.
const LAST: &str = "\"sequence\":2,\"id\":\"\"}\n\n\r\n";

/// The answer to that request up to what follows that text, which does not end it.
async fn until(server: &Running, request: &str, text: &str) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !String::from_utf8_lossy(&answer).contains(text) {
        assert_ne!(soon(stream.read_buf(&mut answer)).await.unwrap(), 0);
    }
    lines(&String::from_utf8(answer).unwrap())
}

#[tokio::test]
async fn the_chat_in_bytes_and_resumed() {
    let server = Running::new(reference()).await;
    let say = |text: &str| post("/api/chat", &format!(r#"{{"user":"Ana","text":"{text}"}}"#));
    assert_snapshot!(lines(&server.raw(say("olá")).await), @r#"
    HTTP/1.1 201 Created
    content-type: application/json
    content-length: 72
    connection: close

    {"user":"Ana","text":"olá","timestamp":1763703000,"sequence":1,"id":""}
    "#);
    server.raw(say("tchau")).await;
    let listen = get("/api/chat?user=Bia&after=0");
    assert_snapshot!(until(&server, &listen, LAST).await, @r#"
    HTTP/1.1 200 OK
    content-type: text/event-stream
    cache-control: no-cache
    connection: close
    transfer-encoding: chunked

    D
    retry: 1000


    62
    id: 1
    event: item
    data: {"user":"Ana","text":"olá","timestamp":1763703000,"sequence":1,"id":""}


    63
    id: 2
    event: item
    data: {"user":"Ana","text":"tchau","timestamp":1763703000,"sequence":2,"id":""}
    "#);
    // What an EventSource has seen wins over the address that it was made with.
    let resumed = listen.replace("\r\n\r\n", "\r\nlast-event-id: 1\r\n\r\n");
    assert_snapshot!(until(&server, &resumed, LAST).await, @r#"
    HTTP/1.1 200 OK
    content-type: text/event-stream
    cache-control: no-cache
    connection: close
    transfer-encoding: chunked

    D
    retry: 1000


    63
    id: 2
    event: item
    data: {"user":"Ana","text":"tchau","timestamp":1763703000,"sequence":2,"id":""}
    "#);
}

#[tokio::test]
async fn a_chat_that_the_server_closes_says_so() {
    let server = Running::new(reference()).await;
    let listen = get("/api/chat?user=Bia");
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(listen.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !String::from_utf8_lossy(&answer).contains("retry: ") {
        assert_ne!(soon(stream.read_buf(&mut answer)).await.unwrap(), 0);
    }
    let listed = server.raw(get("/api/chat/participants")).await;
    assert!(listed.ends_with(r#"{"participants":["Bia"]}"#), "{listed}");
    server.shutdown.cancel();
    soon(stream.read_to_end(&mut answer)).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.contains("event: error\ndata: {") && answer.contains("Unavailable"));
    assert!(answer.ends_with("\r\n0\r\n\r\n"), "{answer}");
}
