//! Reading a request's body within a limit of bytes and of time.

use std::pin::{Pin, pin};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body::Body;
use http_body_util::BodyExt;
use services::Limits;
use tokio::time::timeout;

/// The largest message over HTTP/1.1 in bytes where a server's limits leave it open: 2 MiB. gRPC has
/// its own.
const MESSAGE_BYTES: usize = 2 * 1024 * 1024;

/// The largest message in bytes that a server over HTTP/1.1 reads.
#[must_use]
pub fn message_bytes(limits: &Limits) -> usize {
    limits.message_bytes.unwrap_or(MESSAGE_BYTES)
}

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyError {
    /// It has more bytes than the limit.
    TooLarge,
    /// It did not arrive in time.
    TimedOut,
    /// The connection broke before its end, or its framing is wrong.
    Broken,
}

impl BodyError {
    /// The status that tells it.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }
}

impl std::fmt::Display for BodyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the request is too large: send less at a time",
            Self::TimedOut => "the request did not arrive in time: send it faster",
            Self::Broken => "the request broke off before its end: send it again",
        })
    }
}

impl std::error::Error for BodyError {}

/// Reads a body of at most `limit_bytes` within `limit`, with or without `Content-Length`.
/// One that came in a piece is not copied.
///
/// # Errors
/// [`BodyError`]; too large a `Content-Length` is refused without keeping any of the body.
pub async fn read_body<B: Body<Data = Bytes>>(
    body: B,
    limit_bytes: usize,
    limit: Duration,
) -> Result<Bytes, BodyError> {
    let body = pin!(body);
    let read = timeout(limit, collect(body, limit_bytes)).await;
    read.unwrap_or(Err(BodyError::TimedOut))
}

async fn collect<B: Body<Data = Bytes>>(
    mut body: Pin<&mut B>,
    limit_bytes: usize,
) -> Result<Bytes, BodyError> {
    if body.size_hint().lower() > limit_bytes as u64 {
        return Err(BodyError::TooLarge);
    }
    let first = next_data(body.as_mut()).await?.unwrap_or_default();
    if first.len() > limit_bytes {
        return Err(BodyError::TooLarge);
    }
    if body.is_end_stream() {
        return Ok(first);
    }
    let Some(mut data) = next_data(body.as_mut()).await? else {
        return Ok(first);
    };
    let mut whole = BytesMut::from(first);
    loop {
        if whole.len() + data.len() > limit_bytes {
            return Err(BodyError::TooLarge);
        }
        whole.extend_from_slice(&data);
        match next_data(body.as_mut()).await? {
            Some(next) => data = next,
            None => return Ok(whole.freeze()),
        }
    }
}

/// The next bytes; trailers are passed over.
async fn next_data<B: Body<Data = Bytes>>(
    mut body: Pin<&mut B>,
) -> Result<Option<Bytes>, BodyError> {
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}
