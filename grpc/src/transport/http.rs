//! Which HTTP requests come in. Native gRPC comes over HTTP/2 from programs, gRPC-Web over either
//! version from browsers, which send hosts and origins that have to be checked and ask
//! beforehand whether they may call (CORS preflight).

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Version, header};
use hyper::body::Incoming;
use services::{Code, Error, ServeOptions};
use tonic::body::Body;
use tonic::codegen::Service;
use tonic_web::{GrpcWebLayer, GrpcWebService};
use tower::Layer;
use transport::http::{Forbidden, allowed, own_name};

use super::request_body::IncomingBody;
use super::routes::Routes;
use crate::error::to_wire;

/// What scripts of an allowed origin may read beside the headers that every script may.
const EXPOSE_HEADERS: HeaderValue = HeaderValue::from_static("grpc-status, grpc-message, server");

/// How long a browser may remember a preflight, in seconds: the longest that Chromium honours.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// The HTTP service of one server.
pub(crate) struct HttpService {
    routes: Routes,
    options: ServeOptions,
    /// The header `server` of what is no call's answer.
    name: Option<HeaderValue>,
}

/// The addresses of both ends of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Addresses {
    pub(crate) peer: SocketAddr,
    pub(crate) local: SocketAddr,
}

impl HttpService {
    pub(crate) fn new(routes: Routes, options: ServeOptions) -> Self {
        Self {
            routes,
            name: own_name(&options),
            options,
        }
    }

    /// Answers any request. A panic outside of the backend, whose own the guard catches, is an
    /// Internal error as well.
    pub(crate) async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
        addresses: Addresses,
    ) -> Response<Body> {
        let answered = AssertUnwindSafe(self.admit(request, addresses)).catch_unwind();
        let mut response = answered.await.unwrap_or_else(|_| {
            let error = Error::new(Code::Internal, "the server's log has the reason");
            to_wire(&error).into_http()
        });
        if let Some(name) = &self.name {
            let named = response.headers_mut().entry(header::SERVER);
            named.or_insert_with(|| name.clone());
        }
        response
    }

    async fn admit(&self, request: Request<Incoming>, addresses: Addresses) -> Response<Body> {
        let origin = request.headers().get(header::ORIGIN).cloned();
        let native = request.version() == Version::HTTP_2 && is_grpc(request.headers());
        // A browser sends an origin with every POST; other programs need no check over HTTP/2,
        // whose cleartext no browser speaks.
        if native && origin.is_none() {
            return self.native(request, addresses).await;
        }
        if let Err(forbidden) = self.allowed(&request, addresses) {
            return plain(StatusCode::FORBIDDEN, &forbidden.to_string());
        }
        let mut response = match (native, request.method()) {
            (true, _) => self.native(request, addresses).await,
            (false, &Method::OPTIONS) => preflight(request.headers()),
            (false, _) => self.web(request, addresses).await,
        };
        if let Some(origin) = origin {
            allow_origin(origin, response.headers_mut());
        }
        response
    }

    fn allowed(&self, request: &Request<Incoming>, addresses: Addresses) -> Result<(), Forbidden> {
        allowed(
            request.headers(),
            request.uri(),
            addresses.local,
            &self.options,
        )
    }

    async fn native(&self, request: Request<Incoming>, addresses: Addresses) -> Response<Body> {
        if request.method() != Method::POST {
            return plain(
                StatusCode::METHOD_NOT_ALLOWED,
                "gRPC calls are sent by POST",
            );
        }
        let request = request.map(|body| IncomingBody::new(body, Version::HTTP_2));
        self.routes.answer(request, addresses.peer).await
    }

    async fn web(&self, request: Request<Incoming>, addresses: Addresses) -> Response<Body> {
        if !is_grpc_web(request.headers()) {
            let wanted = "send application/grpc over HTTP/2, or application/grpc-web";
            return plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, wanted);
        }
        let version = request.version();
        let request = request.map(|body| IncomingBody::new(body, version));
        let inner = Inner(self.routes.clone(), addresses);
        let mut translated: GrpcWebService<Inner> = GrpcWebLayer::new().layer(inner);
        let Ok(response) = translated.call(request).await;
        response
    }
}

/// The routes as tonic-web wants its inner service.
struct Inner(Routes, Addresses);

impl Service<Request<Body>> for Inner {
    type Response = Response<Body>;
    type Error = std::convert::Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(
        &mut self,
        _task: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Self::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Self(routes, addresses) = self;
        let (routes, peer) = (routes.clone(), addresses.peer);
        async move { Ok(routes.answer(request, peer).await) }.boxed()
    }
}

/// Whether the request says that it is gRPC ("gRPC over HTTP2", Content-Type) and not gRPC-Web.
fn is_grpc(headers: &HeaderMap) -> bool {
    let rest = content_type(headers).strip_prefix(b"application/grpc");
    rest.is_some_and(|rest| matches!(rest, [] | [b'+' | b';', ..]))
}

fn is_grpc_web(headers: &HeaderMap) -> bool {
    content_type(headers).starts_with(b"application/grpc-web")
}

fn content_type(headers: &HeaderMap) -> &[u8] {
    headers
        .get(header::CONTENT_TYPE)
        .map_or(b"", HeaderValue::as_bytes)
}

/// The answer to a browser that asks whether it may call (Fetch standard, "CORS-preflight fetch").
/// Its origin has passed already.
fn preflight(asked: &HeaderMap) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    let methods = HeaderValue::from_static("POST");
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    // Metadata may have any name, so whatever is asked for is allowed.
    if let Some(names) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    response
}

/// Lets scripts of that origin, which has passed, read the answer.
fn allow_origin(origin: HeaderValue, headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSE_HEADERS);
    headers.append(header::VARY, HeaderValue::from_static("origin"));
}

fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let text = Bytes::copy_from_slice(text.as_bytes());
    let mut response = Response::new(Body::new(http_body_util::Full::new(text)));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    response
}
