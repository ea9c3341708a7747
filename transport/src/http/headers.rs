//! Between HTTP's headers and the context of a call.

use std::net::SocketAddr;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use services::{Context, Metadata};
use tokio::time::Instant;

use super::timeout::{MalformedTimeout, TIMEOUT, parse_timeout};

/// The context of a call that a server received: deadline from `grpc-timeout`, counted from now,
/// metadata from the headers that are not HTTP's own.
///
/// # Errors
/// [`MalformedTimeout`] where the header is there and does not follow its format.
pub fn context(headers: &HeaderMap, peer: SocketAddr) -> Result<Context, MalformedTimeout> {
    let timeout = headers.get(TIMEOUT).map(parse_timeout).transpose()?;
    let mut context = Context::new();
    context.deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    context.metadata = metadata(headers);
    context.peer = Some(peer);
    Ok(context)
}

/// The headers that are not HTTP's own and hold UTF-8. Of a repeated one the last counts.
#[must_use]
pub fn metadata(headers: &HeaderMap) -> Metadata {
    let mut metadata = Metadata::default();
    for (name, value) in headers {
        if is_http(name) {
            continue;
        }
        if let Ok(value) = std::str::from_utf8(value.as_bytes()) {
            metadata.insert(name.as_str(), value);
        }
    }
    metadata
}

/// The media type that a message says to be of, without its parameters and in the case that it came
/// in; `None` where it says none, empty where it is no text.
#[must_use]
pub fn media_type(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str();
    let media_type = text.unwrap_or_default().split(';').next();
    Some(media_type.unwrap_or_default().trim())
}

/// Adds metadata as headers. What is no header (a name or value with characters that HTTP forbids)
/// and what is HTTP's own is left out, so that metadata cannot change how a message is read.
pub fn insert_metadata(metadata: &Metadata, headers: &mut HeaderMap) {
    for (name, value) in metadata.iter() {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value)
            && !is_http(&name)
        {
            headers.insert(name, value);
        }
    }
}

/// Whether a header speaks about the message or the connection instead of about the call.
fn is_http(name: &HeaderName) -> bool {
    const OWN: [HeaderName; 25] = [
        header::HOST,
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::DATE,
        header::SERVER,
        header::USER_AGENT,
        header::ACCEPT,
        header::ACCEPT_ENCODING,
        header::ACCEPT_LANGUAGE,
        header::ALLOW,
        header::CACHE_CONTROL,
        header::CONNECTION,
        header::CONTENT_ENCODING,
        header::EXPECT,
        header::ORIGIN,
        header::PRAGMA,
        header::REFERER,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        header::VARY,
        header::VIA,
        HeaderName::from_static("keep-alive"),
        HeaderName::from_static("last-event-id"),
    ];
    const PREFIXES: [&str; 4] = ["sec-", "grpc-", "access-control-", "proxy-"];
    OWN.contains(name)
        || PREFIXES
            .iter()
            .any(|prefix| name.as_str().starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_survives_as_headers_and_http_keeps_its_own() {
        let mut metadata = Metadata::default();
        metadata.insert("x-class", "Informática");
        metadata.insert("Content-Length", "7");
        metadata.insert("no header", "x");
        metadata.insert("x-broken", "a\r\nb: c");
        let mut headers = HeaderMap::new();
        insert_metadata(&metadata, &mut headers);
        assert_eq!(headers.len(), 1);
        headers.insert(header::HOST, HeaderValue::from_static("localhost"));
        headers.insert(TIMEOUT, HeaderValue::from_static("5S"));
        let context = context(&headers, SocketAddr::from(([127, 0, 0, 1], 1))).unwrap();
        let read: Vec<_> = context.metadata.iter().collect();
        assert_eq!(read, [("x-class", "Informática")]);
        assert!(context.deadline.is_some());
    }

    #[test]
    fn a_malformed_timeout_is_told() {
        let headers = HeaderMap::from_iter([(TIMEOUT, HeaderValue::from_static("+5S"))]);
        let peer = SocketAddr::from(([127, 0, 0, 1], 1));
        assert_eq!(context(&headers, peer).err(), Some(MalformedTimeout));
    }
}
