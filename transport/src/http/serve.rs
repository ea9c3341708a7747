//! HTTP on one accepted connection.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::pin::Pin;

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use services::ServeOptions;
use tokio_util::sync::CancellationToken;

use crate::accept::Connection;

/// The longest head of a request in bytes; hyper answers a longer one with status 431.
const HEAD_BYTES: usize = 32 * 1024;

/// The largest buffer a connection, in bytes: enough for a workload's largest body at once.
const BUFFER_BYTES: usize = 128 * 1024;

/// Serves HTTP/1.1 on a connection. When `closing` is cancelled, the request in flight is answered,
/// then the connection closes. A caller who disconnects drops the service's future.
///
/// A head takes at most `options.request_timeout`; so does an idle connection. Bodies are the
/// service's to read in time ([`read_body`](super::read_body)). Upgrades work: a connection that
/// was upgraded has left this function when it returns, and the handler goes on with it.
pub async fn serve_http1<S, B>(
    connection: Connection,
    options: &ServeOptions,
    closing: CancellationToken,
    service: S,
) where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    B: Body + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let io = TokioIo::new(connection.socket);
    http1_on(io, options, closing, service).await;
}

async fn http1_on<I, S, B>(io: I, options: &ServeOptions, closing: CancellationToken, service: S)
where
    I: Read + Write + Unpin + Send + 'static,
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    B: Body + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(options.request_timeout)
        .max_header_size(HEAD_BYTES)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(io, service)
        .with_upgrades();
    until_closed(serving, closing, |serving| serving.graceful_shutdown()).await;
}

/// Drives a connection to its end, which `shut` hastens once `closing` is cancelled. How it ended
/// is the peer's affair: it broke off, or was told by HTTP what was wrong.
async fn until_closed<C: Future>(
    serving: C,
    closing: CancellationToken,
    shut: impl FnOnce(Pin<&mut C>),
) {
    // A child, so that the connections do not contend for the lock of one token at every wake.
    let closing = closing.child_token();
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        biased;
        _ = serving.as_mut() => return,
        () = closing.cancelled() => shut(serving.as_mut()),
    }
    serving.await;
}

#[cfg(feature = "http2")]
pub use http2::serve_auto;

#[cfg(feature = "http2")]
mod http2;
