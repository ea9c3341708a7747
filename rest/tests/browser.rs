//! A browser in the chat: Chromium's own `EventSource` and `fetch`, from a page of another origin.
//! When the server goes and another comes in its place, the browser goes on after the last line
//! that it has heard.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "../../peers/support.rs"]
mod peers;
mod support;

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;

use futures::{StreamExt, stream};
use peers::Peer;
use rest::codec::percent;
use services::conformance::reference;
use services::model::{ChatMessage, Join};
use services::{Backend, Chat, Context, ServeOptions};
use support::{Running, soon};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

/// The page tells all that it has heard when the last line has come.
const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><title>chat</title><script>
const server = "SERVER", heard = [];
const events = new EventSource(server + "/api/chat?user=Browser&after=0");
events.addEventListener("item", async event => {
  const {user, text} = JSON.parse(event.data);
  heard.push(`${event.lastEventId} ${user}: ${text}`);
  if (text === "one") {
    const body = JSON.stringify({user: "Browser", text: "two"});
    const headers = {"content-type": "application/json"};
    const posted = await fetch(server + "/api/chat", {method: "POST", headers, body});
    heard.push(`status ${posted.status}`);
  }
  if (text === "three") fetch("/heard?" + encodeURIComponent(heard.join("\n")));
});
</script>"#;

#[tokio::test]
async fn an_event_source_of_another_origin_goes_on_where_it_was() {
    let Some(chromium) = Peer::tool("chromium") else {
        return;
    };
    let pages = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://localhost:{}", pages.local_addr().unwrap().port());
    let options = ServeOptions {
        allowed_origins: vec![origin.clone()],
        ..ServeOptions::default()
    };
    let room = reference();
    let mut first = Running::with(room.clone(), options.clone()).await;
    let (context, join) = (Context::new(), Join::default());
    let said = room.chat(&context, &join, stream::pending().boxed());
    let mut said = said.await.unwrap();
    say(&*room, "one").await;

    let _browser = opened(&chromium, &origin);
    let page = PAGE.replace("SERVER", &first.url());
    let heard = tokio::spawn(served(pages, page));
    while soon(said.next()).await.unwrap().unwrap().text != "two" {}

    first.shutdown.cancel();
    first.ended().await;
    say(&*room, "three").await;
    let second = TcpListener::bind(first.address).await.unwrap();
    let serving = rest::serve(second, room, options, std::future::pending());
    let serving = tokio::spawn(serving);
    let mut heard = soon(heard).await.unwrap();
    heard.sort();
    let wanted = ["1 Ana: one", "2 Browser: two", "3 Ana: three", "status 201"];
    assert_eq!(heard, wanted);
    serving.abort();
}

async fn say(room: &dyn Backend, text: &str) {
    let message = ChatMessage {
        user: "Ana".into(),
        text: text.into(),
        ..ChatMessage::default()
    };
    room.post_message(&Context::new(), &message).await.unwrap();
}

/// A browser with a new folder of its own, ended when this is dropped.
fn opened(chromium: &Peer, url: &str) -> Child {
    let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chromium");
    // What the last one has left, if it has left anything.
    std::fs::remove_dir_all(&profile).ok();
    let mut data = OsString::from("--user-data-dir=");
    data.push(profile);
    let mut command = Command::new(chromium.program());
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu"])
        .args(["--no-first-run", "--disable-dev-shm-usage"])
        .args(["--disable-background-networking", "--no-proxy-server"])
        // With this it stays when the page is loaded.
        .arg("--remote-debugging-port=0")
        .arg(data)
        .arg(url)
        .kill_on_drop(true)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Serves the page until it tells what it has heard. Each connection has a task of its own, for a
/// browser opens some that it may not need.
async fn served(pages: TcpListener, page: String) -> Vec<String> {
    let (told, mut heard) = mpsc::channel(1);
    loop {
        tokio::select! {
            accepted = pages.accept() => {
                let (socket, _) = accepted.unwrap();
                tokio::spawn(answered(socket, page.clone(), told.clone()));
            }
            heard = heard.recv() => return heard.unwrap(),
        }
    }
}

async fn answered(socket: TcpStream, page: String, told: mpsc::Sender<Vec<String>>) {
    let mut socket = BufReader::new(socket);
    let mut line = String::new();
    socket.read_line(&mut line).await.unwrap();
    let target = line.split(' ').nth(1).unwrap_or_default();
    if let Some(heard) = target.strip_prefix("/heard?") {
        let heard = percent::decode(heard).unwrap();
        let heard = heard.lines().map(str::to_owned).collect();
        told.send(heard).await.ok();
    }
    let body = if target == "/" { &*page } else { "" };
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n";
    let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    socket.write_all(answer.as_bytes()).await.ok();
    socket.shutdown().await.ok();
}
