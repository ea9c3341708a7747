//! HTTP/2 beside HTTP/1.1 on one port, told apart by the connection's first bytes.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::time::Duration;

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::Service;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use services::ServeOptions;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{HEAD_BYTES, http1_on, until_closed};
use crate::accept::Connection;
use crate::socket::Socket;

/// What a client of HTTP/2 sends first (RFC 9113 section 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// How often a connection that has sent a part of the preface is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// How often a silent connection is asked whether it lives, and how long its answer may take.
const PING_INTERVAL: Duration = Duration::from_secs(20);
const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// Streams that this side reset because of the peer's errors, before the connection is closed.
/// Without a limit one connection takes 30,000 resets.
const LOCAL_ERROR_RESETS: usize = 256;

/// Serves HTTP/1.1 or HTTP/2, whichever the connection begins with; the preface takes at most
/// `options.request_timeout`. At most `options.limits.calls_per_connection` streams are open at a
/// time. Otherwise as [`serve_http1`](super::serve_http1).
pub async fn serve_auto<S, B>(
    connection: Connection,
    options: &ServeOptions,
    closing: CancellationToken,
    service: S,
) where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    S::Future: Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let sniffed = timeout(options.request_timeout, is_http2(&connection.socket)).await;
    let io = TokioIo::new(connection.socket);
    match sniffed {
        Ok(Ok(true)) => {
            let serving = builder(options).serve_connection(io, service);
            until_closed(serving, closing, |serving| serving.graceful_shutdown()).await;
        }
        Ok(Ok(false)) => http1_on(io, options, closing, service).await,
        // Silent for too long, or gone.
        Err(_) | Ok(Err(_)) => {}
    }
}

async fn is_http2(socket: &Socket) -> std::io::Result<bool> {
    let mut seen = [0; PREFACE.len()];
    loop {
        let length = socket.peek(&mut seen).await?;
        if length == 0 || !PREFACE.starts_with(&seen[..length]) {
            return Ok(false);
        }
        if length == PREFACE.len() {
            return Ok(true);
        }
        // The socket stays readable while the part waits, so there is nothing else to wait for.
        sleep(LOOK_AGAIN).await;
    }
}

/// The tasks that the executor spawns are the streams'; they end when the connection is dropped,
/// since that resets every stream.
fn builder(options: &ServeOptions) -> http2::Builder<TokioExecutor> {
    let streams = u32::try_from(options.limits.calls_per_connection).unwrap_or(u32::MAX);
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(streams)
        .max_local_error_reset_streams(LOCAL_ERROR_RESETS)
        .max_header_list_size(HEAD_BYTES as u32)
        .keep_alive_interval(PING_INTERVAL)
        .keep_alive_timeout(PING_TIMEOUT);
    builder
}
