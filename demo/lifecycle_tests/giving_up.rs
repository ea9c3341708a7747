//! What a caller no longer waits for stops at the server.

use std::sync::Arc;

use bytes::Bytes;
use futures::future::join;
use futures::{StreamExt, stream};
use services::conformance::Faulty;
use services::model::{ChatMessage, Join, Metric, MetricRequest};
use services::{Code, Context, Error, Stream};
use tokio::sync::{Notify, oneshot};

use super::recording::Recorder;
use super::serving::{Running, soon};
use super::{RANGE, ROOM};

#[tokio::test]
async fn dropping_a_call_stops_the_work_at_the_server() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let (server, client) = Running::met(scheme, faulty.clone()).await;
        let context = Context::new();
        // More than once: the client and its connections bear it.
        for _ in 0..3 {
            tokio::select! {
                answer = client.add(&context, 2, 3) => panic!("{answer:?}"),
                () = soon(faulty.started()) => {}
            }
            soon(faulty.dropped()).await;
        }
        server.stopped().await;
    }
}

#[tokio::test]
async fn dropping_a_stream_stops_the_work_at_the_server() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let (server, client) = Running::met(scheme, faulty.clone()).await;
        let context = Context::new();
        let opening = client.stream_numbers(&context, RANGE);
        let mut numbers = soon(opening).await.unwrap();
        let first = soon(numbers.next()).await.unwrap().unwrap();
        assert_eq!(first.number, RANGE.start);
        drop(numbers);
        soon(faulty.dropped()).await;
        server.stopped().await;
    }
}

#[tokio::test]
async fn dropping_the_client_and_its_stream_stops_the_work_at_the_server() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let (server, client) = Running::met(scheme, faulty.clone()).await;
        let request = MetricRequest::default();
        let metrics = soon(client.stream_metrics(&Context::new(), &request)).await;
        drop((client, metrics.unwrap()));
        soon(faulty.dropped()).await;
        server.stopped().await;
    }
}

/// One item, and then, as its reader asks on, word of that and what is given.
fn told<T: Send + 'static>(asked: &Arc<Notify>, item: T, rest: Stream<T>) -> Stream<T> {
    let asked = Arc::clone(asked);
    let item = stream::once(async { Ok(item) });
    let telling = stream::once(async move { asked.notify_one() });
    let nothing = telling.filter_map(|()| async { None });
    item.chain(nothing).chain(rest).boxed()
}

#[tokio::test]
async fn dropping_an_upload_stops_the_work_at_the_server() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let (server, client) = Running::met(scheme, faulty.clone()).await;
        let context = Context::new();
        // While it is sent, and when it is sent whole and waits for the answer.
        for rest in [stream::pending().boxed(), stream::empty().boxed()] {
            let asked = Arc::new(Notify::new());
            let upload = told(&asked, Metric::default(), rest);
            tokio::select! {
                answer = client.record_metrics(&context, upload) => panic!("{answer:?}"),
                ((), ()) = soon(join(asked.notified(), faulty.started())) => {}
            }
            soon(faulty.dropped()).await;
        }
        server.stopped().await;
    }
}

#[tokio::test]
async fn dropping_an_upload_of_a_file_stops_the_work_at_the_server() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let (server, client) = Running::met(scheme, faulty.clone()).await;
        let context = Context::new();
        for rest in [stream::pending().boxed(), stream::empty().boxed()] {
            let asked = Arc::new(Notify::new());
            let upload = told(&asked, Bytes::from_static(b"a file"), rest);
            tokio::select! {
                answer = client.upload_file(&context, upload) => panic!("{answer:?}"),
                ((), ()) = soon(join(asked.notified(), faulty.started())) => {}
            }
            soon(faulty.dropped()).await;
        }
        server.stopped().await;
    }
}

#[tokio::test]
async fn dropping_a_chat_stops_the_work_at_the_server() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let (server, client) = Running::met(scheme, faulty.clone()).await;
        let (context, joining) = (Context::new(), Join::default());
        // While it is silent, while it speaks, and when it has left but has not heard its own words.
        let line = || stream::iter([Ok(ChatMessage::default())]);
        for said in [
            stream::pending().boxed(),
            line().chain(stream::pending()).boxed(),
            line().boxed(),
        ] {
            let opening = client.chat(&context, &joining, said);
            let mut lines = soon(opening).await.unwrap();
            soon(lines.next()).await.unwrap().unwrap();
            drop(lines);
            soon(faulty.dropped()).await;
        }
        server.stopped().await;
    }
}

#[tokio::test]
async fn a_participant_that_breaks_off_ends_the_chat_at_both_ends() {
    for scheme in ROOM.schemes {
        let faulty = Faulty::never_answering();
        let (server, client) = Running::met(scheme, faulty.clone()).await;
        let broken = Error::InvalidArgument("the keyboard is gone".into());
        let (breaks, broke) = oneshot::channel();
        let said = stream::once(async { Err(broke.await.unwrap()) }).boxed();
        let (context, joining) = (Context::new(), Join::default());
        let opening = client.chat(&context, &joining, said);
        let mut lines = soon(opening).await.unwrap();
        soon(lines.next()).await.unwrap().unwrap();
        breaks.send(broken.clone()).unwrap();
        assert_eq!(soon(lines.next()).await, Some(Err(broken)));
        assert!(soon(lines.next()).await.is_none());
        soon(faulty.dropped()).await;
        server.stopped().await;
    }
}

#[tokio::test]
async fn a_file_that_breaks_off_is_a_file_at_neither_end() {
    for scheme in ROOM.schemes {
        let recorder = Arc::new(Recorder::default());
        let (server, client) = Running::met(scheme, recorder.clone()).await;
        let broken = Error::InvalidArgument("the disk is gone".into());
        let (seen, breaks) = (Arc::clone(&recorder), broken.clone());
        let end = stream::once(async move {
            seen.uploaded().await;
            Err(breaks)
        });
        let chunk = stream::once(async { Ok(Bytes::from_static(b"half a file")) });
        let chunks = chunk.chain(end).boxed();
        let failed = soon(client.upload_file(&Context::new(), chunks)).await;
        assert_eq!(failed, Err(broken));
        let end = soon(recorder.upload_ended()).await.unwrap_err();
        let unfinished = [Code::Unavailable, Code::Cancelled];
        assert!(unfinished.contains(&end.code()), "{end:?}");
        server.stopped().await;
    }
}

#[tokio::test]
async fn a_sender_that_breaks_off_fails_the_upload_at_both_ends() {
    for scheme in ROOM.schemes {
        let recorder = Arc::new(Recorder::default());
        let (server, client) = Running::met(scheme, recorder.clone()).await;
        let broken = Error::InvalidArgument("the sensor is gone".into());
        // Not before the server has an item: else the upload may never begin there.
        let (seen, breaks) = (Arc::clone(&recorder), broken.clone());
        let end = stream::once(async move {
            seen.uploaded().await;
            Err(breaks)
        });
        let item = stream::once(async { Ok(Metric::default()) });
        let metrics = item.chain(end).boxed();
        let failed = soon(client.record_metrics(&Context::new(), metrics)).await;
        assert_eq!(failed, Err(broken));
        // Told, or dropped: never taken for a finished upload.
        let end = soon(recorder.upload_ended()).await.unwrap_err();
        let unfinished = [Code::Unavailable, Code::Cancelled];
        assert!(unfinished.contains(&end.code()), "{end:?}");
        assert_eq!(soon(client.add(&Context::new(), 2, 3)).await, Ok(5));
        server.stopped().await;
    }
}
