//! One call in bytes: the frames of HTTP/2 (RFC 9113 section 4.1) between this room's client and
//! its server, recorded by a relay between them. The README shows them.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod serving;

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use futures::{StreamExt, TryStreamExt};
use services::conformance::reference;
use services::model::{ChatMessage, Join, NewUsuario, NumberRange, Password};
use services::{Calculator, Chat, ClientOptions, Context, Numbers, ServeOptions, Usuarios};
use serving::{Running, soon};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// What a client sends before its first frame.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The bytes of a connection, in both directions.
#[derive(Clone, Default)]
struct Recording {
    up: Arc<Mutex<Vec<u8>>>,
    down: Arc<Mutex<Vec<u8>>>,
}

/// Passes one connection on to the server, and keeps what passes.
async fn relay(server: SocketAddr) -> (SocketAddr, Recording) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let recording = Recording::default();
    let kept = recording.clone();
    tokio::spawn(async move {
        let (client, _) = listener.accept().await.unwrap();
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = TcpStream::connect(server).await.unwrap().into_split();
        tokio::join!(
            pass(from_client, to_server, kept.up),
            pass(from_server, to_client, kept.down),
        )
    });
    (address, recording)
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, kept: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        kept.lock().unwrap().extend(&buffer[..count]);
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}

impl Recording {
    /// The HEADERS and DATA frames of one stream. Those of the connection itself, such as SETTINGS,
    /// come when they please.
    fn stream(&self, stream: u32) -> String {
        let mut text = String::new();
        for (direction, bytes) in [("up", &self.up), ("down", &self.down)] {
            let bytes = bytes.lock().unwrap();
            let frames = bytes.strip_prefix(PREFACE).unwrap_or(&bytes);
            write_frames(&mut text, direction, frames, stream);
        }
        text
    }
}

fn write_frames(text: &mut String, direction: &str, mut bytes: &[u8], wanted: u32) {
    let mut first = true;
    while let [l1, l2, l3, kind, flags, s1, s2, s3, s4, rest @ ..] = bytes {
        let length = u32::from_be_bytes([0, *l1, *l2, *l3]) as usize;
        let (payload, next) = rest.split_at(length);
        bytes = next;
        if u32::from_be_bytes([*s1, *s2, *s3, *s4]) != wanted {
            continue;
        }
        let end = if flags & 1 == 1 { " END_STREAM" } else { "" };
        // The first headers of a connection name the port, which differs from run to run, and
        // those of every answer the time.
        let varies = first && (direction == "down" || wanted == 1);
        let payload = if varies { "…" } else { &hex(payload) };
        let kind = ["DATA", "HEADERS"]
            .get(*kind as usize)
            .unwrap_or(&"another");
        writeln!(
            text,
            "{}",
            format!("{direction} {kind}{end}: {payload}").trim_end()
        )
        .unwrap();
        first = false;
    }
}

fn hex(bytes: &[u8]) -> String {
    let bytes: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}

/// A client of the reference server, recorded. Without a timeout, whose header differs from call
/// to call.
async fn recorded() -> (Running, grpc::Client, Recording) {
    let server = Running::start(reference(), ServeOptions::default()).await;
    let (address, recording) = relay(server.address).await;
    let options = ClientOptions {
        timeout: None,
        ..ClientOptions::default()
    };
    let url = format!("http://{address}");
    let client = soon(grpc::Client::connect(&url, options)).await.unwrap();
    (server, client, recording)
}

async fn two_calls() -> Recording {
    let (_server, client, recording) = recorded().await;
    for _ in 0..2 {
        soon(client.add(&Context::new(), 5, 3)).await.unwrap();
    }
    recording
}

