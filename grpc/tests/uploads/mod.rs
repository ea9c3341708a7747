//! Requests that break off half-way or do not arrive: an error, never an end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::channel::mpsc;
use futures::{SinkExt, StreamExt};
use http_body::Frame;
use http_body_util::StreamBody;
use services::conformance::reference;
use services::{Code, ServeOptions};

use crate::RECORD;
use crate::recording::Recorder;
use crate::serving::{self, ADD, Running, framed, soon, still_answers};

#[tokio::test]
async fn an_upload_that_is_reset_is_an_error_and_no_end() {
    for reason in [Reset::Cancel, Reset::InternalError] {
        let recorder = Arc::new(Recorder::default());
        let server = Running::start(recorder.clone(), ServeOptions::default()).await;
        let mut raw = serving::connect(server.address).await;
        let (mut sender, chunks) = mpsc::channel::<Result<Frame<Bytes>, std::io::Error>>(1);
        let request = serving::request(RECORD, &[], StreamBody::new(chunks));
        let call = tokio::spawn(raw.send_request(request));
        sender
            .send(Ok(Frame::data(framed(0, &[]).into())))
            .await
            .unwrap();
        soon(recorder.uploaded()).await;
        match reason {
            // hyper resets a dropped request with CANCEL, one whose body fails with INTERNAL_ERROR.
            Reset::Cancel => call.abort(),
            Reset::InternalError => sender
                .send(Err(std::io::Error::other("gone")))
                .await
                .unwrap(),
        }
        let end = soon(recorder.upload_ended()).await;
        assert_eq!(end.unwrap_err().code(), Code::Unavailable, "{reason:?}");
        still_answers(server.address).await;
    }
}

#[derive(Debug)]
enum Reset {
    Cancel,
    InternalError,
}

#[tokio::test]
async fn an_upload_whose_connection_breaks_is_an_error_and_no_end() {
    let recorder = Arc::new(Recorder::default());
    let server = Running::start(recorder.clone(), ServeOptions::default()).await;
    // A connection of its own, in a runtime that is torn down with everything in it.
    let address = server.address;
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let caller = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let call = async {
            let mut raw = serving::connect(address).await;
            let frame = Ok::<_, Infallible>(Frame::data(Bytes::from(framed(0, &[]))));
            let body =
                StreamBody::new(futures::stream::iter([frame]).chain(futures::stream::pending()));
            tokio::spawn(raw.send_request(serving::request(RECORD, &[], body)));
        };
        runtime.block_on(call);
        stopped.recv().unwrap();
        runtime.shutdown_background();
    });
    soon(recorder.uploaded()).await;
    stop.send(()).unwrap();
    let end = soon(recorder.upload_ended()).await;
    assert_eq!(end.unwrap_err().code(), Code::Unavailable);
    caller.join().unwrap();
    still_answers(server.address).await;
}

#[tokio::test]
async fn a_message_that_does_not_arrive_in_time_is_deadline_exceeded() {
    let options = ServeOptions {
        request_timeout: Duration::from_millis(50),
        ..ServeOptions::default()
    };
    let server = Running::start(reference(), options).await;
    let mut raw = serving::connect(server.address).await;
    let head = Ok::<_, Infallible>(Frame::data(Bytes::from_static(&[0, 0, 0])));
    let body = StreamBody::new(futures::stream::iter([head]).chain(futures::stream::pending()));
    let response = soon(raw.send_request(serving::request(ADD, &[], body)))
        .await
        .unwrap();
    assert_eq!(response.headers()["grpc-status"], "4");
    still_answers(server.address).await;
}

#[tokio::test]
async fn an_upload_that_stalls_ends() {
    let options = ServeOptions {
        stream_idle: Duration::from_millis(50),
        ..ServeOptions::default()
    };
    let server = Running::start(reference(), options).await;
    let mut raw = serving::connect(server.address).await;
    let metric = Ok::<_, Infallible>(Frame::data(Bytes::from(framed(0, &[]))));
    let body = StreamBody::new(futures::stream::iter([metric]).chain(futures::stream::pending()));
    let response = soon(raw.send_request(serving::request(RECORD, &[], body)))
        .await
        .unwrap();
    assert_eq!(response.headers()["grpc-status"], "4");
    still_answers(server.address).await;
}
