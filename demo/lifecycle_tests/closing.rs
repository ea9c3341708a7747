//! Servers that close, have closed, or come back.

use std::time::Duration;

use futures::{StreamExt, stream};
use services::conformance::{Faulty, reference};
use services::model::{Join, Metric};
use services::{ClientOptions, Code, Context, Error, ServeOptions};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::serving::{Running, connect, soon};
use super::{RANGE, ROOM};

fn drain(drain: Duration) -> ServeOptions {
    ServeOptions {
        drain,
        ..ServeOptions::default()
    }
}

#[tokio::test]
async fn open_streams_end_at_once_when_the_server_closes() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        // So long that the test fails where the stream waits for it.
        let options = drain(Duration::from_secs(3_600));
        let mut server = Running::start(scheme, faulty.clone(), options).await;
        let client = server.client().await;
        let context = Context::new();
        let opening = client.stream_numbers(&context, RANGE);
        let mut numbers = soon(opening).await.unwrap();
        soon(numbers.next()).await.unwrap().unwrap();
        server.shut_down();
        let error = soon(numbers.next()).await.unwrap().unwrap_err();
        assert_eq!(error.code(), Code::Unavailable, "{error}");
        if !ROOM.streams_in_separate_calls.contains(scheme) {
            assert_eq!(error, Error::closing());
        }
        assert!(soon(numbers.next()).await.is_none());
        soon(faulty.dropped()).await;
        server.stopped().await;
        let error = soon(client.add(&Context::new(), 2, 3)).await.unwrap_err();
        assert_eq!(error.code(), Code::Unavailable, "{error}");
    }
}

#[tokio::test]
async fn an_open_chat_ends_at_once_when_the_server_closes() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let options = drain(Duration::from_secs(3_600));
        let mut server = Running::start(scheme, faulty.clone(), options).await;
        let client = server.client().await;
        let context = Context::new();
        let join = Join::default();
        let silent = stream::pending().boxed();
        let opening = client.chat(&context, &join, silent);
        let mut lines = soon(opening).await.unwrap();
        soon(lines.next()).await.unwrap().unwrap();
        server.shut_down();
        let error = soon(lines.next()).await.unwrap().unwrap_err();
        assert_eq!(error.code(), Code::Unavailable, "{error}");
        if !ROOM.streams_in_separate_calls.contains(scheme) {
            assert_eq!(error, Error::closing());
        }
        assert!(soon(lines.next()).await.is_none());
        soon(faulty.dropped()).await;
        server.stopped().await;
    }
}

#[tokio::test]
async fn an_upload_ends_as_unavailable_when_the_server_closes() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let options = drain(Duration::from_millis(50));
        let mut server = Running::start(scheme, faulty.clone(), options).await;
        let client = server.client().await;
        let upload = stream::repeat_with(|| Ok(Metric::default())).boxed();
        let uploading =
            tokio::spawn(async move { client.record_metrics(&Context::new(), upload).await });
        soon(faulty.started()).await;
        server.shut_down();
        let error = soon(uploading).await.unwrap().unwrap_err();
        assert_eq!(error.code(), Code::Unavailable, "{error}");
        soon(faulty.dropped()).await;
        server.stopped().await;
    }
}

#[tokio::test]
async fn a_silent_upload_ends_as_unavailable_when_the_server_closes() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let options = drain(Duration::from_millis(50));
        let server = Running::start(scheme, faulty.clone(), options).await;
        let client = server.client().await;
        let (resume, resumed) = oneshot::channel::<()>();
        let next = stream::once(async {
            // The test keeps the sender to its end where the upload stays silent.
            resumed.await.unwrap();
            Ok(Metric::default())
        });
        let upload = next.boxed();
        let uploading =
            tokio::spawn(async move { client.record_metrics(&Context::new(), upload).await });
        soon(faulty.started()).await;
        server.stopped().await;
        soon(faulty.dropped()).await;
        let kept = if ROOM.uploads_in_separate_calls.contains(scheme) {
            resume.send(()).unwrap();
            None
        } else {
            Some(resume)
        };
        let error = soon(uploading).await.unwrap().unwrap_err();
        assert_eq!(error.code(), Code::Unavailable, "{error}");
        drop(kept);
    }
}

#[tokio::test]
async fn a_call_that_outlasts_the_drain_is_cut_off_as_unavailable() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let options = drain(Duration::from_millis(50));
        let mut server = Running::start(scheme, faulty.clone(), options).await;
        let client = server.client().await;
        let cut_off = tokio::spawn(async move { client.add(&Context::new(), 2, 3).await });
        soon(faulty.started()).await;
        server.shut_down();
        let error = soon(cut_off).await.unwrap().unwrap_err();
        assert_eq!(error.code(), Code::Unavailable, "{error}");
        soon(faulty.dropped()).await;
        server.stopped().await;
    }
}

#[tokio::test]
async fn a_client_finds_a_restarted_server_again() {
    for scheme in ROOM.schemes {
        let server = Running::reference(scheme).await;
        let address = server.address;
        let client = server.client().await;
        assert_eq!(soon(client.add(&Context::new(), 2, 3)).await, Ok(5));
        server.stopped().await;
        let error = soon(client.add(&Context::new(), 2, 3)).await.unwrap_err();
        assert_eq!(error.code(), Code::Unavailable, "{error}");

        let options = ServeOptions::default();
        let server = Running::start_at(address, scheme, reference(), options).await;
        assert_eq!(soon(client.add(&Context::new(), 2, 3)).await, Ok(5));
        let context = Context::new();
        let opening = client.stream_numbers(&context, RANGE);
        let numbers = soon(opening).await.unwrap();
        assert_eq!(soon(numbers.count()).await, 9);
        server.stopped().await;
    }
}

#[tokio::test]
async fn an_unreachable_server_is_told_at_once() {
    for scheme in ROOM.schemes {
        // Bound and given back: nobody listens there.
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let connected = connect(scheme, address, ClientOptions::default()).await;
        let error = connected.err().unwrap();
        assert_eq!(error.code(), Code::Unavailable, "{error}");
        assert!(error.to_string().contains(&address.to_string()), "{error}");
    }
}
