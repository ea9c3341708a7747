//! Streams that come in separate calls: the table and its uploads.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use futures::{FutureExt, StreamExt, TryStreamExt};
use services::operation::{RECORD_METRICS, STREAM_METRICS};
use services::{Code, Error, Stream};
use support::soon;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_util::sync::{CancellationToken, DropGuard};
use transport::sessions::{Session, Sessions, Upload, places};

const IDLE: Duration = Duration::from_secs(60);

type Numbers = Upload<i32, Vec<i32>>;

/// An upload that answers all that it was sent.
fn collecting(closing: &CancellationToken) -> Arc<Numbers> {
    Arc::new(Upload::start(closing.clone(), |numbers| {
        numbers.try_collect()
    }))
}

/// An upload whose work never reads, and what is cancelled when that is dropped.
fn stuck() -> (Arc<Numbers>, CancellationToken) {
    let dropped = CancellationToken::new();
    let guard = dropped.clone().drop_guard();
    let work = |numbers| never(numbers, guard);
    (
        Arc::new(Upload::start(CancellationToken::new(), work)),
        dropped,
    )
}

async fn never(_numbers: Stream<i32>, _guard: DropGuard) -> Result<Vec<i32>, Error> {
    std::future::pending().await
}

/// An upload that tells each item that it reads, its stream's error too, and never answers.
fn telling(closing: &CancellationToken) -> (Arc<Numbers>, UnboundedReceiver<Result<i32, Error>>) {
    let (tell, told) = unbounded_channel();
    let work = |mut numbers: Stream<i32>| async move {
        while let Some(number) = numbers.next().await {
            tell.send(number).unwrap();
        }
        std::future::pending().await
    };
    (Arc::new(Upload::start(closing.clone(), work)), told)
}

fn table(limit: usize) -> Sessions<Arc<Numbers>> {
    Sessions::new(places(limit), IDLE)
}

fn kept(sessions: &Sessions<Arc<Numbers>>, upload: Arc<Numbers>) -> Result<String, Error> {
    let place = sessions.place()?;
    sessions.insert(place, &RECORD_METRICS, upload)
}

fn code<T>(result: Result<T, Error>) -> Option<Code> {
    result.err().map(|error| error.code())
}

#[tokio::test]
async fn an_id_is_its_own_and_its_operations() {
    let sessions = table(2);
    let open = || kept(&sessions, stuck().0).unwrap();
    let (first, second) = (open(), open());
    assert_ne!(first, second);
    assert_eq!(first.len(), 32);
    assert!(sessions.lease(&RECORD_METRICS, &first).is_ok());
    let other = sessions.lease(&STREAM_METRICS, &first);
    assert_eq!(code(other), Some(Code::NotFound));
    let other = sessions.remove(&STREAM_METRICS, &first);
    assert_eq!(code(other), Some(Code::NotFound));
    assert!(sessions.remove(&RECORD_METRICS, &first).is_ok());
    let gone = sessions.remove(&RECORD_METRICS, &first);
    assert_eq!(code(gone), Some(Code::NotFound));
}

