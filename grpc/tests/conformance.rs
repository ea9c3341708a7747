//! Every scenario over a real socket, every property, and what is this wire's own: metadata, the
//! server's name, bytes, deadlines, cancellation, closing.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod serving;

use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, stream};
use services::conformance::{self, Faulty, reference};
use services::context::DeadlineScope;
use services::model::{Metric, MetricRequest, NumberRange};
use services::{
    Backend, Calculator, ClientOptions, Code, Context, Error, Metrics, Numbers, ServeOptions,
};
use serving::{Running, soon};

async fn reference_server() -> Running {
    Running::start(reference(), ServeOptions::default()).await
}

#[tokio::test]
async fn every_scenario_holds_over_a_socket() {
    let server = reference_server().await;
    let client: Arc<dyn Backend> = Arc::new(server.client().await);
    if let Err(failures) = conformance::check(client).await {
        let failures: Vec<_> = failures.iter().map(ToString::to_string).collect();
        panic!("{}", failures.join("\n"));
    }
    server.stopped().await;
}

#[test]
fn every_property_holds_over_a_socket() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(reference_server());
    let client = runtime.block_on(server.client());
    let text = conformance::properties::Text::Any;
    conformance::properties::check(runtime.handle(), Arc::new(client), text);
}

#[tokio::test]
async fn both_schemes_reach_a_server_and_other_urls_are_refused() {
    let server = reference_server().await;
    let address = server.address;
    for url in [format!("http://{address}/"), format!("grpc://{address}")] {
        let client = grpc::Client::connect(&url, ClientOptions::default())
            .await
            .unwrap();
        assert_eq!(soon(client.add(&Context::new(), 2, 3)).await, Ok(5));
    }
    for url in [
        "",
        "localhost:1",
        "https://localhost:1",
        "http://localhost",
        "http://h:1/path",
        "http://user@h:1",
    ] {
        let refused = grpc::Client::connect(url, ClientOptions::default())
            .await
            .err()
            .unwrap();
        assert_eq!(refused.code(), Code::InvalidArgument, "{url}: {refused}");
    }
}

#[tokio::test]
async fn an_unreachable_server_is_told_at_once() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let url = format!("http://{address}");
    let connecting = grpc::Client::connect(&url, ClientOptions::default());
    let error = soon(connecting).await.err().unwrap();
    assert_eq!(error.code(), Code::Unavailable, "{error}");
}

#[tokio::test]
async fn a_client_finds_a_restarted_server_again() {
    let server = reference_server().await;
    let address = server.address;
    let client = server.client().await;
    assert_eq!(soon(client.add(&Context::new(), 2, 3)).await, Ok(5));
    server.stopped().await;
    let error = soon(client.add(&Context::new(), 2, 3)).await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable, "{error}");

    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async { stopped.await.unwrap_or_default() };
    let serving = grpc::serve(listener, reference(), ServeOptions::default(), shutdown);
    let serving = tokio::spawn(serving);
    assert_eq!(soon(client.add(&Context::new(), 2, 3)).await, Ok(5));
    drop(stop);
    soon(serving).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_client_learns_the_server_and_the_bytes_of_a_call() {
    let options = ServeOptions {
        name: Some("room/1".into()),
        ..ServeOptions::default()
    };
    let server = Running::start(reference(), options).await;
    let client = server.client().await;
    let context = Context::new();
    soon(client.add(&context, 2, 3)).await.unwrap();
    let exchange = context.exchange();
    assert_eq!(exchange.server.as_deref(), Some("room/1"));
    assert_eq!((exchange.body.up, exchange.body.down), (4, 2));
    // The frames of HTTP/2, the heads of the messages and the headers are on the wire besides.
    assert!(exchange.wire.up > exchange.body.up + 14, "{exchange:?}");
    assert!(exchange.wire.down > exchange.body.down + 14, "{exchange:?}");

    let failing = Context::new();
    soon(client.add(&failing, i32::MAX, 1)).await.unwrap_err();
    assert_eq!(failing.exchange().server.as_deref(), Some("room/1"));
    assert_eq!(failing.exchange().body.down, 0);

    let streaming = Context::new();
    let range = NumberRange { start: 1, end: 3 };
    let numbers = soon(client.stream_numbers(&streaming, range))
        .await
        .unwrap();
    assert_eq!(soon(numbers.collect::<Vec<_>>()).await.len(), 3);
    assert!(streaming.exchange().body.down > 3 * 20, "{streaming:?}");
}

