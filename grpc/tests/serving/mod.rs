//! A server on port 0 for the tests, and requests to it without any of this room's client: HTTP/2
//! by hyper, with every byte of the body chosen by the test.
#![allow(dead_code, reason = "each test file uses a part")]

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use services::{Backend, ClientOptions, ServeOptions};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// No step of a test takes longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Fails the test where the future is not done in time.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(PATIENCE, future).await;
    done.expect("the step is done in time")
}

/// A server that serves until it is stopped or dropped.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Running {
    pub(crate) async fn start(backend: Arc<dyn Backend>, options: ServeOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async {
            // Dropping the sender stops the server too.
            let _ = stopped.await;
        };
        let task = tokio::spawn(grpc::serve(listener, backend, options, shutdown));
        Self {
            address,
            stop: Some(stop),
            task,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) async fn client(&self) -> grpc::Client {
        let url = self.url();
        let connected = grpc::Client::connect(&url, ClientOptions::default());
        soon(connected).await.unwrap()
    }

    /// Asks the server to stop, without waiting.
    pub(crate) fn shut_down(&mut self) {
        self.stop.take();
    }

    /// Waits until the server has stopped.
    pub(crate) async fn stopped(mut self) {
        self.stop.take();
        soon(&mut self.task).await.unwrap().unwrap();
    }
}

/// What comes back, whole: headers, body, trailers.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) http_status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) trailers: HeaderMap,
}

impl Answer {
    async fn of(response: Response<Incoming>) -> Self {
        let (head, body) = response.into_parts();
        let collected = soon(body.collect()).await.unwrap();
        let trailers = collected.trailers().cloned().unwrap_or_default();
        Self {
            http_status: head.status.as_u16(),
            headers: head.headers,
            body: collected.to_bytes(),
            trailers,
        }
    }

    fn field(&self, name: &str) -> Option<String> {
        let value = self.trailers.get(name).or(self.headers.get(name))?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    /// The number of the gRPC status.
    pub(crate) fn status(&self) -> i32 {
        let status = self.field("grpc-status").expect("there is a status");
        status.parse().unwrap()
    }

    /// The text of the gRPC status, as it is on the wire: percent-encoded.
    pub(crate) fn message(&self) -> String {
        self.field("grpc-message").unwrap_or_default()
    }
}

/// A connection of HTTP/2 whose requests have the bodies that the test chooses.
pub(crate) type Raw<B> = SendRequest<B>;

pub(crate) async fn connect<B>(address: SocketAddr) -> Raw<B>
where
    B: http_body::Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let stream = soon(TcpStream::connect(address)).await.unwrap();
    let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (sender, connection) = soon(handshake).await.unwrap();
    tokio::spawn(connection);
    sender
}

/// A gRPC request to that path with those headers.
pub(crate) fn request<B>(path: &str, headers: &[(&str, &str)], body: B) -> Request<B> {
    let mut request = Request::post(format!("http://localhost{path}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body).unwrap()
}

/// A gRPC call on a connection of its own.
pub(crate) async fn call(
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Answer {
    let mut raw = connect(address).await;
    call_on(&mut raw, path, headers, body).await
}

/// A gRPC call on that connection.
pub(crate) async fn call_on(
    raw: &mut Raw<Full<Bytes>>,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Answer {
    let request = request(path, headers, Full::new(body.into()));
    Answer::of(soon(raw.send_request(request)).await.unwrap()).await
}

/// A message in its frame: flag, length, bytes.
pub(crate) fn framed(flag: u8, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap();
    let mut frame = vec![flag];
    frame.extend(length.to_be_bytes());
    frame.extend(message);
    frame
}

/// `Add(2, 3)` as its message: field 1 is 2, field 2 is 3.
pub(crate) const ADD_2_3: &[u8] = &[0x08, 2, 0x10, 3];
pub(crate) const ADD: &str = "/calculator.Calculator/Add";

/// Proves that the server answers the next correct call.
pub(crate) async fn still_answers(address: SocketAddr) {
    let answer = call(address, ADD, &[], framed(0, ADD_2_3)).await;
    assert_eq!(answer.status(), 0, "{answer:?}");
    assert_eq!(answer.body, framed(0, &[0x08, 5]), "{answer:?}");
}
