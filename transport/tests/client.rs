//! The client: connections, bytes, errors, giving up.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use services::{ByteCount, ClientOptions, Code, Context, ServeOptions, Traffic};
use support::{Running, Version, echo, serving, soon};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc::unbounded_channel;
use transport::{HttpClient, RequestBody};

async fn connected(server: &Running) -> (HttpClient, Arc<Traffic>) {
    let options = ClientOptions::default();
    let traffic = Arc::clone(&options.traffic);
    let client = soon(HttpClient::connect(&server.url(), &options)).await;
    (client.unwrap(), traffic)
}

fn post(body: &'static str) -> Request<Full<Bytes>> {
    Request::post("/").body(Full::from(body)).unwrap()
}

#[tokio::test]
async fn calls_one_after_another_share_a_connection() {
    let server = serving(ServeOptions::default(), Version::Http1, echo).await;
    let (client, traffic) = connected(&server).await;
    for _ in 0..10 {
        let reply = soon(client.call(&Context::new(), post("hello")))
            .await
            .unwrap();
        assert_eq!(reply.body(), "hello");
    }
    assert_eq!(traffic.connections(), 1);
}

#[tokio::test]
async fn bytes_are_counted_exactly() {
    let options = ServeOptions::default();
    let served = Arc::clone(&options.traffic);
    let server = serving(options, Version::Http1, echo).await;
    let (client, traffic) = connected(&server).await;
    let context = Context::new();
    soon(client.call(&context, post("hello"))).await.unwrap();
    let request = format!(
        "POST / HTTP/1.1\r\nhost: {}\r\ncontent-length: 5\r\n\r\nhello",
        server.address
    );
    let reply = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\
                 date: Sat, 21 Nov 2026 05:00:00 GMT\r\n\r\nhello";
    let exchange = context.exchange();
    assert_eq!((exchange.body.up, exchange.body.down), (5, 5));
    assert_eq!(exchange.wire.up, request.len() as u64);
    assert_eq!(exchange.wire.down, reply.len() as u64);
    assert_eq!(traffic.as_client(), exchange.wire);
    assert_eq!(served.as_server(), exchange.wire);
}

#[tokio::test]
async fn calls_at_once_have_a_connection_each_and_the_idle_ones_are_kept() {
    let gate = Arc::new(tokio::sync::Barrier::new(4));
    let server = serving(ServeOptions::default(), Version::Http1, move |request| {
        let gate = Arc::clone(&gate);
        async move {
            gate.wait().await;
            echo(request).await
        }
    })
    .await;
    let (client, traffic) = connected(&server).await;
    let context = Context::new();
    for _ in 0..2 {
        let call = || client.call(&context, post("at once"));
        let (a, b, c, d) = soon(async { tokio::join!(call(), call(), call(), call()) }).await;
        assert!([a, b, c, d].iter().all(Result::is_ok));
    }
    assert_eq!(traffic.connections(), 4);
}

#[tokio::test]
async fn connections_past_the_options_are_kept_while_somebody_wants_them() {
    let server = serving(ServeOptions::default(), Version::Http1, echo).await;
    let options = ClientOptions {
        connections: 1,
        ..ClientOptions::default()
    };
    let client = soon(HttpClient::connect(&server.url(), &options)).await;
    let client = client.unwrap();
    let two_at_once = async || {
        let call = async || client.call(&Context::new(), post("x")).await;
        let (a, b) = soon(async { tokio::join!(call(), call()) }).await;
        assert!(a.is_ok() && b.is_ok());
        options.traffic.connections()
    };
    let keeping = client.keep(1);
    assert_eq!(two_at_once().await, 2);
    assert_eq!(two_at_once().await, 2);
    drop(keeping);
    assert_eq!(two_at_once().await, 2);
    assert_eq!(two_at_once().await, 3);
}

