//! What is this client's own: the URLs that it takes, deadlines of streams, and the size of a message to the byte.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../../demo/lifecycle_tests/recording.rs"]
mod recording;
mod serving;

use std::sync::Arc;
use std::time::Duration;

use services::conformance::reference;
use services::context::DeadlineScope;
use services::model::NumberRange;
use services::{Calculator, ClientOptions, Code, Context, Numbers, ServeOptions};
use serving::{Running, soon};

async fn reference_server() -> Running {
    Running::start(reference(), ServeOptions::default()).await
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
async fn a_reply_one_byte_over_the_clients_limit_is_resource_exhausted() {
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

#[tokio::test]
async fn the_deadline_of_a_stream_travels_only_where_it_covers_the_stream_whole() {
    let recorder = Arc::new(recording::Recorder::default());
    let server = Running::start(recorder.clone(), ServeOptions::default()).await;
    let client = server.client().await;
    let mut context = Context::with_timeout(Duration::from_secs(3_600));
    let range = NumberRange { start: 1, end: 3 };
    drop(soon(client.stream_numbers(&context, range)).await.unwrap());
    assert_eq!(recorder.context().deadline, None);
    context.scope = DeadlineScope::Whole;
    drop(soon(client.stream_numbers(&context, range)).await.unwrap());
    assert!(recorder.context().deadline.is_some());
    assert_eq!(recorder.context().scope, DeadlineScope::Whole);
}