/// Tells what a server's backend sees of a call.
mod recording;

#[tokio::test]
async fn metadata_and_deadline_reach_the_backend() {
    let recorder = Arc::new(recording::Recorder::default());
    let server = Running::start(recorder.clone(), ServeOptions::default()).await;
    let client = server.client().await;
    let mut context = Context::with_timeout(Duration::from_secs(5));
    context.metadata.insert("x-class", "7b");
    soon(client.add(&context, 2, 3)).await.unwrap();
    let seen = recorder.context();
    assert_eq!(
        seen.metadata.iter().collect::<Vec<_>>(),
        [("x-class", "7b")]
    );
    assert!(seen.remaining().unwrap() <= Duration::from_secs(5));
    assert!(seen.peer.unwrap().ip().is_loopback());

    // A stream's deadline travels only where it covers the stream whole.
    let range = NumberRange { start: 1, end: 3 };
    drop(soon(client.stream_numbers(&context, range)).await.unwrap());
    assert_eq!(recorder.context().deadline, None);
    context.scope = DeadlineScope::Whole;
    drop(soon(client.stream_numbers(&context, range)).await.unwrap());
    assert!(recorder.context().deadline.is_some());
    assert_eq!(recorder.context().scope, DeadlineScope::Whole);
}

#[tokio::test]
async fn a_call_without_a_deadline_of_its_own_has_the_clients() {
    let recorder = Arc::new(recording::Recorder::default());
    let server = Running::start(recorder.clone(), ServeOptions::default()).await;
    let client = server.client().await;
    soon(client.add(&Context::new(), 2, 3)).await.unwrap();
    let left = recorder.context().remaining().unwrap();
    assert!(
        left > Duration::from_secs(5) && left <= Duration::from_secs(10),
        "{left:?}"
    );
}

#[tokio::test]
async fn a_sender_that_breaks_off_fails_the_call_at_both_ends() {
    let recorder = Arc::new(recording::Recorder::default());
    let server = Running::start(recorder.clone(), ServeOptions::default()).await;
    let client = server.client().await;
    let broken = Error::InvalidArgument("the sensor is gone".into());
    let metrics = stream::iter([Ok(Metric::default()), Err(broken.clone())]).boxed();
    let failed = soon(client.record_metrics(&Context::new(), metrics)).await;
    assert_eq!(failed, Err(broken));
    let end = soon(recorder.upload_ended()).await;
    assert_eq!(end.unwrap_err().code(), Code::Unavailable);
    assert_eq!(soon(client.add(&Context::new(), 2, 3)).await, Ok(5));
}

#[tokio::test]
async fn a_dropped_call_stops_the_work_at_the_server() {
    let faulty = Faulty::never_answering();
    let server = Running::start(faulty.clone(), ServeOptions::default()).await;
    let client = Arc::new(server.client().await);
    let calling = Arc::clone(&client);
    let call = tokio::spawn(async move { calling.add(&Context::new(), 2, 3).await });
    soon(faulty.started()).await;
    call.abort();
    soon(faulty.dropped()).await;
}

#[tokio::test]
async fn a_dropped_stream_stops_the_work_at_the_server() {
    let faulty = Faulty::never_answering();
    let server = Running::start(faulty.clone(), ServeOptions::default()).await;
    let client = server.client().await;
    let range = NumberRange { start: 1, end: 9 };
    let mut numbers = soon(client.stream_numbers(&Context::new(), range))
        .await
        .unwrap();
    soon(numbers.next()).await.unwrap().unwrap();
    drop(numbers);
    soon(faulty.dropped()).await;
}

