//! What every server puts around its backend: panics, deadlines, closing, the observer.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::{StreamExt, stream};
use services::conformance::{Faulty, reference};
use services::model::{Metric, NumberRange};
use services::{
    Backend, CallRecord, Code, Context, DeadlineScope, Error, Observer, ServeOptions, guarded,
};
use tokio_util::sync::CancellationToken;

const RANGE: NumberRange = NumberRange { start: 1, end: 3 };

/// What the observer was told: operation, outcome, items.
#[derive(Debug, Default)]
struct Told(Mutex<Vec<(&'static str, Option<Code>, u64)>>);

impl Observer for Told {
    fn call_ended(&self, call: &CallRecord) {
        let told = (call.operation.name, call.outcome, call.items);
        self.0.lock().unwrap().push(told);
    }
}

/// A guarded backend, what its observer is told, and the token that closes it.
struct Watched {
    backend: Arc<dyn Backend>,
    told: Arc<Told>,
    closing: CancellationToken,
}

fn watched(backend: Arc<dyn Backend>) -> Watched {
    let (told, closing) = (Arc::<Told>::default(), CancellationToken::new());
    let options = ServeOptions {
        observer: Some(told.clone()),
        ..ServeOptions::default()
    };
    Watched {
        backend: guarded(backend, &options, closing.clone()),
        told,
        closing,
    }
}

impl Watched {
    fn told(&self) -> Vec<(&'static str, Option<Code>, u64)> {
        self.told.0.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_panic_is_internal_and_does_not_tell_its_text() {
    let watched = watched(Faulty::panicking());
    let error = watched
        .backend
        .add(&Context::new(), 1, 2)
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::Internal);
    assert!(!error.to_string().contains("faulty"), "{error}");
    assert_eq!(watched.told(), [("add", Some(Code::Internal), 0)]);
}

#[tokio::test]
async fn a_stream_that_panics_ends_with_internal_after_what_came_before() {
    let watched = watched(Faulty::panicking());
    let context = Context::new();
    let numbers = watched
        .backend
        .stream_numbers(&context, RANGE)
        .await
        .unwrap();
    let items: Vec<_> = numbers.collect().await;
    assert_eq!(items.len(), 2);
    assert!(items[0].is_ok());
    let code = items[1].as_ref().map_err(Error::code);
    assert_eq!(code, Err(Code::Internal));
    assert_eq!(
        watched.told(),
        [("stream_numbers", Some(Code::Internal), 1)]
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_ends_at_its_deadline() {
    let watched = watched(Faulty::never_answering());
    let context = Context::with_timeout(Duration::from_secs(5));
    let error = watched.backend.cube(&context, 3).await.unwrap_err();
    assert_eq!(error, Error::deadline_exceeded());
    assert_eq!(watched.told(), [("cube", Some(Code::DeadlineExceeded), 0)]);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_of_the_whole_ends_an_open_stream() {
    let watched = watched(Faulty::never_answering());
    let mut context = Context::with_timeout(Duration::from_secs(5));
    context.scope = DeadlineScope::Whole;
    let numbers = watched
        .backend
        .stream_numbers(&context, RANGE)
        .await
        .unwrap();
    let items: Vec<_> = numbers.collect().await;
    assert_eq!(items.len(), 2);
    assert_eq!(items[1], Err(Error::deadline_exceeded()));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_of_the_opening_leaves_an_open_stream_alone() {
    let watched = watched(Faulty::never_answering());
    let context = Context::with_timeout(Duration::from_secs(5));
    let numbers = watched
        .backend
        .stream_numbers(&context, RANGE)
        .await
        .unwrap();
    let all = numbers.collect::<Vec<_>>();
    let long = Duration::from_secs(3_600);
    assert!(tokio::time::timeout(long, all).await.is_err());
}

#[tokio::test]
async fn closing_ends_an_open_stream_and_lets_calls_go_on() {
    let watched = watched(Faulty::never_answering());
    let context = Context::new();
    let mut numbers = watched
        .backend
        .stream_numbers(&context, RANGE)
        .await
        .unwrap();
    assert!(numbers.next().await.unwrap().is_ok());
    watched.closing.cancel();
    assert_eq!(numbers.next().await, Some(Err(Error::closing())));
    assert_eq!(numbers.next().await, None);
    assert_eq!(
        watched.told(),
        [("stream_numbers", Some(Code::Unavailable), 1)]
    );
}

#[tokio::test]
async fn a_call_of_a_closing_server_is_answered() {
    let watched = watched(reference());
    watched.closing.cancel();
    assert_eq!(watched.backend.add(&Context::new(), 1, 2).await, Ok(3));
}

#[tokio::test]
async fn the_observer_is_told_once_of_each_call() {
    let watched = watched(reference());
    let context = Context::new();
    watched.backend.add(&context, 1, 2).await.unwrap();
    watched
        .backend
        .add(&context, i32::MAX, 1)
        .await
        .unwrap_err();
    let numbers = watched
        .backend
        .stream_numbers(&context, RANGE)
        .await
        .unwrap();
    assert_eq!(numbers.count().await, 3);
    let wrong = NumberRange { start: 3, end: 1 };
    assert!(
        watched
            .backend
            .stream_numbers(&context, wrong)
            .await
            .is_err()
    );
    let wanted = [
        ("add", None, 0),
        ("add", Some(Code::OutOfRange), 0),
        ("stream_numbers", None, 3),
        ("stream_numbers", Some(Code::InvalidArgument), 0),
    ];
    assert_eq!(watched.told(), wanted);
}

#[tokio::test]
async fn the_items_of_an_upload_are_counted_however_it_ends() {
    let watched = watched(reference());
    let context = Context::new();
    let metric = |value: f64| {
        Ok(Metric {
            hostname: "lab".into(),
            metric_type: "cpu".into(),
            unit: "percent".into(),
            value,
            ..Metric::default()
        })
    };
    let whole = stream::iter([1.0, 2.0, 3.0]).map(metric).boxed();
    let summary = watched.backend.record_metrics(&context, whole).await;
    assert_eq!(summary.unwrap().count, 3);
    let broken = [metric(1.0), Err(Error::closing())];
    let broken = stream::iter(broken).boxed();
    let error = watched.backend.record_metrics(&context, broken).await;
    assert_eq!(error.unwrap_err().code(), Code::Unavailable);
    let wanted = [
        ("record_metrics", None, 3),
        ("record_metrics", Some(Code::Unavailable), 1),
    ];
    assert_eq!(watched.told(), wanted);
}

#[tokio::test]
async fn what_the_caller_drops_is_told_as_cancelled() {
    let faulty = Faulty::never_answering();
    let watched = watched(faulty.clone());
    let backend = Arc::clone(&watched.backend);
    let call = tokio::spawn(async move { backend.add(&Context::new(), 1, 2).await });
    faulty.started().await;
    call.abort();
    faulty.dropped().await;
    assert!(call.await.unwrap_err().is_cancelled());
    let numbers = watched.backend.stream_numbers(&Context::new(), RANGE).await;
    let mut numbers = numbers.unwrap();
    assert!(numbers.next().await.unwrap().is_ok());
    drop(numbers);
    let cancelled = Some(Code::Cancelled);
    let wanted = [("add", cancelled, 0), ("stream_numbers", cancelled, 1)];
    assert_eq!(watched.told(), wanted);
}
