//! The room that servers share: one order, whoever speaks where, and outages.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, HashSet};

use futures::StreamExt;
use futures::future::join_all;
use services::model::ChatMessage;
use services::{ChatRoom, Code, Error};
use support::{Asking, Keeps, RedisServer, connect, end, hear, join, line, named, until};

/// Says it until it is known to have been said.
async fn say(room: &dyn ChatRoom, message: ChatMessage) -> ChatMessage {
    let mut asking = Asking::whether("it was said");
    loop {
        match room.post(message.clone()).await {
            Ok(said) => return said,
            Err(Error::Unavailable { .. }) => asking.again().await,
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rooms_on_one_redis_have_one_order() {
    let Some(server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    let rooms = [
        connect(&server.url()).await.chat,
        connect(&server.url()).await.chat,
    ];
    let mut seats = Vec::new();
    for number in 0..4 {
        seats.push(join(&*rooms[number % 2], &format!("listener-{number}"), None).await);
    }
    let speakers = (0..8).map(|speaker| {
        let room = rooms[speaker % 2].clone();
        tokio::spawn(async move {
            for number in 0..50 {
                let text = format!("{speaker}/{number}");
                room.post(line("speaker", &text, &text)).await.unwrap();
            }
        })
    });
    join_all(speakers)
        .await
        .into_iter()
        .for_each(Result::unwrap);
    let mut orders = Vec::new();
    for seat in &mut seats {
        orders.push(hear(seat, 400).await);
    }
    let sequences: Vec<_> = orders[0].iter().map(|message| message.sequence).collect();
    assert_eq!(sequences, (1..=400).collect::<Vec<_>>());
    assert!(orders.iter().all(|order| *order == orders[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_said_twice_is_told_once_and_given_back() {
    let Some(server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    let (one, other) = (
        connect(&server.url()).await.chat,
        connect(&server.url()).await.chat,
    );
    let mut seat = join(&*one, "Ana", None).await;
    let first = one.post(line("Ana", "first", "1")).await.unwrap();
    let again = other.post(line("Ana", "said again", "1")).await.unwrap();
    assert_eq!(again, first);
    // Another's id is another's, however the two texts run together.
    for (user, id) in [
        ("Ana:1", ""),
        ("Ben", "1"),
        ("Ana:", "1"),
        ("Ana", ":1"),
        ("", "Ana:1"),
    ] {
        other.post(line(user, "", id)).await.unwrap();
    }
    // Without an id there is nothing to know it by.
    for _ in 0..2 {
        other.post(line("Ana", "", "")).await.unwrap();
    }
    let heard = hear(&mut seat, 8).await;
    assert_eq!(heard.last().unwrap().sequence, 8);
    assert_eq!(
        heard
            .iter()
            .filter(|message| message.text == "first")
            .count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_from_another_server_resumes_at_once() {
    let Some(server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    let (one, other) = (
        connect(&server.url()).await.chat,
        connect(&server.url()).await.chat,
    );
    for number in 1..=100 {
        let said = one.post(line("Ana", "", "")).await.unwrap();
        assert_eq!(said.sequence, number);
        // The other server may not have read it yet when somebody comes who has.
        let seat = other.join(named("Ana"), Some(number)).await.unwrap();
        assert_eq!(seat.after, number);
    }
    let mut seat = join(&*other, "Ana", Some(60)).await;
    assert_eq!(hear(&mut seat, 40).await[0].sequence, 61);
    let mut seat = join(&*other, "Ana", Some(0)).await;
    assert_eq!(hear(&mut seat, 100).await[0].sequence, 1);
    let mut seat = join(&*other, "Ana", None).await;
    one.post(line("Ana", "now", "")).await.unwrap();
    assert_eq!(hear(&mut seat, 1).await[0].text, "now");
    let error = other.join(named("Ana"), Some(102)).await.unwrap_err();
    assert_eq!(error.code(), Code::OutOfRange);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_are_kept_with_their_ids_and_no_more() {
    let Some(server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    let room = connect(&server.url()).await.chat;
    for start in (1..=10_020).step_by(167) {
        let posts = (start..start + 167).map(|it| room.post(line("Ana", "", &it.to_string())));
        join_all(posts)
            .await
            .into_iter()
            .for_each(|said| drop(said.unwrap()));
    }
    assert_eq!(
        server.cli(&["XLEN", "trivium:chat"]).trim(),
        "(integer) 10000"
    );
    assert_eq!(
        server.cli(&["HLEN", "trivium:chat:ids"]).trim(),
        "(integer) 10000"
    );
    // Both in a room that has heard all of it, and in one that comes late.
    for room in [room, connect(&server.url()).await.chat] {
        let mut seat = join(&*room, "Ana", Some(0)).await;
        assert_eq!(hear(&mut seat, 1).await[0].sequence, 21);
        let error = room.join(named("Ana"), Some(19)).await.unwrap_err();
        assert_eq!(error.code(), Code::OutOfRange);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_redis_loses_nothing_and_nobody_hears_twice() {
    let Some(mut server) = RedisServer::start(Keeps::Everything) else {
        return;
    };
    let rooms = [
        connect(&server.url()).await.chat,
        connect(&server.url()).await.chat,
    ];
    let mut seats = [
        join(&*rooms[0], "Ana", None).await,
        join(&*rooms[1], "Ben", None).await,
    ];
    let speakers: Vec<_> = (0..4)
        .map(|speaker: usize| {
            let room = rooms[speaker % 2].clone();
            tokio::spawn(async move {
                let mut said = Vec::new();
                for number in 0..100 {
                    let id = format!("{speaker}-{number}");
                    said.push(say(&*room, line("speaker", "", &id)).await);
                }
                said
            })
        })
        .collect();
    // In the middle: some were heard, and the speakers go on.
    let mut heard = [hear(&mut seats[0], 50).await, hear(&mut seats[1], 50).await];
    server.kill();
    server.restart();
    let mut said = BTreeMap::new();
    for speaker in speakers {
        let messages = speaker.await.unwrap().into_iter();
        said.extend(messages.map(|message| (message.sequence, message)));
    }
    assert_eq!(said.len(), 400);
    for (heard, seat) in heard.iter_mut().zip(&mut seats) {
        heard.extend(hear(seat, 350).await);
        let ids: HashSet<_> = heard.iter().map(|message| &message.id).collect();
        assert_eq!(ids.len(), 400);
        assert!(heard.iter().eq(said.values()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_redis_is_gone_everything_is_unavailable_and_streams_stay_open() {
    let Some(mut server) = RedisServer::start(Keeps::Everything) else {
        return;
    };
    let room = connect(&server.url()).await.chat;
    let mut seat = join(&*room, "Ana", None).await;
    room.post(line("Ana", "before", "")).await.unwrap();
    server.kill();
    // Whatever was on its way when the connection broke ends with the first.
    room.participants().await.unwrap_err();
    let errors = [
        room.post(line("Ana", "lost", "")).await.unwrap_err(),
        room.join(named("Ben"), None).await.unwrap_err(),
        room.join(named("Ben"), Some(1)).await.unwrap_err(),
        room.participants().await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.code(), Code::Unavailable);
        assert!(error.to_string().contains("nothing was done"), "{error}");
    }
    server.restart();
    say(&*room, line("Ana", "after", "")).await;
    let texts: Vec<_> = hear(&mut seat, 2)
        .await
        .into_iter()
        .map(|it| it.text)
        .collect();
    assert_eq!(texts, ["before", "after"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_has_lost_messages_ends_the_streams() {
    let Some(mut server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    let room = connect(&server.url()).await.chat;
    let mut seat = join(&*room, "Ana", None).await;
    for number in 1..=3 {
        room.post(line("Ana", "", &number.to_string()))
            .await
            .unwrap();
    }
    assert_eq!(hear(&mut seat, 3).await.len(), 3);
    server.kill();
    server.restart();
    let error = end(&mut seat).await;
    assert_eq!(error.code(), Code::Unavailable);
    assert!(error.to_string().contains("has lost messages"), "{error}");
    assert!(seat.messages.next().await.is_none());
    // Who asks for what is lost is told; who begins again is welcome.
    let mut found = None;
    until("the room is open", async || {
        found = room.join(named("Ana"), None).await.ok();
        found.is_some()
    })
    .await;
    let error = room.join(named("Ana"), Some(3)).await.unwrap_err();
    assert_eq!(error.code(), Code::OutOfRange);
    assert_eq!(say(&*room, line("Ana", "again", "1")).await.sequence, 1);
    assert_eq!(hear(&mut found.unwrap(), 1).await[0].text, "again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_was_emptied_ends_the_streams() {
    let Some(server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    let room = connect(&server.url()).await.chat;
    let mut seat = join(&*room, "Ana", None).await;
    room.post(line("Ana", "", "")).await.unwrap();
    hear(&mut seat, 1).await;
    server.cli(&["DEL", "trivium:chat", "trivium:chat:ids"]);
    assert!(
        end(&mut seat)
            .await
            .to_string()
            .contains("has lost messages")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_write_into_the_stream_is_passed_over() {
    let Some(server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    let room = connect(&server.url()).await.chat;
    let mut seat = join(&*room, "Ana", None).await;
    room.post(line("Ana", "1", "")).await.unwrap();
    server.cli(&["XADD", "trivium:chat", "2-0", "temperature", "21"]);
    server.cli(&["XADD", "trivium:chat", "2-7", "user", "Ben"]);
    let said = room.post(line("Ana", "3", "")).await.unwrap();
    assert_eq!(said.sequence, 3);
    let texts: Vec<_> = hear(&mut seat, 2)
        .await
        .into_iter()
        .map(|it| it.text)
        .collect();
    assert_eq!(texts, ["1", "3"]);
    // Who comes while such an entry is the newest does not wait for it.
    server.cli(&["XADD", "trivium:chat", "4-0", "temperature", "22"]);
    join(&*room, "Ben", None).await;
}
