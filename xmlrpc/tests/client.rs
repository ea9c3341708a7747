//! What is this client's own: what it refuses to send.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod serving;

use futures::{StreamExt, stream};
use services::conformance::reference;
use services::model::Metric;
use services::{Calculator, Code, Context, Error, Metrics, ServeOptions};
use serving::{Running, soon};

async fn reference_server() -> Running {
    Running::start(reference(), ServeOptions::default()).await
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
