//! What is this client's own: several calls and streams on one WebSocket.
#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

mod support;

#[path = "client/chat.rs"]
mod chat;
#[path = "client/files.rs"]
mod files;

use futures::StreamExt;
use jsonrpc::Client;
use services::conformance::{Faulty, reference};
use services::model::NumberRange;
use services::{Calculator, ClientOptions, Code, Context, Metrics, Numbers, ServeOptions};
use support::{Server, within};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[tokio::test]
async fn streams_past_the_servers_limit_are_refused() {
    let mut options = ServeOptions::default();
    options.limits.streams = 1;
    let server = Server::start(Faulty::never_answering(), options).await;
    let client = server.client("ws").await;
    let range = NumberRange { start: 1, end: 9 };
    let first = client.stream_numbers(&Context::new(), range).await.unwrap();
    let second = within(client.stream_numbers(&Context::new(), range)).await;
    assert_eq!(second.err().unwrap().code(), Code::ResourceExhausted);
    let upload = futures::stream::pending().boxed();
    let upload = within(client.record_metrics(&Context::new(), upload)).await;
    assert_eq!(upload.err().unwrap().code(), Code::ResourceExhausted);
    drop(first);
    server.stop().await;
}

#[tokio::test]
async fn a_reader_that_pauses_does_not_lose_items_or_stop_other_calls() {
    let server = Server::start(reference(), ServeOptions::default()).await;
    let client = server.client("ws").await;
    let range = NumberRange {
        start: 0,
        end: 1_000,
    };
    let stream = client.stream_numbers(&Context::new(), range).await.unwrap();
    for _ in 0..100 {
        assert_eq!(within(client.add(&Context::new(), 5, 3)).await, Ok(8));
    }
    let items: Vec<_> = within(stream.collect()).await;
    assert_eq!(items.len(), 1_001);
    assert!(items.iter().all(Result::is_ok));
    server.stop().await;
}

#[tokio::test]
async fn a_call_given_up_over_websocket_leaves_room_for_the_next() {
    let mut options = ServeOptions::default();
    options.limits.calls_per_connection = 2;
    let faulty = Faulty::never_answering();
    let server = Server::start(faulty.clone(), options).await;
    let client = server.client("ws").await;
    for _ in 0..5 {
        let context = Context::new();
        tokio::select! {
            answer = client.cube(&context, 1) => panic!("{answer:?}"),
            () = within(faulty.started()) => {}
        }
        within(faulty.dropped()).await;
    }
    server.stop().await;
}

/// Answers one connection after the other with those bytes, like a server of one thread: the next
/// is not looked at before the one before has sent something or ended.
async fn one_at_a_time(listener: TcpListener, reply: &str) {
    loop {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 1_024];
        let read = socket.read(&mut request).await;
        if read.is_ok_and(|length| length > 0) {
            socket.write_all(reply.as_bytes()).await.unwrap();
        }
    }
}

/// What opening a stream by HTTP gets from such a server.
async fn stream_refused(reply: &str) -> Code {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = async {
        let client = Client::connect(&url, ClientOptions::default()).await;
        let range = NumberRange { start: 1, end: 3 };
        let context = Context::new();
        let stream = client.unwrap().stream_numbers(&context, range).await;
        stream.err().unwrap().code()
    };
    tokio::select! {
        code = within(asked) => code,
        () = one_at_a_time(listener, reply) => unreachable!("it serves for ever"),
    }
}

#[tokio::test]
async fn a_server_of_one_connection_at_a_time_can_refuse_a_stream() {
    let reply = "HTTP/1.1 501 Unsupported method\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(stream_refused(reply).await, Code::Unimplemented);
}

#[tokio::test]
async fn a_handshake_that_is_cut_short_is_unavailable() {
    for reply in ["", "HTTP/1.1 101 Switching"] {
        assert_eq!(stream_refused(reply).await, Code::Unavailable, "{reply}");
    }
}

#[tokio::test]
async fn a_url_is_escaped_once_where_it_is_refused() {
    for (url, told) in [
        ("ftp://\u{1b}", "use http://host:port or ws://host:port"),
        ("http://\u{1b}", "use http://host:port"),
    ] {
        let client = Client::connect(url, ClientOptions::default()).await;
        let wanted = format!("url is \"{}\": {told}", url.escape_debug());
        assert_eq!(client.err().unwrap().to_string(), wanted);
    }
}
