//! A server to talk to, over whatever socket, with a limit of time on everything.
#![allow(dead_code, reason = "each test program uses a part of this")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use jsonrpc::Client;
use jsonrpc::transport::dispatch::Service;
use jsonrpc::transport::http::serve_methods;
use jsonrpsee::{BoundedSubscriptions, Methods};
use serde_json::Value;
use services::{Backend, ClientOptions, ServeOptions};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_util::sync::CancellationToken;

/// Nothing in a test takes longer than this, save when it hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits, but not for ever.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.expect("a test step hangs")
}

/// A server in this process, on a port of its own.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Server {
    pub(crate) async fn start(backend: Arc<dyn Backend>, options: ServeOptions) -> Self {
        Self::run(|listener, stopped| {
            tokio::spawn(jsonrpc::serve(listener, backend, options, stopped))
        })
        .await
    }

    /// The same transport over other methods, whose parameters nobody proves.
    pub(crate) async fn start_methods(methods: impl Into<Methods>, options: ServeOptions) -> Self {
        let streams = BoundedSubscriptions::new(10);
        let service = Service::new(methods, |_| None, streams);
        Self::run(|listener, stopped| {
            let closing = CancellationToken::new();
            tokio::spawn(serve_methods(listener, service, options, stopped, closing))
        })
        .await
    }

    async fn run<S>(serve: S) -> Self
    where
        S: FnOnce(
            TcpListener,
            futures::future::BoxFuture<'static, ()>,
        ) -> JoinHandle<std::io::Result<()>>,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = Box::pin(async {
            let _ = stopped.await;
        });
        let serving = serve(listener, stopped);
        Self {
            address,
            stop,
            serving,
        }
    }

    pub(crate) fn url(&self, scheme: &str) -> String {
        format!("{scheme}://{}", self.address)
    }

    pub(crate) async fn client(&self, scheme: &str) -> Client {
        let url = self.url(scheme);
        let client = Client::connect(&url, ClientOptions::default());
        within(client).await.unwrap()
    }

    /// Stops it, and proves that it stops.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        within(self.serving).await.unwrap().unwrap();
    }

    /// A request by POST of JSON on a connection of its own; gives status and body.
    pub(crate) async fn post(&self, body: impl AsRef<[u8]>) -> (u16, String) {
        let body = body.as_ref();
        let head = format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        self.send(&head, body).await
    }

    /// A request of that head, without the empty line, on a connection of its own.
    pub(crate) async fn send(&self, head: &str, body: &[u8]) -> (u16, String) {
        let head = format!("{head}connection: close\r\n\r\n");
        let raw = self.raw(head.as_bytes(), body).await;
        let raw = String::from_utf8(raw).unwrap();
        let status = raw.split(' ').nth(1).unwrap().parse().unwrap();
        let (_, body) = raw.split_once("\r\n\r\n").unwrap();
        (status, body.into())
    }

    /// Sends bytes on a connection of its own; gives all that comes until its end.
    pub(crate) async fn raw(&self, head: &[u8], body: &[u8]) -> Vec<u8> {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let mut reply = Vec::new();
        within(async {
            socket.write_all(head).await.unwrap();
            // A server that has refused the request already may not take the rest.
            let _ = socket.write_all(body).await;
            socket.read_to_end(&mut reply).await.unwrap();
        })
        .await;
        reply
    }

    /// The first line that a connection of its own gets for those bytes.
    pub(crate) async fn first_line(&self, request: &[u8]) -> String {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let mut line = String::new();
        within(async {
            socket.write_all(request).await.unwrap();
            BufReader::new(socket).read_line(&mut line).await.unwrap();
        })
        .await;
        line
    }
}

/// A WebSocket to a server, driven text by text.
pub(crate) struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    pub(crate) async fn connect(server: &Server) -> Self {
        let stream = TcpStream::connect(server.address).await.unwrap();
        let connecting = tokio_tungstenite::client_async(server.url("ws"), stream);
        let (socket, _) = within(connecting).await.unwrap();
        Self(socket)
    }

    pub(crate) async fn send(&mut self, text: impl Into<String>) {
        self.send_message(Message::text(text.into())).await;
    }

    pub(crate) async fn send_message(&mut self, message: Message) {
        within(self.0.send(message)).await.unwrap();
    }

    /// A text frame of those bytes, UTF-8 or not.
    pub(crate) async fn send_raw_text(&mut self, bytes: &[u8]) {
        let text = OpCode::Data(Data::Text);
        let frame = Frame::message(bytes.to_vec(), text, true);
        self.send_message(Message::Frame(frame)).await;
    }

    /// What comes next, pings and pongs included; `None` is the end.
    pub(crate) async fn next_message(&mut self) -> Option<Message> {
        within(self.0.next()).await.and_then(Result::ok)
    }

    /// The next text.
    pub(crate) async fn next(&mut self) -> String {
        match self.next_message().await {
            Some(Message::Text(text)) => text.to_string(),
            other => panic!("a text was to come, not {other:?}"),
        }
    }

    /// The next text as JSON.
    pub(crate) async fn next_json(&mut self) -> Value {
        serde_json::from_str(&self.next().await).unwrap()
    }

    /// The reply to one request.
    pub(crate) async fn ask(&mut self, text: impl Into<String>) -> String {
        self.send(text).await;
        self.next().await
    }

    /// The code with which the server closes the connection, and proof that it does.
    pub(crate) async fn closed_with(&mut self) -> u16 {
        let code = match self.next_message().await {
            Some(Message::Close(Some(frame))) => frame.code.into(),
            other => panic!("a close frame was to come, not {other:?}"),
        };
        assert!(self.next_message().await.is_none());
        code
    }

    /// Proves that the connection still serves.
    pub(crate) async fn lives(&mut self) {
        let reply = self.ask(ADD).await;
        assert_eq!(reply, r#"{"jsonrpc":"2.0","id":"lives","result":8}"#);
    }
}

/// A correct call.
pub(crate) const ADD: &str = r#"{"jsonrpc":"2.0","id":"lives","method":"add","params":[5,3]}"#;
