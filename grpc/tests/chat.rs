//! The chat over this wire: what HTTP/2 does with a call that streams both ways.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod serving;

use std::sync::Arc;

use bytes::Bytes;
use futures::channel::mpsc;
use futures::{SinkExt, StreamExt, TryStreamExt};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use prost::Message;
use services::model::{ChatMessage, Join};
use services::{Chat, Code, Context, Error, Local, ServeOptions, Stream};
use serving::{Running, framed, soon};

const CHAT: &str = "/chat.ChatService/ChatStream";

async fn start() -> Running {
    Running::start(Arc::new(Local::default()), ServeOptions::default()).await
}

fn join(user: &str, after: Option<u64>) -> Join {
    let user = user.into();
    Join { user, after }
}

fn text(text: &str) -> ChatMessage {
    ChatMessage {
        text: text.into(),
        ..ChatMessage::default()
    }
}

type Sender = mpsc::Sender<Result<ChatMessage, Error>>;

/// Takes part with a stream up that the test sends.
async fn participant(client: &grpc::Client, join: Join) -> (Sender, Stream<ChatMessage>) {
    let (sender, said) = mpsc::channel(1);
    let heard = soon(client.chat(&Context::new(), &join, said.boxed())).await;
    (sender, heard.unwrap())
}

/// Waits until nobody takes part any more.
async fn everybody_left(client: &grpc::Client) {
    soon(async {
        while !client
            .list_participants(&Context::new())
            .await
            .unwrap()
            .is_empty()
        {}
    })
    .await;
}

#[tokio::test]
async fn the_answer_has_headers_before_anybody_said_anything() {
    let server = start().await;
    let mut raw = serving::connect(server.address).await;
    let (mut sender, said) = mpsc::channel::<Result<Frame<Bytes>, std::io::Error>>(1);
    let request = serving::request(CHAT, &[("chat-user", "Ana")], StreamBody::new(said));
    let response = soon(raw.send_request(request)).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/grpc");
    let message = grpc::convert::chat_message_to_wire(&text("hi")).encode_to_vec();
    let frame = Frame::data(Bytes::from(framed(0, &message)));
    sender.send(Ok(frame)).await.unwrap();
    drop(sender);
    let rest = soon(response.into_body().collect()).await.unwrap();
    assert_eq!(rest.trailers().unwrap()["grpc-status"], "0");
    let heard = grpc::contract::chat::ChatMessage::decode(&rest.to_bytes()[5..]).unwrap();
    assert_eq!(
        (heard.user.as_str(), heard.text.as_str(), heard.sequence),
        ("Ana", "hi", 1)
    );
}

#[tokio::test]
async fn two_clients_hear_each_other_in_one_order() {
    let server = start().await;
    let (one, two) = (server.client().await, server.client().await);
    let (mut ana, heard_by_ana) = participant(&one, join("Ana", None)).await;
    let (mut jose, heard_by_jose) = participant(&two, join("José", None)).await;
    let names = soon(one.list_participants(&Context::new())).await.unwrap();
    assert_eq!(names, ["Ana", "José"]);
    let said = async {
        for number in 0..100 {
            ana.send(Ok(text(&format!("a{number}")))).await.unwrap();
            jose.send(Ok(text(&format!("j{number}")))).await.unwrap();
        }
    };
    let (heard_by_ana, heard_by_jose, ()) = soon(async {
        tokio::join!(
            heard_by_ana.take(200).try_collect::<Vec<_>>(),
            heard_by_jose.take(200).try_collect::<Vec<_>>(),
            said
        )
    })
    .await;
    let heard = heard_by_ana.unwrap();
    assert_eq!(heard, heard_by_jose.unwrap());
    assert!(
        (1..)
            .zip(&heard)
            .all(|(place, message)| message.sequence == place)
    );
}

#[tokio::test]
async fn who_ends_its_stream_hears_its_own_last_words_and_then_an_end() {
    let server = start().await;
    let client = server.client().await;
    let said = futures::stream::iter(["a", "b"].map(text).map(Ok)).boxed();
    let heard = soon(client.chat(&Context::new(), &join("Ana", None), said)).await;
    let heard: Vec<_> = soon(heard.unwrap().try_collect()).await.unwrap();
    let texts: Vec<_> = heard.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["a", "b"]);
    everybody_left(&client).await;
}

#[tokio::test]
async fn who_drops_the_stream_down_leaves_though_its_stream_up_is_open() {
    let server = start().await;
    let client = server.client().await;
    let (mut sender, mut heard) = participant(&client, join("Ana", None)).await;
    sender.send(Ok(text("hi"))).await.unwrap();
    soon(heard.next()).await.unwrap().unwrap();
    drop(heard);
    everybody_left(&client).await;
    // The stream up is dropped with it.
    soon(async { while sender.send(Ok(text("still there?"))).await.is_ok() {} }).await;
}

