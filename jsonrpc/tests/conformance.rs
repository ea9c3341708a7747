//! Every scenario and every property, over a real socket: one server, met over HTTP and over
//! WebSocket.
#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

mod support;

use std::sync::Arc;

use services::conformance::{self, properties, reference};
use services::{Backend, ServeOptions};
use support::Server;

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
