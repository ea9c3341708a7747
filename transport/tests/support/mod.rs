//! Servers for the tests: on port 0, ended when they are dropped.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test binary uses a part of what all of them share"
)]

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use services::ServeOptions;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use transport::{Connection, accept, http as protocol};

/// No test waits longer for anything.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What is awaited, or a failed test.
pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .expect("this should have happened long ago")
}

/// A server in a task.
pub struct Running {
    pub address: SocketAddr,
    pub shutdown: CancellationToken,
    pub closing: CancellationToken,
    task: Option<JoinHandle<std::io::Result<()>>>,
}

impl Running {
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits for the server's end.
    pub async fn ended(&mut self) {
        let task = self.task.take().expect("waited for once");
        soon(task).await.unwrap().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// Accepts connections for `handle`.
pub async fn accepting<H, F>(options: ServeOptions, handle: H) -> Running
where
    H: Fn(Connection, CancellationToken) -> F + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (shutdown, closing) = (CancellationToken::new(), CancellationToken::new());
    let (stop, token) = (shutdown.clone().cancelled_owned(), closing.clone());
    let task = tokio::spawn(async move {
        let closing = token.clone();
        accept(listener, &options, stop, token, move |connection| {
            handle(connection, closing.clone())
        })
        .await
    });
    Running {
        address,
        shutdown,
        closing,
        task: Some(task),
    }
}

/// Serves HTTP/1.1, or HTTP/2 where the test says so, with one function for all requests.
pub async fn serving<S, F>(options: ServeOptions, version: Version, answer: S) -> Running
where
    S: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Full<Bytes>>> + Send + 'static,
{
    let settings = options.clone();
    accepting(options, move |connection, closing| {
        let (options, answer) = (settings.clone(), answer.clone());
        async move {
            let service = service_fn(move |request| {
                let answer = answer(request);
                async move { Ok::<_, Infallible>(answer.await) }
            });
            match version {
                Version::Http1 => {
                    protocol::serve_http1(connection, &options, closing, service).await;
                }
                #[cfg(feature = "http2")]
                Version::Auto => {
                    protocol::serve_auto(connection, &options, closing, service).await;
                }
            }
        }
    })
    .await
}

/// Which function of the transport serves.
#[derive(Debug, Clone, Copy)]
pub enum Version {
    Http1,
    #[cfg(feature = "http2")]
    Auto,
}

/// Answers every request with its body.
pub async fn echo(request: Request<Incoming>) -> Response<Full<Bytes>> {
    let read = protocol::read_body(request.into_body(), 1_000, PATIENCE).await;
    Response::new(Full::new(read.unwrap()))
}
