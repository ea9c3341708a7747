//! The server: axum's router over a backend, on the transport that all rooms share.

mod request;
mod streams;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use serde::Serialize;
use services::error::excerpt;
use services::{Backend, Code, Error, ServeOptions, guarded};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::Service;
use transport::accept;
use transport::http::{allowed, serve_http1};

use self::request::{Address, Call, Json, Peer, Refusal, check_lines};
use self::streams::{events, seen, uploaded};
use crate::codec::{json, openapi, percent};
use crate::contract::{self, JSON, OPENAPI};
use crate::convert::{self, Number, Operands, Pid, Scalar, Text, Usage};
use crate::error::Problem;

/// The largest body and the longest line of an upload in bytes, unless the options say otherwise.
const MESSAGE_BYTES: usize = 2 * 1024 * 1024;

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
        message_bytes: options.limits.message_bytes.unwrap_or(MESSAGE_BYTES),
        request_timeout: options.request_timeout,
        stream_idle: options.stream_idle,
        document: json::to_bytes(&openapi::document()).expect("the document has no doubles"),
    });
    let front = Arc::new(Front {
        router: router(room),
        name: options
            .name
            .as_deref()
            .and_then(|name| HeaderValue::from_str(name).ok()),
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
        mut request: Request<Incoming>,
    ) -> Result<Response, Infallible> {
        let mut response =
            match allowed(request.headers(), request.uri(), self.local, &self.options) {
                Err(forbidden) => Refusal::from(forbidden).into_response(),
                Ok(()) => {
                    request.extensions_mut().insert(Peer(peer));
                    self.router.clone().call(request).await?
                }
            };
        if let Some(name) = &self.name {
            response.headers_mut().insert(header::SERVER, name.clone());
        }
        Ok(response)
    }
}

/// What the handlers share.
struct Room {
    backend: Arc<dyn Backend>,
    message_bytes: usize,
    request_timeout: Duration,
    stream_idle: Duration,
    document: Bytes,
}

type Server = State<Arc<Room>>;
type Answer = Result<Response, Refusal>;

fn router(room: Arc<Room>) -> Router {
    // An empty segment, and the two that are paths of their own, are types of metrics too.
    let empty_stream = contract::STREAM_METRICS.with_segment("");
    let empty_metric = contract::GET_METRIC.with_segment("");
    let empty_service = contract::CHECK_HEALTH.with_segment("");
    Router::new()
        .route(contract::ADD.path, post(add))
        .route(contract::MULTIPLY.path, post(multiply))
        .route(contract::UPPERCASE.path, post(uppercase))
        .route(contract::CUBE.path, post(cube))
        .route(contract::SAY_HELLO.path, post(say_hello))
        .route(contract::SAY_HELLO_AGAIN.path, post(say_hello_again))
        .route(
            contract::CALCULATE_METRICS.path,
            post(calculate_metrics).get(get_metric),
        )
        .route(contract::GET_SYSTEM_INFO.path, get(get_system_info))
        .route(contract::GET_METRIC.path, get(get_metric))
        .route(&empty_metric, get(get_metric))
        .route(contract::STREAM_METRICS.path, get(stream_metrics))
        .route(&empty_stream, get(stream_metrics))
        .route(
            contract::RECORD_METRICS.path,
            post(record_metrics).get(get_metric),
        )
        .route(contract::CHECK_HEALTH.path, get(check_health))
        .route(&empty_service, get(check_health))
        .route(contract::STREAM_NUMBERS.path, get(stream_numbers))
        .route(OPENAPI, get(document))
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_method)
        .with_state(room)
}

async fn add(State(room): Server, Call(context): Call, Json(body): Json<Operands>) -> Answer {
    let result = room.backend.add(&context, body.a, body.b).await?;
    reply(&Scalar { result })
}

async fn multiply(State(room): Server, Call(context): Call, Json(body): Json<Operands>) -> Answer {
    let result = room.backend.multiply(&context, body.a, body.b).await?;
    reply(&Scalar { result })
}

