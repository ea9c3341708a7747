//! Bad input to users, files and the chat, over a socket. After each the server answers the next
//! correct call.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use std::time::Duration;

use services::ServeOptions;
use services::conformance::{Faulty, reference};
use support::bad::{chunked, lives, problem, refused, start};
use support::{Running, get, post, soon, typed};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const USERS: &str = "/api/users";
const USUARIOS: &str = "/usuarios";
const CHAT: &str = "/api/chat";
const FILES: &str = "/api/files";
const BYTES: &str = "application/octet-stream";

#[tokio::test]
async fn bad_users_are_400_and_never_repeat_a_password() {
    let server = start().await;
    for body in [
        r#"{"name":"Ana"}"#,
        r#"{"name":" ","email":"a@b"}"#,
        r#"{"name":"Ana","email":"ana"}"#,
        r#"{"name":"Ana","email":"a@b","roles":null}"#,
        r#"{"name":"Ana","email":"a@b","roles":[1]}"#,
        r#"{"name":"Ana","email":"a@b","roles":"admin"}"#,
        r#"{"name":"Ana","email":"a@b","external_id":null}"#,
        r#"{"name":"Ana","email":"a@b","id":1}"#,
        r#"{"name":"Ana\u001b","email":"a@b"}"#,
    ] {
        refused(&server, &post(USERS, body), 400, "InvalidArgument").await;
    }
    for body in [
        r#"{"nome":"Ana","email":"a@b"}"#,
        r#"{"nome":"Ana","email":"a@b","senha":""}"#,
        r#"{"nome":"Ana","email":"a@b","senha":["hunter2"]}"#,
        r#"{"nome":"Ana","email":"hunter","senha":"hunter2"}"#,
        r#"{"nome":"Ana","email":"a@b","senha":"hunter2","hunter2":1}"#,
        r#"{"nome":"Ana","email":"a@b","senha":"hunter2","id":null}"#,
    ] {
        let detail = refused(&server, &post(USUARIOS, body), 400, "InvalidArgument").await;
        assert!(!detail.contains("hunter2"), "{detail}");
    }
}

#[tokio::test]
async fn users_that_are_taken_or_unknown_are_told_so() {
    let server = start().await;
    let ana = post(
        USERS,
        r#"{"name":"Ana","email":"ana@example.org","external_id":"a"}"#,
    );
    server.raw(&ana).await;
    refused(&server, &ana, 409, "AlreadyExists").await;
    let other = r#"{"name":"Bia","email":"bia@example.org","external_id":"a"}"#;
    refused(&server, &post(USERS, other), 409, "AlreadyExists").await;
    for method in ["GET", "DELETE"] {
        let request = get("/api/users/7").replace("GET", method);
        let detail = refused(&server, &request, 404, "NotFound").await;
        assert!(detail.contains('7'), "{detail}");
    }
    let change = post("/api/users/7", "{}").replace("POST", "PATCH");
    refused(&server, &change, 404, "NotFound").await;
}

#[tokio::test]
async fn bad_addresses_of_users_and_chats_are_400_and_name_the_parameter() {
    let server = start().await;
    for (target, told) in [
        ("/api/users/x", "id is \"x\""),
        ("/api/users/2147483648", "id is \"2147483648\""),
        ("/api/users/1?x=1", "query parameter is \"x\""),
        ("/api/users?limit=0", "limit is \"0\": send 1 to 1000"),
        ("/api/users?limit=1001", "limit is \"1001\": send 1 to 1000"),
        ("/api/users?limit=-1", "limit is \"-1\""),
        ("/api/users?limit=", "limit is \"\""),
        ("/api/users?after=x", "after is \"x\""),
        ("/api/users?after=1&after=1", "after is there twice"),
        ("/usuarios?after=1", "query parameter is \"after\""),
        ("/api/chat?after=-1", "after is \"-1\""),
        (
            "/api/chat?after=9007199254740993",
            "after is \"9007199254740993\"",
        ),
        ("/api/chat?user=%1b", "user is \"\\u{1b}\""),
        ("/api/chat?name=Ana", "query parameter is \"name\""),
        ("/api/chat/participants?x=1", "query parameter is \"x\""),
    ] {
        let detail = refused(&server, &get(target), 400, "InvalidArgument").await;
        assert!(detail.contains(told), "{target}: {detail}");
    }
    let resumed = get(CHAT).replace("host:", "last-event-id: x\r\nhost:");
    refused(&server, &resumed, 400, "InvalidArgument").await;
    refused(&server, &get("/api/chat?after=5"), 422, "OutOfRange").await;
}

