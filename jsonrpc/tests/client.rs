//! What is this client's own: several calls and streams on one WebSocket.
#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

mod support;

use futures::StreamExt;
use services::conformance::{Faulty, reference};
use services::model::NumberRange;
use services::{Calculator, Code, Context, Metrics, Numbers, ServeOptions};
use support::{Server, within};

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
