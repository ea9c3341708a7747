//! Numbered batches as one stream.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::sync::Arc;

use futures::{FutureExt, StreamExt, TryStreamExt};
use services::{Code, Error};
use support::soon;
use tokio_util::sync::CancellationToken;
use transport::sessions::{Inbox, Refused, Session};

fn inbox() -> (Inbox<i32>, services::Stream<i32>) {
    Inbox::new(CancellationToken::new())
}

fn code(result: Result<(), Refused>) -> Option<Code> {
    match result {
        Err(Refused::Error(error)) => Some(error.code()),
        Err(Refused::Unread) | Ok(()) => None,
    }
}

#[tokio::test]
async fn a_delivery_is_acknowledged_when_the_reader_has_taken_its_last_item() {
    let (inbox, mut items) = inbox();
    let mut delivery = inbox.deliver(0, vec![1, 2]).boxed();
    assert!((&mut delivery).now_or_never().is_none());
    assert_eq!(soon(items.next()).await, Some(Ok(1)));
    assert!((&mut delivery).now_or_never().is_none());
    assert_eq!(soon(items.next()).await, Some(Ok(2)));
    assert_eq!(soon(delivery).await, Ok(()));
}

#[tokio::test]
async fn a_repeated_number_waits_for_what_it_came_with_first() {
    let (inbox, mut items) = inbox();
    assert!(inbox.deliver(0, vec![1]).now_or_never().is_none());
    assert!(inbox.deliver(0, vec![9]).now_or_never().is_none());
    assert_eq!(soon(items.next()).await, Some(Ok(1)));
    assert_eq!(soon(inbox.deliver(0, vec![9])).await, Ok(()));
    soon(inbox.end()).await.unwrap();
    assert_eq!(soon(items.next()).await, None);
}

#[tokio::test]
async fn numbers_are_checked_and_an_empty_batch_is_taken_when_it_comes() {
    let (inbox, items) = inbox();
    let negative = inbox.deliver(-1, vec![9]).await;
    assert_eq!(code(negative), Some(Code::InvalidArgument));
    assert_eq!(
        code(inbox.deliver(1, vec![9]).await),
        Some(Code::OutOfRange)
    );
    let told = async {
        inbox.deliver(0, Vec::new()).await.unwrap();
        inbox.deliver(1, vec![1]).await.unwrap();
        inbox.end().await.unwrap();
    };
    let (read, ()) = soon(async { tokio::join!(items.try_collect::<Vec<_>>(), told) }).await;
    assert_eq!(read, Ok(vec![1]));
}

#[tokio::test]
async fn when_the_reader_is_gone_nothing_is_taken_any_more() {
    let (inbox, items) = inbox();
    let inbox = Arc::new(inbox);
    assert!(!inbox.is_finished());
    let gone = async { drop(items) };
    let (delivered, ()) = soon(async { tokio::join!(inbox.deliver(0, vec![1]), gone) }).await;
    assert_eq!(delivered, Err(Refused::Unread));
    assert_eq!(soon(inbox.deliver(1, vec![2])).await, Err(Refused::Unread));
    assert_eq!(soon(inbox.end()).await, Err(Refused::Unread));
    assert!(inbox.is_finished());
    assert_eq!(Error::from(Refused::Unread).code(), Code::NotFound);
}

#[tokio::test]
async fn a_sender_that_goes_without_an_end_breaks_the_stream_off() {
    let (inbox, mut items) = inbox();
    soon(inbox.send(0, vec![1])).await.unwrap();
    drop(inbox);
    assert_eq!(soon(items.next()).await, Some(Ok(1)));
    let broken = soon(items.next()).await.unwrap();
    assert_eq!(broken.unwrap_err().code(), Code::Cancelled);
    assert_eq!(soon(items.next()).await, None);
}

#[tokio::test]
async fn when_the_server_closes_a_delivery_that_waits_is_told() {
    let closing = CancellationToken::new();
    let (inbox, mut items) = Inbox::new(closing.clone());
    let close = async { closing.cancel() };
    let (delivered, ()) = soon(async { tokio::join!(inbox.deliver(0, vec![1]), close) }).await;
    assert_eq!(code(delivered), Some(Code::Unavailable));
    assert_eq!(soon(items.next()).await, Some(Ok(1)));
    let closed = soon(items.next()).await.unwrap();
    assert_eq!(closed.unwrap_err().code(), Code::Unavailable);
}
