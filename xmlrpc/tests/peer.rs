//! Stock clients and servers in other languages: `xmlrpc.client` and `SimpleXMLRPCServer` of
//! Python's standard library, npm's xmlrpc, curl. `peers/install` installs them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod serving;

#[path = "../../peers/support.rs"]
mod peers;

use peers::Peer;
use serde_json::{Value, json};
use services::conformance::reference;
use services::{Calculator, ClientOptions, Code, Context, Metrics, ServeOptions};
use serving::{Running, add_2_3, soon};

async fn served() -> Running {
    Running::start(reference(), ServeOptions::default()).await
}

/// Runs a client of theirs, which blocks, against a server of ours.
async fn calls(peer: Peer) -> Vec<Value> {
    let server = served().await;
    let url = format!("http://{}", server.address);
    let running = tokio::task::spawn_blocking(move || peer.calls(&url));
    running.await.unwrap()
}

fn result<'a>(lines: &'a [Value], call: &str) -> &'a Value {
    let line = peers::line(lines, call);
    assert!(line["error"].is_null(), "{line}");
    &line["result"]
}

fn code(lines: &[Value], call: &str) -> i64 {
    peers::line(lines, call)["error"]["code"].as_i64().unwrap()
}

/// What every client calls.
fn answers_the_course(lines: &[Value]) {
    assert_eq!(result(lines, "add(5, 3)"), 8);
    assert_eq!(result(lines, "add(5, 3) at /RPC2"), 8);
    assert_eq!(result(lines, "multiply(4, 7)"), 28);
    assert_eq!(result(lines, r#"uppercase("hello world")"#), "HELLO WORLD");
    assert_eq!(result(lines, r#"uppercase("straße")"#), "STRASSE");
    assert_eq!(result(lines, "cube(5)"), 125);
    assert_eq!(result(lines, "say_hello(42)"), "Hello, 42!");
    let call = "calculate_metrics([45, 67, 89, 34, 56], [2.1, 2.3, 2.5, 2.2, 2.4])";
    let report = result(lines, call);
    assert_eq!(report["avg_cpu"].as_f64(), Some(58.2));
    assert_eq!(report["max_cpu"].as_f64(), Some(89.0));
    assert_eq!(report["alert"], true);
    let info = json!({ "server": "MetricsServer", "version": "1.0", "status": "running" });
    assert_eq!(result(lines, "get_system_info()"), &info);
    let health = json!({ "healthy": true, "message": "Service api is running" });
    assert_eq!(result(lines, r#"check_health("api")"#), &health);
    let metric = result(lines, r#"get_metric("h", "memory")"#);
    assert_eq!(metric["unit"], "GB");
    // The reference's clock stands still there.
    assert!(
        metric["timestamp"]
            .as_str()
            .unwrap()
            .starts_with("2025-11-21T05:30:00"),
        "{metric}"
    );
    let methods = result(lines, "system.listMethods()").as_array().unwrap();
    assert!(methods.contains(&json!("system.multicall")));
}

fn fails_by_the_table(lines: &[Value]) {
    assert_eq!(code(lines, "add(2147483647, 1)"), -32001);
    assert_eq!(code(lines, "divide(5, 3)"), -32601);
    assert_eq!(code(lines, "calculate_metrics([], [2.1])"), -32602);
    assert_eq!(code(lines, r#"get_metric("h", "network")"#), -32602);
    assert_eq!(code(lines, "stream_numbers.open(5, 1)"), -32602);
}

fn streams(lines: &[Value]) {
    let items = result(lines, "stream_numbers.next(id, cursor, 1000) until done");
    let numbers: Vec<_> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["number"])
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    assert_eq!(result(lines, "stream_numbers.close(id)"), true);
    let summary = result(lines, "record_metrics.close(id)");
    assert_eq!(summary["count"], 3);
    assert_eq!(summary["mean"].as_f64(), Some(30.0));
}

#[tokio::test]
async fn pythons_client_makes_the_course_calls() {
    let Some(peer) = Peer::python("xmlrpc_client.py") else {
        return;
    };
    let lines = calls(peer).await;
    answers_the_course(&lines);
    fails_by_the_table(&lines);
    streams(&lines);
    assert_eq!(code(&lines, r#"add("five", 3)"#), -32602);
    assert_eq!(
        code(&lines, r#"stream_numbers.next("no such id", 0, 0)"#),
        -32002
    );
    assert_eq!(
        result(&lines, "stream_numbers.next(id, 0, 1000) repeated"),
        true
    );
    assert_eq!(
        result(&lines, "record_metrics.send(id, 1, [60.0]) repeated"),
        true
    );
    let signature = result(&lines, r#"system.methodSignature("add")"#);
    assert_eq!(signature, &json!([["int", "int", "int"]]));
    let results = result(
        &lines,
        "system.multicall(add, add overflow, divide, multiply)",
    );
    assert_eq!(results[0]["result"], 8);
    assert_eq!(results[1]["error"]["code"], -32001);
    assert_eq!(results[2]["error"]["code"], -32601);
    assert_eq!(results[3]["result"], 28);
}

#[tokio::test]
async fn nodes_client_makes_the_course_calls() {
    let Some(peer) = Peer::node("xmlrpc_client.js") else {
        return;
    };
    let lines = calls(peer).await;
    answers_the_course(&lines);
    fails_by_the_table(&lines);
    streams(&lines);
    let results = result(&lines, "system.multicall(add, add overflow, multiply)");
    assert_eq!(results[0][0], 8);
    assert_eq!(results[1]["faultCode"], -32001);
    assert_eq!(results[2][0], 28);
}

/// Users, an upload and a chat, as both clients do them.
fn lives_with_people(lines: &[Value]) {
    let ana = result(lines, r#"create_user("Ana", "ana@example.org")"#);
    assert_eq!(ana["roles"], json!([]));
    let bento = json!({
        "id": 2, "name": "Bento", "email": "bento@example.org", "roles": ["admin", "poet"],
        "external_id": "bento-1",
    });
    let listed = result(lines, "list_users").as_array().unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[1], bento);
    let another = r#"create_user("Another", "ANA@example.org")"#;
    assert_eq!(code(lines, another), -32003);
    assert_eq!(code(lines, "get_user(4711)"), -32002);
    assert_eq!(result(lines, "delete_user(1)")["id"], 1);
    let caio = json!({ "id": "caio-1", "nome": "Caio", "email": "caio@example.org" });
    let made = r#"criar_usuario("Caio", "caio@example.org", "segredo", "caio-1")"#;
    assert_eq!(result(lines, made), &caio);
    let usuarios = result(lines, "obter_usuarios()").as_array().unwrap();
    assert_eq!(usuarios.len(), 2);
    assert_eq!(usuarios[1], caio);

    let report = result(lines, "upload_file.close(id)");
    assert_eq!(report["size_bytes"], 65_540);
    assert_eq!(report["chunks"], 2);
    let hash = "d4815385c0ae7613ddbaac2f93c793df34f2b07231d25c4ad320b6a99d7dba3b";
    assert_eq!(report["sha256"], hash);

    assert_eq!(
        result(lines, "list_participants()"),
        &json!(["Ana", "Bento"])
    );
    let heard = result(lines, "chat.next(bento, cursor, 5000) until done");
    let heard = heard.as_array().unwrap().iter().map(|message| {
        let member = |name: &str| message[name].as_str().unwrap();
        format!(
            "{} {}: {}",
            message["sequence"],
            member("user"),
            member("text")
        )
    });
    let heard: Vec<_> = heard.collect();
    assert_eq!(
        heard,
        ["1 Ana: olá", "2 Caio: de fora", "3 Bento: <eu> & tu"]
    );
}

#[tokio::test]
async fn pythons_client_does_users_an_upload_and_a_chat() {
    let Some(peer) = Peer::python("xmlrpc_people.py") else {
        return;
    };
    let lines = calls(peer).await;
    lives_with_people(&lines);
    let changed = result(&lines, r#"update_user(1, {"name": "Ana Sousa"})"#);
    assert_eq!(changed["name"], "Ana Sousa");
    assert_eq!(changed["email"], "ana@example.org");
    assert_eq!(
        result(&lines, "list_users(1, 1)").as_array().unwrap().len(),
        1
    );
    let nameless = r#"create_user("", "nobody@example.org")"#;
    assert_eq!(code(&lines, nameless), -32602);
    // Ana stays until she closes: she heard what Bento did.
    assert_eq!(
        result(&lines, "chat.next(ana, cursor, 5000) until done")[2]["text"],
        "<eu> & tu"
    );
    assert_eq!(lines.last().unwrap()["result"], json!([]));
}

#[tokio::test]
async fn nodes_client_does_users_an_upload_and_a_chat() {
    let Some(peer) = Peer::node("xmlrpc_people.js") else {
        return;
    };
    let lines = calls(peer).await;
    lives_with_people(&lines);
    let changed = result(&lines, r#"update_user(1, {"roles":["guest"]})"#);
    assert_eq!(changed["roles"], json!(["guest"]));
    assert_eq!(lines.last().unwrap()["result"], json!([]));
}

#[tokio::test]
async fn curl_posts_a_document() {
    let Some(peer) = Peer::tool("curl") else {
        return;
    };
    let server = served().await;
    let url = server.url();
    let run = tokio::task::spawn_blocking(move || {
        let document = add_2_3();
        let header = "content-type: text/xml";
        peer.run(&[
            "--silent",
            "--fail",
            "-H",
            header,
            "--data-binary",
            &document,
            &url,
        ])
    });
    let output = run.await.unwrap();
    assert!(output.status.success(), "{output:?}");
    let reply = xmlrpc::codec::read_reply(&output.stdout).unwrap();
    assert_eq!(reply, Ok(dxr::Value::Integer(5)));
}

/// A client of ours for a server of theirs, at the path that Python's server wants.
async fn client(server: &peers::Server) -> xmlrpc::Client {
    let url = format!("http://{}/RPC2", server.address);
    soon(xmlrpc::Client::connect(&url, ClientOptions::default()))
        .await
        .unwrap()
}

async fn calls_the_course(client: &xmlrpc::Client) {
    let context = Context::new();
    assert_eq!(soon(client.add(&context, 5, 3)).await, Ok(8));
    assert_eq!(soon(client.multiply(&context, 4, 7)).await, Ok(28));
    let upper = soon(client.uppercase(&context, "<straße> & \r\n")).await;
    // Both servers write a carriage return as it is, which XML then reads as a line feed.
    assert_eq!(upper, Ok("<STRASSE> & \n".into()));
}

#[tokio::test]
async fn pythons_server_answers_our_client() {
    let Some(peer) = Peer::python("xmlrpc_server.py") else {
        return;
    };
    let server = tokio::task::spawn_blocking(move || peer.serve(&[]))
        .await
        .unwrap();
    let client = client(&server).await;
    calls_the_course(&client).await;

    // Python answers whatever fails with code 1.
    let error = soon(client.cube(&Context::new(), 5)).await.unwrap_err();
    assert_eq!(error.code(), Code::Internal);
    let text = "fault 1: <class 'Exception'>:method \"cube\" is not supported";
    assert_eq!(error.to_string(), text);
}

#[tokio::test]
async fn nodes_server_answers_our_client() {
    let Some(peer) = Peer::node("xmlrpc_server.js") else {
        return;
    };
    let server = tokio::task::spawn_blocking(move || peer.serve(&[]))
        .await
        .unwrap();
    let client = client(&server).await;
    calls_the_course(&client).await;

    // npm's xmlrpc answers an unknown method with HTTP 404 and no body.
    let error = soon(client.get_system_info(&Context::new()))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::Unimplemented, "{error}");
}
