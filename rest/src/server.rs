//! The server: axum's router over a backend, on the transport that all rooms share.

mod calculator;
mod chat;
mod conditions;
mod files;
mod greeter;
mod metrics;
mod numbers;
mod request;
mod streams;
mod uploads;
mod users;
mod usuarios;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use serde::Serialize;
use services::error::excerpt;
use services::{Backend, Code, Context, ServeOptions, guarded};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::Service;
use transport::accept;
use transport::http::{
    MalformedTimeout, allowed, answered_by, context, cors, message_bytes, own_name, serve_http1,
};

use self::request::{Received, Refusal};
use crate::codec::{json, openapi};
use crate::contract::{JSON, OPENAPI};
use crate::error::Problem;

/// Serves that backend over REST until `shutdown`. Then open streams end, calls in flight are
/// answered, and what is left when `options.drain` has passed is dropped.
///
/// # Errors
/// The listener's.
pub async fn serve(
    listener: TcpListener,
    backend: Arc<dyn Backend>,
    options: ServeOptions,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let closing = CancellationToken::new();
    let room = Arc::new(Room {
        backend: guarded(backend, &options, closing.clone()),
        message_bytes: message_bytes(&options.limits),
        request_timeout: options.request_timeout,
        stream_idle: options.stream_idle,
        document: json::to_bytes(&openapi::document()).expect("the document has no doubles"),
    });
    let front = Arc::new(Front {
        router: router(room),
        name: own_name(&options),
        options: options.clone(),
        local: listener.local_addr()?,
    });
    let token = closing.clone();
    accept(listener, &options, shutdown, closing, move |connection| {
        let (front, closing) = (Arc::clone(&front), token.clone());
        async move {
            let (peer, answering) = (connection.peer, Arc::clone(&front));
            let service = service_fn(move |request| {
                let front = Arc::clone(&answering);
                async move { front.answer(peer, request).await }
            });
            serve_http1(connection, &front.options, closing, service).await;
        }
    })
    .await
}

/// What stands before the router: hosts, origins, and the server's name.
struct Front {
    router: Router,
    name: Option<HeaderValue>,
    options: ServeOptions,
    local: SocketAddr,
}

impl Front {
    async fn answer(
        &self,
        peer: SocketAddr,
        request: Request<Incoming>,
    ) -> Result<Response, Infallible> {
        let context = context(request.headers(), peer);
        let mut response =
            match allowed(request.headers(), request.uri(), self.local, &self.options) {
                Err(forbidden) => Refusal::from(forbidden).into_response(),
                Ok(()) => self.allowed(context.clone(), request).await?,
            };
        let name = answered_by(&context.unwrap_or_default(), self.name.as_ref());
        if let Some(name) = name {
            response.headers_mut().insert(header::SERVER, name);
        }
        Ok(response)
    }

    async fn allowed(
        &self,
        context: Result<Context, MalformedTimeout>,
        mut request: Request<Incoming>,
    ) -> Result<Response, Infallible> {
        if let Some(headers) = cors::preflight(request.method(), request.headers()) {
            return Ok((StatusCode::NO_CONTENT, headers).into_response());
        }
        let origin = request.headers().get(header::ORIGIN).cloned();
        request.extensions_mut().insert(Received(context));
        let mut response = self.router.clone().call(request).await?;
        cors::share(origin, response.headers_mut());
        Ok(response)
    }
}

/// What the handlers share.
struct Room {
    backend: Arc<dyn Backend>,
    /// The largest body, and the longest line of an upload.
    message_bytes: usize,
    request_timeout: Duration,
    stream_idle: Duration,
    document: Bytes,
}

type Server = State<Arc<Room>>;
type Answer = Result<Response, Refusal>;

fn router(room: Arc<Room>) -> Router {
    Router::new()
        .merge(calculator::routes())
        .merge(greeter::routes())
        .merge(metrics::routes())
        .merge(numbers::routes())
        .merge(users::routes())
        .merge(usuarios::routes())
        .merge(files::routes())
        .merge(chat::routes())
        .route(OPENAPI, get(document))
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_method)
        .with_state(room)
}

async fn document(State(room): Server) -> Response {
    json_response(room.document.clone())
}

async fn unknown_path(request: Request) -> Refusal {
    let path = excerpt(request.uri().path());
    let text = format!("there is no operation at {path}: see {OPENAPI}");
    Refusal(Problem::new(404, Some(Code::Unimplemented), text))
}

/// The header `Allow` is axum's.
async fn unknown_method() -> Refusal {
    let text = "the path has no such method: the header Allow tells those that it has";
    Refusal(Problem::new(405, Some(Code::Unimplemented), text))
}

fn reply(result: &impl Serialize) -> Answer {
    let body = json::to_bytes(result).map_err(json::not_finite)?;
    Ok(json_response(body))
}

fn created(result: &impl Serialize) -> Answer {
    let mut response = reply(result)?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

fn json_response(body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    let json = HeaderValue::from_static(JSON);
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