#[tokio::test]
async fn past_the_limit_only_a_finished_session_that_nobody_uses_makes_room() {
    let sessions = table(1);
    let upload = collecting(&CancellationToken::new());
    let id = kept(&sessions, Arc::clone(&upload)).unwrap();
    assert_eq!(code(sessions.place()), Some(Code::ResourceExhausted));
    assert_eq!(soon(upload.finish()).await, Ok(vec![]));
    assert!(upload.is_finished());
    let lease = sessions.lease(&RECORD_METRICS, &id).unwrap();
    assert_eq!(code(sessions.place()), Some(Code::ResourceExhausted));
    drop(lease);
    let place = sessions.place().unwrap();
    assert_eq!(
        code(sessions.lease(&RECORD_METRICS, &id)),
        Some(Code::NotFound)
    );
    drop(place);
    assert!(sessions.place().is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_session_ends_when_nobody_has_touched_it_for_its_idle_time() {
    let sessions = table(2);
    let (upload, dropped) = stuck();
    let id = kept(&sessions, upload).unwrap();
    let used = sessions.lease(&RECORD_METRICS, &id).unwrap();
    let later = async |times: u32| {
        tokio::select! {
            never = sessions.expire() => match never {},
            () = tokio::time::sleep(IDLE * times) => {}
        }
    };
    later(3).await;
    drop(used);
    assert!(!dropped.is_cancelled());
    assert!(sessions.lease(&RECORD_METRICS, &id).is_ok());
    later(3).await;
    soon(dropped.cancelled()).await;
    assert_eq!(
        code(sessions.lease(&RECORD_METRICS, &id)),
        Some(Code::NotFound)
    );
}

#[tokio::test]
async fn an_idle_time_past_all_calendars_is_borne() {
    let sessions: Sessions<Arc<Numbers>> = Sessions::new(places(usize::MAX), Duration::MAX);
    let id = kept(&sessions, stuck().0).unwrap();
    assert!(sessions.expire().now_or_never().is_none());
    assert!(sessions.lease(&RECORD_METRICS, &id).is_ok());
}

#[tokio::test]
async fn a_repeated_number_is_ignored_and_a_gap_out_of_range() {
    let upload = collecting(&CancellationToken::new());
    let send = |seq, items: &[i32]| soon(upload.send(seq, items.to_vec())).boxed();
    assert_eq!(send(0, &[1, 2]).await, Ok(()));
    assert_eq!(send(0, &[1, 2]).await, Ok(()));
    assert_eq!(code(send(2, &[9]).await), Some(Code::OutOfRange));
    assert_eq!(code(send(-1, &[9]).await), Some(Code::InvalidArgument));
    assert_eq!(send(1, &[3]).await, Ok(()));
    assert_eq!(soon(upload.finish()).await, Ok(vec![1, 2, 3]));
}

#[tokio::test]
async fn a_send_that_is_given_up_while_it_waits_took_nothing() {
    let closing = CancellationToken::new();
    let (go, gone) = tokio::sync::oneshot::channel::<()>();
    let work = |numbers: Stream<i32>| async move {
        gone.await.unwrap();
        numbers.try_collect().await
    };
    let upload: Numbers = Upload::start(closing, work);
    assert_eq!(soon(upload.send(0, vec![1])).await, Ok(()));
    // One batch waits for its reader, and a second finds no room.
    assert!(upload.send(1, vec![2]).now_or_never().is_none());
    go.send(()).unwrap();
    assert_eq!(soon(upload.send(1, vec![3])).await, Ok(()));
    assert_eq!(soon(upload.finish()).await, Ok(vec![1, 3]));
}

#[tokio::test]
async fn the_outcome_of_work_that_ends_early_answers_sends_and_the_end() {
    let failure = Error::InvalidArgument("no".into());
    for outcome in [Ok(vec![7]), Err(failure)] {
        let answer = outcome.clone();
        let work = |_: Stream<i32>| std::future::ready(answer);
        let upload: Numbers = Upload::start(CancellationToken::new(), work);
        assert_eq!(soon(upload.finish()).await, outcome);
        let sent = soon(upload.send(0, vec![1])).await;
        assert_eq!(sent, outcome.clone().map(drop));
        assert_eq!(soon(upload.finish()).await, outcome);
    }
}

#[tokio::test]
async fn cancelling_drops_the_work_and_tells_a_send_that_waits() {
    let (upload, dropped) = stuck();
    assert_eq!(soon(upload.send(0, vec![1])).await, Ok(()));
    let waiting = soon(upload.send(1, vec![2]));
    let (sent, ()) = tokio::join!(waiting, async { upload.cancel() });
    assert_eq!(code(sent), Some(Code::Cancelled));
    soon(dropped.cancelled()).await;
}

#[tokio::test]
async fn dropping_an_upload_drops_its_work() {
    let (upload, dropped) = stuck();
    assert_eq!(soon(upload.send(0, vec![1])).await, Ok(()));
    drop(upload);
    soon(dropped.cancelled()).await;
}

#[tokio::test]
async fn when_the_server_closes_the_stream_ends_with_unavailable_and_sends_are_refused() {
    let closing = CancellationToken::new();
    let (upload, mut told) = telling(&closing);
    assert_eq!(soon(upload.send(0, vec![1])).await, Ok(()));
    closing.cancel();
    let sent = soon(upload.send(1, vec![2])).await;
    assert_eq!(code(sent), Some(Code::Unavailable));
    // What was taken before still comes first.
    assert_eq!(soon(told.recv()).await, Some(Ok(1)));
    assert_eq!(
        code(soon(told.recv()).await.unwrap()),
        Some(Code::Unavailable)
    );
}

#[tokio::test]
async fn an_end_that_came_before_the_server_closes_still_counts() {
    let closing = CancellationToken::new();
    let upload = collecting(&closing);
    assert!(upload.finish().now_or_never().is_none());
    closing.cancel();
    assert_eq!(soon(upload.finish()).await, Ok(vec![]));
}
