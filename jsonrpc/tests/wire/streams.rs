//! Subscriptions and uploads, text by text.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::Value;
use services::ServeOptions;
use services::conformance::Faulty;

use super::started;
use crate::support::{Server, Socket, within};

#[tokio::test]
async fn a_stream_over_websocket_in_texts() {
    let server = started().await;
    let mut socket = Socket::connect(&server).await;
    let subscribe =
        r#"{"jsonrpc":"2.0","method":"subscribe_stream_numbers","params":[1,2],"id":1}"#;
    socket.send(subscribe).await;
    let reply = socket.next().await;
    let id = serde_json::from_str::<Value>(&reply).unwrap()["result"].clone();
    let id = id.as_str().unwrap();
    let mut texts = vec![reply.clone()];
    for _ in 0..3 {
        texts.push(socket.next().await);
    }
    assert_snapshot!(texts.join("\n").replace(id, "ID"), @r#"
    {"jsonrpc":"2.0","id":1,"result":"ID"}
    {"jsonrpc":"2.0","method":"stream_numbers","params":{"subscription":"ID","result":{"item":{"number":1,"message":"The square of 1 is 1"}}}}
    {"jsonrpc":"2.0","method":"stream_numbers","params":{"subscription":"ID","result":{"item":{"number":2,"message":"The square of 2 is 4"}}}}
    {"jsonrpc":"2.0","method":"stream_numbers","params":{"subscription":"ID","result":{"end":null}}}
    "#);
    let refused = socket.ask(subscribe.replace("[1,2]", "[2,1]")).await;
    assert_snapshot!(refused, @r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"end is \"1\": end must be at least start, which is 2"}}"#);
    let (_, over_http) = server.post(subscribe).await;
    assert_snapshot!(over_http, @r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"a subscription needs a connection that stays: call this over WebSocket, on the same port"}}"#);
    server.stop().await;
}

#[tokio::test]
async fn unsubscribing_ends_a_stream_of_the_same_connection_only() {
    let faulty = Faulty::never_answering();
    let server = Server::start(faulty.clone(), ServeOptions::default()).await;
    let mut socket = Socket::connect(&server).await;
    let subscribe = r#"{"jsonrpc":"2.0","method":"subscribe_stream_numbers","params":{"start":1,"end":2},"id":1}"#;
    let reply: Value = serde_json::from_str(&socket.ask(subscribe).await).unwrap();
    assert_eq!(
        socket.next_json().await["params"]["result"]["item"]["number"],
        1
    );
    let unsubscribe = format!(
        r#"{{"jsonrpc":"2.0","method":"unsubscribe_stream_numbers","params":[{}],"id":2}}"#,
        reply["result"]
    );
    let no = r#"{"jsonrpc":"2.0","id":2,"result":false}"#;
    let mut stranger = Socket::connect(&server).await;
    assert_eq!(stranger.ask(unsubscribe.as_str()).await, no);
    assert_eq!(server.post(&unsubscribe).await.1, no);
    let yes = r#"{"jsonrpc":"2.0","id":2,"result":true}"#;
    assert_eq!(socket.ask(unsubscribe.as_str()).await, yes);
    within(faulty.dropped()).await;
    assert_eq!(socket.ask(unsubscribe).await, no);
    server.stop().await;
}

#[tokio::test]
async fn closing_ends_streams_with_an_error_and_then_the_connection() {
    let server = Server::start(Faulty::never_answering(), ServeOptions::default()).await;
    let mut socket = Socket::connect(&server).await;
    let subscribe =
        r#"{"jsonrpc":"2.0","method":"subscribe_stream_numbers","params":[1,2],"id":1}"#;
    let reply: Value = serde_json::from_str(&socket.ask(subscribe).await).unwrap();
    socket.next().await;
    let stopping = tokio::spawn(server.stop());
    let last = socket
        .next()
        .await
        .replace(reply["result"].as_str().unwrap(), "ID");
    assert_snapshot!(last, @r#"{"jsonrpc":"2.0","method":"stream_numbers","params":{"subscription":"ID","result":{"error":{"code":-32007,"message":"the server is closing: connect again, or to another server"}}}}"#);
    assert_eq!(socket.closed_with().await, 1001);
    within(stopping).await.unwrap();
}

#[tokio::test]
async fn an_upload_in_texts_is_the_same_over_both_transports() {
    let server = started().await;
    let mut socket = Socket::connect(&server).await;
    let call = |method: &str, params: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"record_metrics.{method}","params":{params}}}"#
        )
    };
    let item = |value: &str| {
        format!(
            r#"{{"hostname":"web-1","metric_type":"cpu","value":{value},"timestamp":1767323045,"unit":"percent"}}"#
        )
    };
    let opened: Value = serde_json::from_str(&server.post(call("open", "[]")).await.1).unwrap();
    let id = opened["result"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 32);
    let send =
        |seq: i32, value: &str| call("send", &format!(r#"["{id}",{seq},[{}]]"#, item(value)));
    let mut texts = vec![
        socket.ask(send(0, "10")).await,
        server.post(send(1, "60.0")).await.1,
        socket.ask(send(1, "60.0")).await,
        socket.ask(send(3, "1")).await,
        socket.ask(send(2, "\"x\"")).await,
    ];
    texts.push(
        socket
            .ask(call("close", &format!(r#"{{"id":"{id}"}}"#)))
            .await,
    );
    texts.push(socket.ask(call("close", &format!(r#"["{id}"]"#))).await);
    assert_snapshot!(texts.join("\n").replace(&id, "ID"), @r#"
    {"jsonrpc":"2.0","id":1,"result":true}
    {"jsonrpc":"2.0","id":1,"result":true}
    {"jsonrpc":"2.0","id":1,"result":true}
    {"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"seq is 3, 2 is expected: send what is missing first"}}
    {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"items is \"[{\\\"hostname\\\":\\\"web-1\\\",\\\"metric_type\\\":\\\"cpu\\\",\\\"value\\\":\\\"x\\\"…\": send a list of the objects that rpc.discover describes"}}
    {"jsonrpc":"2.0","id":1,"result":{"count":2,"min":10.0,"max":60.0,"mean":35.0}}
    {"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"there is no open upload \"ID\": it ended or expired, open another"}}
    "#);
    server.stop().await;
}

#[tokio::test]
async fn an_upload_that_nobody_touches_ends() {
    let faulty = Faulty::never_answering();
    let options = ServeOptions {
        stream_idle: Duration::from_millis(50),
        ..ServeOptions::default()
    };
    let server = Server::start(faulty.clone(), options).await;
    let open = r#"{"jsonrpc":"2.0","id":1,"method":"record_metrics.open"}"#;
    let opened: Value = serde_json::from_str(&server.post(open).await.1).unwrap();
    within(faulty.started()).await;
    within(faulty.dropped()).await;
    let close = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"record_metrics.close","params":[{}]}}"#,
        opened["result"]
    );
    let closed: Value = serde_json::from_str(&server.post(close).await.1).unwrap();
    assert_eq!(closed["error"]["code"], -32002);
    server.stop().await;
}
