//! Users as HTTP sees them: places, tags, conditions and pages, in raw bytes.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use std::time::Duration;

use futures::TryStreamExt;
use insta::assert_snapshot;
use serde_json::Value;
use services::conformance::reference;
use services::model::{NewUser, UserPage};
use services::{Context, Users};
use support::bad::problem;
use support::bytes::{exchanged, lines};
use support::{Running, connected, get, post};

const ANA: &str =
    r#"{"name":"Ana","email":"ana@example.org","roles":["admin"],"external_id":"a-1"}"#;

/// A request of that method, with a line of a header.
fn request(method: &str, target: &str, header: &str, body: &str) -> String {
    let whole = post(target, body).replace("POST", method);
    whole.replace(
        "connection: close\r\n",
        &format!("connection: close\r\n{header}"),
    )
}

fn head(answer: &str, name: &str) -> String {
    let prefix = format!("{name}: ");
    let line = answer.lines().find_map(|line| line.strip_prefix(&prefix));
    line.unwrap_or_else(|| panic!("no {name}: {answer}"))
        .to_owned()
}

#[tokio::test]
async fn a_user_in_bytes() {
    let server = Running::new(reference()).await;
    assert_snapshot!(lines(&server.raw(post("/api/users", ANA)).await), @r#"
    HTTP/1.1 201 Created
    content-type: application/json
    etag: "0c4a793d0f26bc2da8094a77b4c8c51e"
    location: /api/users/1
    content-length: 85
    connection: close

    {"id":1,"name":"Ana","email":"ana@example.org","roles":["admin"],"external_id":"a-1"}
    "#);
    assert_snapshot!(lines(&server.raw(get("/api/users/1")).await), @r#"
    HTTP/1.1 200 OK
    content-type: application/json
    etag: "0c4a793d0f26bc2da8094a77b4c8c51e"
    content-length: 85
    connection: close

    {"id":1,"name":"Ana","email":"ana@example.org","roles":["admin"],"external_id":"a-1"}
    "#);
    let changes = request("PATCH", "/api/users/1", "", r#"{"roles":[]}"#);
    assert_snapshot!(lines(&server.raw(changes).await), @r#"
    HTTP/1.1 200 OK
    content-type: application/json
    etag: "1904155021da24251e0b9e84ceef3748"
    content-length: 78
    connection: close

    {"id":1,"name":"Ana","email":"ana@example.org","roles":[],"external_id":"a-1"}
    "#);
    assert_snapshot!(lines(&server.raw(get("/api/users")).await), @r#"
    HTTP/1.1 200 OK
    content-type: application/json
    content-length: 90
    connection: close

    {"users":[{"id":1,"name":"Ana","email":"ana@example.org","roles":[],"external_id":"a-1"}]}
    "#);
    let delete = get("/api/users/1").replace("GET", "DELETE");
    assert_snapshot!(lines(&server.raw(&delete).await), @r#"
    HTTP/1.1 200 OK
    content-type: application/json
    content-length: 78
    connection: close

    {"id":1,"name":"Ana","email":"ana@example.org","roles":[],"external_id":"a-1"}
    "#);
    assert_snapshot!(lines(&server.raw(&delete).await), @r#"
    HTTP/1.1 404 Not Found
    content-type: application/problem+json
    content-length: 128
    connection: close

    {"type":"about:blank","title":"Not Found","status":404,"detail":"id is \"1\": no user has it, see list_users","code":"NotFound"}
    "#);
}

#[tokio::test]
async fn a_caller_that_has_the_user_already_is_spared_it() {
    let server = Running::new(reference()).await;
    let tag = head(&server.raw(post("/api/users", ANA)).await, "etag");
    let asked = |header: &str| {
        get("/api/users/1").replace("connection", &format!("{header}\r\nconnection"))
    };
    for known in [tag.clone(), format!("\"x\", W/{tag}"), "*".into()] {
        let answer = server.raw(asked(&format!("if-none-match: {known}"))).await;
        assert!(answer.starts_with("HTTP/1.1 304 "), "{answer}");
        assert_eq!(head(&answer, "etag"), tag);
        assert!(answer.ends_with("\r\n\r\n") && !answer.contains("content-type"));
    }
    let answer = server.raw(asked("if-none-match: \"x\"")).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("ana@example.org"));
    let answer = server.raw(asked("if-match: \"x\"")).await;
    assert_eq!(problem(&answer).0, 412);
}

#[tokio::test]
async fn who_writes_can_insist_on_the_user_that_it_has_seen() {
    let server = Running::new(reference()).await;
    let old = head(&server.raw(post("/api/users", ANA)).await, "etag");
    let if_match = |tag: &str| format!("if-match: {tag}\r\n");
    let rename = r#"{"name":"Ana Maria"}"#;
    let change = request("PATCH", "/api/users/1", &if_match(&old), rename);
    let answer = server.raw(&change).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let new = head(&answer, "etag");
    assert_ne!(new, old);
    // Who has seen the old user neither changes nor deletes the new one.
    for stale in [
        &change,
        &request("DELETE", "/api/users/1", &if_match(&old), ""),
    ] {
        let (status, code, detail) = problem(&server.raw(stale).await);
        assert_eq!((status, code.as_deref()), (412, Some("InvalidArgument")));
        assert!(detail.contains("If-Match"), "{detail}");
    }
    let delete = request("DELETE", "/api/users/1", &if_match(&new), "");
    assert!(server.raw(&delete).await.contains("Ana Maria"));
    // Of a user that is not there no condition is judged.
    assert_eq!(problem(&server.raw(&delete).await).0, 404);
}

#[tokio::test]
async fn a_page_leads_to_the_next() {
    let server = Running::new(reference()).await;
    for number in 1..=5 {
        let body = format!(r#"{{"name":"U","email":"{number}@example.org"}}"#);
        server.raw(post("/api/users", &body)).await;
    }
    let mut target = "/api/users?limit=2".to_owned();
    let mut pages = Vec::new();
    loop {
        let answer = server.raw(get(&target)).await;
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let page: Value = serde_json::from_str(body).unwrap();
        let users = page["users"].as_array().unwrap().iter();
        pages.push(
            users
                .map(|user| user["id"].as_i64().unwrap())
                .collect::<Vec<_>>(),
        );
        if !answer.contains("link: ") {
            break;
        }
        let link = head(&answer, "link");
        let next = link.strip_prefix('<').unwrap();
        let (next, parameters) = next.split_once('>').unwrap();
        assert_eq!(parameters, "; rel=\"next\"");
        target = next.to_owned();
    }
    assert_eq!(pages, [vec![1, 2], vec![3, 4], vec![5]]);
    assert_eq!(target, "/api/users?after=4&limit=2");
    // A page that is just full is the last where nobody follows.
    let last = server.raw(get("/api/users?after=3&limit=2")).await;
    assert!(!last.contains("link: "), "{last}");
}

#[tokio::test]
async fn the_client_follows_the_pages() {
    let server = Running::new(reference()).await;
    let client = connected(&server.url()).await;
    let context = Context::new();
    for number in 0..1_100 {
        let user = NewUser {
            name: "U".into(),
            email: format!("{number}@example.org"),
            ..NewUser::default()
        };
        client.create_user(&context, &user).await.unwrap();
    }
    for (limit, count) in [
        (0, 1_097),
        (1_097, 1_097),
        (1_050, 1_050),
        (1_000, 1_000),
        (1, 1),
    ] {
        let page = UserPage { after: 3, limit };
        let users = client.list_users(&context, page).await.unwrap();
        let ids: Vec<_> = users.map_ok(|user| user.id).try_collect().await.unwrap();
        assert_eq!(ids, (4..4 + count).collect::<Vec<_>>(), "{limit}");
    }
    // Two pages in each of the first three, and each page's bytes are told.
    let context = Context::new();
    let users = client
        .list_users(&context, UserPage::default())
        .await
        .unwrap();
    let users: Vec<_> = users.try_collect().await.unwrap();
    assert!(context.exchange().body.down > 50 * users.len() as u64);
}

#[tokio::test]
async fn the_course_s_users_in_bytes() {
    let server = Running::new(reference()).await;
    let ana = r#"{"nome":"Ana","email":"ana@example.org","senha":"segredo","id":"a-1"}"#;
    assert_snapshot!(lines(&server.raw(post("/usuarios", ana)).await), @r#"
    HTTP/1.1 201 Created
    content-type: application/json
    content-length: 104
    connection: close

    {"mensagem":"Usuário criado com sucesso","usuario":{"id":"a-1","nome":"Ana","email":"ana@example.org"}}
    "#);
    assert_snapshot!(lines(&server.raw(get("/usuarios")).await), @r#"
    HTTP/1.1 200 OK
    content-type: application/json
    content-length: 66
    connection: close

    {"usuarios":[{"id":"a-1","nome":"Ana","email":"ana@example.org"}]}
    "#);
}

#[tokio::test]
async fn the_client_sends_a_user() {
    let answer = "HTTP/1.1 201 Created\r\ncontent-length: 67\r\n\r\n\
        {\"id\":1,\"name\":\"Ana\",\"email\":\"a@b\",\"roles\":[],\"external_id\":\"a-1\"} ";
    let user = NewUser {
        name: "Ana".into(),
        email: "a@b".into(),
        ..NewUser::default()
    };
    let (seen, made) = exchanged(answer, async |client| {
        client
            .create_user(&Context::with_timeout(Duration::from_secs(3600)), &user)
            .await
    })
    .await;
    assert_eq!(made.unwrap().external_id, "a-1");
    assert_snapshot!(seen, @r#"
    POST /api/users HTTP/1.1
    content-type: application/json
    host: 127.0.0.1:8000
    grpc-timeout: [8 characters]
    content-length: 28

    {"name":"Ana","email":"a@b"}
    "#);
}