#[tokio::test]
async fn a_call_after_the_idle_connection_died_goes_on_a_fresh_one() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        for _ in 0..3 {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0; 1_000];
            if socket.read(&mut request).await.unwrap() > 0 {
                let reply = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
                socket.write_all(reply).await.unwrap();
            }
        }
    });
    let client = HttpClient::connect(&url, &ClientOptions::default())
        .await
        .unwrap();
    for _ in 0..3 {
        let reply = soon(client.call(&Context::new(), post("x"))).await.unwrap();
        assert_eq!(reply.body(), "ok");
    }
    soon(server).await.unwrap();
}

#[tokio::test]
async fn a_request_that_left_is_never_sent_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = HttpClient::connect(&url, &ClientOptions::default())
        .await
        .unwrap();
    let (mut socket, _) = listener.accept().await.unwrap();
    let context = Context::new();
    let server = async move {
        assert!(socket.read(&mut [0; 1_000]).await.unwrap() > 0);
        drop(socket);
    };
    let (reply, ()) = soon(async { tokio::join!(client.call(&context, post("x")), server) }).await;
    let error = reply.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    assert!(
        error
            .to_string()
            .contains("whether the call was done is unknown")
    );
}

#[tokio::test]
async fn nobody_at_the_address_is_told_with_the_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let (url, options) = (format!("http://{address}"), ClientOptions::default());
    let error = soon(HttpClient::connect(&url, &options)).await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    assert!(error.to_string().contains(&address.to_string()), "{error}");
}

#[tokio::test]
async fn urls_that_cannot_be_called_are_invalid_arguments() {
    for url in [
        "",
        "localhost:1",
        "https://a",
        "http://",
        "http://u:p@a",
        "/x",
        "http://:80",
    ] {
        let error = soon(HttpClient::connect(url, &ClientOptions::default()))
            .await
            .unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument, "{url}: {error}");
    }
}

#[tokio::test]
async fn a_peer_that_does_not_speak_http_is_an_internal_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = HttpClient::connect(&url, &ClientOptions::default())
        .await
        .unwrap();
    let (mut socket, _) = listener.accept().await.unwrap();
    let server = async move {
        assert!(socket.read(&mut [0; 1_000]).await.unwrap() > 0);
        socket
            .write_all(b"220 mail.example ESMTP\r\n")
            .await
            .unwrap();
        let _ = socket.read_to_end(&mut Vec::new()).await;
    };
    let context = Context::new();
    let (reply, ()) = soon(async { tokio::join!(client.call(&context, post("x")), server) }).await;
    assert_eq!(reply.unwrap_err().code(), Code::Internal);
}

#[tokio::test]
async fn a_reply_past_the_limit_is_resource_exhausted() {
    let large = |_| async { Response::new(Full::from(vec![b'x'; 100_000])) };
    let server = serving(ServeOptions::default(), Version::Http1, large).await;
    for (limit, fits) in [(99_999, false), (100_000, true)] {
        let options = ClientOptions {
            reply_bytes: limit,
            ..ClientOptions::default()
        };
        let client = HttpClient::connect(&server.url(), &options).await.unwrap();
        let reply = soon(client.call(&Context::new(), post("x"))).await;
        match reply {
            Ok(reply) => assert!(fits && reply.body().len() == limit),
            Err(error) => assert!(!fits && error.code() == Code::ResourceExhausted, "{error}"),
        }
    }
}

