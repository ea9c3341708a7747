//! Servers for the tests: on port 0, ended when they are dropped; and raw bytes to and from them.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test binary uses a part of what all of them share"
)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

pub mod bad;
pub mod bytes;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rest::Client;
use services::{Backend, ClientOptions, ServeOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// No test waits longer for anything.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What is awaited, or a failed test.
pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    let waited = tokio::time::timeout(PATIENCE, future).await;
    waited.expect("this should have happened long ago")
}

/// A server in a task.
pub struct Running {
    pub address: SocketAddr,
    pub shutdown: CancellationToken,
    task: Option<JoinHandle<std::io::Result<()>>>,
}

impl Running {
    pub async fn new(backend: Arc<dyn Backend>) -> Self {
        Self::with(backend, ServeOptions::default()).await
    }

    pub async fn with(backend: Arc<dyn Backend>, options: ServeOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let stop = shutdown.clone().cancelled_owned();
        let serving = rest::serve(listener, backend, options, stop);
        Self {
            address,
            shutdown,
            task: Some(tokio::spawn(serving)),
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits for the server's end.
    pub async fn ended(&mut self) {
        let task = self.task.take().expect("waited for once");
        soon(task).await.unwrap().unwrap();
    }

    /// Sends those bytes on a connection of their own; gives the answer, read to the
    /// connection's end.
    pub async fn raw(&self, request: impl AsRef<[u8]>) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_ref()).await.unwrap();
        let mut answer = Vec::new();
        soon(stream.read_to_end(&mut answer)).await.unwrap();
        String::from_utf8(answer).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

pub async fn connected(url: &str) -> Client {
    soon(Client::connect(url, ClientOptions::default()))
        .await
        .unwrap()
}

/// The request with that body, closed after its answer.
pub fn post(path: &str, body: &str) -> String {
    typed(path, "application/json", body)
}

/// The same with a media type of its own.
pub fn typed(path: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

/// The request without a body, closed after its answer.
pub fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
}
