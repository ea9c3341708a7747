//! The handshake that turns an HTTP connection into a WebSocket: RFC 6455, section 4.2.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// The only version of WebSocket: RFC 6455, section 4.1.
pub const VERSION: &str = "13";

/// Whether a request asks for the upgrade: RFC 6455, section 4.2.1.
pub fn is_upgrade<B>(request: &Request<B>) -> bool {
    request.method() == Method::GET
        && names(request.headers(), header::UPGRADE, "websocket")
        && names(request.headers(), header::CONNECTION, "upgrade")
}

/// Whether a header's list has that word.
fn names(headers: &HeaderMap, header: HeaderName, word: &str) -> bool {
    let values = headers.get_all(header);
    let mut words = values
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','));
    words.any(|listed| listed.trim().eq_ignore_ascii_case(word))
}

/// The response that begins a WebSocket connection.
///
/// # Errors
/// Why the handshake is wrong, and the status that says so.
pub fn accepted(headers: &HeaderMap) -> Result<Response<()>, (StatusCode, &'static str)> {
    let version = headers.get(header::SEC_WEBSOCKET_VERSION);
    if version.is_none_or(|version| version != VERSION) {
        let reason = "the version of WebSocket is not 13";
        return Err((StatusCode::UPGRADE_REQUIRED, reason));
    }
    let wrong = |reason| (StatusCode::BAD_REQUEST, reason);
    let key = headers.get(header::SEC_WEBSOCKET_KEY);
    let key = key.ok_or(wrong("the header Sec-WebSocket-Key is missing"))?;
    let accept = HeaderValue::from_str(&derive_accept_key(key.as_bytes()))
        .map_err(|_| wrong("the header Sec-WebSocket-Key is wrong"))?;
    let mut response = Response::new(());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    Ok(response)
}
