//! The scenarios that hold for every backend, over this wire.

mod support;

use std::sync::Arc;

use services::conformance::properties::{self, Text};
use services::conformance::{self, reference};
use support::{Running, connected};

#[tokio::test(flavor = "multi_thread")]
async fn the_scenarios_hold_over_rest() {
    let server = Running::new(reference()).await;
    let client = connected(&server.url()).await;
    let checked = conformance::check(Arc::new(client)).await;
    assert!(checked.is_ok(), "{checked:#?}");
}

#[test]
fn whatever_the_arguments_the_answers_are_those_of_local() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (server, client) = runtime.block_on(async {
        let server = Running::new(reference()).await;
        let client = connected(&server.url()).await;
        (server, client)
    });
    properties::check(runtime.handle(), Arc::new(client), Text::Any);
    drop(server);
}