#[tokio::test]
async fn a_first_call_tells_its_headers_and_the_next_points_at_them() {
    let mut recording = two_calls().await;
    // A second that begins between the calls is a new `date`, behind which the status moves one
    // place in the table of headers. It does not begin between them twice in a row.
    if recording.stream(3).ends_with("bf\n") {
        recording = two_calls().await;
    }
    insta::assert_snapshot!(recording.stream(1), @r"
    up HEADERS: …
    up DATA END_STREAM: 00 00 00 00 04 08 05 10 03
    down HEADERS: …
    down DATA: 00 00 00 00 02 08 08
    down HEADERS END_STREAM: 40 88 9a ca c8 b2 12 34 da 8f 81 07
    ");
    insta::assert_snapshot!(recording.stream(3), @r"
    up HEADERS: 83 86 c0 04 93 60 83 a0 96 d0 34 9e c5 ef 0e 82 5b 40 d2 7b 18 86 49 3f bf be
    up DATA END_STREAM: 00 00 00 00 04 08 05 10 03
    down HEADERS: …
    down DATA: 00 00 00 00 02 08 08
    down HEADERS END_STREAM: be
    ");
}

#[tokio::test]
async fn an_error_is_headers_alone() {
    let (_server, client, recording) = recorded().await;
    soon(client.add(&Context::new(), i32::MAX, 1))
        .await
        .unwrap_err();
    insta::assert_snapshot!(recording.stream(1), @r"
    up HEADERS: …
    up DATA END_STREAM: 00 00 00 00 08 08 ff ff ff ff 07 10 01
    down HEADERS END_STREAM: …
    ");
}

#[tokio::test]
async fn a_stream_is_a_message_after_the_other_in_one_answer() {
    let (_server, client, recording) = recorded().await;
    let range = NumberRange { start: 1, end: 2 };
    let numbers = soon(client.stream_numbers(&Context::new(), range))
        .await
        .unwrap();
    assert_eq!(soon(numbers.collect::<Vec<_>>()).await.len(), 2);
    insta::assert_snapshot!(recording.stream(1), @r"
    up HEADERS: …
    up DATA END_STREAM: 00 00 00 00 04 08 01 10 02
    down HEADERS: …
    down DATA: 00 00 00 00 18 08 01 12 14 54 68 65 20 73 71 75 61 72 65 20 6f 66 20 31 20 69 73 20 31 00 00 00 00 18 08 02 12 14 54 68 65 20 73 71 75 61 72 65 20 6f 66 20 32 20 69 73 20 34
    down HEADERS END_STREAM: 40 88 9a ca c8 b2 12 34 da 8f 81 07
    ");
}

#[tokio::test]
async fn a_chat_is_messages_both_ways_in_one_call() {
    let (_server, client, recording) = recorded().await;
    let join = Join {
        user: "Ana".into(),
        after: None,
    };
    let hello = ChatMessage {
        text: "hi".into(),
        id: "1".into(),
        ..ChatMessage::default()
    };
    let said = futures::stream::iter([Ok(hello)]).boxed();
    let heard = soon(client.chat(&Context::new(), &join, said))
        .await
        .unwrap();
    let heard = soon(heard.try_collect::<Vec<_>>()).await.unwrap();
    assert_eq!(
        (heard.len(), heard[0].user.as_str(), heard[0].sequence),
        (1, "Ana", 1)
    );
    // What she says has no name: she joined with it. What she hears has a time and a place too.
    insta::assert_snapshot!(recording.stream(1), @r"
    up HEADERS: …
    up DATA: 00 00 00 00 07 12 02 68 69 2a 01 31
    up DATA END_STREAM:
    down HEADERS: …
    down DATA: 00 00 00 00 14 0a 03 41 6e 61 12 02 68 69 18 d8 f1 ff c8 06 20 01 2a 01 31
    down HEADERS END_STREAM: 40 88 9a ca c8 b2 12 34 da 8f 81 07
    ");
}

#[tokio::test]
async fn a_password_goes_up_and_does_not_come_down() {
    let (_server, client, recording) = recorded().await;
    let ana = NewUsuario {
        id: Some("7".into()),
        nome: "Ana".into(),
        email: "a@b".into(),
        senha: Password("pw".into()),
    };
    soon(client.criar_usuario(&Context::new(), &ana))
        .await
        .unwrap();
    insta::assert_snapshot!(recording.stream(1), @r"
    up HEADERS: …
    up DATA END_STREAM: 00 00 00 00 13 0a 11 0a 01 37 12 03 41 6e 61 1a 03 61 40 62 22 02 70 77
    down HEADERS: …
    down DATA: 00 00 00 00 0f 0a 0d 0a 01 37 12 03 41 6e 61 1a 03 61 40 62
    down HEADERS END_STREAM: 40 88 9a ca c8 b2 12 34 da 8f 81 07
    ");
}
