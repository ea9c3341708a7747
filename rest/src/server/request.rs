//! What a handler is given: the call's context, its body, its address; and what refuses it before.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use services::{Code, Context, Error};
use transport::http::{BodyError, Forbidden, MalformedTimeout, media_type, read_body};

use super::Room;
use crate::codec::json;
use crate::contract::{BYTES, JSON, LINES};
use crate::error::{PROBLEM, Problem, to_wire};

/// A problem on its way to the caller.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) Problem);

impl Refusal {
    /// A condition of the request does not hold (RFC 9110, section 15.5.13).
    pub(super) fn changed() -> Self {
        let text = "the user is not the one that the condition names: get it again, then send its \
            new ETag in If-Match";
        Self(Problem::new(412, Some(Code::InvalidArgument), text))
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(to_wire(&error))
    }
}

impl From<Forbidden> for Refusal {
    fn from(forbidden: Forbidden) -> Self {
        let code = Some(Code::InvalidArgument);
        Self(Problem::new(403, code, forbidden.to_string()))
    }
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        let code = match error {
            BodyError::TooLarge => Code::ResourceExhausted,
            BodyError::TimedOut => Code::DeadlineExceeded,
            BodyError::Broken => Code::InvalidArgument,
        };
        let status = error.status().as_u16();
        Self(Problem::new(status, Some(code), error.to_string()))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.0).expect("a problem is numbers and texts");
        let mut response = Response::new(body.into());
        let status = StatusCode::from_u16(self.0.status);
        *response.status_mut() = status.expect("the table's statuses are statuses");
        let problem = HeaderValue::from_static(PROBLEM);
        response.headers_mut().insert(header::CONTENT_TYPE, problem);
        response
    }
}

/// What the headers tell of the call, as an extension of each request.
#[derive(Debug, Clone)]
pub(super) struct Received(pub(super) Result<Context, MalformedTimeout>);

/// The context of a call.
#[derive(Debug)]
pub(super) struct Call(pub(super) Context);

impl FromRequestParts<Arc<Room>> for Call {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Room>) -> Result<Self, Refusal> {
        let Received(context) = parts
            .extensions
            .get()
            .cloned()
            .expect("every request is given its context before it is routed");
        let context = context.map_err(|malformed| {
            let error = Error::new(Code::InvalidArgument, malformed.to_string());
            Refusal::from(error)
        })?;
        Ok(Self(context))
    }
}

/// A body that is one JSON object.
#[derive(Debug)]
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<Room>> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, room: &Arc<Room>) -> Result<Self, Refusal> {
        let is_json = |kind: &str| {
            let structured = kind.starts_with("application/") && kind.ends_with("+json");
            kind == JSON || structured
        };
        check_type(request.headers(), is_json, JSON)?;
        let body = request.into_body();
        let bytes = read_body(body, room.message_bytes, room.request_timeout).await?;
        Ok(Self(json::request(&bytes)?))
    }
}

/// Refuses an upload whose media type is not newline-delimited JSON, under any of its names.
pub(super) fn check_lines(headers: &HeaderMap) -> Result<(), Refusal> {
    let is_lines = |kind: &str| {
        matches!(
            kind,
            LINES | "application/ndjson" | "application/jsonl" | "application/x-jsonlines"
        )
    };
    check_type(headers, is_lines, LINES)
}

/// Refuses a form where a file is wanted: its fields and boundaries would be hashed with it. A file
/// may be of any other type, or say none.
pub(super) fn check_file(headers: &HeaderMap) -> Result<(), Refusal> {
    let is_file =
        |kind: &str| kind != "application/x-www-form-urlencoded" && !kind.starts_with("multipart/");
    check_type(headers, is_file, BYTES)
}

fn check_type(
    headers: &HeaderMap,
    is_wanted: impl Fn(&str) -> bool,
    wanted: &str,
) -> Result<(), Refusal> {
    let kind = media_type(headers).unwrap_or_default();
    if is_wanted(&kind.to_ascii_lowercase()) {
        return Ok(());
    }
    let text = format!("the body's media type is not taken here: send content-type {wanted}");
    Err(Refusal(Problem::new(
        415,
        Some(Code::InvalidArgument),
        text,
    )))
}

/// A request's address: its segments and its query, still encoded.
#[derive(Debug)]
pub(super) struct Address(http::Uri);

impl Address {
    /// The segment of that number; `/api/metrics/cpu` has `metrics` as number 1. Empty past the
    /// end.
    pub(super) fn segment(&self, number: usize) -> &str {
        let mut segments = self.0.path().split('/').skip(1);
        segments.nth(number).unwrap_or_default()
    }

    /// The query, empty where there is none.
    pub(super) fn query(&self) -> &str {
        self.0.query().unwrap_or_default()
    }
}

impl FromRequestParts<Arc<Room>> for Address {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Room>) -> Result<Self, Refusal> {
        Ok(Self(parts.uri.clone()))
    }
}