async fn uppercase(
    State(room): Server,
    Call(context): Call,
    Json(body): Json<Text<'static>>,
) -> Answer {
    let result = room.backend.uppercase(&context, &body.text).await?;
    reply(&Scalar { result })
}

async fn cube(State(room): Server, Call(context): Call, Json(body): Json<Number>) -> Answer {
    let result = room.backend.cube(&context, body.number).await?;
    reply(&Scalar { result })
}

async fn say_hello(State(room): Server, Call(context): Call, Json(body): Json<Pid>) -> Answer {
    let result = room.backend.say_hello(&context, body.pid).await?;
    reply(&Scalar { result })
}

async fn say_hello_again(
    State(room): Server,
    Call(context): Call,
    Json(body): Json<Pid>,
) -> Answer {
    let result = room.backend.say_hello_again(&context, body.pid).await?;
    reply(&Scalar { result })
}

async fn calculate_metrics(
    State(room): Server,
    Call(context): Call,
    Json(body): Json<Usage<'static>>,
) -> Answer {
    let usage = convert::usage_from_wire(body);
    let report = room.backend.calculate_metrics(&context, &usage).await?;
    reply(&convert::usage_report_to_wire(&report))
}

async fn get_system_info(State(room): Server, Call(context): Call, address: Address) -> Answer {
    let [] = percent::query(address.query(), [])?;
    let info = room.backend.get_system_info(&context).await?;
    reply(&convert::system_info_to_wire(info))
}

async fn get_metric(State(room): Server, Call(context): Call, address: Address) -> Answer {
    let request = convert::metric_request_from_wire(address.segment(2), address.query())?;
    let metric = room.backend.get_metric(&context, &request).await?;
    reply(&convert::metric_to_wire(metric))
}

async fn stream_metrics(
    State(room): Server,
    Call(context): Call,
    address: Address,
    headers: HeaderMap,
) -> Answer {
    let request = convert::metric_request_from_wire(address.segment(2), address.query())?;
    let seen = seen(&headers)?;
    let metrics = room.backend.stream_metrics(&context, &request).await?;
    Ok(events(metrics, seen, convert::metric_to_wire))
}

async fn record_metrics(
    State(room): Server,
    Call(context): Call,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    check_lines(&headers)?;
    // A connection that closes within a request is seen by who reads the request, not by hyper,
    // which would go on waiting for the answer; so the backend is told, and then dropped.
    let broken = CancellationToken::new();
    let metrics = uploaded(body, &room, broken.clone());
    let recording = room.backend.record_metrics(&context, metrics);
    let recorded = broken.run_until_cancelled(recording).await;
    match recorded.unwrap_or_else(|| Err(gone())) {
        Ok(summary) => reply(&convert::metrics_summary_to_wire(&summary)),
        // Of an upload it is the size, or that of a line, that is too much.
        Err(error @ Error::ResourceExhausted(_)) => {
            let code = Some(error.code());
            Err(Refusal(Problem::new(413, code, error.to_string())))
        }
        Err(error) => Err(error.into()),
    }
}

/// The answer to an upload that broke off, which nobody reads.
fn gone() -> Error {
    Error::new(Code::Cancelled, "the upload broke off before its end")
}

async fn check_health(State(room): Server, Call(context): Call, address: Address) -> Answer {
    let service = convert::service_from_wire(address.segment(2), address.query())?;
    let health = room.backend.check_health(&context, &service).await?;
    reply(&convert::health_to_wire(health))
}

async fn stream_numbers(
    State(room): Server,
    Call(context): Call,
    address: Address,
    headers: HeaderMap,
) -> Answer {
    let range = convert::number_range_from_wire(address.query())?;
    let seen = seen(&headers)?;
    let numbers = room.backend.stream_numbers(&context, range).await?;
    Ok(events(numbers, seen, convert::number_item_to_wire))
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

fn json_response(body: Bytes) -> Response {
    let mut response = Response::new(body.into());
    let json = HeaderValue::from_static(JSON);
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
