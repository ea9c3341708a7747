//! The server: XML-RPC by POST to `/` and `/RPC2`. From a request to its answer in one file each:
//! HTTP here, `calls`, `streams`, then one for each service.

mod calculator;
mod calls;
mod chat;
mod download;
mod files;
mod greeter;
mod metrics;
mod numbers;
mod request;
mod streams;
mod system;
mod users;
mod usuarios;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use dxr::Fault;
use http::header::{ALLOW, CONTENT_TYPE, SERVER};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use services::{Backend, Context, ServeOptions, guarded};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use transport::Connection;
use transport::http::{answered_by, own_name, serve_http1};
use transport::sessions::{Opened, Sessions, places};

use crate::codec::{read_call, write_fault, write_reply};
use crate::error::{to_wire, unreadable};
use crate::server::request::Refusal;
use crate::server::streams::Session;

const XML: HeaderValue = HeaderValue::from_static("text/xml");

/// Serves a backend until `shutdown`. Then open streams end with Unavailable, calls in flight are
/// answered within `options.drain`, and what is left is dropped.
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
    let room = Arc::new(Room::new(backend, options, closing.clone()));
    let handler = Arc::clone(&room);
    let handle = move |connection| connected(Arc::clone(&handler), connection);
    tokio::select! {
        served = transport::accept(listener, &room.options, shutdown, closing, handle) => served,
        never = room.sessions.expire() => match never {},
    }
}

/// What all calls of one server share.
struct Room {
    backend: Arc<dyn Backend>,
    sessions: Sessions<Opened<Session>>,
    options: ServeOptions,
    name: Option<HeaderValue>,
    closing: CancellationToken,
}

impl Room {
    fn new(backend: Arc<dyn Backend>, options: ServeOptions, closing: CancellationToken) -> Self {
        Self {
            backend: guarded(backend, &options, closing.clone()),
            sessions: Sessions::new(places(options.limits.streams), options.stream_idle),
            name: own_name(&options),
            options,
            closing,
        }
    }
}

async fn connected(room: Arc<Room>, connection: Connection) {
    let (peer, local) = (connection.peer, connection.local);
    let service = service_fn(|request| {
        let room = Arc::clone(&room);
        async move { Ok::<_, Infallible>(answer(&room, peer, local, request).await) }
    });
    serve_http1(connection, &room.options, room.closing.clone(), service).await;
}

async fn answer(
    room: &Room,
    peer: SocketAddr,
    local: SocketAddr,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let context = request::context(request.headers(), peer);
    let mut response = match respond(room, &context, local, request).await {
        Ok(body) => document(body),
        Err(refusal) => refused(&refusal),
    };
    let name = match &context {
        Ok(context) => answered_by(context, room.name.as_ref()),
        Err(_) => room.name.clone(),
    };
    if let Some(name) = name {
        response.headers_mut().insert(SERVER, name);
    }
    response
}

/// The document that answers a request: whatever the call comes to, a fault too, is HTTP 200.
async fn respond(
    room: &Room,
    context: &Result<Context, Fault>,
    local: SocketAddr,
    request: Request<Incoming>,
) -> Result<Vec<u8>, Refusal> {
    request::check(&request, local, &room.options)?;
    let body = request::read(request.into_body(), &room.options).await?;
    Ok(match context {
        Ok(context) => called(room, context, &body).await,
        Err(fault) => write_fault(fault),
    })
}

async fn called(room: &Room, context: &Context, body: &[u8]) -> Vec<u8> {
    match read_call(body) {
        Ok(call) => made(room, context, call).await,
        Err(error) => write_fault(&unreadable(&error)),
    }
}

async fn made(room: &Room, context: &Context, call: dxr::MethodCall<'_>) -> Vec<u8> {
    let result = calls::call(room, context, call).await;
    let written = result
        .and_then(|value| write_reply(&value).map_err(|error| to_wire(&calls::unwritable(&error))));
    written.unwrap_or_else(|fault| write_fault(&fault))
}

fn document(body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
    response.headers_mut().insert(CONTENT_TYPE, XML);
    response
}

fn refused(refusal: &Refusal) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(format!("{}\n", refusal.reason)));
    *response.status_mut() = refusal.status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    if refusal.status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response
}
