//! The chat of `Local`: how speaking and hearing share their turns, and what is not let in.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use services::chat::{HallLimits, MemoryRoom};
use services::model::{ChatMessage, Join};
use services::{Chat, Code, Context, Error, Local, LocalConfig};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

fn join(user: &str, after: Option<u64>) -> Join {
    let user = user.into();
    Join { user, after }
}

fn line(user: &str, text: &str) -> ChatMessage {
    ChatMessage {
        user: user.into(),
        text: text.into(),
        ..ChatMessage::default()
    }
}

#[tokio::test]
async fn who_speaks_without_end_hears_all_the_same() {
    let local = Local::default();
    let endless = stream::repeat_with(|| Ok(line("Ana", "and"))).boxed();
    let hears = local
        .chat(&Context::new(), &join("Ana", None), endless)
        .await;
    let heard = hears.unwrap().take(3_000).try_collect::<Vec<_>>();
    let heard = timeout(PATIENCE, heard).await.unwrap().unwrap();
    assert_eq!(heard.last().unwrap().sequence, 3_000);
}

#[tokio::test]
async fn who_has_much_to_hear_is_heard_all_the_same() {
    let (local, context) = (Local::default(), Context::new());
    for _ in 0..5_000 {
        local
            .post_message(&context, &line("Bia", "blah"))
            .await
            .unwrap();
    }
    let said = stream::iter([Ok(line("Ana", "me too"))]);
    let said = said.chain(stream::pending()).boxed();
    let hears = local.chat(&context, &join("Ana", Some(0)), said).await;
    let heard: Vec<_> = hears.unwrap().take(10).try_collect().await.unwrap();
    assert_eq!(heard[9].sequence, 10);
    let next = local.post_message(&context, &line("Bia", "next")).await;
    assert_eq!(next.unwrap().sequence, 5_002);
}

#[tokio::test]
async fn who_never_polls_its_chat_is_out_after_the_queue() {
    let chat = MemoryRoom::new(HallLimits {
        kept: 100,
        queue: 10,
    });
    let local = Local::new(LocalConfig {
        chat: Arc::new(chat),
        ..LocalConfig::default()
    });
    let context = Context::new();
    let silent = stream::pending().boxed();
    let mut hears = local
        .chat(&context, &join("Silent", None), silent)
        .await
        .unwrap();
    for in_the_room in [&["Silent".to_owned()][..], &[]] {
        for _ in 0..10 {
            local
                .post_message(&context, &line("Ana", "hello"))
                .await
                .unwrap();
        }
        let listed = local.list_participants(&context).await.unwrap();
        assert_eq!(listed, in_the_room);
    }
    let error = hears.next().await.unwrap().unwrap_err();
    assert_eq!(error.code(), Code::ResourceExhausted, "{error}");
    assert!(hears.next().await.is_none());
}

#[tokio::test]
async fn who_leaves_with_a_line_said_before_it_joined_does_not_wait_for_it() {
    let (local, context) = (Local::default(), Context::new());
    let said = ChatMessage {
        id: "again".into(),
        ..line("Ana", "hello")
    };
    local.post_message(&context, &said).await.unwrap();
    let again = stream::iter([Ok(said)]).boxed();
    let hears = local
        .chat(&context, &join("Ana", None), again)
        .await
        .unwrap();
    let heard = timeout(PATIENCE, hears.count()).await.unwrap();
    assert_eq!(heard, 0);
}

#[tokio::test]
async fn a_line_that_names_another_names_both() {
    let local = Local::default();
    let said = stream::iter([Ok(line("Bia", "hello"))]);
    let said = said.chain(stream::pending()).boxed();
    let hears = local.chat(&Context::new(), &join("Ana", None), said).await;
    let error = hears.unwrap().next().await.unwrap().unwrap_err();
    let wanted = "user is \"Bia\": you joined as \"Ana\", speak in that name";
    assert_eq!(error, Error::InvalidArgument(wanted.into()));
}

#[tokio::test]
async fn what_xml_cannot_carry_is_not_let_in() {
    let (local, context) = (Local::default(), Context::new());
    for text in ["\0", "a\u{1b}[31m", "\u{fffe}", "\u{ffff}"] {
        let error = local.post_message(&context, &line("Ana", text)).await;
        let error = error.unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument, "{error}");
        assert!(!error.to_string().contains(text), "{error}");
    }
    for timestamp in [i64::MAX, i64::MIN] {
        let message = ChatMessage {
            timestamp,
            ..line("Ana", "when")
        };
        let error = local.post_message(&context, &message).await.unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument, "{error}");
    }
}
