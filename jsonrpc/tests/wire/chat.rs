//! The chat, text by text: what a page in a browser or Node's `ws` sends and gets.

use futures::StreamExt;
use insta::assert_snapshot;
use serde_json::Value;
use services::conformance::{Faulty, reference};
use services::model::{ChatMessage, Join};
use services::{Chat, Context, ServeOptions};

use super::started;
use crate::support::{Server, Socket, within};

fn call(method: &str, params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#)
}

/// Takes part; gives the subscription's id.
async fn joined(socket: &mut Socket, params: &str) -> String {
    let reply: Value =
        serde_json::from_str(&socket.ask(call("subscribe_chat", params)).await).unwrap();
    reply["result"].as_str().unwrap().to_owned()
}

/// The reply to a call and as many notifications, which may come before it.
async fn told(socket: &mut Socket, call: String, notifications: usize) -> Vec<String> {
    socket.send(call).await;
    let mut texts = Vec::new();
    for _ in 0..=notifications {
        texts.push(socket.next().await);
    }
    texts.sort_by_key(|text| text.contains(r#""method""#));
    texts
}

#[tokio::test]
async fn a_chat_in_texts() {
    let server = started().await;
    let (mut ana, mut rui) = (
        Socket::connect(&server).await,
        Socket::connect(&server).await,
    );
    let anas = joined(&mut ana, r#"["Ana"]"#).await;
    let ruis = joined(&mut rui, r#"{"after":0,"user":"Rui"}"#).await;
    let mut texts = Vec::new();
    let said = call(
        "chat.send",
        &format!(r#"["{anas}",0,[{{"user":"","text":"Bom dia!","id":"a1"}}]]"#),
    );
    texts.extend(told(&mut ana, said.clone(), 1).await);
    // The same number is ignored, and a gap is told.
    texts.extend(told(&mut ana, said.clone(), 0).await);
    texts.extend(told(&mut ana, said.replace(",0,", ",2,"), 0).await);
    texts.push(rui.next().await);
    // A message that comes twice by its id is said once.
    texts.extend(told(&mut ana, said.replace(",0,", ",1,"), 0).await);
    let posted = r#"{"user":"Eva","text":"I only post","timestamp":1767323045}"#;
    texts.push(server.post(call("post_message", posted)).await.1);
    texts.push(ana.next().await);
    rui.next().await;
    texts.push(server.post(call("list_participants", "[]")).await.1);
    texts.extend(told(&mut ana, call("chat.close", &format!(r#"["{anas}"]"#)), 1).await);
    texts.extend(told(&mut ana, said, 0).await);
    texts.extend(
        told(
            &mut rui,
            call("unsubscribe_chat", &format!(r#"["{ruis}"]"#)),
            0,
        )
        .await,
    );
    let texts = texts
        .join("\n")
        .replace(&anas, "ANAS")
        .replace(&ruis, "RUIS");
    assert_snapshot!(texts, @r#"
    {"jsonrpc":"2.0","id":1,"result":true}
    {"jsonrpc":"2.0","method":"chat","params":{"subscription":"ANAS","result":{"item":{"user":"Ana","text":"Bom dia!","timestamp":1763703000,"sequence":1,"id":"a1"}}}}
    {"jsonrpc":"2.0","id":1,"result":true}
    {"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"seq is 2, 1 is expected: send what is missing first"}}
    {"jsonrpc":"2.0","method":"chat","params":{"subscription":"RUIS","result":{"item":{"user":"Ana","text":"Bom dia!","timestamp":1763703000,"sequence":1,"id":"a1"}}}}
    {"jsonrpc":"2.0","id":1,"result":true}
    {"jsonrpc":"2.0","id":1,"result":{"user":"Eva","text":"I only post","timestamp":1767323045,"sequence":2,"id":""}}
    {"jsonrpc":"2.0","method":"chat","params":{"subscription":"ANAS","result":{"item":{"user":"Eva","text":"I only post","timestamp":1767323045,"sequence":2,"id":""}}}}
    {"jsonrpc":"2.0","id":1,"result":["Ana","Rui"]}
    {"jsonrpc":"2.0","id":1,"result":true}
    {"jsonrpc":"2.0","method":"chat","params":{"subscription":"ANAS","result":{"end":null}}}
    {"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"there is no open chat \"ANAS\" on this connection: it ended, or is another's"}}
    {"jsonrpc":"2.0","id":1,"result":true}
    "#);
    ana.lives().await;
    rui.lives().await;
    server.stop().await;
}

#[tokio::test]
async fn a_chat_is_its_connections_own() {
    let server = started().await;
    let (mut ana, mut rui) = (
        Socket::connect(&server).await,
        Socket::connect(&server).await,
    );
    let anas = joined(&mut ana, r#"["Ana"]"#).await;
    let stolen = call(
        "chat.send",
        &format!(r#"["{anas}",0,[{{"user":"Ana","text":"not me"}}]]"#),
    );
    let closed = call("chat.close", &format!(r#"["{anas}"]"#));
    let refused = rui.ask(stolen.as_str()).await;
    assert_snapshot!(refused.replace(&anas, "ANAS"), @r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"there is no open chat \"ANAS\" on this connection: it ended, or is another's"}}"#);
    assert_eq!(rui.ask(closed.as_str()).await, refused);
    assert_eq!(server.post(&stolen).await.1, refused);
    assert_eq!(server.post(&closed).await.1, refused);
    let dropped = rui
        .ask(call("unsubscribe_chat", &format!(r#"["{anas}"]"#)))
        .await;
    assert_eq!(dropped, r#"{"jsonrpc":"2.0","id":1,"result":false}"#);
    let heard = told(&mut ana, stolen.replace("not me", "it is me"), 1).await;
    assert!(heard[1].contains("it is me"), "{heard:?}");
    server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_line_ends_the_chat_as_its_last_item() {
    let server = started().await;
    let mut ana = Socket::connect(&server).await;
    let anas = joined(&mut ana, r#"["Ana"]"#).await;
    let said = call(
        "chat.send",
        &format!(r#"["{anas}",0,[{{"user":"Rui","text":"hello"}}]]"#),
    );
    let texts = told(&mut ana, said, 1).await;
    let texts = texts.join("\n").replace(&anas, "ANAS");
    assert_snapshot!(texts, @r#"
    {"jsonrpc":"2.0","id":1,"result":true}
    {"jsonrpc":"2.0","method":"chat","params":{"subscription":"ANAS","result":{"error":{"code":-32602,"message":"user is \"Rui\": you joined as \"Ana\", speak in that name"}}}}
    "#);
    ana.lives().await;
    server.stop().await;
}

#[tokio::test]
async fn unsubscribing_drops_a_chat_and_so_does_the_end_of_its_connection() {
    let faulty = Faulty::never_answering();
    let server = Server::start(faulty.clone(), ServeOptions::default()).await;
    let mut ana = Socket::connect(&server).await;
    let anas = joined(&mut ana, r#"["Ana"]"#).await;
    within(faulty.started()).await;
    ana.next().await;
    ana.ask(call("unsubscribe_chat", &format!(r#"["{anas}"]"#)))
        .await;
    within(faulty.dropped()).await;
    joined(&mut ana, r#"["Ana"]"#).await;
    within(faulty.started()).await;
    drop(ana);
    within(faulty.dropped()).await;
    server.stop().await;
}

#[tokio::test]
async fn a_participant_who_does_not_read_is_dropped_and_told_and_nobody_else_notices() {
    let backend = reference();
    let server = Server::start(backend.clone(), ServeOptions::default()).await;
    let mut silent = Socket::connect(&server).await;
    joined(&mut silent, r#"["Silent"]"#).await;
    let reader = server.client("ws").await;
    let join = Join {
        user: "Reader".into(),
        after: None,
    };
    let nothing = futures::stream::pending().boxed();
    let mut heard = reader.chat(&Context::new(), &join, nothing).await.unwrap();
    let line = ChatMessage {
        user: "Ana".into(),
        text: "x".repeat(100),
        ..ChatMessage::default()
    };
    let mut said = 0;
    // What the system holds for a socket fills first, then the messages wait in the room. Some
    // systems hold megabytes: the transport bounds Linux only.
    let most = if cfg!(target_os = "linux") {
        3_000
    } else {
        50_000
    };
    while said < 1_000
        || backend
            .list_participants(&Context::new())
            .await
            .unwrap()
            .len()
            > 1
    {
        backend.post_message(&Context::new(), &line).await.unwrap();
        said += 1;
        let message = within(heard.next()).await.unwrap().unwrap();
        assert_eq!(message.sequence, said);
        assert!(said < most, "the silent one is not noticed");
    }
    let mut last = 0;
    let error = loop {
        let result = silent.next_json().await["params"]["result"].take();
        if result.get("error").is_some() {
            break result;
        }
        last += 1;
        assert_eq!(result["item"]["sequence"], last);
    };
    assert!(last < said);
    assert_eq!(error["error"]["code"], -32005);
    let told = format!("the last that you got is {last}");
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.contains(&told), "{message}");
    silent.lives().await;
    drop(heard);
    server.stop().await;
}
