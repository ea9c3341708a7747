//! What the README shows of Redis is what `redis-cli` prints.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use services::store::NewRecord;
use support::{Keeps, RedisServer, connect, join, line};

const README: &str = include_str!("../README.md");
const PROMPT: &str = "127.0.0.1:6379> ";

/// Commands and what is printed for each, of all blocks that show redis-cli.
fn examples() -> Vec<(&'static str, String)> {
    let blocks = README.split("```console\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    let examples = blocks.flat_map(|block| block.split(PROMPT).skip(1));
    let parted = examples.map(|example| example.split_once('\n').unwrap());
    parted
        .map(|(command, printed)| (command, printed.to_owned()))
        .collect()
}

/// A server's name among the servers is made anew each time.
fn with_readme_server(printed: &str) -> String {
    let Some((before, name)) = printed.split_once('/') else {
        return printed.to_owned();
    };
    let (before, server) = before.split_at(before.len() - 8);
    assert!(server.chars().all(|it| it.is_ascii_hexdigit()), "{printed}");
    format!("{before}5e1f0c2a/{name}")
}

#[tokio::test]
async fn the_readme_shows_what_redis_has() {
    let Some(server) = RedisServer::start(Keeps::Everything) else {
        return;
    };
    let connected = connect(&server.url()).await;
    let ana = NewRecord {
        name: "Ana".into(),
        email: "Ana@example.org".into(),
        roles: vec!["admin".into(), "teacher".into()],
        external_id: "7d3c1a52-4c5b-4a39-9a57-0f3a1f6f2b11".into(),
        password_hash: None,
    };
    let bento = NewRecord {
        name: "Bento".into(),
        email: "bento@example.org".into(),
        roles: Vec::new(),
        external_id: "bento".into(),
        password_hash: Some("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".into()),
    };
    connected.users.create(ana).await.unwrap();
    connected.users.create(bento).await.unwrap();
    let _seat = join(&*connected.chat, "Ana", None).await;
    connected
        .chat
        .post(line("Ana", "Hello, Bento!", "a-1"))
        .await
        .unwrap();
    connected
        .chat
        .post(line("Bento", "Hello, Ana!", ""))
        .await
        .unwrap();

    let examples = examples();
    assert!(examples.len() >= 8, "{examples:?}");
    for (command, shown) in examples {
        let words: Vec<_> = command.split(' ').collect();
        let printed = with_readme_server(&server.cli(&words));
        assert_eq!(printed.trim_end(), shown.trim_end(), "{command}");
    }
}
