//! Any protocol in front of any other: answers, errors, deadlines and giving up, through two wires
//! in a row.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use demo::Program;
use futures::future::join_all;
use services::conformance::{self, Faulty, reference};
use services::{Backend, ClientOptions, Code, Context, ServeOptions};
use tokio::net::TcpListener;
use tokio::time::timeout;
use trivium::endpoint::Endpoint;
use trivium::rooms;

const PATIENCE: Duration = Duration::from_secs(300);

/// Every scheme that a gateway can call; the last is the second way to call JSON-RPC.
const TO: [&str; 5] = ["xmlrpc", "jsonrpc", "grpc", "rest", "jsonrpc+ws"];

/// Serves that backend until the test's runtime ends, which owns the task.
async fn served(room: Program, backend: Arc<dyn Backend>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    let serving = (room.serve)(
        listener,
        backend,
        ServeOptions::default(),
        Box::pin(pending()),
    );
    tokio::spawn(serving);
    address.to_string()
}

fn room(scheme: &str) -> Program {
    let name = scheme.trim_end_matches("+ws");
    let mut rooms = rooms::ALL.into_iter();
    rooms
        .find(|room| room.name == name)
        .expect("a room of that name")
}

async fn connected(scheme: &str, address: &str) -> Arc<dyn Backend> {
    let endpoint: Endpoint = format!("{scheme}://{address}")
        .parse()
        .expect("an endpoint");
    let client = endpoint.connect(ClientOptions::default()).await;
    client.expect("the server runs")
}

/// A client of a gateway from one protocol to another, whose server serves that backend.
async fn through(from: &str, to: &str, backend: Arc<dyn Backend>) -> Arc<dyn Backend> {
    let server = served(room(to), backend).await;
    let gateway = served(room(from), connected(to, &server).await).await;
    connected(from, &gateway).await
}

/// Every pair, those from one protocol at the same time, each within its time.
async fn every_pair<F: Future<Output = ()>>(test: impl Fn(&'static str, &'static str) -> F) {
    for room in rooms::ALL {
        let tests = TO.map(|to| {
            let test = timeout(PATIENCE, test(room.name, to));
            async move { assert!(test.await.is_ok(), "{} to {to} did not end", room.name) }
        });
        join_all(tests).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_pair_gives_the_answers_and_errors_of_local() {
    every_pair(|from, to| async move {
        let client = through(from, to, reference()).await;
        let failures = conformance::check(client).await.err().unwrap_or_default();
        let failures: Vec<_> = failures.iter().map(ToString::to_string).collect();
        assert!(failures.is_empty(), "{from} to {to}: {failures:#?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_passes_through_and_stops_the_work() {
    every_pair(|from, to| async move {
        let backend = Faulty::never_answering();
        let client = through(from, to, Arc::clone(&backend) as Arc<dyn Backend>).await;
        let context = Context::with_timeout(Duration::from_millis(100));
        let error = client
            .add(&context, 5, 3)
            .await
            .expect_err("nobody answers");
        assert_eq!(
            error.code(),
            Code::DeadlineExceeded,
            "{from} to {to}: {error}"
        );
        backend.dropped().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_up_reaches_the_server_behind_the_gateway() {
    every_pair(|from, to| async move {
        let backend = Faulty::never_answering();
        let client = through(from, to, Arc::clone(&backend) as Arc<dyn Backend>).await;
        let calling = tokio::spawn(async move { client.add(&Context::new(), 5, 3).await });
        backend.started().await;
        calling.abort();
        backend.dropped().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_gone_is_unavailable_behind_the_gateway() {
    every_pair(|from, to| async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let server = listener
            .local_addr()
            .expect("a bound socket has an address");
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let stopped = Box::pin(async { drop(stopped.await) });
        let serve = room(to).serve;
        let serving = serve(listener, reference(), ServeOptions::default(), stopped);
        let serving = tokio::spawn(serving);
        let gateway = served(room(from), connected(to, &server.to_string()).await).await;
        let client = connected(from, &gateway).await;
        assert_eq!(
            client.add(&Context::new(), 5, 3).await,
            Ok(8),
            "{from} to {to}"
        );
        stop.send(()).expect("the server runs");
        serving
            .await
            .expect("no panic")
            .expect("the server ends well");
        let error = client
            .add(&Context::new(), 5, 3)
            .await
            .expect_err("nobody is there");
        assert_eq!(error.code(), Code::Unavailable, "{from} to {to}: {error}");
    })
    .await;
}
