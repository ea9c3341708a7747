//! The chat with long lines that escaping makes longer still: each is legal, and none fits into a
//! message with a hundred others.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod serving;

use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use services::chat::LARGEST_TEXT;
use services::conformance::reference;
use services::model::{ChatMessage, Join};
use services::{Chat, Context, Error, ServeOptions, Stream};
use serving::{Running, call, int, soon, string};

/// Half of what a server of ours takes in a message by default, and a line.
const COMFORTABLE_BYTES: usize = 1_200 * 1_024;

async fn reference_server() -> Running {
    Running::start(reference(), ServeOptions::default()).await
}

fn line(text: &str) -> ChatMessage {
    ChatMessage {
        user: "Ana".into(),
        text: text.into(),
        ..ChatMessage::default()
    }
}

fn says(text: &str, count: usize) -> Stream<ChatMessage> {
    stream::iter(vec![Ok(line(text)); count]).boxed()
}

/// What a participant hears who says so many lines and leaves.
async fn heard(text: &str, count: usize) -> Result<Vec<ChatMessage>, Error> {
    let server = reference_server().await;
    let client = server.client().await;
    let join = Join {
        user: "Ana".into(),
        after: None,
    };
    let heard = client.chat(&Context::new(), &join, says(text, count)).await;
    let heard = heard?.try_collect();
    let patience = Duration::from_secs(120);
    tokio::time::timeout(patience, heard).await.unwrap()
}

async fn comes_back_whole(text: &str, count: usize) {
    let heard = heard(text, count).await.unwrap();
    assert_eq!(heard.len(), count);
    assert!(heard.iter().all(|message| message.text == text));
}

#[tokio::test]
async fn long_lines_of_what_is_escaped_go_up_in_messages_that_the_server_takes() {
    comes_back_whole(&"<".repeat(16_380), 60).await;
    comes_back_whole(&"\r".repeat(LARGEST_TEXT), 40).await;
}

#[tokio::test]
async fn many_long_lines_of_mixed_characters_all_come_back() {
    comes_back_whole(&"é&<".repeat(3_900), 120).await;
}

#[tokio::test]
async fn an_answer_with_long_lines_is_no_larger_than_a_message() {
    let server = reference_server().await;
    let client = server.client().await;
    let longest = line(&"&".repeat(LARGEST_TEXT));
    for _ in 0..100 {
        let posted = soon(client.post_message(&Context::new(), &longest)).await;
        posted.unwrap();
    }
    let open = call("chat.open", &[&string("Bento"), &int(0)]);
    let opened = server.connect().await.post(open).await.reply().unwrap();
    let dxr::Value::String(id) = opened else {
        panic!("{opened:?}");
    };
    let next = call("chat.next", &[&string(&id), &int(0), &int(20_000)]);
    let answer = server.connect().await.post(next).await;
    assert!(answer.reply().is_ok());
    assert!(answer.body.len() > LARGEST_TEXT);
    assert!(
        answer.body.len() < COMFORTABLE_BYTES,
        "{}",
        answer.body.len()
    );
}
