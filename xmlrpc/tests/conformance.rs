//! Every scenario over a real socket, every property, and what is this wire's own: bytes, the
//! server's name, deadlines, cancellation, closing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

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

const RANGE: NumberRange = NumberRange { start: 1, end: 9 };

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
    // Without an exponent a double can have 300 digits, so 10,000 of them pass 2 MiB.
    let mut options = ServeOptions::default();
    options.limits.message_bytes = Some(16 * 1024 * 1024);
    let server = runtime.block_on(Running::start(reference(), options));
    let client = runtime.block_on(server.client());
    let text = conformance::properties::Text::Xml;
    conformance::properties::check(runtime.handle(), Arc::new(client), text);
}

#[tokio::test]
async fn an_unreachable_server_is_told_at_once() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let url = format!("http://{address}");
    let connecting = xmlrpc::Client::connect(&url, ClientOptions::default());
    let error = soon(connecting).await.err().unwrap();
    assert_eq!(error.code(), Code::Unavailable, "{error}");
}

#[tokio::test]
async fn what_xml_cannot_carry_is_refused_by_name_before_it_is_sent() {
    let server = reference_server().await;
    let client = server.client().await;
    let context = Context::new();
    let error = soon(client.uppercase(&context, "a\u{1}b"))
        .await
        .unwrap_err();
    let wanted = Error::invalid(
        "text",
        "a\u{1}b",
        "XML cannot carry the character U+0001: leave it out",
    );
    assert_eq!(error, wanted);
    assert_eq!(context.exchange().body.up, 0);

    let metric = Metric {
        timestamp: i64::MAX,
        ..Metric::default()
    };
    let upload = stream::iter([Ok(metric)]).boxed();
    let error = soon(client.record_metrics(&context, upload))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    assert!(error.to_string().starts_with("timestamp is"), "{error}");
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
    assert_eq!((exchange.body.up, exchange.body.down), (192, 130));
    assert!(exchange.wire.up > exchange.body.up + 50, "{exchange:?}");
    assert!(exchange.wire.down > exchange.body.down + 50, "{exchange:?}");

    // A stream is several calls, whose bytes are added up.
    let streaming = Context::new();
    let range = NumberRange { start: 1, end: 250 };
    let numbers = soon(client.stream_numbers(&streaming, range))
        .await
        .unwrap();
    assert_eq!(soon(numbers.count()).await, 250);
    let exchange = streaming.exchange();
    assert!(exchange.body.down > 250 * 100, "{exchange:?}");
    assert!(exchange.body.up > 4 * 150, "{exchange:?}");
}

#[tokio::test]
async fn an_operation_that_panics_is_internal_and_the_server_lives() {
    let server = Running::start(Faulty::panicking(), ServeOptions::default()).await;
    let client = server.client().await;
    for _ in 0..2 {
        let error = soon(client.add(&Context::new(), 2, 3)).await.unwrap_err();
        assert_eq!(error.code(), Code::Internal, "{error}");
    }
    let mut numbers = soon(client.stream_numbers(&Context::new(), RANGE))
        .await
        .unwrap();
    soon(numbers.next()).await.unwrap().unwrap();
    let error = soon(numbers.next()).await.unwrap().unwrap_err();
    assert_eq!(error.code(), Code::Internal, "{error}");
    assert!(soon(numbers.next()).await.is_none());
    let upload = stream::iter([Ok(Metric::default())]).boxed();
    let error = soon(client.record_metrics(&Context::new(), upload))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::Internal, "{error}");
}

#[tokio::test]
async fn a_result_that_xml_rpc_cannot_carry_is_internal() {
    let server = Running::start(Faulty::not_finite(), ServeOptions::default()).await;
    let client = server.client().await;
    let request = MetricRequest::default();
    let error = soon(client.get_metric(&Context::new(), &request))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::Internal, "{error}");
    let mut metrics = soon(client.stream_metrics(&Context::new(), &request))
        .await
        .unwrap();
    let error = soon(metrics.next()).await.unwrap().unwrap_err();
    assert_eq!(error.code(), Code::Internal, "{error}");
}

#[tokio::test]
async fn dropping_a_call_stops_the_work_at_the_server() {
    let faulty = Faulty::never_answering();
    let server = Running::start(faulty.clone(), ServeOptions::default()).await;
    let client = server.client().await;
    let call = tokio::spawn(async move { client.add(&Context::new(), 2, 3).await });
    soon(faulty.started()).await;
    call.abort();
    soon(faulty.dropped()).await;
}

#[tokio::test]
async fn dropping_a_stream_closes_it_at_the_server() {
    let faulty = Faulty::never_answering();
    let server = Running::start(faulty.clone(), ServeOptions::default()).await;
    let client = server.client().await;
    let mut numbers = soon(client.stream_numbers(&Context::new(), RANGE))
        .await
        .unwrap();
    soon(numbers.next()).await.unwrap().unwrap();
    drop(numbers);
    soon(faulty.dropped()).await;
}

#[tokio::test]
async fn an_upload_that_breaks_off_is_cancelled_at_the_server() {
    let faulty = Faulty::never_answering();
    let server = Running::start(faulty.clone(), ServeOptions::default()).await;
    let client = server.client().await;
    let broken = Error::InvalidArgument("the sensor is gone".into());
    let metrics = stream::iter([Ok(Metric::default()), Err(broken.clone())]).boxed();
    let failed = soon(client.record_metrics(&Context::new(), metrics)).await;
    assert_eq!(failed, Err(broken));
    soon(faulty.dropped()).await;
}

#[tokio::test]
async fn a_deadline_ends_a_call_a_stream_and_an_upload() {
    let faulty = Faulty::never_answering();
    let server = Running::start(faulty.clone(), ServeOptions::default()).await;
    let client = server.client().await;
    let in_time = || Context::with_timeout(Duration::from_millis(100));
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
    let opening = client.stream_metrics(&context, &request);
    let mut metrics = soon(opening).await.unwrap();
    soon(metrics.next()).await.unwrap().unwrap();
    let late = soon(metrics.next()).await.unwrap().unwrap_err();
    assert_eq!(late.code(), Code::DeadlineExceeded);
    assert!(soon(metrics.next()).await.is_none());
    soon(faulty.dropped()).await;
}

#[tokio::test]
async fn open_streams_end_when_the_server_closes_and_it_stops_within_its_drain() {
    let mut server = Running::start(Faulty::never_answering(), ServeOptions::default()).await;
    let client = server.client().await;
    let mut numbers = soon(client.stream_numbers(&Context::new(), RANGE))
        .await
        .unwrap();
    soon(numbers.next()).await.unwrap().unwrap();
    server.shut_down();
    let error = soon(numbers.next()).await.unwrap().unwrap_err();
    assert_eq!(error.code(), Code::Unavailable, "{error}");
    assert!(soon(numbers.next()).await.is_none());
    server.stopped().await;
}

#[tokio::test]
async fn an_upload_ends_when_the_server_closes() {
    let faulty = Faulty::never_answering();
    let mut server = Running::start(faulty.clone(), ServeOptions::default()).await;
    let client = server.client().await;
    let endless = stream::repeat_with(|| Ok(Metric::default())).boxed();
    let upload = tokio::spawn(async move { client.record_metrics(&Context::new(), endless).await });
    soon(faulty.started()).await;
    server.shut_down();
    let error = soon(upload).await.unwrap().unwrap_err();
    assert_eq!(error.code(), Code::Unavailable, "{error}");
    server.stopped().await;
    soon(faulty.dropped()).await;
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