#[tokio::test]
async fn a_stream_up_that_breaks_off_ends_the_stream_down_with_its_error() {
    let server = start().await;
    let client = server.client().await;
    let (mut sender, mut heard) = participant(&client, join("Ana", None)).await;
    let broken = Error::InvalidArgument("the keyboard is gone".into());
    sender.send(Err(broken.clone())).await.unwrap();
    assert_eq!(soon(heard.next()).await, Some(Err(broken)));
    assert_eq!(soon(heard.next()).await, None);
    everybody_left(&client).await;
}

#[tokio::test]
async fn a_place_that_is_not_kept_is_told_before_the_stream_opens() {
    let server = start().await;
    let client = server.client().await;
    let said = futures::stream::pending().boxed();
    let refused = soon(client.chat(&Context::new(), &join("Ana", Some(7)), said)).await;
    assert_eq!(refused.err().unwrap().code(), Code::OutOfRange);
}

#[tokio::test]
async fn who_does_not_read_is_dropped_and_nobody_else_notices() {
    let server = start().await;
    let (one, two) = (server.client().await, server.client().await);
    let (_silent_says, silent) = participant(&one, join("Silent", None)).await;
    let (_ana_says, mut heard) = participant(&two, join("Ana", None)).await;
    let context = Context::new();
    let said = async {
        for _ in 0..2_000 {
            let line = ChatMessage {
                user: "Ben".into(),
                ..text(&"x".repeat(100))
            };
            two.post_message(&context, &line).await.unwrap();
        }
    };
    let first = heard.by_ref().take(2_000);
    let (heard_by_ana, ()) = soon(async { tokio::join!(first.try_collect(), said) }).await;
    let heard_by_ana: Vec<ChatMessage> = heard_by_ana.unwrap();
    assert!(
        (1..)
            .zip(&heard_by_ana)
            .all(|(place, message)| message.sequence == place)
    );
    let names = soon(two.list_participants(&context)).await.unwrap();
    assert_eq!(names, ["Ana"]);
    // What the window held, and then why no more comes.
    let mut items: Vec<_> = soon(silent.collect()).await;
    let error = items.pop().unwrap().unwrap_err();
    assert_eq!(error.code(), Code::ResourceExhausted, "{error}");
    assert!(items.len() < 1_000, "{}", items.len());
    let last = items.pop().unwrap().unwrap().sequence.to_string();
    assert!(error.to_string().contains(&last), "{error}");
}

#[tokio::test]
async fn a_server_that_closes_says_so_to_everybody() {
    let mut server = start().await;
    let client = server.client().await;
    let (_sender, mut heard) = participant(&client, join("Ana", None)).await;
    server.shut_down();
    assert_eq!(soon(heard.next()).await, Some(Err(Error::closing())));
    assert_eq!(soon(heard.next()).await, None);
    server.stopped().await;
}

#[tokio::test]
async fn a_hundred_conversations_of_one_client_leave_room_for_its_calls() {
    let server = start().await;
    let client = server.client().await;
    let mut participants = Vec::new();
    for number in 0..100 {
        participants.push(participant(&client, join(&format!("p{number}"), None)).await);
    }
    let context = Context::new();
    let names = soon(client.list_participants(&context)).await.unwrap();
    assert_eq!(names.len(), 100);
    participants[0].0.send(Ok(text("hi"))).await.unwrap();
    for (_, heard) in &mut participants {
        assert_eq!(soon(heard.next()).await.unwrap().unwrap().text, "hi");
    }
    drop(participants);
    everybody_left(&client).await;
}

#[tokio::test]
async fn a_thousand_participants_each_over_a_connection_of_its_own_hear_everything() {
    let server = start().await;
    let mut participants = Vec::new();
    for number in 0..1_000 {
        let client = server.client().await;
        participants.push(participant(&client, join(&format!("p{number}"), None)).await);
    }
    let (speaker, _) = &mut participants[0];
    for number in 0..5 {
        soon(speaker.send(Ok(text(&format!("m{number}")))))
            .await
            .unwrap();
    }
    for (_, heard) in &mut participants {
        let heard: Vec<_> = soon(heard.take(5).try_collect()).await.unwrap();
        let places: Vec<_> = heard
            .iter()
            .map(|message: &ChatMessage| message.sequence)
            .collect();
        assert_eq!(places, [1, 2, 3, 4, 5]);
    }
}
