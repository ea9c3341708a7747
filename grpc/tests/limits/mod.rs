//! What bounds a connection, and what is not gRPC at all.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use services::conformance::reference;
use services::{Backend, Limits, ServeOptions};

use crate::serving::{self, ADD, ADD_2_3, Running, framed, soon, still_answers};
use crate::{OK, start};

#[tokio::test]
async fn more_streams_than_allowed_wait_their_turn() {
    let options = ServeOptions {
        limits: Limits {
            calls_per_connection: 2,
            ..Limits::default()
        },
        ..ServeOptions::default()
    };
    let server = Running::start(reference(), options).await;
    let client: Arc<dyn Backend> = Arc::new(server.client().await);
    let context = services::Context::new();
    let calls = (0..100).map(|a| client.add(&context, a, 1));
    let sums = soon(futures::future::join_all(calls)).await;
    assert!(
        sums.into_iter()
            .zip(1..)
            .all(|(sum, wanted)| sum == Ok(wanted))
    );
}

#[tokio::test]
async fn headers_past_the_limit_are_refused_and_the_connection_lives() {
    let server = start().await;
    let mut raw = serving::connect(server.address).await;
    let huge = "x".repeat(40_000);
    let body = Full::new(Bytes::from(framed(0, ADD_2_3)));
    let request = serving::request(ADD, &[("x-huge", huge.as_str())], body);
    let refused = soon(raw.send_request(request)).await;
    assert_eq!(refused.unwrap().status(), 431);
    let next = serving::call_on(&mut raw, ADD, &[], framed(0, ADD_2_3)).await;
    assert_eq!(next.status(), OK);
}

#[tokio::test]
async fn what_is_not_grpc_is_refused_by_http() {
    let server = start().await;
    let mut raw = serving::connect(server.address).await;
    for (method, content_type, wanted) in [
        ("POST", "application/json", 415),
        ("POST", "application/grpcx", 415),
        ("GET", "application/grpc", 405),
        ("POST", "application/grpc+proto", 200),
    ] {
        let body = Full::new(Bytes::from(framed(0, ADD_2_3)));
        let mut request = serving::request(ADD, &[], body);
        *request.method_mut() = method.parse().unwrap();
        request
            .headers_mut()
            .insert("content-type", content_type.parse().unwrap());
        let response = soon(raw.send_request(request)).await.unwrap();
        assert_eq!(response.status(), wanted, "{method} {content_type}");
    }
    still_answers(server.address).await;
}
