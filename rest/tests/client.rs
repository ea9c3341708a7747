//! What is this client's own: its connections and its addresses.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use services::conformance::reference;
use services::model::NumberRange;
use services::{Calculator, ClientOptions, Code, Context, Metrics, Numbers, ServeOptions};
use support::{Running, connected, soon};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const RANGE: NumberRange = NumberRange { start: 1, end: 9 };

#[tokio::test]
async fn a_stream_leaves_its_connection_to_the_next_call() {
    let server = Running::new(reference()).await;
    let options = ClientOptions::default();
    let traffic = Arc::clone(&options.traffic);
    let client = rest::Client::connect(&server.url(), options).await.unwrap();
    let context = Context::new();
    for _ in 0..3 {
        let numbers = client.stream_numbers(&context, RANGE).await.unwrap();
        let items: Vec<_> = soon(numbers.try_collect()).await.unwrap();
        assert_eq!(items.len(), 9);
        assert_eq!(client.add(&context, 5, 3).await, Ok(8));
    }
    assert_eq!(traffic.connections(), 1);
}

#[tokio::test]
async fn a_path_before_the_routes_is_the_clients_to_know() {
    let server = Running::new(reference()).await;
    let client = connected(&format!("rest://{}/", server.address)).await;
    assert_eq!(client.add(&Context::new(), 5, 3).await, Ok(8));
    let client = connected(&format!("{}/behind/a/proxy", server.url())).await;
    let error = client.add(&Context::new(), 5, 3).await.unwrap_err();
    assert_eq!(error.code(), Code::Unimplemented);
    assert!(
        error
            .to_string()
            .contains("/behind/a/proxy/api/calculator/add"),
        "{error}"
    );
}

#[tokio::test]
async fn arguments_that_make_no_address_are_refused_before_they_are_sent() {
    let server = Running::new(reference()).await;
    let client = connected(&server.url()).await;
    let health = client
        .check_health(&Context::new(), &"ü".repeat(10_000))
        .await;
    assert_eq!(health.unwrap_err().code(), Code::InvalidArgument);
}

#[tokio::test]
async fn an_idle_connection_that_the_server_closed_is_replaced() {
    let options = ServeOptions {
        request_timeout: Duration::from_millis(20),
        ..ServeOptions::default()
    };
    let server = Running::with(reference(), options).await;
    let client = connected(&server.url()).await;
    // As long as another idle connection takes to be closed.
    let mut other = TcpStream::connect(server.address).await.unwrap();
    let request = support::get("/api/system").replace("connection: close\r\n", "");
    other.write_all(request.as_bytes()).await.unwrap();
    soon(other.read_to_end(&mut Vec::new())).await.unwrap();
    assert_eq!(client.add(&Context::new(), 5, 3).await, Ok(8));
}