#[tokio::test]
async fn a_deadline_ends_a_call_a_stream_and_an_upload() {
    let faulty = Faulty::never_answering();
    let server = Running::start(faulty.clone(), ServeOptions::default()).await;
    let client = server.client().await;
    let in_time = || Context::with_timeout(Duration::from_millis(50));
    let late = soon(client.add(&in_time(), 2, 3)).await.unwrap_err();
    assert_eq!(late.code(), Code::DeadlineExceeded);
    soon(faulty.dropped()).await;

    let upload = stream::pending().boxed();
    let late = soon(client.record_metrics(&in_time(), upload))
        .await
        .unwrap_err();
    assert_eq!(late.code(), Code::DeadlineExceeded);
    soon(faulty.dropped()).await;

    let mut context = in_time();
    context.scope = DeadlineScope::Whole;
    let request = MetricRequest::default();
    let stream = client.stream_metrics(&context, &request);
    let mut metrics = soon(stream).await.unwrap();
    soon(metrics.next()).await.unwrap().unwrap();
    let late = soon(metrics.next()).await.unwrap().unwrap_err();
    assert_eq!(late.code(), Code::DeadlineExceeded);
    assert!(soon(metrics.next()).await.is_none());
    soon(faulty.dropped()).await;
}

#[tokio::test]
async fn a_panic_is_an_internal_error_and_the_server_lives() {
    let server = Running::start(Faulty::panicking(), ServeOptions::default()).await;
    let client = server.client().await;
    for _ in 0..2 {
        let error = soon(client.add(&Context::new(), 2, 3)).await.unwrap_err();
        assert_eq!(error.code(), Code::Internal, "{error}");
    }
    let range = NumberRange { start: 1, end: 9 };
    let mut numbers = soon(client.stream_numbers(&Context::new(), range))
        .await
        .unwrap();
    soon(numbers.next()).await.unwrap().unwrap();
    let error = soon(numbers.next()).await.unwrap().unwrap_err();
    assert_eq!(error.code(), Code::Internal, "{error}");
    assert!(soon(numbers.next()).await.is_none());
}

#[tokio::test]
async fn open_streams_end_at_once_when_the_server_closes() {
    let mut server = Running::start(Faulty::never_answering(), ServeOptions::default()).await;
    let client = server.client().await;
    let range = NumberRange { start: 1, end: 9 };
    let mut numbers = soon(client.stream_numbers(&Context::new(), range))
        .await
        .unwrap();
    soon(numbers.next()).await.unwrap().unwrap();
    server.shut_down();
    let error = soon(numbers.next()).await.unwrap().unwrap_err();
    assert_eq!(error, Error::closing());
    assert!(soon(numbers.next()).await.is_none());
    soon(server.stopped()).await;
}

#[tokio::test]
async fn a_call_that_outlasts_the_drain_is_cut_off_as_unavailable() {
    let faulty = Faulty::never_answering();
    let options = ServeOptions {
        drain: Duration::from_millis(50),
        ..ServeOptions::default()
    };
    let mut server = Running::start(faulty.clone(), options).await;
    let client = server.client().await;
    let cut_off = tokio::spawn(async move { client.add(&Context::new(), 2, 3).await });
    soon(faulty.started()).await;
    server.shut_down();
    let error = soon(cut_off).await.unwrap().unwrap_err();
    assert_eq!(error.code(), Code::Unavailable, "{error}");
    soon(faulty.dropped()).await;
    server.stopped().await;
}

#[tokio::test]
async fn a_reply_over_the_clients_limit_is_resource_exhausted() {
    let server = reference_server().await;
    let options = ClientOptions {
        reply_bytes: 100,
        ..ClientOptions::default()
    };
    let client = grpc::Client::connect(&server.url(), options).await.unwrap();
    let text = "x".repeat(98);
    let fits = soon(client.uppercase(&Context::new(), &text))
        .await
        .unwrap();
    assert_eq!(fits.len(), 98);
    let text = "x".repeat(99);
    let error = soon(client.uppercase(&Context::new(), &text))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::ResourceExhausted, "{error}");
}
