//! The 15 exchanges of the JSON-RPC 2.0 specification, section 7, over HTTP and over WebSocket:
//! our transport serving the specification's own methods. Replies have to be equal, member by
//! member, save that our error messages go on after the specification's words.
#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jsonrpsee::types::ErrorObjectOwned;
use jsonrpsee::{Methods, RpcModule};
use serde::Deserialize;
use serde_json::{Value, json};
use services::ServeOptions;
use support::{Server, Socket};

#[derive(Deserialize)]
#[serde(untagged)]
enum Operands {
    Listed(i64, i64),
    Named { minuend: i64, subtrahend: i64 },
}

/// The specification's methods. Each notification that is executed is counted.
fn methods(notified: Arc<AtomicUsize>) -> Methods {
    let mut module = RpcModule::new(());
    let count = move || {
        let notified = Arc::clone(&notified);
        move |_: jsonrpsee::types::Params<'_>, (): &(), _: &jsonrpsee::Extensions| {
            notified.fetch_add(1, Ordering::SeqCst);
        }
    };
    module
        .register_method("subtract", |params, (), _| match params.parse()? {
            Operands::Listed(minuend, subtrahend)
            | Operands::Named {
                minuend,
                subtrahend,
            } => Ok::<_, ErrorObjectOwned>(minuend - subtrahend),
        })
        .unwrap();
    module
        .register_method("sum", |params, (), _| {
            let values: Vec<i64> = params.parse()?;
            Ok::<_, ErrorObjectOwned>(values.into_iter().sum::<i64>())
        })
        .unwrap();
    module
        .register_method("get_data", |_, (), _| json!(["hello", 5]))
        .unwrap();
    for name in ["update", "notify_hello", "notify_sum"] {
        module.register_method(name, count()).unwrap();
    }
    module.into()
}

/// What is sent, and what has to come; null is nothing.
fn exchanges() -> Vec<(&'static str, Value)> {
    let result = |result: Value, id: Value| json!({ "jsonrpc": "2.0", "result": result, "id": id });
    let error = |code: i64, message: &str, id: Value| json!({ "jsonrpc": "2.0", "error": { "code": code, "message": message }, "id": id });
    let parse_error = error(-32700, "Parse error", Value::Null);
    let invalid = error(-32600, "Invalid Request", Value::Null);
    let not_found = |id: &str| error(-32601, "Method not found", id.into());
    vec![
        (
            r#"{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}"#,
            result(19.into(), 1.into()),
        ),
        (
            r#"{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}"#,
            result((-19).into(), 2.into()),
        ),
        (
            r#"{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}"#,
            result(19.into(), 3.into()),
        ),
        (
            r#"{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}"#,
            result(19.into(), 4.into()),
        ),
        (
            r#"{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}"#,
            Value::Null,
        ),
        (r#"{"jsonrpc": "2.0", "method": "foobar"}"#, Value::Null),
        (
            r#"{"jsonrpc": "2.0", "method": "foobar", "id": "1"}"#,
            not_found("1"),
        ),
        (
            r#"{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]"#,
            parse_error.clone(),
        ),
        (
            r#"{"jsonrpc": "2.0", "method": 1, "params": "bar"}"#,
            invalid.clone(),
        ),
        (
            r#"[
  {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
  {"jsonrpc": "2.0", "method"
]"#,
            parse_error,
        ),
        ("[]", invalid.clone()),
        ("[1]", json!([invalid])),
        ("[1,2,3]", json!([invalid, invalid, invalid])),
        (
            r#"[
        {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
        {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
        {"foo": "boo"},
        {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
        {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
    ]"#,
            json!([
                result(7.into(), "1".into()),
                result(19.into(), "2".into()),
                invalid,
                not_found("5"),
                result(json!(["hello", 5]), "9".into()),
            ]),
        ),
        (
            r#"[
        {"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}
    ]"#,
            Value::Null,
        ),
    ]
}

/// How many of the exchanges are notifications of a method that exists.
const NOTIFICATIONS: usize = 4;

/// Cuts our error messages to the specification's words, where they begin with them.
fn cut(mut reply: Value) -> Value {
    match &mut reply {
        Value::Array(replies) => {
            for reply in replies {
                *reply = cut(reply.take());
            }
        }
        Value::Object(members) => {
            if let Some(message) = members.get_mut("error").map(|error| &mut error["message"]) {
                let words = message.as_str().unwrap().split(':').next().unwrap();
                *message = words.into();
            }
        }
        _ => {}
    }
    reply
}

#[tokio::test]
async fn all_exchanges_of_the_specification_hold_over_http() {
    let notified = Arc::new(AtomicUsize::new(0));
    let server = Server::start_methods(methods(Arc::clone(&notified)), ServeOptions::default());
    let server = server.await;
    assert_eq!(exchanges().len(), 15);
    for (request, wanted) in exchanges() {
        let (status, body) = server.post(request).await;
        assert_eq!(status, 200, "{request}");
        let reply = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&body).unwrap()
        };
        assert_eq!(cut(reply), wanted, "{request}");
    }
    assert_eq!(notified.load(Ordering::SeqCst), NOTIFICATIONS);
    server.stop().await;
}

#[tokio::test]
async fn all_exchanges_of_the_specification_hold_over_websocket() {
    let notified = Arc::new(AtomicUsize::new(0));
    let server = Server::start_methods(methods(Arc::clone(&notified)), ServeOptions::default());
    let server = server.await;
    let mut socket = Socket::connect(&server).await;
    for (request, wanted) in exchanges() {
        socket.send(request).await;
        if !wanted.is_null() {
            assert_eq!(cut(socket.next_json().await), wanted, "{request}");
        }
        // Were there a reply to a notification, it would come before this one.
        let last = socket.ask(r#"{"jsonrpc":"2.0","method":"sum","params":[1],"id":0}"#);
        assert_eq!(last.await, r#"{"jsonrpc":"2.0","id":0,"result":1}"#);
    }
    assert_eq!(notified.load(Ordering::SeqCst), NOTIFICATIONS);
    server.stop().await;
}
