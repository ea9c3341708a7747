//! Replies: what jsonrpsee answers, under the caller's own id; and what a client reads.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use services::{Code, Error};

use crate::error::{WireError, from_wire};

/// How every reply of jsonrpsee to a request with the id 0 begins. The id is always 0, because
/// jsonrpsee takes only a part of the ids that JSON-RPC allows; the caller's is put in its place.
const JSONRPSEE_HEAD: &str = r#"{"jsonrpc":"2.0","id":0,"#;

/// The reply of jsonrpsee under the caller's id, written as the caller wrote it.
#[must_use]
pub fn under_id(id: &RawValue, jsonrpsee: &str) -> String {
    let rest = payload(jsonrpsee);
    let id = id.get();
    let mut reply = String::with_capacity(JSONRPSEE_HEAD.len() + id.len() + rest.len());
    reply.push_str(r#"{"jsonrpc":"2.0","id":"#);
    reply.push_str(id);
    reply.push(',');
    reply.push_str(rest);
    reply
}

/// The error in a reply of jsonrpsee, without `data`.
#[derive(Debug, PartialEq, Eq)]
pub enum JsonrpseeError {
    /// `#[rpc]` could not decode the parameters.
    Parameters(WireError),
    /// The method itself has failed.
    Method(WireError),
}

/// The error in an error reply of jsonrpsee. Only `#[rpc]` gives `data`: it puts serde's text
/// there, with the caller's own input in it, which is not passed on.
#[must_use]
pub fn error_of(jsonrpsee: &str) -> Option<JsonrpseeError> {
    #[derive(Deserialize)]
    struct Failed {
        error: WithData,
    }
    #[derive(Deserialize)]
    struct WithData {
        code: i64,
        message: String,
        #[serde(default)]
        data: Option<IgnoredAny>,
    }
    let failed: Failed = serde_json::from_str(jsonrpsee).ok()?;
    let WithData {
        code,
        message,
        data,
    } = failed.error;
    let error = WireError { code, message };
    Some(match data {
        Some(_) => JsonrpseeError::Parameters(error),
        None => JsonrpseeError::Method(error),
    })
}

fn payload(jsonrpsee: &str) -> &str {
    jsonrpsee
        .strip_prefix(JSONRPSEE_HEAD)
        .expect("jsonrpsee writes version and id first, as a test proves")
}

/// An error reply; `None` writes the id null.
#[must_use]
pub fn refusal(id: Option<&RawValue>, error: &WireError) -> String {
    #[derive(Serialize)]
    struct Refusal<'a> {
        jsonrpc: &'static str,
        id: Option<&'a RawValue>,
        error: &'a WireError,
    }
    let refusal = Refusal {
        jsonrpc: "2.0",
        id,
        error,
    };
    serde_json::to_string(&refusal).expect("numbers and texts always serialize")
}

/// A reply as a client reads it. Foreign servers write `result` beside `error`, or null for one of
/// them; an error object that is there wins.
#[derive(Debug, Deserialize)]
pub struct Reply<'a, T> {
    /// The request's; `None` where it is null or absent.
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    /// What the method answered, where it did.
    #[serde(default = "none")]
    pub result: Option<T>,
    /// Why it did not.
    #[serde(default)]
    pub error: Option<WireError>,
}

/// Spelt out, because serde's `default` would ask that `T` has one.
fn none<T>() -> Option<T> {
    None
}

/// The result in the text of a reply.
///
/// # Errors
/// The error that the server answered; Internal where the reply cannot be read.
pub fn result_of<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Error> {
    outcome(read(text)?)
}

