//! The client's one connection, which is made again when it has broken. tonic's own channel would
//! pass each call through one task more, and tells a broken connection from a status that the
//! server sent only by its text; here it is [`Error::Unavailable`] before tonic sees it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use http::uri::Authority;
use http::{HeaderMap, Request, Response, StatusCode, header};
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use services::context::ByteCount;
use services::{ClientOptions, Code, Error, Traffic};
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Service;

use super::greeting::{Greeting, Listening};
use super::outgoing_body::OutgoingBody;
use super::reply::{Reply, without_details};
use crate::error::local;

/// Calls that may be in flight before the server has told how many it bears, so that none is
/// refused.
const FIRST_CALLS: usize = 1;

/// Longest headers of a reply in bytes; an error's text travels in them.
const HEADER_BYTES: u32 = 64 * 1024;

/// How often a connection with calls in flight that stays silent is asked whether it lives: a
/// server may take more than one ping in five minutes for an attack (`grpc/doc/keepalive.md`).
const PING_INTERVAL: Duration = Duration::from_secs(330);

/// What a server may send of one stream before it is read, in bytes: HTTP/2's own default (RFC 9113
/// section 6.9.2) and not hyper's 2 MiB, in which a participant in the chat who does not read would
/// be sent some ten thousand lines before the server could notice.
const STREAM_WINDOW: u32 = 65_535;

/// Cheap to clone: all clones share the connection.
#[derive(Clone)]
pub(crate) struct Channel(Arc<Shared>);

struct Shared {
    authority: Authority,
    options: ClientOptions,
    open: Mutex<Open>,
    /// Held while a new connection is made, so that calls in flight make one and not each its own.
    opening: tokio::sync::Mutex<()>,
}

struct Open {
    sender: Sender,
    counter: Arc<Traffic>,
}

/// Sends requests over one connection, whose server has said something or not.
#[derive(Clone)]
struct Sender {
    requests: SendRequest<OutgoingBody>,
    greeting: Greeting,
}

impl Channel {
    pub(crate) async fn connect(
        authority: Authority,
        options: ClientOptions,
    ) -> Result<Self, Error> {
        let open = open(&authority, &options).await?;
        Ok(Self(Arc::new(Shared {
            authority,
            options,
            open: Mutex::new(open),
            opening: tokio::sync::Mutex::default(),
        })))
    }

    /// Another connection to the same server.
    pub(crate) async fn another(&self) -> Result<Self, Error> {
        Self::connect(self.0.authority.clone(), self.0.options.clone()).await
    }

    /// The bytes of the connection so far.
    pub(crate) fn reading(&self) -> Reading {
        let open = self.0.open();
        let counter = Arc::clone(&open.counter);
        let bytes = counter.as_client();
        Reading { counter, bytes }
    }

    /// The bytes since that reading. A connection that was made since then counts from its start.
    pub(crate) fn since(&self, before: &Reading) -> ByteCount {
        let now = self.reading();
        if !Arc::ptr_eq(&now.counter, &before.counter) {
            return now.bytes;
        }
        ByteCount {
            up: now.bytes.up - before.bytes.up,
            down: now.bytes.down - before.bytes.down,
        }
    }
}

/// What the counter of the connection showed.
#[derive(Debug)]
pub(crate) struct Reading {
    counter: Arc<Traffic>,
    bytes: ByteCount,
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection, where it is not closed.
    fn current(&self) -> Option<Sender> {
        let sender = &self.open().sender;
        (!sender.requests.is_closed()).then(|| sender.clone())
    }

    /// The connection, made again where it is closed.
    async fn sender(&self) -> Result<Sender, Error> {
        if let Some(sender) = self.current() {
            return Ok(sender);
        }
        let _opening = self.opening.lock().await;
        if let Some(sender) = self.current() {
            return Ok(sender);
        }
        let open = open(&self.authority, &self.options).await?;
        let sender = open.sender.clone();
        *self.open() = open;
        Ok(sender)
    }

    async fn send(&self, request: Request<OutgoingBody>) -> Result<Response<Reply>, Error> {
        let mut sender = self.sender().await?;
        let sent = match sender.requests.try_send_request(request).await {
            Ok(response) => Ok(response),
            Err(mut failed) => match failed.take_message() {
                // The connection closed before anything of the call was sent.
                Some(request) => {
                    sender = self.sender().await?;
                    sender.requests.send_request(request).await
                }
                None => Err(failed.into_error()),
            },
        };
        let mut response = sent.map_err(|cause| sender.greeting.explain(cause, broken))?;
        readable(response.status(), response.headers())?;
        without_details(response.headers_mut());
        Ok(response.map(|body| Reply::new(body, self.options.reply_bytes)))
    }
}

impl Service<Request<Body>> for Channel {
    type Response = Response<Reply>;
    type Error = Status;
    type Future = BoxFuture<'static, Result<Self::Response, Status>>;

    fn poll_ready(&mut self, _task: &mut TaskContext<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let shared = Arc::clone(&self.0);
        let (mut head, body) = request.into_parts();
        let abandoned = head.extensions.remove();
        let body = OutgoingBody::new(head.uri.path(), body, abandoned);
        let request = Request::from_parts(head, body);
        async move { shared.send(request).await.map_err(local) }.boxed()
    }
}

/// The task that is spawned drives the connection, and ends with it: once the peer closes it, or
/// the last sender is dropped.
async fn open(authority: &Authority, options: &ClientOptions) -> Result<Open, Error> {
    let socket = transport::connect(authority.as_str(), Arc::clone(&options.traffic)).await?;
    let (counter, greeting) = (socket.counter(), Greeting::default());
    let socket = Listening::new(socket, greeting.clone());
    let (requests, connection) = Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .initial_max_send_streams(FIRST_CALLS)
        .initial_stream_window_size(STREAM_WINDOW)
        .max_header_list_size(HEADER_BYTES)
        .keep_alive_interval(PING_INTERVAL)
        .handshake(TokioIo::new(socket))
        .await
        .map_err(broken)?;
    tokio::spawn(connection.map(drop));
    let sender = Sender { requests, greeting };
    Ok(Open { sender, counter })
}

pub(crate) fn broken(cause: hyper::Error) -> Error {
    Error::unavailable(
        "the connection broke, or the server closes; whether the call was done is unknown: look, or \
         call again where that is safe",
        cause,
    )
}

/// Whether a reply is gRPC's at all (`grpc/doc/http-grpc-status-mapping.md` where it is not).
fn readable(status: StatusCode, headers: &HeaderMap) -> Result<(), Error> {
    let grpc = |value: &http::HeaderValue| value.as_bytes().starts_with(b"application/grpc");
    let is_grpc = headers.get(header::CONTENT_TYPE).is_some_and(grpc);
    if status == StatusCode::OK && is_grpc {
        return Ok(());
    }
    let code = match status.as_u16() {
        404 => Code::Unimplemented,
        429 | 502..=504 => Code::Unavailable,
        _ => Code::Internal,
    };
    let text = "the reply is not gRPC: check the address; the server answered with HTTP status";
    Err(Error::new(code, format!("{text} {}", status.as_u16())))
}
