//! Calls given up, servers shut down, deadlines and faults, from a client's side.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use services::conformance::{Faulty, reference};
use services::model::{MetricRequest, NumberRange, Usage};
use services::{
    Backend, Calculator, ClientOptions, Code, Context, Greeter, Metrics, Numbers, ServeOptions,
};
use support::{Running, connected, soon};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const RANGE: NumberRange = NumberRange { start: 1, end: 9 };

async fn faulty(backend: &Arc<Faulty>, options: ServeOptions) -> (Running, rest::Client) {
    let server = Running::with(Arc::clone(backend) as Arc<dyn Backend>, options).await;
    let client = connected(&server.url()).await;
    (server, client)
}

#[tokio::test]
async fn the_server_notices_a_call_that_was_dropped() {
    let backend = Faulty::never_answering();
    let (_server, client) = faulty(&backend, ServeOptions::default()).await;
    let context = Context::new();
    {
        let call = client.add(&context, 5, 3);
        tokio::select! {
            _ = call => panic!("nothing answers"),
            () = soon(backend.started()) => {}
        }
    }
    soon(backend.dropped()).await;
}

#[tokio::test]
async fn the_server_notices_a_stream_that_was_dropped() {
    let backend = Faulty::never_answering();
    let (_server, client) = faulty(&backend, ServeOptions::default()).await;
    let mut numbers = client.stream_numbers(&Context::new(), RANGE).await.unwrap();
    assert_eq!(soon(numbers.next()).await.unwrap().unwrap().number, 1);
    drop(numbers);
    soon(backend.dropped()).await;
}

#[tokio::test]
async fn the_server_notices_an_upload_that_was_dropped() {
    let backend = Faulty::never_answering();
    let (_server, client) = faulty(&backend, ServeOptions::default()).await;
    let context = Context::new();
    {
        let call = client.record_metrics(&context, stream::empty().boxed());
        tokio::select! {
            _ = call => panic!("nothing answers"),
            () = soon(backend.started()) => {}
        }
    }
    soon(backend.dropped()).await;
}

#[tokio::test]
async fn at_shutdown_open_streams_end_at_once_and_the_server_too() {
    let backend = Faulty::never_answering();
    let (mut server, client) = faulty(&backend, ServeOptions::default()).await;
    let mut numbers = client.stream_numbers(&Context::new(), RANGE).await.unwrap();
    assert!(soon(numbers.next()).await.unwrap().is_ok());
    server.shutdown.cancel();
    let error = soon(numbers.next()).await.unwrap().unwrap_err();
    assert_eq!(error, services::Error::closing());
    assert!(soon(numbers.next()).await.is_none());
    server.ended().await;
    assert_eq!(
        client.add(&Context::new(), 5, 3).await.unwrap_err().code(),
        Code::Unavailable
    );
}

#[tokio::test]
async fn calls_that_outlast_the_drain_are_dropped() {
    let backend = Faulty::never_answering();
    let options = ServeOptions {
        drain: Duration::from_millis(20),
        ..ServeOptions::default()
    };
    let (mut server, client) = faulty(&backend, options).await;
    let context = Context::new();
    let (error, ()) = soon(async {
        tokio::join!(client.add(&context, 5, 3), async {
            backend.started().await;
            server.shutdown.cancel();
            server.ended().await;
        })
    })
    .await;
    assert_eq!(error.unwrap_err().code(), Code::Unavailable);
    soon(backend.dropped()).await;
}

#[tokio::test]
async fn a_deadline_passes_for_calls_and_uploads() {
    let backend = Faulty::never_answering();
    let (_server, client) = faulty(&backend, ServeOptions::default()).await;
    let short = || Context::with_timeout(Duration::from_millis(30));
    let late = Code::DeadlineExceeded;
    assert_eq!(client.add(&short(), 5, 3).await.unwrap_err().code(), late);
    let upload = stream::pending().boxed();
    assert_eq!(
        client
            .record_metrics(&short(), upload)
            .await
            .unwrap_err()
            .code(),
        late
    );
    let options = ClientOptions {
        timeout: Some(Duration::from_millis(30)),
        ..ClientOptions::default()
    };
    let server = Running::new(Faulty::never_answering()).await;
    let client = rest::Client::connect(&server.url(), options).await.unwrap();
    assert_eq!(
        client
            .say_hello(&Context::new(), 1)
            .await
            .unwrap_err()
            .code(),
        late
    );
}

#[tokio::test]
async fn panics_and_results_that_json_cannot_carry_are_internal() {
    let backend = Faulty::panicking();
    let (_server, client) = faulty(&backend, ServeOptions::default()).await;
    let context = Context::new();
    assert_eq!(
        client.add(&context, 5, 3).await.unwrap_err().code(),
        Code::Internal
    );
    let mut numbers = client.stream_numbers(&context, RANGE).await.unwrap();
    assert!(soon(numbers.next()).await.unwrap().is_ok());
    let error = soon(numbers.next()).await.unwrap().unwrap_err();
    assert_eq!(error.code(), Code::Internal);

    let backend = Faulty::not_finite();
    let (_server, client) = faulty(&backend, ServeOptions::default()).await;
    let usage = Usage {
        cpu_usage: vec![1.0],
        memory_usage: vec![1.0],
    };
    let report = client.calculate_metrics(&context, &usage).await;
    assert_eq!(report.unwrap_err().code(), Code::Internal);
    let request = MetricRequest::default();
    let metrics = client.stream_metrics(&context, &request).await.unwrap();
    let read: Result<Vec<_>, _> = soon(metrics.try_collect()).await;
    assert_eq!(read.unwrap_err().code(), Code::Internal);
}

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
async fn the_context_learns_the_server_and_the_bytes() {
    let options = ServeOptions {
        name: Some("one".into()),
        ..ServeOptions::default()
    };
    let server = Running::with(reference(), options).await;
    let client = connected(&server.url()).await;
    let context = Context::new();
    client.add(&context, 5, 3).await.unwrap();
    let exchange = context.exchange();
    assert_eq!(exchange.server.as_deref(), Some("one"));
    assert_eq!((exchange.body.up, exchange.body.down), (13, 12));
    assert!(exchange.wire.up > 100 && exchange.wire.down > 90);
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