/// The same where the reply has to be that to the request of that id (JSON-RPC 2.0, section 5). An
/// error may be under null: the server could not read the id.
///
/// # Errors
/// As [`result_of`]; Internal where the reply is under another id.
pub fn result_under<'a, T: Deserialize<'a>>(id: u64, text: &'a str) -> Result<T, Error> {
    let reply = read(text)?;
    let is_ours = match reply.id {
        Some(given) => given.get().parse() == Ok(id),
        None => reply.error.is_some(),
    };
    if !is_ours {
        let text = "the server's reply is not under the id of the request";
        return Err(Error::new(Code::Internal, text));
    }
    outcome(reply)
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<Reply<'a, T>, Error> {
    serde_json::from_str(text)
        .map_err(|cause| Error::internal("the server's reply cannot be read", cause))
}

fn outcome<'a, T: Deserialize<'a>>(reply: Reply<'a, T>) -> Result<T, Error> {
    match reply {
        Reply {
            error: Some(error), ..
        } => Err(from_wire(&error)),
        Reply {
            result: Some(result),
            ..
        } => Ok(result),
        Reply { .. } => null_result(),
    }
}

/// Null is a result where nothing is wanted, and unreadable elsewhere.
fn null_result<'a, T: Deserialize<'a>>() -> Result<T, Error> {
    serde_json::from_str("null").map_err(|_| {
        Error::new(
            Code::Internal,
            "the server's reply has neither result nor error",
        )
    })
}

#[cfg(test)]
mod tests {
    use jsonrpsee::types::{ErrorObjectOwned, Id};
    use jsonrpsee::{MethodResponse, ResponsePayload};

    use super::*;

    #[test]
    fn the_callers_id_takes_the_place_of_ours_letter_by_letter() {
        let good = MethodResponse::response(Id::Number(0), ResponsePayload::success(8), usize::MAX);
        let id = RawValue::from_string("-1.50".into()).unwrap();
        assert_eq!(
            under_id(&id, good.as_ref()),
            r#"{"jsonrpc":"2.0","id":-1.50,"result":8}"#
        );
        let object = ErrorObjectOwned::owned(-32602, "no", Some("the caller's own text"));
        let bad = MethodResponse::error(Id::Number(0), object);
        assert!(payload(bad.as_ref()).starts_with(r#""error":{"#));
        let error = WireError::new(-32602, "no");
        let refused = JsonrpseeError::Parameters(error);
        assert_eq!(error_of(bad.as_ref()), Some(refused));
    }

    #[test]
    fn a_reply_under_another_id_is_unreadable_save_an_error_under_null() {
        assert_eq!(result_under(7, r#"{"id":7,"result":8}"#), Ok(8));
        for text in [
            r#"{"id":8,"result":8}"#,
            r#"{"id":"7","result":8}"#,
            r#"{"id":null,"result":8}"#,
            r#"{"result":8}"#,
            r#"{"id":8,"error":{"code":-32601,"message":"no"}}"#,
        ] {
            let error = result_under::<i32>(7, text).unwrap_err();
            assert_eq!(error.code(), Code::Internal, "{text}");
        }
        for id in ["7", "null"] {
            let text = format!(r#"{{"id":{id},"error":{{"code":-32601,"message":"no"}}}}"#);
            let error = result_under::<i32>(7, &text).unwrap_err();
            assert_eq!(error, Error::Unimplemented("no".into()));
        }
    }

    #[test]
    fn null_and_absent_members_of_foreign_replies_are_read() {
        assert_eq!(result_of::<i32>(r#"{"result":8,"error":null}"#), Ok(8));
        assert_eq!(result_of::<()>(r#"{"result":null,"id":1}"#), Ok(()));
        assert_eq!(result_of::<()>(r#"{"id":1}"#), Ok(()));
        let error = r#"{"result":null,"error":{"code":-32601,"message":"no","data":{}},"id":1}"#;
        let error = result_of::<i32>(error).unwrap_err();
        assert_eq!(error, Error::Unimplemented("no".into()));
        let error = result_of::<i32>(r#"{"id":1}"#).unwrap_err();
        assert_eq!(error.code(), Code::Internal);
    }
}