#[tokio::test]
async fn bad_messages_are_400() {
    let server = start().await;
    let long = format!(
        r#"{{"user":"Ana","text":"{}"}}"#,
        "x".repeat(16 * 1_024 + 1)
    );
    for body in [
        r#"{"text":"hi"}"#,
        r#"{"user":"","text":"hi"}"#,
        r#"{"user":"Ana"}"#,
        r#"{"user":"Ana","text":"hi","sequence":-1}"#,
        r#"{"user":"Ana","text":"hi","sequence":9007199254740994}"#,
        r#"{"user":"Ana","text":"hi","timestamp":null}"#,
        r#"{"user":"Ana","text":"hi","timestamp":"now"}"#,
        r#"{"user":"Ana","text":"hi\u0007"}"#,
        &long,
    ] {
        refused(&server, &post(CHAT, body), 400, "InvalidArgument").await;
    }
}

#[tokio::test]
async fn methods_that_users_files_and_chat_do_not_have_are_405() {
    let server = start().await;
    for (method, path, allowed) in [
        ("PUT", "/api/users/1", "GET,HEAD,PATCH,DELETE"),
        ("DELETE", USERS, "GET,HEAD,POST"),
        ("PUT", FILES, "POST"),
        ("DELETE", CHAT, "GET,HEAD,POST"),
        ("POST", "/api/chat/participants", "GET,HEAD"),
    ] {
        let request = post(path, "{}").replace("POST", method);
        let answer = server.raw(&request).await;
        let allow = answer.lines().find_map(|line| line.strip_prefix("allow: "));
        let sorted = |list: &str| {
            let mut list: Vec<_> = list.split(',').map(str::to_owned).collect();
            list.sort_unstable();
            list
        };
        assert_eq!(allow.map(sorted), Some(sorted(allowed)), "{method} {path}");
        refused(&server, &request, 405, "Unimplemented").await;
    }
}

#[tokio::test]
async fn a_form_is_no_file() {
    let server = start().await;
    for kind in [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ] {
        refused(&server, &typed(FILES, kind, "a=b"), 415, "InvalidArgument").await;
    }
    for kind in [BYTES, "image/png", "text/plain"] {
        let answer = server.raw(typed(FILES, kind, "abc")).await;
        assert!(answer.contains(r#""size_bytes":3"#), "{answer}");
    }
}

#[tokio::test]
async fn a_file_that_is_cut_is_never_taken_for_a_whole_one() {
    let whole = chunked(FILES, BYTES, "the file");
    let cut = whole.strip_suffix("0\r\n\r\n").unwrap();
    let length = typed(FILES, BYTES, "the file").replace("content-length: ", "content-length: 1");
    let server = start().await;
    for cut in [cut, &length] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(cut.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        soon(stream.read_to_string(&mut answer)).await.unwrap();
        assert!(
            !answer.contains(" 200 ") && !answer.contains("sha256"),
            "{answer}"
        );
        lives(&server).await;
    }
    let answer = server.raw(&whole).await;
    assert!(answer.contains(r#""size_bytes":8"#), "{answer}");
}

#[tokio::test]
async fn a_file_that_stalls_ends() {
    let options = ServeOptions {
        stream_idle: Duration::from_millis(20),
        ..ServeOptions::default()
    };
    let server = Running::with(reference(), options).await;
    let whole = chunked(FILES, BYTES, "the file");
    let answer = server.raw(whole.strip_suffix("0\r\n\r\n").unwrap()).await;
    assert_eq!(problem(&answer).0, 504);
    lives(&server).await;
}

#[tokio::test]
async fn case_63_a_store_that_is_down_is_503() {
    let server = Running::new(Faulty::store_down()).await;
    let ana = r#"{"name":"Ana","email":"a@b"}"#;
    let change = post("/api/users/1", "{}").replace("POST", "PATCH");
    for request in [
        post(USERS, ana),
        get("/api/users/1"),
        get(USERS),
        change,
        get("/api/users/1").replace("GET", "DELETE"),
        post(USUARIOS, r#"{"nome":"Ana","email":"a@b","senha":"x"}"#),
        get(USUARIOS),
        get(CHAT),
        post(CHAT, r#"{"user":"Ana","text":"hi"}"#),
        get("/api/chat/participants"),
    ] {
        refused(&server, &request, 503, "Unavailable").await;
    }
}
