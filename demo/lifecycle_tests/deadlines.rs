//! When the caller stops waiting.

use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, stream};
use services::conformance::Faulty;
use services::context::DeadlineScope;
use services::model::MetricRequest;
use services::{ClientOptions, Code, Context, ServeOptions};

use super::recording::Recorder;
use super::serving::{Running, soon};
use super::{RANGE, ROOM};

/// Long enough to reach the server and short to wait for.
const SHORT: Duration = Duration::from_millis(100);

#[tokio::test]
async fn a_deadline_ends_a_call_at_both_ends() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let (server, client) = Running::met(scheme, faulty.clone()).await;
        let context = Context::with_timeout(SHORT);
        let late = soon(client.add(&context, 2, 3)).await.unwrap_err();
        assert_eq!(late.code(), Code::DeadlineExceeded, "{late}");
        soon(faulty.dropped()).await;
        server.stopped().await;
    }
}

#[tokio::test]
async fn a_deadline_ends_an_upload_at_both_ends() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let (server, client) = Running::met(scheme, faulty.clone()).await;
        for upload in [stream::pending().boxed(), stream::empty().boxed()] {
            let context = Context::with_timeout(SHORT);
            let late = soon(client.record_metrics(&context, upload)).await;
            assert_eq!(late.unwrap_err().code(), Code::DeadlineExceeded);
            soon(faulty.dropped()).await;
        }
        server.stopped().await;
    }
}

#[tokio::test]
async fn a_deadline_ends_the_opening_of_a_stream() {
    for scheme in ROOM.schemes {
        let (server, client) = Running::met(scheme, Arc::new(Recorder::default())).await;
        let context = Context::with_timeout(SHORT);
        let request = MetricRequest::default();
        let late = soon(client.stream_metrics(&context, &request)).await;
        assert_eq!(late.err().unwrap().code(), Code::DeadlineExceeded);
        // Nothing of it is left that the server would wait for.
        server.stopped().await;
    }
}

#[tokio::test]
async fn a_deadline_that_covers_a_stream_whole_ends_it_at_both_ends() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let (server, client) = Running::met(scheme, faulty.clone()).await;
        let mut context = Context::with_timeout(SHORT);
        context.scope = DeadlineScope::Whole;
        let request = MetricRequest::default();
        let opening = client.stream_metrics(&context, &request);
        let mut metrics = soon(opening).await.unwrap();
        soon(metrics.next()).await.unwrap().unwrap();
        let late = soon(metrics.next()).await.unwrap().unwrap_err();
        assert_eq!(late.code(), Code::DeadlineExceeded, "{late}");
        assert!(soon(metrics.next()).await.is_none());
        soon(faulty.dropped()).await;
        server.stopped().await;
    }
}

#[tokio::test]
async fn a_call_without_a_deadline_of_its_own_has_the_clients() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let server = Running::start(scheme, faulty.clone(), ServeOptions::default()).await;
        let client = server.client_with(timeout(SHORT)).await;
        let late = soon(client.say_hello(&Context::new(), 1))
            .await
            .unwrap_err();
        assert_eq!(late.code(), Code::DeadlineExceeded, "{late}");
        server.stopped().await;
    }
}

fn timeout(timeout: Duration) -> ClientOptions {
    ClientOptions {
        timeout: Some(timeout),
        ..ClientOptions::default()
    }
}

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn the_backend_sees_the_deadline_of_a_call_its_own_or_the_clients() {
    for scheme in ROOM.schemes {
        let recorder = Arc::new(Recorder::default());
        let server = Running::start(scheme, recorder.clone(), ServeOptions::default()).await;
        let client = server.client_with(timeout(HOUR)).await;
        soon(client.add(&Context::new(), 2, 3)).await.unwrap();
        let left = recorder.context().remaining().unwrap();
        assert!(left > HOUR / 2 && left <= HOUR, "{left:?}");

        let own = Context::with_timeout(HOUR * 3);
        soon(client.add(&own, 2, 3)).await.unwrap();
        let left = recorder.context().remaining().unwrap();
        assert!(left > HOUR * 2 && left <= HOUR * 3, "{left:?}");
        server.stopped().await;
    }
}

#[tokio::test]
async fn the_backend_of_a_stream_sees_a_deadline_no_wider_than_it_was() {
    for scheme in ROOM.schemes {
        let recorder = Arc::new(Recorder::default());
        let (server, client) = Running::met(scheme, recorder.clone()).await;
        let opening = Context::with_timeout(HOUR);
        drop(soon(client.stream_numbers(&opening, RANGE)).await.unwrap());
        // Where the wire cannot say that a deadline covers the opening only, none travels.
        let seen = recorder.context();
        let narrow = seen.scope == DeadlineScope::Opening;
        assert!(seen.deadline.is_none() || narrow, "{seen:?}");
        server.stopped().await;
    }
}
