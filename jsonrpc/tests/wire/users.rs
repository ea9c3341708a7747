//! Users, and the Portuguese course's, text by text. No answer has a password.

use insta::assert_snapshot;
use serde_json::Value;

use super::started;
use crate::support::Socket;

fn call(method: &str, params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#)
}

#[tokio::test]
async fn users_in_texts() {
    let server = started().await;
    let mut texts = Vec::new();
    for (method, params) in [
        (
            "create_user",
            r#"["Ana","ana@example.org",["admin"],"a-1"]"#,
        ),
        (
            "create_user",
            r#"{"email":"rui@example.org","name":"Rui","external_id":"r-1"}"#,
        ),
        ("create_user", r#"["Eva","eva@example.org",null,"e-1"]"#),
        ("create_user", r#"["Another","ANA@example.org"]"#),
        ("get_user", "[1]"),
        ("get_user", "[9]"),
        ("update_user", r#"[1,{"name":"Ana Maria"}]"#),
        (
            "update_user",
            r#"{"id":1,"changes":{"roles":[],"email":null}}"#,
        ),
        ("delete_user", "[3]"),
    ] {
        texts.push(server.post(call(method, params)).await.1);
    }
    assert_snapshot!(texts.join("\n"), @r#"
    {"jsonrpc":"2.0","id":1,"result":{"id":1,"name":"Ana","email":"ana@example.org","roles":["admin"],"external_id":"a-1"}}
    {"jsonrpc":"2.0","id":1,"result":{"id":2,"name":"Rui","email":"rui@example.org","roles":[],"external_id":"r-1"}}
    {"jsonrpc":"2.0","id":1,"result":{"id":3,"name":"Eva","email":"eva@example.org","roles":[],"external_id":"e-1"}}
    {"jsonrpc":"2.0","id":1,"error":{"code":-32003,"message":"email is \"ANA@example.org\": another user has it, take another one"}}
    {"jsonrpc":"2.0","id":1,"result":{"id":1,"name":"Ana","email":"ana@example.org","roles":["admin"],"external_id":"a-1"}}
    {"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"id is \"9\": no user has it, see list_users"}}
    {"jsonrpc":"2.0","id":1,"result":{"id":1,"name":"Ana Maria","email":"ana@example.org","roles":["admin"],"external_id":"a-1"}}
    {"jsonrpc":"2.0","id":1,"result":{"id":1,"name":"Ana Maria","email":"ana@example.org","roles":[],"external_id":"a-1"}}
    {"jsonrpc":"2.0","id":1,"result":{"id":3,"name":"Eva","email":"eva@example.org","roles":[],"external_id":"e-1"}}
    "#);
    server.stop().await;
}

#[tokio::test]
async fn a_list_of_users_in_texts() {
    let server = started().await;
    for name in ["Ana", "Rui", "Eva"] {
        let params = format!(r#"["{name}","{name}@example.org",[],"{name}-1"]"#);
        server.post(call("create_user", &params)).await;
    }
    let mut socket = Socket::connect(&server).await;
    for (params, users) in [
        ("[]", ["Ana", "Rui", "Eva"].as_slice()),
        ("{}", &["Ana", "Rui", "Eva"]),
        ("[1]", &["Rui", "Eva"]),
        ("[1,1]", &["Rui"]),
        (r#"{"limit":2}"#, &["Ana", "Rui"]),
        ("[null,1]", &["Ana"]),
        ("[3]", &[]),
    ] {
        socket.ask(call("subscribe_list_users", params)).await;
        for name in users {
            let item = socket.next_json().await["params"]["result"]["item"].take();
            assert_eq!(item["name"], *name, "{params}");
            assert_eq!(item["external_id"], format!("{name}-1"), "{params}");
        }
        let last = socket.next_json().await["params"]["result"].take();
        assert_eq!(last, serde_json::json!({ "end": null }), "{params}");
    }
    let refused = socket.ask(call("subscribe_list_users", "[0,-1]")).await;
    assert_snapshot!(refused, @r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"limit is \"-1\": send a limit of at least 1, or 0 for all"}}"#);
    server.stop().await;
}

#[tokio::test]
async fn the_portuguese_courses_users_in_texts() {
    let server = started().await;
    let mut texts = Vec::new();
    for (method, params) in [
        (
            "criar_usuario",
            r#"["Ana","ana@example.org","segredo-1","a-1"]"#,
        ),
        (
            "criar_usuario",
            r#"{"id":"r-1","nome":"Rui","email":"rui@example.org","senha":"segredo-2"}"#,
        ),
        ("criar_usuario", r#"["Eva","ana@example.org","segredo-3"]"#),
        ("criar_usuario", r#"["Eva","eva@example.org",""]"#),
        (
            "criar_usuario",
            r#"["Eva","eva@example.org",["segredo-4"]]"#,
        ),
        ("obter_usuarios", "[]"),
        ("get_user", "[1]"),
    ] {
        texts.push(server.post(call(method, params)).await.1);
    }
    let texts = texts.join("\n");
    assert!(!texts.contains("segredo"));
    assert!(!texts.contains("argon2"));
    assert_snapshot!(texts, @r#"
    {"jsonrpc":"2.0","id":1,"result":{"id":"a-1","nome":"Ana","email":"ana@example.org"}}
    {"jsonrpc":"2.0","id":1,"result":{"id":"r-1","nome":"Rui","email":"rui@example.org"}}
    {"jsonrpc":"2.0","id":1,"error":{"code":-32003,"message":"email is \"ana@example.org\": another user has it, take another one"}}
    {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"senha is empty: send a password"}}
    {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"senha is of the wrong type: send a string"}}
    {"jsonrpc":"2.0","id":1,"result":[{"id":"a-1","nome":"Ana","email":"ana@example.org"},{"id":"r-1","nome":"Rui","email":"rui@example.org"}]}
    {"jsonrpc":"2.0","id":1,"result":{"id":1,"name":"Ana","email":"ana@example.org","roles":[],"external_id":"a-1"}}
    "#);
    let own = server.post(call("criar_usuario", r#"["Eva","eva@example.org","s"]"#));
    let own: Value = serde_json::from_str(&own.await.1).unwrap();
    // The server's own id is a UUID.
    assert_eq!(own["result"]["id"].as_str().unwrap().len(), 36);
    server.stop().await;
}
