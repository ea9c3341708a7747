//! Every scenario and every property, over a real socket.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::sync::Arc;

use services::Backend;
use services::conformance::{self, properties, reference};
use support::{Running, connected};

#[tokio::test]
async fn every_scenario_holds_over_a_socket() {
    let mut server = Running::new(reference()).await;
    let client: Arc<dyn Backend> = Arc::new(connected(&server.url()).await);
    if let Err(failures) = conformance::check(client).await {
        let failures: Vec<_> = failures.iter().map(ToString::to_string).collect();
        panic!("{}", failures.join("\n"));
    }
    server.shutdown.cancel();
    server.ended().await;
}

#[test]
fn every_property_holds_over_a_socket() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut server = runtime.block_on(Running::new(reference()));
    let client = runtime.block_on(connected(&server.url()));
    properties::check(runtime.handle(), Arc::new(client), properties::Text::Any);
    server.shutdown.cancel();
    runtime.block_on(server.ended());
}
