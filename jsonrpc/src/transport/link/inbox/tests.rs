//! The inbox without a socket, and with a clock that does not wait.

use super::waiting::WAITING_ITEMS;
use super::*;

async fn told(inbox: &Inbox, text: &str) {
    inbox.received(Utf8Bytes::from(text)).await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_nobody_reads_is_given_up_and_the_others_go_on() {
    let (inbox, mut queue) = Inbox::new("the server");
    let (opening, reply, mut items) = Waiting::for_subscription("unsubscribe_x".into());
    inbox.expect(1, opening).unwrap();
    told(&inbox, r#"{"jsonrpc":"2.0","id":1,"result":"A"}"#).await;
    assert!(reply.await.is_ok());
    let item =
        r#"{"jsonrpc":"2.0","method":"x","params":{"subscription":"A","result":{"item":1}}}"#;
    // The last of these finds the subscription full, and waits in vain.
    for _ in 0..=WAITING_ITEMS {
        told(&inbox, item).await;
    }
    let unsubscribe = inbox.taken(queue.recv().await.unwrap());
    assert_eq!(
        unsubscribe,
        r#"{"jsonrpc":"2.0","method":"unsubscribe_x","params":["A"]}"#
    );
    for _ in 0..WAITING_ITEMS {
        assert!(items.recv().await.is_some());
    }
    assert!(items.recv().await.is_none());
    assert!(inbox.is_open());
}

#[tokio::test]
async fn a_subscription_that_opens_too_late_is_ended() {
    let (inbox, mut queue) = Inbox::new("the server");
    let (opening, reply, _items) = Waiting::for_subscription("unsubscribe_x".into());
    inbox.expect(1, opening).unwrap();
    drop(reply);
    assert!(inbox.forget(1));
    told(&inbox, r#"{"jsonrpc":"2.0","id":1,"result":7}"#).await;
    let unsubscribe = inbox.taken(queue.recv().await.unwrap());
    assert_eq!(
        unsubscribe,
        r#"{"jsonrpc":"2.0","method":"unsubscribe_x","params":[7]}"#
    );
}

#[tokio::test]
async fn messages_that_nobody_waits_for_change_nothing() {
    let (inbox, _queue) = Inbox::new("the server");
    let (waiting, mut reply) = Waiting::for_reply();
    inbox.expect(1, waiting).unwrap();
    for text in [
        r#"{"jsonrpc":"2.0","id":2,"result":8}"#,
        r#"{"jsonrpc":"2.0","id":"1","result":8}"#,
        r#"{"jsonrpc":"2.0","method":"news","params":[1]}"#,
        r#"{"jsonrpc":"2.0","method":"x","params":{"subscription":"A","result":1}}"#,
        "{}",
    ] {
        told(&inbox, text).await;
    }
    assert!(reply.try_recv().is_err());
    assert!(inbox.is_open());
    told(&inbox, r#"{"jsonrpc":"2.0","id":1,"result":8}"#).await;
    assert!(reply.await.is_ok());
    told(&inbox, "no JSON at all").await;
    assert_eq!(inbox.why_broken().code(), Code::Internal);
}
