//! Raw bytes, in and out: what a caller without any library sends and gets, and what our client
//! sends to whoever listens.
#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

mod support;

#[path = "wire/chat.rs"]
mod chat;
#[path = "wire/files.rs"]
mod files;
#[path = "wire/streams.rs"]
mod streams;
#[path = "wire/users.rs"]
mod users;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use insta::assert_snapshot;
use jsonrpc::Client;
use jsonrpsee::RpcModule;
use services::conformance::{Faulty, reference};
use services::{Calculator, ClientOptions, Context, ServeOptions};
use support::{Server, Socket, within};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;

async fn started() -> Server {
    Server::start(reference(), ServeOptions::default()).await
}

/// The lines of a message, without the line that changes every second.
fn lines(raw: &[u8]) -> String {
    let text = String::from_utf8(raw.to_vec())
        .unwrap()
        .replace("\r\n", "\n");
    let lines = text.lines().filter(|line| !line.starts_with("date: "));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn one_call_over_http_in_bytes() {
    let options = ServeOptions {
        name: Some("trivium".into()),
        ..ServeOptions::default()
    };
    let server = Server::start(reference(), options).await;
    let body = r#"{"jsonrpc":"2.0","method":"add","params":[5,3],"id":1}"#;
    let head = "POST / HTTP/1.1\r\n\
        host: 127.0.0.1:8001\r\n\
        content-type: application/json\r\n\
        content-length: 54\r\n\
        connection: close\r\n\r\n";
    let reply = server.raw(head.as_bytes(), body.as_bytes()).await;
    assert_snapshot!(lines(&reply), @r#"
    HTTP/1.1 200 OK
    content-type: application/json
    server: trivium
    connection: close
    content-length: 35

    {"jsonrpc":"2.0","id":1,"result":8}
    "#);
    server.stop().await;
}

#[tokio::test]
async fn a_notification_over_http_gets_an_empty_200() {
    let server = started().await;
    let body = r#"{"jsonrpc":"2.0","method":"add","params":[5,3]}"#;
    let head = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json-rpc\r\n\
        content-length: 47\r\nconnection: close\r\n\r\n";
    let reply = server.raw(head.as_bytes(), body.as_bytes()).await;
    assert_snapshot!(lines(&reply), @r"
    HTTP/1.1 200 OK
    content-type: application/json
    connection: close
    content-length: 0
    ");
    server.stop().await;
}

#[tokio::test]
async fn a_get_without_an_upgrade_is_told_what_to_send() {
    let server = started().await;
    let head = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    assert_snapshot!(lines(&server.raw(head, b"").await), @r#"
    HTTP/1.1 405 Method Not Allowed
    content-type: application/json
    allow: POST
    connection: close
    content-length: 127

    {"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid Request: send requests by POST, or upgrade to WebSocket"}}
    "#);
    server.stop().await;
}

#[tokio::test]
async fn one_call_over_websocket_in_bytes() {
    let server = started().await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let handshake = "GET / HTTP/1.1\r\n\
        host: localhost\r\n\
        connection: keep-alive, Upgrade\r\n\
        upgrade: websocket\r\n\
        sec-websocket-version: 13\r\n\
        sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    socket.write_all(handshake.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    while !reply.ends_with(b"\r\n\r\n") {
        reply.push(within(socket.read_u8()).await.unwrap());
    }
    // The key and its answer are those of RFC 6455, section 1.3.
    assert_snapshot!(lines(&reply), @r"
    HTTP/1.1 101 Switching Protocols
    upgrade: websocket
    connection: Upgrade
    sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
    ");
    // A whole text frame of 54 bytes, masked by a key of zeros.
    let mut frame = vec![0x81, 0x80 | 54, 0, 0, 0, 0];
    frame.extend(br#"{"jsonrpc":"2.0","method":"add","params":[5,3],"id":1}"#);
    socket.write_all(&frame).await.unwrap();
    let mut frame = [0; 37];
    within(socket.read_exact(&mut frame)).await.unwrap();
    assert_eq!(frame[..2], [0x81, 35]);
    let text = str::from_utf8(&frame[2..]).unwrap();
    assert_snapshot!(text, @r#"{"jsonrpc":"2.0","id":1,"result":8}"#);
    drop(socket);
    server.stop().await;
}

#[tokio::test]
async fn what_the_client_sends_over_http() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/rpc", listener.local_addr().unwrap());
    let client = Client::connect(&url, ClientOptions::default());
    let (client, accepted) = tokio::join!(client, listener.accept());
    let (client, (mut socket, _)) = (client.unwrap(), accepted.unwrap());
    let mut context = Context::new();
    context.metadata.insert("x-class", "rpc");
    let call = tokio::spawn(async move { client.add(&context, 5, 3).await });
    let mut request = vec![0; 1_024];
    let mut length = 0;
    while !request[..length].ends_with(b"\"id\":1}") {
        length += within(socket.read(&mut request[length..])).await.unwrap();
    }
    let text = lines(&request[..length]);
    let (before, after) = text.split_once("grpc-timeout: ").unwrap();
    let (timeout, after) = after.split_once('\n').unwrap();
    assert!(timeout.ends_with(['m', 'u', 'S']), "{timeout}");
    let host = format!("host: {}", listener.local_addr().unwrap());
    let text = format!("{before}{after}").replace(&host, "host: HOST");
    assert_snapshot!(text, @r#"
    POST /rpc HTTP/1.1
    content-type: application/json
    host: HOST
    x-class: rpc
    content-length: 54

    {"jsonrpc":"2.0","method":"add","params":[5,3],"id":1}
    "#);
    let reply = "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"id\":1,\"result\": 8}";
    socket.write_all(reply.as_bytes()).await.unwrap();
    assert_eq!(within(call).await.unwrap(), Ok(8));
}

#[tokio::test]
async fn a_call_can_be_given_up_by_its_id() {
    let faulty = Faulty::never_answering();
    let mut options = ServeOptions::default();
    options.limits.calls_per_connection = 2;
    let server = Server::start(faulty.clone(), options).await;
    let mut socket = Socket::connect(&server).await;
    let call = r#"{"jsonrpc":"2.0","id":"one","method":"cube","params":[1]}"#;
    socket.send(call).await;
    within(faulty.started()).await;
    socket.send(call.replace("one", "another")).await;
    within(faulty.started()).await;
    // This one waits for its turn, and can be given up all the same.
    socket.send(call.replace("one", "two")).await;
    let cancel = |id: &str| {
        format!(r#"{{"jsonrpc":"2.0","method":"$/cancelRequest","params":{{"id":"{id}"}}}}"#)
    };
    socket.send(cancel("nobody")).await;
    let cancelled = socket.ask(cancel("two")).await;
    assert_snapshot!(cancelled, @r#"{"jsonrpc":"2.0","id":"two","error":{"code":-32008,"message":"the caller gave the call up"}}"#);
    let cancelled = socket.ask(cancel("one")).await;
    assert_snapshot!(cancelled, @r#"{"jsonrpc":"2.0","id":"one","error":{"code":-32008,"message":"the caller gave the call up"}}"#);
    within(faulty.dropped()).await;
    socket.ask(cancel("another")).await;
    server.stop().await;
}

#[tokio::test]
async fn metadata_comes_with_the_request_or_with_the_connection() {
    let mut module = RpcModule::new(());
    module
        .register_method("metadata", |_, (), call| {
            let context: &Context = call.get().unwrap();
            let entries: BTreeMap<_, _> = context.metadata.iter().collect();
            serde_json::to_value(entries).unwrap()
        })
        .unwrap();
    let server = Server::start_methods(module, ServeOptions::default()).await;
    let mut socket = Socket::connect(&server).await;
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"metadata","metadata":{"X-Class":"rpc"}}"#;
    let reply = socket.ask(call).await;
    assert_snapshot!(reply, @r#"{"jsonrpc":"2.0","id":1,"result":{"x-class":"rpc"}}"#);
    let head = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
        x-teacher: Ada\r\ncontent-length: 73\r\n";
    assert_eq!(call.len(), 73);
    let (_, reply) = server.send(head, call.as_bytes()).await;
    assert_snapshot!(reply, @r#"{"jsonrpc":"2.0","id":1,"result":{"x-class":"rpc","x-teacher":"Ada"}}"#);
    let wrong = call.replace(r#""rpc""#, "7");
    assert!(socket.ask(wrong).await.contains("-32600"));
    drop(socket);
    server.stop().await;
}

#[tokio::test]
async fn a_request_brings_its_own_deadline() {
    let server = Server::start(Faulty::never_answering(), ServeOptions::default()).await;
    let mut socket = Socket::connect(&server).await;
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"cube","params":[1],"timeout_ms":20}"#;
    let reply = socket.ask(call).await;
    assert_snapshot!(reply, @r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32006,"message":"the deadline passed before the call was done: allow it more time"}}"#);
    let head = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
        grpc-timeout: 20m\r\ncontent-length: 57\r\n";
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"cube","params":[1]    }"#;
    assert_eq!(server.send(head, call.as_bytes()).await, (200, reply));
    let wrong = r#"{"jsonrpc":"2.0","id":1,"method":"cube","params":[1],"timeout_ms":-1}"#;
    assert!(socket.ask(wrong).await.contains("-32600"));
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_never_reads_is_not_read_from() {
    let mut options = ServeOptions::default();
    options.limits.calls_per_connection = 4;
    let traffic = Arc::clone(&options.traffic);
    let server = Server::start(reference(), options).await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let handshake = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\n\
        upgrade: websocket\r\nsec-websocket-version: 13\r\n\
        sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    socket.write_all(handshake.as_bytes()).await.unwrap();
    // Calls of 60 kB whose replies are as long.
    let text = "x".repeat(60_000);
    let text = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"uppercase","params":["{text}"]}}"#);
    let length = u16::try_from(text.len()).unwrap().to_be_bytes();
    let mut frame = vec![0x81, 0x80 | 126, length[0], length[1], 0, 0, 0, 0];
    frame.extend(text.as_bytes());
    // The buffers of the operating system fill, then nothing more is taken: writing stalls.
    let mut sent = 0;
    while let Ok(written) =
        tokio::time::timeout(Duration::from_millis(500), socket.write_all(&frame)).await
    {
        written.unwrap();
        sent += frame.len();
        assert!(sent < 256 * 1024 * 1024, "the server takes without end");
    }
    let taken = traffic.as_server();
    // What it took and has not answered is at most what may be in flight and in its buffers.
    let held = taken.up - taken.down;
    assert!(held < 16 * 60_000, "the server holds {held} bytes");
    let mut other = Socket::connect(&server).await;
    other.lives().await;
    drop(socket);
    server.stop().await;
}

#[tokio::test]
async fn discover_describes_every_method() {
    let server = started().await;
    let mut socket = Socket::connect(&server).await;
    socket
        .send(r#"{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}"#)
        .await;
    let document = socket.next_json().await["result"].take();
    assert_eq!(document["openrpc"], "1.3.2");
    let methods = document["methods"].as_array().unwrap();
    let names: Vec<_> = methods
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    assert_snapshot!(names.join(" "), @r"add multiply uppercase cube say_hello say_hello_again calculate_metrics get_system_info get_metric subscribe_stream_metrics unsubscribe_stream_metrics record_metrics.open record_metrics.send record_metrics.close record_metrics.cancel check_health subscribe_stream_numbers unsubscribe_stream_numbers create_user get_user subscribe_list_users unsubscribe_list_users update_user delete_user criar_usuario obter_usuarios upload_file.open upload_file.send upload_file.close upload_file.cancel subscribe_chat unsubscribe_chat chat.send chat.close post_message list_participants");
    // Each is there: without parameters it gets another error than that it is unknown.
    for name in names {
        let reply = socket
            .ask(format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{name}"}}"#))
            .await;
        assert!(!reply.contains("-32601"), "{name}: {reply}");
    }
    let add = serde_json::to_string_pretty(&methods[0]["params"][0]).unwrap();
    assert_snapshot!(add, @r#"
    {
      "name": "a",
      "required": true,
      "schema": {
        "maximum": 2147483647,
        "minimum": -2147483648,
        "type": "integer"
      }
    }
    "#);
    server.stop().await;
}

#[tokio::test]
async fn the_closing_handshake_is_answered() {
    let server = started().await;
    let mut socket = Socket::connect(&server).await;
    socket.lives().await;
    socket.send_message(Message::Close(None)).await;
    assert!(matches!(
        socket.next_message().await,
        Some(Message::Close(None))
    ));
    assert!(socket.next_message().await.is_none());
    server.stop().await;
}
