//! `/metrics` over HTTP.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use services::{Limits, ServeOptions, Traffic};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use transport::Connection;
use transport::http::{allowed, serve_http1};

use super::{Format, Meter};

/// Where the page is.
pub(crate) const PATH: &str = "/metrics";

/// Readers at a time: a Prometheus or two, and who looks by hand.
const CONNECTIONS: usize = 16;

/// Serves the meter's page until `shutdown`, to the hosts and origins that the options allow. Its
/// own bytes are not counted.
///
/// # Errors
/// The listener's.
pub async fn serve(
    listener: TcpListener,
    meter: Arc<Meter>,
    options: ServeOptions,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let options = Arc::new(ServeOptions {
        limits: Limits {
            connections: CONNECTIONS,
            ..options.limits
        },
        traffic: Arc::new(Traffic::default()),
        ..options
    });
    let closing = CancellationToken::new();
    let (shared, end) = (Arc::clone(&options), closing.clone());
    let handle = move |connection| {
        let (meter, options, closing) = (Arc::clone(&meter), Arc::clone(&shared), end.clone());
        async move { connected(&meter, &options, closing, connection).await }
    };
    transport::accept(listener, &options, shutdown, closing, handle).await
}

async fn connected(
    meter: &Arc<Meter>,
    options: &Arc<ServeOptions>,
    closing: CancellationToken,
    connection: Connection,
) {
    let local = connection.local;
    let service = service_fn(|request| {
        let answer = answer(meter, options, local, &request);
        async move { Ok::<_, Infallible>(answer) }
    });
    serve_http1(connection, options, closing, service).await;
}

fn answer(
    meter: &Meter,
    options: &ServeOptions,
    local: SocketAddr,
    request: &Request<Incoming>,
) -> Response<Full<Bytes>> {
    if let Err(forbidden) = allowed(request.headers(), request.uri(), local, options) {
        return told(StatusCode::FORBIDDEN, forbidden.to_string());
    }
    if request.uri().path() != PATH {
        return told(StatusCode::NOT_FOUND, format!("the metrics are at {PATH}"));
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let text = "the metrics are read by GET".to_owned();
        let mut response = told(StatusCode::METHOD_NOT_ALLOWED, text);
        let methods = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(ALLOW, methods);
        return response;
    }
    let format = Format::accepted(request.headers());
    match meter.page(format) {
        Ok(page) => document(page, format.content_type()),
        Err(cause) => told(StatusCode::INTERNAL_SERVER_ERROR, cause.to_string()),
    }
}

fn told(status: StatusCode, text: String) -> Response<Full<Bytes>> {
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    let mut response = document(text + "\n", plain);
    *response.status_mut() = status;
    response
}

fn document(text: String, content_type: HeaderValue) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
