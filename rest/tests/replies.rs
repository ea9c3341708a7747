//! What the client makes of answers that are strange, wrong or cut.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use futures::TryStreamExt;
use services::model::NumberRange;
use services::{Calculator, Code, Context, Numbers};
use support::bytes::exchanged;

/// The items and the error of a stream that the server writes so.
async fn streamed(events: &str) -> (Vec<i32>, Option<services::Error>) {
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n{events}");
    let range = NumberRange { start: 1, end: 3 };
    let (_, read) = exchanged(&answer, async |client| {
        let mut items = client.stream_numbers(&Context::new(), range).await.unwrap();
        let mut numbers = Vec::new();
        loop {
            match items.try_next().await {
                Ok(Some(item)) => numbers.push(item.number),
                Ok(None) => return (numbers, None),
                Err(error) => return (numbers, Some(error)),
            }
        }
    })
    .await;
    read
}

#[tokio::test]
async fn a_stream_without_its_last_event_has_broken_off() {
    let item = "id: 1\nevent: item\ndata: {\"number\":1,\"message\":\"\"}\n\n";
    let (numbers, error) = streamed(&format!(
        ":hello\n\n{item}event: news\ndata: x\n\nevent: end\ndata: {{}}\n\n"
    ))
    .await;
    assert_eq!((numbers, error), (vec![1], None));
    for rest in [
        "",
        "event: end\ndata: {}\n",
        "id: 2\nevent: item\ndata: {\"nu",
    ] {
        let (numbers, error) = streamed(&format!("{item}{rest}")).await;
        assert_eq!(numbers, [1]);
        assert_eq!(error.unwrap().code(), Code::Unavailable, "{rest:?}");
    }
    let problem = r#"{"code":"OutOfRange","detail":"enough"}"#;
    let (numbers, error) = streamed(&format!("{item}event: error\ndata: {problem}\n\n")).await;
    assert_eq!(
        (numbers, error),
        (vec![1], Some(services::Error::OutOfRange("enough".into())))
    );
    let (_, error) = streamed("event: item\ndata: {\"number\":\"x\"}\n\n").await;
    assert_eq!(error.unwrap().code(), Code::Internal);
}

#[tokio::test]
async fn replies_that_cannot_be_read_are_internal_and_cut_ones_unavailable() {
    for (answer, code) in [
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnull",
            Code::Internal,
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            Code::Internal,
        ),
        (
            "HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n",
            Code::Internal,
        ),
        ("SSH-2.0-OpenSSH\r\n", Code::Internal),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{\"resu",
            Code::Unavailable,
        ),
        ("", Code::Unavailable),
    ] {
        let call = async |client: rest::Client| client.add(&Context::new(), 5, 3).await;
        let (_, sum) = exchanged(answer, call).await;
        assert_eq!(sum.unwrap_err().code(), code, "{answer:?}");
    }
}
