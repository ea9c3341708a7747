//! Who is in the room that servers share.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::sync::Arc;

use services::chat::Name;
use services::{ChatRoom, Error};
use support::{Keeps, RedisServer, connect, end, join, line, until};

async fn participants(room: &Arc<dyn ChatRoom>) -> Vec<String> {
    room.participants().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_the_room_is_seen_at_every_server() {
    let Some(server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    let (one, other) = (
        connect(&server.url()).await.chat,
        connect(&server.url()).await.chat,
    );
    assert!(participants(&one).await.is_empty());
    let ana = join(&*one, "Ana", None).await;
    let ana_again = join(&*one, "Ana", None).await;
    let ben = join(&*other, "Ben/é \u{1b}", None).await;
    for room in [&one, &other] {
        assert_eq!(participants(room).await, ["Ana", "Ben/é \u{1b}"]);
    }
    drop(ana);
    drop(ben);
    assert_eq!(participants(&other).await, ["Ana"]);
    until("Ben has left", async || participants(&one).await == ["Ana"]).await;
    drop(ana_again);
    until("Ana has left", async || {
        participants(&other).await.is_empty()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gets_a_name_by_speaking_is_seen_when_that_is_said() {
    let Some(server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    let (one, other) = (
        connect(&server.url()).await.chat,
        connect(&server.url()).await.chat,
    );
    let name = Name::default();
    let _seat = one.join(name.clone(), None).await.unwrap();
    assert!(participants(&other).await.is_empty());
    name.set("Ana".into()).unwrap();
    one.post(line("Ana", "it is me", "")).await.unwrap();
    assert_eq!(participants(&other).await, ["Ana"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn those_of_a_server_that_is_gone_are_gone_soon() {
    let Some(server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    let (one, other) = (connect(&server.url()).await, connect(&server.url()).await);
    let mut ana = join(&*one.chat, "Ana", None).await;
    let _ben = join(&*other.chat, "Ben", None).await;
    // As a kill does it: nobody leaves, and nothing is written any more.
    drop(one);
    assert_eq!(end(&mut ana).await, Error::closing());
    until("Ana's name has expired", async || {
        participants(&other.chat).await == ["Ben"]
    })
    .await;
}
