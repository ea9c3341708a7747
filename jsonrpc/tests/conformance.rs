//! The scenarios and the properties that hold for every backend, over real sockets: one server,
//! met over HTTP and over WebSocket. Beside them what the wire itself promises.
#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

mod support;

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use services::conformance::{self, Faulty, properties, reference};
use services::model::{MetricRequest, NumberRange};
use services::{Backend, Calculator, Code, Context, Greeter, Metrics, Numbers, ServeOptions};
use support::{Server, within};
use tokio::time::Instant;

async fn passes_all_scenarios(scheme: &str) {
    let server = Server::start(reference(), ServeOptions::default()).await;
    let client: Arc<dyn Backend> = Arc::new(server.client(scheme).await);
    if let Err(failures) = conformance::check(client).await {
        let failures: Vec<_> = failures.iter().map(ToString::to_string).collect();
        panic!("over {scheme}:\n{}", failures.join("\n"));
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_holds_over_http() {
    passes_all_scenarios("http").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_holds_over_websocket() {
    passes_all_scenarios("ws").await;
}

fn holds_properties(scheme: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (server, client) = runtime.block_on(async {
        let server = Server::start(reference(), ServeOptions::default()).await;
        let client: Arc<dyn Backend> = Arc::new(server.client(scheme).await);
        (server, client)
    });
    properties::check(runtime.handle(), client, properties::Text::Any);
    runtime.block_on(server.stop());
}

#[test]
fn every_property_holds_over_http() {
    holds_properties("http");
}

#[test]
fn every_property_holds_over_websocket() {
    holds_properties("ws");
}

#[tokio::test]
async fn dropping_a_call_stops_its_work_at_the_server() {
    for scheme in ["http", "ws"] {
        let faulty = Faulty::never_answering();
        let server = Server::start(faulty.clone(), ServeOptions::default()).await;
        let client = server.client(scheme).await;
        let context = Context::new();
        tokio::select! {
            answer = client.add(&context, 1, 2) => panic!("{answer:?}"),
            () = within(faulty.started()) => {}
        }
        within(faulty.dropped()).await;
        server.stop().await;
    }
}

#[tokio::test]
async fn dropping_a_stream_stops_its_work_at_the_server() {
    for scheme in ["http", "ws"] {
        let faulty = Faulty::never_answering();
        let server = Server::start(faulty.clone(), ServeOptions::default()).await;
        let client = server.client(scheme).await;
        let range = NumberRange { start: 1, end: 9 };
        let mut stream = client.stream_numbers(&Context::new(), range).await.unwrap();
        assert_eq!(within(stream.next()).await.unwrap().unwrap().number, 1);
        drop(stream);
        within(faulty.dropped()).await;
        server.stop().await;
    }
}

#[tokio::test]
async fn dropping_an_upload_stops_its_work_at_the_server() {
    for scheme in ["http", "ws"] {
        let faulty = Faulty::never_answering();
        let server = Server::start(faulty.clone(), ServeOptions::default()).await;
        let client = server.client(scheme).await;
        let context = Context::new();
        let broken = services::Error::new(Code::Cancelled, "enough");
        let metrics = futures::stream::iter([Ok(Default::default()), Err(broken.clone())]).boxed();
        let error = within(client.record_metrics(&context, metrics)).await;
        assert_eq!(error, Err(broken));
        within(faulty.dropped()).await;
        server.stop().await;
    }
}

#[tokio::test]
async fn dropping_the_client_stops_its_calls_and_streams() {
    let faulty = Faulty::never_answering();
    let server = Server::start(faulty.clone(), ServeOptions::default()).await;
    let client = server.client("ws").await;
    let request = MetricRequest::default();
    let stream = client.stream_metrics(&Context::new(), &request).await;
    drop((client, stream));
    within(faulty.dropped()).await;
    server.stop().await;
}

#[tokio::test]
async fn a_deadline_passes_at_the_client_and_reaches_the_server() {
    for scheme in ["http", "ws"] {
        let faulty = Faulty::never_answering();
        let server = Server::start(faulty.clone(), ServeOptions::default()).await;
        let client = server.client(scheme).await;
        let context = Context::with_timeout(Duration::from_millis(50));
        let error = within(client.add(&context, 1, 2)).await.unwrap_err();
        assert_eq!(error.code(), Code::DeadlineExceeded);
        within(faulty.dropped()).await;
        server.stop().await;
    }
}

#[tokio::test]
async fn a_panic_is_internal_and_the_server_lives() {
    for scheme in ["http", "ws"] {
        let server = Server::start(Faulty::panicking(), ServeOptions::default()).await;
        let client = server.client(scheme).await;
        for _ in 0..2 {
            let error = within(client.add(&Context::new(), 1, 2)).await.unwrap_err();
            assert_eq!(error.code(), Code::Internal);
        }
        let range = NumberRange { start: 1, end: 9 };
        let stream = client.stream_numbers(&Context::new(), range).await.unwrap();
        let items: Vec<_> = within(stream.collect()).await;
        assert!(items[0].is_ok());
        assert_eq!(items[1].as_ref().unwrap_err().code(), Code::Internal);
        assert_eq!(items.len(), 2);
        server.stop().await;
    }
}

#[tokio::test]
async fn a_value_that_json_cannot_write_is_internal() {
    for scheme in ["http", "ws"] {
        let server = Server::start(Faulty::not_finite(), ServeOptions::default()).await;
        let client = server.client(scheme).await;
        let request = MetricRequest::default();
        let error = within(client.get_metric(&Context::new(), &request)).await;
        assert_eq!(error.unwrap_err().code(), Code::Internal);
        let stream = client
            .stream_metrics(&Context::new(), &request)
            .await
            .unwrap();
        let items: Vec<_> = within(stream.collect()).await;
        assert_eq!(items[0].as_ref().unwrap_err().code(), Code::Internal);
        assert_eq!(items.len(), 1);
        server.stop().await;
    }
}

#[tokio::test]
async fn an_open_stream_ends_with_unavailable_when_the_server_stops() {
    for scheme in ["http", "ws"] {
        let server = Server::start(Faulty::never_answering(), ServeOptions::default()).await;
        let client = server.client(scheme).await;
        let range = NumberRange { start: 1, end: 9 };
        let mut stream = client.stream_numbers(&Context::new(), range).await.unwrap();
        assert!(within(stream.next()).await.unwrap().is_ok());
        let started = Instant::now();
        server.stop().await;
        // The drain is five seconds: an open stream does not use them up.
        assert!(started.elapsed() < Duration::from_secs(4));
        let error = within(stream.next()).await.unwrap().unwrap_err();
        assert_eq!(error, services::Error::closing());
        assert!(within(stream.next()).await.is_none());
        let error = within(client.add(&Context::new(), 1, 2)).await.unwrap_err();
        assert_eq!(error.code(), Code::Unavailable);
    }
}

#[tokio::test]
async fn a_call_that_never_ends_is_dropped_when_the_drain_is_over() {
    for scheme in ["http", "ws"] {
        let faulty = Faulty::never_answering();
        let options = ServeOptions {
            drain: Duration::from_millis(50),
            ..ServeOptions::default()
        };
        let server = Server::start(faulty.clone(), options).await;
        let client = server.client(scheme).await;
        let call = tokio::spawn(async move { client.add(&Context::new(), 1, 2).await });
        within(faulty.started()).await;
        server.stop().await;
        within(faulty.dropped()).await;
        let error = within(call).await.unwrap().unwrap_err();
        assert_eq!(error.code(), Code::Unavailable);
    }
}

#[tokio::test]
async fn the_next_call_connects_again_after_the_server_was_away() {
    for scheme in ["http", "ws"] {
        let server = Server::start(reference(), ServeOptions::default()).await;
        let address = server.address;
        let client = server.client(scheme).await;
        assert_eq!(client.add(&Context::new(), 5, 3).await, Ok(8));
        server.stop().await;
        let error = within(client.add(&Context::new(), 5, 3)).await.unwrap_err();
        assert_eq!(error.code(), Code::Unavailable);
        let server = Server::start_at(address, reference(), ServeOptions::default()).await;
        assert_eq!(within(client.add(&Context::new(), 5, 3)).await, Ok(8));
        server.stop().await;
    }
}

#[tokio::test]
async fn a_client_learns_who_answered_and_what_it_cost() {
    for scheme in ["http", "ws"] {
        let options = ServeOptions {
            name: Some("room-7".into()),
            ..ServeOptions::default()
        };
        let server = Server::start(reference(), options).await;
        let client = server.client(scheme).await;
        let context = Context::new();
        client.say_hello(&context, 42).await.unwrap();
        let learnt = context.exchange();
        assert_eq!(learnt.server.as_deref(), Some("room-7"));
        assert_eq!(
            learnt.body.down,
            r#"{"jsonrpc":"2.0","id":1,"result":"Hello, 42!"}"#.len() as u64
        );
        assert!(learnt.body.up > 0);
        assert!(learnt.wire.up > learnt.body.up);
        assert!(learnt.wire.down > learnt.body.down);
        server.stop().await;
    }
}

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
