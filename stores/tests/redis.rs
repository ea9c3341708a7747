//! What only Redis does: it is elsewhere, and may be gone, slow, locked, or somebody else's.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::net::TcpListener;

use services::{Code, Error};
use stores::redis::connect;
use support::{Keeps, RedisServer, all_users, record, until};

#[tokio::test]
async fn a_dead_port_is_told_in_one_line_without_the_password() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let error = connect(&format!("redis://ana:secret@127.0.0.1:{port}/3"))
        .await
        .unwrap_err();
    assert!(
        matches!(error, stores::Error::Unreachable { .. }),
        "{error:?}"
    );
    let line = format!(
        "Redis at redis://127.0.0.1:{port}/3 does not answer: start it (redis-server \
         --appendonly yes), or give its address"
    );
    assert_eq!(error.to_string(), line);
}

#[tokio::test]
async fn a_silent_port_is_given_up() {
    // Connections wait in its queue, and nobody answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let error = connect(&url).await.unwrap_err();
    assert!(
        matches!(error, stores::Error::Unreachable { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_url_of_something_else_is_told_without_the_password() {
    let urls = [
        "",
        "127.0.0.1:6379",
        "http://127.0.0.1:6379",
        "redis://",
        "redis://ana:secret@",
        "redis://ana:secret@host:not-a-port",
        "redis://ana:secret@host/not-a-number",
        "rediss://ana:secret@host",
    ];
    for url in urls {
        let error = connect(url).await.unwrap_err();
        assert!(
            matches!(error, stores::Error::Url { .. }),
            "{url}: {error:?}"
        );
        assert!(
            !format!("{error} {error:?}").contains("secret"),
            "{url}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_password_is_asked_for_and_taken() {
    let Some(server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    server.cli(&["CONFIG", "SET", "requirepass", "secret"]);
    let error = connect(&server.url()).await.unwrap_err();
    assert!(matches!(error, stores::Error::Refused { .. }), "{error:?}");
    let url = server.url().replace("redis://", "redis://:secret@");
    let connected = connect(&url).await.unwrap();
    assert!(
        !format!("{connected:?}").contains("secret"),
        "{connected:?}"
    );
    connected.users.create(record("ana")).await.unwrap();
}

#[tokio::test]
async fn a_redis_that_forgets_is_warned_of() {
    let (Some(forgets), Some(keeps)) = (
        RedisServer::start(Keeps::Nothing),
        RedisServer::start(Keeps::Everything),
    ) else {
        return;
    };
    let warning = connect(&forgets.url()).await.unwrap().warning.unwrap();
    assert!(warning.contains("CONFIG SET appendonly yes"), "{warning}");
    assert_eq!(warning.lines().count(), 1, "{warning}");
    assert_eq!(connect(&keeps.url()).await.unwrap().warning, None);
}

#[tokio::test]
async fn keys_of_another_version_are_told() {
    let Some(server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    server.cli(&["SET", "trivium:format", "2"]);
    let error = connect(&server.url()).await.unwrap_err();
    assert!(
        matches!(error, stores::Error::RedisFormat { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn calls_fail_while_redis_is_gone_and_go_on_when_it_is_back() {
    let Some(mut server) = RedisServer::start(Keeps::Everything) else {
        return;
    };
    let users = connect(&server.url()).await.unwrap().users;
    let ana = users.create(record("ana")).await.unwrap();
    server.kill();
    // The first may have been on its way when the connection broke; then nothing is sent any more.
    let error = users.create(record("ben")).await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    let errors = [
        users.create(record("ben")).await.unwrap_err(),
        users.get(ana.id).await.unwrap_err(),
        users.page(0, 10).await.unwrap_err(),
        users.delete(ana.id).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.code(), Code::Unavailable);
        assert!(error.to_string().contains("nothing was done"), "{error}");
    }
    server.restart();
    until("Redis is back", async || users.get(ana.id).await.is_ok()).await;
    assert_eq!(all_users(&*users).await, [ana]);
}

#[tokio::test]
async fn a_write_without_an_answer_says_that_its_outcome_is_unknown() {
    let Some(server) = RedisServer::start(Keeps::Everything) else {
        return;
    };
    let users = connect(&server.url()).await.unwrap().users;
    // Redis takes writes and does not do them yet.
    server.cli(&["CLIENT", "PAUSE", "60000", "WRITE"]);
    let error = users.create(record("ana")).await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    assert!(error.to_string().contains("is unknown"), "{error}");
    server.cli(&["CLIENT", "UNPAUSE"]);
    until("the address is taken", async || {
        let again = users.create(record("ana")).await;
        matches!(again, Ok(_) | Err(Error::AlreadyExists(_)))
    })
    .await;
    assert_eq!(all_users(&*users).await.len(), 1);
}

#[tokio::test]
async fn a_redis_that_cannot_write_is_unavailable() {
    let Some(server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    let users = connect(&server.url()).await.unwrap().users;
    server.cli(&["CONFIG", "SET", "maxmemory", "1"]);
    let error = users.create(record("ana")).await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    assert!(error.to_string().contains("OOM"), "{error}");
    server.cli(&["CONFIG", "SET", "maxmemory", "0"]);
    users.create(record("ana")).await.unwrap();
}

#[tokio::test]
async fn what_is_not_ours_is_an_error_of_the_server() {
    let Some(server) = RedisServer::start(Keeps::Nothing) else {
        return;
    };
    let users = connect(&server.url()).await.unwrap().users;
    server.cli(&["SET", "trivium:user:7", "text"]);
    server.cli(&["HSET", "trivium:user:8", "name", "Ana"]);
    for id in [7, 8] {
        assert_eq!(users.get(id).await.unwrap_err().code(), Code::Internal);
    }
}
