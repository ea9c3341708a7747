//! Requests as they come: parsed once, and a second time only to tell why they are wrong.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::{Deserializer, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::{INVALID_REQUEST, PARSE_ERROR, WireError};

/// A request that is about to be sent. `P` is a tuple or a list: parameters by position.
#[derive(Debug, Serialize)]
pub struct Outgoing<'a, P> {
    /// Always `2.0`.
    pub jsonrpc: &'static str,
    /// The method's name.
    pub method: &'a str,
    /// The parameters.
    pub params: P,
    /// The number that the reply repeats; `None` makes it a notification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// What is left until the caller's deadline, in milliseconds: our extension, over WebSocket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// What goes beside the parameters: our extension, over WebSocket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<&'a str, &'a str>>,
}

impl<'a, P> Outgoing<'a, P> {
    /// A request without extensions.
    pub const fn new(method: &'a str, params: P, id: Option<u64>) -> Self {
        Self {
            jsonrpc: "2.0",
            method,
            params,
            id,
            timeout_ms: None,
            metadata: None,
        }
    }
}

/// A request that has come, borrowed from its text. Other members are ignored.
#[derive(Debug, Deserialize)]
pub struct Request<'a> {
    #[serde(borrow)]
    jsonrpc: Cow<'a, str>,
    /// The method's name.
    #[serde(borrow)]
    pub method: Cow<'a, str>,
    /// A list or an object; `None` is none.
    #[serde(borrow, default, deserialize_with = "present")]
    pub params: Option<&'a RawValue>,
    /// A string, a number or null, as the caller wrote it; `None` is a notification.
    #[serde(borrow, default, deserialize_with = "present")]
    pub id: Option<&'a RawValue>,
    /// What is left until the caller's deadline, in milliseconds.
    #[serde(default)]
    pub timeout_ms: Option<u64>,
    /// What comes beside the parameters.
    #[serde(default)]
    pub metadata: Option<BTreeMap<String, String>>,
}

/// Tells null (`Some`) from absent (`None`, by `default`), as serde's own `Option` does not.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// A message that has come: one element, or a list of them, each still unread.
#[derive(Debug)]
pub enum Message<'a> {
    /// One request.
    Single(&'a str),
    /// Several; never none.
    Batch(Vec<&'a RawValue>),
}

/// Most requests in one batch: enough for a page of calls, little enough to bound one message.
pub const BATCH_LIMIT: usize = 100;

impl<'a> Message<'a> {
    /// The message of that text. A single request is not looked at yet.
    ///
    /// # Errors
    /// -32700 where it begins a list that is not JSON, -32600 for an empty or too long list.
    pub fn parse(text: &'a str) -> Result<Self, WireError> {
        if !text.trim_start().starts_with('[') {
            return Ok(Self::Single(text));
        }
        let entries: Vec<&RawValue> =
            serde_json::from_str(text).map_err(|error| not_json(&error))?;
        match entries.len() {
            0 => Err(invalid("a batch has at least one request")),
            1..=BATCH_LIMIT => Ok(Self::Batch(entries)),
            _ => Err(invalid(&format!(
                "a batch has at most {BATCH_LIMIT} requests"
            ))),
        }
    }
}

/// A request that cannot be served, and the id that its reply repeats.
#[derive(Debug)]
pub struct Refused<'a> {
    /// The caller's id where it is one; `None` is written as null.
    pub id: Option<&'a RawValue>,
    /// Why.
    pub error: WireError,
}

impl<'a> Request<'a> {
    /// The request of that text.
    ///
    /// # Errors
    /// -32700 where it is not JSON, -32600 where it is no request.
    pub fn parse(text: &'a str) -> Result<Self, Refused<'a>> {
        let request: Self = serde_json::from_str(text).map_err(|_| diagnose(text))?;
        match request.fault() {
            None => Ok(request),
            Some(reason) => Err(Refused {
                id: request.id.filter(|id| is_id(id)),
                error: invalid(reason),
            }),
        }
    }

    /// What the derived structure cannot tell by itself.
    fn fault(&self) -> Option<&'static str> {
        let structured = |params: &RawValue| params.get().starts_with(['[', '{']);
        if self.jsonrpc != "2.0" {
            Some("the member jsonrpc is not \"2.0\"")
        } else if !self.id.is_none_or(is_id) {
            Some("the id is neither a string nor a number nor null")
        } else if !self.params.is_none_or(structured) {
            Some("the params are neither a list nor an object")
        } else {
            None
        }
    }
}

/// A string, a number or null: JSON-RPC 2.0, section 4.
fn is_id(id: &RawValue) -> bool {
    !id.get().starts_with(['{', '[', 't', 'f'])
}

/// Reads again what the structure refused, to tell broken JSON from JSON that is no request.
fn diagnose(text: &str) -> Refused<'_> {
    /// Takes anything that has at most one id.
    #[derive(Deserialize)]
    struct Lenient<'a> {
        #[serde(borrow, default, deserialize_with = "present")]
        id: Option<&'a RawValue>,
    }
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        return Refused {
            id: None,
            error: not_json(&error),
        };
    }
    let lenient = serde_json::from_str::<Lenient<'_>>(text).ok();
    Refused {
        id: lenient.and_then(|it| it.id).filter(|id| is_id(id)),
        error: invalid(
            "a request is an object with jsonrpc \"2.0\", a method and, each at most once, params and id",
        ),
    }
}

/// Position and reason only, never the text itself.
fn not_json(error: &serde_json::Error) -> WireError {
    WireError::new(PARSE_ERROR, format!("Parse error: {error}"))
}

/// The text of those bytes. serde_json does not check what it skips, so this comes first.
///
/// # Errors
/// -32700 where they are not UTF-8.
pub fn text(bytes: &[u8]) -> Result<&str, WireError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let position = error.valid_up_to() + 1;
        WireError::new(
            PARSE_ERROR,
            format!("Parse error: invalid UTF-8 at byte {position}"),
        )
    })
}

/// A message that is JSON but no request.
#[must_use]
pub fn invalid(reason: &str) -> WireError {
    WireError::new(INVALID_REQUEST, format!("Invalid Request: {reason}"))
}
