//! What HTTP has to be right before XML-RPC begins.

use std::net::SocketAddr;

use bytes::Bytes;
use dxr::Fault;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, Method, Request, StatusCode};
use hyper::body::Incoming;
use services::{Context, Error, ServeOptions};
use transport::http::{allowed, media_type, message_bytes, read_body};

use crate::codec::{Class, is_supported_encoding};
use crate::error::to_wire;

/// Where XML-RPC is served: the root, and the path that Python's client asks for by itself.
const PATHS: [&str; 2] = ["/", "/RPC2"];

/// The types of XML; parameters may follow. `text/xml` is the specification's.
const TYPES: [&str; 2] = ["text/xml", "application/xml"];

/// An HTTP error: the request never became a call.
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) reason: String,
}

impl Refusal {
    fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self { status, reason }
    }
}

/// Checks all but the body.
pub(super) fn check(
    request: &Request<Incoming>,
    local: SocketAddr,
    options: &ServeOptions,
) -> Result<(), Refusal> {
    let headers = request.headers();
    allowed(headers, request.uri(), local, options)
        .map_err(|forbidden| Refusal::new(StatusCode::FORBIDDEN, forbidden.to_string()))?;
    if !PATHS.contains(&request.uri().path()) {
        let reason = "XML-RPC is served at / and at /RPC2";
        return Err(Refusal::new(StatusCode::NOT_FOUND, reason));
    }
    if request.method() != Method::POST {
        let reason = "XML-RPC is called by POST";
        return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, reason));
    }
    check_type(headers)
}

/// A missing type is accepted, as old clients send none. Another one is refused: an HTML form's, for
/// one, which browsers send without asking first. (What they send without a type has an `Origin`.)
fn check_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let unsupported = |reason| Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason));
    if headers.contains_key(CONTENT_ENCODING) {
        return unsupported("compressed requests are not supported: send the XML as it is");
    }
    let is_known = |kind: &str| TYPES.iter().any(|known| known.eq_ignore_ascii_case(kind));
    if media_type(headers).is_none_or(is_known) {
        return Ok(());
    }
    unsupported("XML-RPC is sent as text/xml")
}

/// Reads the body, within the limits of size and time.
pub(super) async fn read(body: Incoming, options: &ServeOptions) -> Result<Bytes, Refusal> {
    let limit = message_bytes(&options.limits);
    let read = read_body(body, limit, options.request_timeout).await;
    read.map_err(|error| Refusal::new(error.status(), error.to_string()))
}

/// The call's context; a malformed deadline and a foreign encoding are faults already, since a
/// caller of XML-RPC looks for faults.
pub(super) fn context(headers: &HeaderMap, peer: SocketAddr) -> Result<Context, Fault> {
    if charset(headers).is_some_and(|charset| !is_supported_encoding(charset)) {
        let reason = "only UTF-8 is supported, and Content-Type names another charset";
        return Err(Fault::new(Class::Encoding.fault_code(), reason.into()));
    }
    transport::http::context(headers, peer)
        .map_err(|error| to_wire(&Error::InvalidArgument(error.to_string())))
}

/// The parameter `charset`, which outranks the XML declaration (RFC 7303 section 3).
fn charset(headers: &HeaderMap) -> Option<&str> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches('"'))
    })
}
