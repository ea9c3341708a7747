//! The upload of a file, text by text.

use insta::assert_snapshot;
use serde_json::Value;

use super::started;
use crate::support::Socket;

fn call(method: &str, params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"upload_file.{method}","params":{params}}}"#)
}

#[tokio::test]
async fn a_file_in_texts_over_both_transports() {
    let server = started().await;
    let mut socket = Socket::connect(&server).await;
    let opened: Value = serde_json::from_str(&server.post(call("open", "[]")).await.1).unwrap();
    let id = opened["result"].as_str().unwrap().to_owned();
    let send = |seq: i32, items: &str| call("send", &format!(r#"["{id}",{seq},{items}]"#));
    let texts = [
        socket.ask(send(0, r#"["aGVs"]"#)).await,
        server.post(send(1, r#"["bG8=",""]"#)).await.1,
        socket.ask(send(1, r#"["bG8=",""]"#)).await,
        socket.ask(send(2, r#"["bG8"]"#)).await,
        socket
            .ask(call("close", &format!(r#"{{"id":"{id}"}}"#)))
            .await,
        server.post(call("close", &format!(r#"["{id}"]"#))).await.1,
    ];
    assert_snapshot!(texts.join("\n").replace(&id, "ID"), @r#"
    {"jsonrpc":"2.0","id":1,"result":true}
    {"jsonrpc":"2.0","id":1,"result":true}
    {"jsonrpc":"2.0","id":1,"result":true}
    {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"items is \"[\\\"bG8\\\"]\": send a list of strings in Base64, padded"}}
    {"jsonrpc":"2.0","id":1,"result":{"size_bytes":5,"chunks":3,"sha256":"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}}
    {"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"there is no open upload \"ID\": it ended or expired, open another"}}
    "#);
    server.stop().await;
}
