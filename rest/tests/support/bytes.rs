//! A server that answers whatever a test says, and how bytes are shown.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{connected, soon};

/// The lines of a message, without what changes from run to run.
pub fn lines(raw: &str) -> String {
    let text = raw.replace("\r\n", "\n");
    let lines = text.lines().filter(|line| !line.starts_with("date: "));
    let steady = lines.map(|line| match line.strip_prefix("grpc-timeout: ") {
        Some(timeout) => format!("grpc-timeout: [{} characters]", timeout.len()),
        None => line.to_owned(),
    });
    steady.collect::<Vec<_>>().join("\n")
}

/// What the client sends when that answer comes back, and what it makes of it.
pub async fn exchanged<T>(answer: &str, call: impl AsyncFnOnce(rest::Client) -> T) -> (String, T) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = connected(&format!("http://{address}")).await;
    let (mut socket, _) = listener.accept().await.unwrap();
    let serving = async {
        let mut seen = Vec::new();
        while !is_whole(&seen) {
            assert_ne!(soon(socket.read_buf(&mut seen)).await.unwrap(), 0);
        }
        socket.write_all(answer.as_bytes()).await.unwrap();
        socket.shutdown().await.unwrap();
        String::from_utf8(seen).unwrap()
    };
    let (seen, result) = soon(async { tokio::join!(serving, call(client)) }).await;
    (
        lines(&seen.replace(&address.to_string(), "127.0.0.1:8000")),
        result,
    )
}

/// Whether a request of the client's has come to its end.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    if head.contains("chunked") {
        return body.ends_with("0\r\n\r\n");
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}
