//! Stock clients and servers in other languages: jsonrpclib-pelix in Python, jayson and ws in
//! Node.js. `peers/install` installs them.
#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

mod support;

#[path = "../../peers/support.rs"]
mod peers;

use std::sync::Arc;

use peers::Peer;
use serde_json::{Value, json};
use services::conformance::{Faulty, reference};
use services::model::{NumberRange, SystemInfo, Usage};
use services::{Backend, Code, Context, Metrics, ServeOptions};
use support::Server;

/// Runs a client of ours, which blocks, against a server of ours.
async fn calls(peer: Peer, server: &Server) -> Vec<Value> {
    let url = server.url("http");
    tokio::task::spawn_blocking(move || peer.calls(&url))
        .await
        .unwrap()
}

async fn served() -> Server {
    Server::start(reference(), ServeOptions::default()).await
}

fn result<'a>(lines: &'a [Value], call: &str) -> &'a Value {
    let line = peers::line(lines, call);
    assert!(line["error"].is_null(), "{line}");
    &line["result"]
}

fn code(lines: &[Value], call: &str) -> i64 {
    peers::line(lines, call)["error"]["code"].as_i64().unwrap()
}

/// What every client of the course calls over HTTP.
fn answers_the_course(lines: &[Value]) {
    assert_eq!(result(lines, "add(5, 3)"), 8);
    assert_eq!(result(lines, "add(a=5, b=3)"), 8);
    assert_eq!(result(lines, "multiply(4, 7)"), 28);
    assert_eq!(result(lines, r#"uppercase("straße")"#), "STRASSE");
    assert_eq!(result(lines, "cube(5)"), 125);
    let report = json!({
        "avg_cpu": 58.2, "max_cpu": 89.0, "avg_memory": 2.3000000000000003, "alert": true
    });
    let call = "calculate_metrics([45, 67, 89, 34, 56], [2.1, 2.3, 2.5, 2.2, 2.4])";
    let answer = result(lines, call);
    for (name, value) in report.as_object().unwrap() {
        assert_eq!(answer[name].as_f64(), value.as_f64(), "{name}");
    }
    let info = json!({ "server": "MetricsServer", "version": "1.0", "status": "running" });
    assert_eq!(result(lines, "get_system_info()"), &info);
    let health = json!({ "healthy": true, "message": "Service api is running" });
    assert_eq!(result(lines, r#"check_health("api")"#), &health);
    assert_eq!(result(lines, r#"get_metric("h", "memory")"#)["unit"], "GB");
    assert_eq!(code(lines, r#"get_metric("h", "network")"#), -32602);
    assert_eq!(code(lines, "add(2147483647, 1)"), -32001);
    assert_eq!(code(lines, "divide(5, 3)"), -32601);
    assert_eq!(code(lines, "add(5)"), -32602);
    assert_eq!(code(lines, "calculate_metrics([], [2.1])"), -32602);
    assert!(result(lines, "notification add(1, 2)").is_null());
    let batch = result(
        lines,
        "batch(add, notification, multiply, add overflow, divide)",
    );
    assert_eq!(batch[0]["result"], 8);
    assert_eq!(batch[1]["result"], 28);
    assert_eq!(batch[2]["error"]["code"], -32001);
    assert_eq!(batch[3]["error"]["code"], -32601);
    let summary = result(lines, "record_metrics.close(id)");
    assert_eq!(summary["count"], 3);
    assert_eq!(
        summary["mean"],
        summary["max"].as_f64().map(|max| max / 2.0).unwrap()
    );
}

#[tokio::test]
async fn jsonrpclib_pelix_calls_our_server() {
    let Some(peer) = Peer::python("jsonrpc_client.py") else {
        return;
    };
    let server = served().await;
    let lines = calls(peer, &server).await;
    answers_the_course(&lines);
    assert_eq!(result(&lines, "say_hello(42)"), "Hello, 42!");
    assert_eq!(
        result(&lines, "say_hello_again(pid=42)"),
        "Hello again, 42!"
    );
    assert_eq!(code(&lines, "add(a=5, c=3)"), -32602);
    assert_eq!(result(&lines, "rpc.discover()")["openrpc"], "1.3.2");
    server.stop().await;
}

#[tokio::test]
async fn jayson_and_ws_call_our_server() {
    let Some(peer) = Peer::node("jsonrpc_client.js") else {
        return;
    };
    let server = served().await;
    let lines = calls(peer, &server).await;
    answers_the_course(&lines);
    assert_eq!(result(&lines, "add(20, 22) over WebSocket"), 42);
    let items = result(&lines, "stream_numbers(1, 5) over WebSocket");
    let numbers: Vec<_> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["number"])
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    let refused = "subscribe_stream_numbers(start=5, end=1) over WebSocket";
    assert_eq!(code(&lines, refused), -32602);
    server.stop().await;
}

#[tokio::test]
async fn jsonrpclib_pelix_keeps_users_and_sends_a_file() {
    let Some(peer) = Peer::python("jsonrpc_users.py") else {
        return;
    };
    let server = served().await;
    let lines = calls(peer, &server).await;
    let ana = result(&lines, r#"create_user("Ana", "ana@example.org")"#);
    assert_eq!((&ana["id"], &ana["roles"]), (&json!(1), &json!([])));
    let eva = r#"create_user("Eva", "eva@example.org", null, "e-1")"#;
    assert_eq!(result(&lines, eva)["external_id"], "e-1");
    let again = r#"create_user("Ana again", "ANA@example.org")"#;
    assert_eq!(code(&lines, again), -32003);
    let empty = r#"create_user("", "nobody@example.org")"#;
    assert_eq!(code(&lines, empty), -32602);
    assert_eq!(result(&lines, "get_user(2)")["external_id"], "r-1");
    assert_eq!(code(&lines, "get_user(id=77)"), -32002);
    let changed = r#"update_user(2, {"roles": ["admin"]})"#;
    assert_eq!(result(&lines, changed)["roles"], json!(["admin"]));
    let misspelt = r#"update_user(2, {"rolls": ["admin"]})"#;
    assert_eq!(code(&lines, misspelt), -32602);
    assert_eq!(result(&lines, "delete_user(3)")["name"], "Eva");
    assert_eq!(
        code(&lines, r#"criar_usuario("Tó", "to@example.org", 1234)"#),
        -32602
    );
    let usuarios = result(&lines, "obter_usuarios()").as_array().unwrap();
    let names: Vec<_> = usuarios.iter().map(|usuario| &usuario["nome"]).collect();
    assert_eq!(names, ["Ana", "Rui", "Zé", "Bia"]);
    assert!(
        usuarios
            .iter()
            .all(|usuario| usuario.get("senha").is_none())
    );
    let report = result(&lines, "upload_file(1000000 bytes)");
    let wanted = (&json!(1_000_000), &json!(10), &json!(true));
    assert_eq!(
        (&report["size_bytes"], &report["chunks"], &report["right"]),
        wanted
    );
    let posted = r#"post_message(user="Python", text="I only post", id="p-1")"#;
    let posted: Vec<_> = lines.iter().filter(|line| line["call"] == posted).collect();
    assert_eq!(posted.len(), 2);
    assert_eq!(posted[0], posted[1], "what has an id is said once");
    assert_eq!(result(&lines, "list_participants()"), &json!([]));
    server.stop().await;
}

#[tokio::test]
async fn two_people_chat_by_ws() {
    let Some(peer) = Peer::node("jsonrpc_chat.js") else {
        return;
    };
    let server = served().await;
    let lines = calls(peer, &server).await;
    assert_eq!(
        result(&lines, "list_participants()"),
        &json!(["Ana", "Rui"])
    );
    let heard = result(&lines, "Ana hears");
    assert_eq!(heard, result(&lines, "Rui hears"));
    let line = |index: usize| {
        let item = &heard[index]["item"];
        (
            item["user"].clone(),
            item["text"].clone(),
            item["sequence"].clone(),
        )
    };
    assert_eq!(line(0), ("Ana".into(), "Bom dia!".into(), 1.into()));
    assert_eq!(line(1), ("Rui".into(), "Olá, Ana!".into(), 2.into()));
    for said in [
        "Ana says",
        "Ana says it again",
        "Rui says",
        "Ana leaves",
        "Rui gives up",
    ] {
        assert_eq!(result(&lines, said), true, "{said}");
    }
    assert_eq!(code(&lines, "Rui speaks for Ana"), -32002);
    assert_eq!(result(&lines, "Ana hears the end"), &json!({ "end": null }));
    assert_eq!(result(&lines, "Eva catches up")["item"]["sequence"], 2);
    assert_eq!(result(&lines, "Eva is told")["error"]["code"], -32602);
    server.stop().await;
}

#[tokio::test]
async fn the_openrpc_document_holds_its_meta_schema_and_the_truth() {
    let Some(peer) = Peer::node("jsonrpc_openrpc.js") else {
        return;
    };
    let server = served().await;
    let lines = calls(peer, &server).await;
    assert_eq!(lines.len(), 16);
    for line in lines {
        assert_eq!(line["result"], json!([]), "{line}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_panic_reaches_jsonrpclib_pelix_as_an_error() {
    let Some(peer) = Peer::python("jsonrpc_client.py") else {
        return;
    };
    let server = Server::start(Faulty::panicking(), ServeOptions::default()).await;
    let lines = calls(peer, &server).await;
    assert_eq!(code(&lines, "add(5, 3)"), -32603);
    assert_eq!(code(&lines, "add(5)"), -32602);
    server.stop().await;
}

/// Our client against a course's server, which has two operations.
async fn calls_a_course_server(peer: Peer) {
    let server = tokio::task::spawn_blocking(move || peer.serve(&[])).await;
    let server = server.unwrap();
    let url = format!("http://{}", server.address);
    let client = jsonrpc::Client::connect(&url, services::ClientOptions::default());
    let client: Arc<dyn Backend> = Arc::new(support::within(client).await.unwrap());
    let context = Context::new();
    let usage = Usage {
        cpu_usage: vec![45.0, 67.0, 89.0, 34.0, 56.0],
        memory_usage: vec![2.1, 2.3, 2.5, 2.2, 2.4],
    };
    let report = support::within(client.calculate_metrics(&context, &usage)).await;
    assert_eq!(
        report,
        reference().calculate_metrics(&context, &usage).await
    );
    let info = support::within(client.get_system_info(&context)).await;
    let wanted = SystemInfo {
        server: "MetricsServer".into(),
        version: "1.0".into(),
        status: "running".into(),
    };
    assert_eq!(info, Ok(wanted));
    let error = support::within(client.add(&context, 5, 3))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::Unimplemented);
    let empty = Usage::default();
    let error = client.calculate_metrics(&context, &empty);
    let error = support::within(error).await.unwrap_err();
    assert!(
        matches!(error.code(), Code::Internal | Code::InvalidArgument),
        "{error:?}"
    );
    let range = NumberRange { start: 1, end: 2 };
    let error = support::within(client.stream_numbers(&context, range)).await;
    assert_eq!(error.err().unwrap().code(), Code::Unimplemented);
    tokio::task::spawn_blocking(move || drop(server))
        .await
        .unwrap();
}

#[tokio::test]
async fn our_client_calls_a_server_on_jsonrpclib_pelix() {
    let Some(peer) = Peer::python("jsonrpc_server.py") else {
        return;
    };
    calls_a_course_server(peer).await;
}

#[tokio::test]
async fn our_client_calls_a_server_on_jayson() {
    let Some(peer) = Peer::node("jsonrpc_server.js") else {
        return;
    };
    calls_a_course_server(peer).await;
}
