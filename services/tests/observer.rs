//! What the observer of a guarded backend is told, and in which order.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::{StreamExt, stream};
use services::conformance::{Faulty, reference};
use services::model::{ChatMessage, Join, NumberRange};
use services::{Backend, CallRecord, Context, Error, Observer, Operation, ServeOptions, guarded};
use tokio_util::sync::CancellationToken;

/// Each thing told, as `chat began`.
#[derive(Debug, Default)]
struct Told(Mutex<Vec<String>>);

impl Told {
    fn tell(&self, operation: &Operation, what: &str) {
        let told = format!("{} {what}", operation.name);
        self.0.lock().unwrap().push(told);
    }

    fn all(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Observer for Told {
    fn call_started(&self, operation: &'static Operation) {
        self.tell(operation, "began");
    }

    fn item_received(&self, operation: &'static Operation) {
        self.tell(operation, "received");
    }

    fn item_sent(&self, operation: &'static Operation) {
        self.tell(operation, "sent");
    }

    fn call_ended(&self, call: &CallRecord) {
        let outcome = call.outcome.map_or("well", |code| code.name());
        let told = format!("ended {outcome} after {}", call.items);
        self.tell(call.operation, &told);
    }
}

fn watched(backend: Arc<dyn Backend>) -> (Arc<dyn Backend>, Arc<Told>) {
    let told = Arc::<Told>::default();
    let options = ServeOptions {
        observer: Some(told.clone()),
        ..ServeOptions::default()
    };
    (guarded(backend, &options, CancellationToken::new()), told)
}

fn line(text: &str) -> ChatMessage {
    ChatMessage {
        text: text.into(),
        ..ChatMessage::default()
    }
}

fn ana() -> Join {
    Join {
        user: "Ana".into(),
        after: None,
    }
}

#[tokio::test]
async fn a_call_is_told_when_it_begins_and_when_it_ends() {
    let (backend, told) = watched(reference());
    let context = Context::new();
    backend.add(&context, 1, 2).await.unwrap();
    backend.get_user(&context, 7).await.unwrap_err();
    let wanted = [
        "add began",
        "add ended well after 0",
        "get_user began",
        "get_user ended NotFound after 0",
    ];
    assert_eq!(told.all(), wanted);
}

#[tokio::test]
async fn a_call_is_told_to_have_begun_before_it_is_answered() {
    let faulty = Faulty::never_answering();
    let (backend, told) = watched(faulty.clone());
    let call = tokio::spawn(async move { backend.add(&Context::new(), 1, 2).await });
    faulty.started().await;
    assert_eq!(told.all(), ["add began"]);
    call.abort();
    faulty.dropped().await;
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!(told.all(), ["add ended Cancelled after 0"]);
}

#[tokio::test]
async fn each_item_of_a_stream_is_told_as_it_is_sent() {
    let (backend, told) = watched(reference());
    let range = NumberRange { start: 1, end: 2 };
    let numbers = backend.stream_numbers(&Context::new(), range).await;
    let mut numbers = numbers.unwrap();
    assert_eq!(told.all(), ["stream_numbers began"]);
    numbers.next().await.unwrap().unwrap();
    assert_eq!(told.all(), ["stream_numbers sent"]);
    assert_eq!(numbers.count().await, 1);
    let wanted = ["stream_numbers sent", "stream_numbers ended well after 2"];
    assert_eq!(told.all(), wanted);
}

#[tokio::test]
async fn each_item_of_an_upload_is_told_as_it_is_read() {
    let (backend, told) = watched(reference());
    let chunk = || Ok(Bytes::from_static(b"chunk"));
    let broken = || Err(Error::closing());
    for chunks in [vec![chunk(), chunk()], vec![chunk(), broken()]] {
        let upload = stream::iter(chunks).boxed();
        let _ = backend.upload_file(&Context::new(), upload).await;
    }
    let wanted = [
        "upload_file began",
        "upload_file received",
        "upload_file received",
        "upload_file ended well after 2",
        "upload_file began",
        "upload_file received",
        "upload_file ended Unavailable after 1",
    ];
    assert_eq!(told.all(), wanted);
}

#[tokio::test]
async fn a_chat_is_told_both_ways_and_once_as_a_whole() {
    let (backend, told) = watched(reference());
    let said = stream::iter([Ok(line("one")), Ok(line("two"))]).boxed();
    let lines = backend.chat(&Context::new(), &ana(), said).await.unwrap();
    assert_eq!(lines.count().await, 2);
    let mut all = told.all();
    assert_eq!(all.remove(0), "chat began");
    assert_eq!(all.pop().unwrap(), "chat ended well after 4");
    all.sort_unstable();
    assert_eq!(
        all,
        ["chat received", "chat received", "chat sent", "chat sent"]
    );
}

#[tokio::test]
async fn a_chat_that_is_dropped_is_told_as_cancelled_with_what_it_carried() {
    let (backend, told) = watched(reference());
    let said = stream::iter([Ok(line("one"))]).chain(stream::pending());
    let lines = backend.chat(&Context::new(), &ana(), said.boxed()).await;
    let mut lines = lines.unwrap();
    lines.next().await.unwrap().unwrap();
    drop(lines);
    let wanted = [
        "chat began",
        "chat received",
        "chat sent",
        "chat ended Cancelled after 2",
    ];
    assert_eq!(told.all(), wanted);
}
