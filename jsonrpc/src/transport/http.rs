//! The door: HTTP POST to any path, and the upgrade to WebSocket on the same port.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use ::transport::Connection;
use ::transport::http::{
    BodyError, allowed, answered_by, context, media_type, message_bytes, own_name, read_body,
    serve_http1,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use services::{Code, Error, ServeOptions};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::dispatch::{Caller, Service, Wire};
use super::websocket;
use crate::codec::reply::refusal;
use crate::codec::request::{self, invalid};
use crate::error::WireError;

/// Serves those methods over HTTP and WebSocket until `shutdown`; then `closing` is cancelled,
/// calls in flight end, and what is left when `options.drain` has passed is dropped.
///
/// # Errors
/// The listener's.
pub async fn serve_methods(
    listener: TcpListener,
    service: Service,
    options: ServeOptions,
    shutdown: impl Future<Output = ()> + Send + 'static,
    closing: CancellationToken,
) -> io::Result<()> {
    let shared = Arc::new(Shared {
        name: own_name(&options),
        service,
        options: options.clone(),
        closing: closing.clone(),
    });
    let handle = move |connection| handle(Arc::clone(&shared), connection);
    ::transport::accept(listener, &options, shutdown, closing, handle).await
}

/// What all connections of a server share.
#[derive(Debug)]
pub(super) struct Shared {
    name: Option<HeaderValue>,
    service: Service,
    pub(super) options: ServeOptions,
    pub(super) closing: CancellationToken,
}

impl Shared {
    pub(super) fn message_bytes(&self) -> usize {
        message_bytes(&self.options.limits)
    }

    pub(super) fn caller(&self, wire: Wire) -> Caller {
        let calls = self.options.limits.calls_per_connection;
        Caller::new(self.service.clone(), wire, calls)
    }
}

/// One connection: HTTP, then WebSocket where it was upgraded. Both run in this future, so that
/// dropping it ends everything.
async fn handle(shared: Arc<Shared>, connection: Connection) {
    let door = Arc::new(Door {
        caller: shared.caller(Wire::Http),
        peer: connection.peer,
        local: connection.local,
        upgrade: Mutex::default(),
        shared: Arc::clone(&shared),
    });
    let serving = Arc::clone(&door);
    let service = service_fn(move |request| {
        let door = Arc::clone(&serving);
        async move { Ok::<_, Infallible>(door.respond(request).await) }
    });
    serve_http1(connection, &shared.options, shared.closing.clone(), service).await;
    let upgraded = door.lock().take();
    if let Some((upgrade, context)) = upgraded
        && let Ok(upgraded) = upgrade.await
    {
        drop(door);
        websocket::serve(upgraded, context, shared).await;
    }
}

/// One connection while it speaks HTTP.
struct Door {
    shared: Arc<Shared>,
    caller: Caller,
    peer: SocketAddr,
    local: SocketAddr,
    upgrade: Mutex<Option<(OnUpgrade, services::Context)>>,
}

impl Door {
    async fn respond(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let mut response = match self.answered(request).await {
            Ok(response) => response,
            Err(refused) => refused.response(),
        };
        if let Some(name) = &self.shared.name {
            let named = response.headers_mut().entry(header::SERVER);
            named.or_insert_with(|| name.clone());
        }
        response
    }

    async fn answered(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Refused> {
        allowed(
            request.headers(),
            request.uri(),
            self.local,
            &self.shared.options,
        )
        .map_err(|forbidden| Refused::request(StatusCode::FORBIDDEN, &forbidden.to_string()))?;
        let context = context(request.headers(), self.peer)
            .map_err(|wrong| WireError::from(&Error::InvalidArgument(wrong.to_string())));
        if websocket::is_upgrade(&request) {
            let status = StatusCode::BAD_REQUEST;
            let context = context.map_err(|error| Refused { status, error })?;
            return self.upgraded(request, context);
        }
        acceptable(&request)?;
        let limits = (
            self.shared.message_bytes(),
            self.shared.options.request_timeout,
        );
        let body = read_body(request.into_body(), limits.0, limits.1).await?;
        let text = match (request::text(&body), context) {
            (Ok(text), Ok(context)) => return Ok(self.answer(text, &context).await),
            // A malformed deadline is the call's error, which its caller looks for under its id.
            (Ok(text), Err(error)) => {
                let id = request::Request::parse(text).ok().and_then(|it| it.id);
                Some(refusal(id, &error))
            }
            (Err(error), _) => Some(refusal(None, &error)),
        };
        Ok(json(StatusCode::OK, text))
    }

    async fn answer(&self, text: &str, context: &services::Context) -> Response<Full<Bytes>> {
        let answer = self.caller.answer(text, context).await;
        let mut response = json(StatusCode::OK, answer.text);
        if let Some(name) = answered_by(context, self.shared.name.as_ref()) {
            response.headers_mut().insert(header::SERVER, name);
        }
        response
    }

    fn upgraded(
        &self,
        mut request: Request<Incoming>,
        context: services::Context,
    ) -> Result<Response<Full<Bytes>>, Refused> {
        let response = websocket::accepted(request.headers())
            .map_err(|(status, reason)| Refused::request(status, reason))?;
        *self.lock() = Some((hyper::upgrade::on(&mut request), context));
        Ok(response.map(|()| Full::default()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<(OnUpgrade, services::Context)>> {
        self.upgrade.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Only POST of JSON. A missing type is refused like a wrong one: a page in a browser may send a
/// body without a type to any address, unasked.
fn acceptable(request: &Request<Incoming>) -> Result<(), Refused> {
    if request.method() != Method::POST {
        return Err(Refused::request(
            StatusCode::METHOD_NOT_ALLOWED,
            "send requests by POST, or upgrade to WebSocket",
        ));
    }
    if !is_json(request.headers()) {
        return Err(Refused::request(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the content type is not application/json or application/json-rpc",
        ));
    }
    Ok(())
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = media_type(headers).unwrap_or_default();
    ["application/json", "application/json-rpc"]
        .iter()
        .any(|json| media_type.eq_ignore_ascii_case(json))
}

/// A request that HTTP itself refuses. Its body is an error reply all the same.
struct Refused {
    status: StatusCode,
    error: WireError,
}

impl Refused {
    fn request(status: StatusCode, reason: &str) -> Self {
        Self {
            status,
            error: invalid(reason),
        }
    }

    fn response(&self) -> Response<Full<Bytes>> {
        let mut response = json(self.status, Some(refusal(None, &self.error)));
        let wanted = match self.status {
            StatusCode::METHOD_NOT_ALLOWED => Some((header::ALLOW, "POST")),
            StatusCode::UPGRADE_REQUIRED => {
                Some((header::SEC_WEBSOCKET_VERSION, websocket::VERSION))
            }
            _ => None,
        };
        if let Some((name, value)) = wanted {
            let value = HeaderValue::from_static(value);
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<BodyError> for Refused {
    fn from(error: BodyError) -> Self {
        let code = match error {
            BodyError::TooLarge => Code::ResourceExhausted,
            BodyError::TimedOut => Code::DeadlineExceeded,
            // Nobody is left to read this.
            BodyError::Broken => Code::Cancelled,
        };
        Self {
            status: error.status(),
            error: WireError::from(&Error::new(code, error.to_string())),
        }
    }
}

/// JSON, or nothing. Nothing has status 200 too: jsonrpclib-pelix fails on 204, and JSON-RPC 2.0
/// fixes no status.
fn json(status: StatusCode, text: Option<String>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text.unwrap_or_default()));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
