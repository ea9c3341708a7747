//! What each end learns of the other beside arguments and results.

use std::sync::Arc;

use futures::StreamExt;
use services::conformance::reference;
use services::{ClientOptions, Code, Context, ServeOptions};

use super::recording::Recorder;
use super::serving::{Running, soon};
use super::{RANGE, ROOM};

async fn named(scheme: &'static str) -> Running {
    let options = ServeOptions {
        name: Some("room/1".into()),
        ..ServeOptions::default()
    };
    Running::start(scheme, reference(), options).await
}

#[tokio::test]
async fn a_client_learns_the_server_and_the_bytes_of_a_call() {
    for scheme in ROOM.schemes {
        let server = named(scheme).await;
        // A deadline may be a part of the message, of a length that is never the same.
        let options = ClientOptions {
            timeout: None,
            ..ClientOptions::default()
        };
        let client = server.client_with(options).await;
        let context = Context::new();
        assert_eq!(soon(client.add(&context, 2, 3)).await, Ok(5));
        let exchange = context.exchange();
        assert_eq!(exchange.server.as_deref(), Some("room/1"));
        let body = (exchange.body.up, exchange.body.down);
        assert_eq!(body, ROOM.add_bytes);
        // Headers or frames are on the wire besides.
        assert!(exchange.wire.up > exchange.body.up, "{exchange:?}");
        assert!(exchange.wire.down > exchange.body.down, "{exchange:?}");

        let failing = Context::new();
        let error = soon(client.add(&failing, i32::MAX, 1)).await.unwrap_err();
        assert_eq!(error.code(), Code::OutOfRange, "{error}");
        assert_eq!(failing.exchange().server.as_deref(), Some("room/1"));
        assert!(failing.exchange().wire.down > 0, "{failing:?}");
        server.stopped().await;
    }
}

#[tokio::test]
async fn a_client_learns_the_server_and_the_bytes_of_a_stream() {
    for scheme in ROOM.schemes {
        let server = named(scheme).await;
        let client = server.client().await;
        let context = Context::new();
        let opening = client.stream_numbers(&context, RANGE);
        let numbers = soon(opening).await.unwrap();
        let items: Vec<_> = soon(numbers.collect()).await;
        let texts = items
            .iter()
            .map(|item| item.as_ref().unwrap().message.len());
        let texts = texts.sum::<usize>() as u64;
        assert_eq!(items.len(), 9);
        let exchange = context.exchange();
        assert_eq!(exchange.server.as_deref(), Some("room/1"));
        assert!(exchange.body.down > texts, "{exchange:?}");
        assert!(exchange.wire.up > exchange.body.up, "{exchange:?}");
        assert!(exchange.wire.down > exchange.body.down, "{exchange:?}");
        server.stopped().await;
    }
}

#[tokio::test]
async fn metadata_and_the_peer_reach_the_backend() {
    for scheme in ROOM.schemes {
        let recorder = Arc::new(Recorder::default());
        let (server, client) = Running::met(scheme, recorder.clone()).await;
        let mut context = Context::new();
        context.metadata.insert("x-class", "7b");
        let reached = || {
            let seen = recorder.context();
            let metadata: Vec<_> = seen.metadata.iter().collect();
            assert_eq!(metadata, [("x-class", "7b")]);
            assert!(seen.peer.unwrap().ip().is_loopback());
        };
        soon(client.add(&context, 2, 3)).await.unwrap();
        reached();
        soon(client.add(&Context::new(), 2, 3)).await.unwrap();
        assert!(recorder.context().metadata.is_empty());
        drop(soon(client.stream_numbers(&context, RANGE)).await.unwrap());
        reached();
        soon(client.add(&Context::new(), 2, 3)).await.unwrap();
        let upload = futures::stream::empty().boxed();
        soon(client.record_metrics(&context, upload)).await.unwrap();
        reached();
        server.stopped().await;
    }
}

#[tokio::test]
async fn a_reply_over_the_clients_limit_is_resource_exhausted() {
    for scheme in ROOM.schemes {
        let server = Running::reference(scheme).await;
        let options = ClientOptions {
            reply_bytes: 1_000,
            ..ClientOptions::default()
        };
        let client = server.client_with(options).await;
        let text = "x".repeat(1_001);
        let error = soon(client.uppercase(&Context::new(), &text)).await;
        assert_eq!(error.unwrap_err().code(), Code::ResourceExhausted);
        let text = "x".repeat(500);
        let fits = soon(client.uppercase(&Context::new(), &text)).await;
        assert_eq!(fits, Ok("X".repeat(500)));
        server.stopped().await;
    }
}
