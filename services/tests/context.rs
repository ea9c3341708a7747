//! Deadlines, metadata and what a client learns.

use std::time::Duration;

use services::{ByteCount, Code, Context, Error, Metadata};

#[tokio::test(start_paused = true)]
async fn a_timeout_is_a_deadline_that_runs_down() {
    let context = Context::with_timeout(Duration::from_secs(5));
    assert_eq!(context.remaining(), Some(Duration::from_secs(5)));
    tokio::time::advance(Duration::from_secs(6)).await;
    assert_eq!(context.remaining(), Some(Duration::ZERO));
    assert_eq!(Context::new().remaining(), None);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_too_far_to_count_is_none() {
    assert_eq!(Context::with_timeout(Duration::MAX).deadline, None);
}

#[tokio::test(start_paused = true)]
async fn a_default_timeout_yields_to_a_deadline() {
    let (second, hour) = (Duration::from_secs(1), Duration::from_secs(3_600));
    let context = Context::with_timeout(second).or_timeout(Some(hour));
    assert_eq!(context.remaining(), Some(second));
    assert_eq!(
        Context::new().or_timeout(Some(hour)).remaining(),
        Some(hour)
    );
    assert_eq!(Context::new().or_timeout(None).remaining(), None);
}

#[tokio::test(start_paused = true)]
async fn work_is_dropped_at_the_deadline() {
    let context = Context::with_timeout(Duration::from_secs(5));
    let never = std::future::pending::<Result<(), Error>>();
    assert_eq!(context.within(never).await, Err(Error::deadline_exceeded()));
}

#[tokio::test]
async fn work_does_not_begin_past_the_deadline() {
    let context = Context::with_timeout(Duration::ZERO);
    let work = async { panic!("this must not run") };
    let result: Result<(), Error> = context.within(work).await;
    assert_eq!(
        result.map_err(|error| error.code()),
        Err(Code::DeadlineExceeded)
    );
}

#[test]
fn metadata_names_are_folded_and_values_not_shown() {
    let mut metadata = Metadata::default();
    assert!(metadata.is_empty());
    metadata.insert("Authorization", "secret");
    assert_eq!(metadata.get("authorization"), Some("secret"));
    let shown = format!("{metadata:?}");
    assert!(
        shown.contains("authorization") && !shown.contains("secret"),
        "{shown}"
    );
}

#[test]
fn clones_share_what_is_learnt_and_a_fresh_exchange_does_not() {
    let context = Context::new();
    let (clone, fresh) = (context.clone(), context.fresh_exchange());
    clone.learn(|exchange| exchange.body.up = 7);
    assert_eq!(context.exchange().body, ByteCount { up: 7, down: 0 });
    assert_eq!(fresh.exchange().body, ByteCount::default());
}
