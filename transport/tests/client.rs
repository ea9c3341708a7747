//! The client: connections, bytes, errors, giving up.

mod support;

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use services::{ClientOptions, Code, Context, ServeOptions, Traffic};
use support::{Running, Version, echo, serving, soon};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
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
