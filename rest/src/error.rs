//! [`services::Error`] as a problem (RFC 9457), and back, by one table. To change the text of an
//! error that a service gives, look in `services`; what the protocol itself refuses is told in
//! `codec` and `server::request`.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use services::error::excerpt;
use services::{Code, Error};

/// The media type of a problem (RFC 9457 section 3).
pub const PROBLEM: &str = "application/problem+json";

/// The status of a call that its caller gave up: nginx's, for want of a standard one.
pub const CLIENT_CLOSED_REQUEST: u16 = 499;

/// Each code of the services and the status that stands for it. Statuses repeat, so a problem has
/// the code's name as well.
pub static TABLE: [(Code, u16); 10] = [
    (Code::InvalidArgument, 400),
    (Code::OutOfRange, 422),
    (Code::NotFound, 404),
    (Code::AlreadyExists, 409),
    (Code::ResourceExhausted, 429),
    (Code::DeadlineExceeded, 504),
    (Code::Cancelled, CLIENT_CLOSED_REQUEST),
    (Code::Unimplemented, 404),
    (Code::Unavailable, 503),
    (Code::Internal, 500),
];

/// A problem: what every failed request is answered with, and every failed stream ends with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `about:blank`: the status says what kind of problem it is (RFC 9457 section 4.2.1).
    #[serde(rename = "type", default)]
    pub kind: String,
    /// The status in words.
    #[serde(default)]
    pub title: String,
    /// The HTTP status.
    #[serde(default)]
    pub status: u16,
    /// What failed, and what to do next.
    #[serde(default)]
    pub detail: String,
    /// The name of the [`Code`]; only other servers leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl Problem {
    /// A problem of that status. One without a code is another server's.
    pub fn new(status: u16, code: Option<Code>, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".into(),
            title: title(status).into(),
            status,
            detail: detail.into(),
            code: code.map(|code| code.name().into()),
        }
    }
}

fn title(status: u16) -> &'static str {
    let known = StatusCode::from_u16(status).ok();
    let reason = known.and_then(|status| status.canonical_reason());
    reason.unwrap_or("Client Closed Request")
}

/// The status of that code.
#[must_use]
pub fn status(code: Code) -> u16 {
    let row = TABLE.iter().find(|(ours, _)| *ours == code);
    row.expect("the table has a row for every code, as a test proves")
        .1
}

/// The problem that an error is told as.
#[must_use]
pub fn to_wire(error: &Error) -> Problem {
    let code = error.code();
    Problem::new(status(code), Some(code), error.to_string())
}

/// The error that a problem means. Where it has no code that we know, another server wrote it, and
/// its status tells.
#[must_use]
pub fn from_wire(problem: &Problem) -> Error {
    let code = problem.code.as_deref().and_then(Code::from_name);
    match code {
        Some(code) => Error::new(code, problem.detail.clone()),
        None => foreign(problem.status, problem),
    }
}

/// The error of an answer whose status is not success and whose body may be a problem.
#[must_use]
pub fn from_answer(status: u16, body: &[u8]) -> Error {
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) if is_ours(&problem) => from_wire(&problem),
        Ok(problem) if problem.code.is_some() || !problem.detail.is_empty() => {
            foreign(status, &problem)
        }
        _ => {
            let detail = String::from_utf8_lossy(body);
            foreign(status, &Problem::new(status, None, detail))
        }
    }
}

fn is_ours(problem: &Problem) -> bool {
    let code = problem.code.as_deref();
    code.and_then(Code::from_name).is_some()
}

/// What another server or a proxy between means by a status, which is kept in the text with what
/// it says. A 404 is a path that it does not have: the operation is unimplemented there.
fn foreign(status: u16, problem: &Problem) -> Error {
    let code = match status {
        400 | 415 | 422 => Code::InvalidArgument,
        404 | 405 | 501 => Code::Unimplemented,
        409 => Code::AlreadyExists,
        408 | 504 => Code::DeadlineExceeded,
        413 | 429 | 431 => Code::ResourceExhausted,
        CLIENT_CLOSED_REQUEST => Code::Cancelled,
        502 | 503 => Code::Unavailable,
        _ => Code::Internal,
    };
    let mut text = format!("the server answered HTTP status {status}");
    if let Some(code) = &problem.code {
        text = format!("{text} with code \"{}\"", excerpt(code));
    }
    if !problem.detail.is_empty() {
        text = format!("{text}: {}", excerpt(&problem.detail));
    }
    Error::new(code, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_the_wire_with_its_text() {
        for code in Code::ALL {
            let error = Error::new(code, "because");
            let problem = serde_json::to_vec(&to_wire(&error)).unwrap();
            assert_eq!(from_answer(status(code), &problem), error);
        }
    }

    #[test]
    fn every_status_has_a_title() {
        let titles = TABLE.map(|(_, status)| title(status));
        assert!(titles.iter().all(|title| !title.is_empty()));
        assert_eq!(title(499), "Client Closed Request");
    }

    #[test]
    fn a_foreign_answer_is_known_by_its_status_and_keeps_its_text() {
        let told = |status, body: &str| {
            let error = from_answer(status, body.as_bytes());
            (error.code(), error.to_string())
        };
        let text = "the server answered HTTP status 503: Bad \\u{1b} day";
        assert_eq!(
            told(503, "Bad \u{1b} day"),
            (Code::Unavailable, text.into())
        );
        let text = "the server answered HTTP status 500 with code \"E17\": no luck";
        let problem = r#"{"status": 500, "code": "E17", "detail": "no luck"}"#;
        assert_eq!(told(500, problem), (Code::Internal, text.into()));
        let text = "the server answered HTTP status 404: Not Found";
        assert_eq!(
            told(404, r#"{"detail":"Not Found"}"#),
            (Code::Unimplemented, text.into())
        );
        // RFC 9457 lets a problem leave its status out: then the answer's own tells.
        let text = "the server answered HTTP status 503 with code \"E17\": no luck";
        assert_eq!(
            told(503, r#"{"code":"E17","detail":"no luck"}"#),
            (Code::Unavailable, text.into())
        );
        assert_eq!(told(403, "").0, Code::Internal);
    }
}
