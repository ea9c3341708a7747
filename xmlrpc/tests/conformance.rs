//! Every scenario and every property, over a real socket.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod serving;

use std::sync::Arc;

use services::conformance::{self, properties, reference};
use services::{Backend, ServeOptions};
use serving::Running;

#[tokio::test]
async fn every_scenario_holds_over_a_socket() {
    let server = Running::start(reference(), ServeOptions::default()).await;
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
    properties::check(runtime.handle(), Arc::new(client), properties::Text::Xml);
    runtime.block_on(server.stopped());
}