#[tokio::test]
async fn a_streamed_request_arrives_and_its_error_aborts_it() {
    let (began, mut begins) = unbounded_channel();
    let (seen, mut outcomes) = unbounded_channel();
    let server = serving(ServeOptions::default(), Version::Http1, move |request| {
        let seen = seen.clone();
        began.send(()).unwrap();
        async move {
            let body = request.into_body();
            let read = transport::http::read_body(body, 1_000, support::PATIENCE).await;
            seen.send(read.clone()).unwrap();
            Response::new(Full::from(read.unwrap_or_default()))
        }
    })
    .await;
    let (client, traffic) = connected(&server).await;
    let context = Context::new();
    let parts = [Ok(Bytes::from("one ")), Ok(Bytes::from("two"))];
    let reply = client.send(&context, streamed(futures::stream::iter(parts)));
    let reply = soon(reply).await.unwrap().into_body();
    assert_eq!(soon(reply.whole(100)).await.unwrap(), "one two");
    assert_eq!(context.exchange().body, ByteCount { up: 7, down: 7 });
    assert_eq!(soon(outcomes.recv()).await.unwrap().unwrap(), "one two");
    soon(begins.recv()).await.unwrap();

    let own = services::Error::NotFound("the file is gone".into());
    let (parts, mut stream) = unbounded_channel();
    let stream = futures::stream::poll_fn(move |task| stream.poll_recv(task));
    let call = client.send(&context, streamed(stream));
    let sending = async {
        parts.send(Ok(Bytes::from("one "))).unwrap();
        begins.recv().await.unwrap();
        parts.send(Err(own.clone())).unwrap();
    };
    let (reply, ()) = soon(async { tokio::join!(call, sending) }).await;
    assert_eq!(reply.unwrap_err(), own);
    let aborted = soon(outcomes.recv()).await.unwrap();
    assert_eq!(aborted, Err(transport::http::BodyError::Broken));
    assert_eq!(traffic.connections(), 2);
}

fn streamed(
    stream: impl futures::Stream<Item = Result<Bytes, services::Error>> + Send + 'static,
) -> Request<RequestBody> {
    Request::post("/")
        .body(RequestBody::streamed(stream))
        .unwrap()
}

#[tokio::test]
async fn the_server_notices_a_call_that_was_dropped() {
    let (started, mut starts) = unbounded_channel();
    let (dropped, mut drops) = unbounded_channel::<()>();
    let server = serving(ServeOptions::default(), Version::Http1, move |_| {
        let held = dropped.clone();
        started.send(()).unwrap();
        async move {
            let held = Tell(held);
            std::future::pending::<()>().await;
            drop(held);
            Response::default()
        }
    })
    .await;
    let (client, _) = connected(&server).await;
    let context = Context::new();
    {
        let call = client.call(&context, post("x"));
        tokio::select! {
            _ = call => panic!("nothing answers"),
            _ = soon(starts.recv()) => {}
        }
    }
    soon(drops.recv()).await.expect("the handler was dropped");
}

/// Tells when it is dropped.
struct Tell(tokio::sync::mpsc::UnboundedSender<()>);

impl Drop for Tell {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[tokio::test]
async fn the_context_travels_and_what_the_server_says_is_learnt() {
    let server = serving(
        ServeOptions::default(),
        Version::Http1,
        |request| async move {
            let peer = std::net::SocketAddr::from(([127, 0, 0, 1], 1));
            let context = transport::http::context(request.headers(), peer).unwrap();
            let left = context.remaining().expect("a deadline came");
            assert!(left <= std::time::Duration::from_secs(60));
            let class = context.metadata.get("x-class").unwrap().to_owned();
            let mut reply = Response::new(Full::from(class));
            reply.headers_mut().insert("server", "one".parse().unwrap());
            reply.headers_mut().insert("x-seat", "7".parse().unwrap());
            reply
        },
    )
    .await;
    let (client, _) = connected(&server).await;
    let mut context = Context::with_timeout(std::time::Duration::from_secs(60));
    context.metadata.insert("x-class", "networks");
    let reply = soon(client.call(&context, post("x"))).await.unwrap();
    assert_eq!(reply.body(), "networks");
    let exchange = context.exchange();
    assert_eq!(exchange.server.as_deref(), Some("one"));
    assert_eq!(exchange.metadata.get("x-seat"), Some("7"));
}

#[tokio::test]
async fn a_server_that_answers_early_does_not_block_the_next_call() {
    let early = |_| async { Response::new(Full::from("early")) };
    let server = serving(ServeOptions::default(), Version::Http1, early).await;
    let (client, _) = connected(&server).await;
    let context = Context::new();
    let reply = soon(client.send(&context, streamed(futures::stream::pending()))).await;
    assert_eq!(
        soon(reply.unwrap().into_body().whole(10)).await.unwrap(),
        "early"
    );
    assert_eq!(
        soon(client.call(&context, post("x"))).await.unwrap().body(),
        "early"
    );
}
