//! Where a body ends, RFC 9112, section 6.3: by what its head says.

use super::fields;
use super::head::Head;

/// Where a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// There is none.
    Nothing,
    /// After so many bytes, at least one.
    Length(usize),
    /// With a chunk of no bytes.
    Chunked,
    /// With the connection.
    UntilClose,
    /// Nobody can know; what follows is not understood.
    Lost,
}

/// What an answer has to know of its request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Its target.
    pub(super) path: String,
    /// No body answers it.
    pub(super) is_head: bool,
    /// It asks for a tunnel.
    pub(super) is_connect: bool,
    /// It offers to go on in another protocol.
    pub(super) upgrade: bool,
}

/// Where a request's body ends.
pub(super) fn of_request(head: &Head) -> Framing {
    let codings = fields::elements(&head.fields, "transfer-encoding");
    match codings.last() {
        Some(last) if last == "chunked" => Framing::Chunked,
        Some(_) => Framing::Lost,
        None => match content_length(head) {
            Ok(length) => length.unwrap_or(Framing::Nothing),
            Err(NoNumber) => Framing::Lost,
        },
    }
}

/// Where the body of an answer ends that is neither interim nor the start of a tunnel.
pub(super) fn of_response(head: &Head, status: u16, asked: &Asked) -> Framing {
    if asked.is_head || matches!(status, 100..200 | 204 | 304) {
        return Framing::Nothing;
    }
    let codings = fields::elements(&head.fields, "transfer-encoding");
    match codings.last() {
        Some(last) if last == "chunked" => Framing::Chunked,
        Some(_) => Framing::UntilClose,
        None => match content_length(head) {
            Ok(length) => length.unwrap_or(Framing::UntilClose),
            Err(NoNumber) => Framing::UntilClose,
        },
    }
}

/// `Content-Length` is no number, or several.
struct NoNumber;

fn content_length(head: &Head) -> Result<Option<Framing>, NoNumber> {
    let mut lengths = fields::elements(&head.fields, "content-length");
    lengths.dedup();
    match lengths.as_slice() {
        [] if head.all("content-length").next().is_none() => Ok(None),
        [one] if one.bytes().all(|byte| byte.is_ascii_digit()) => {
            let length = one.parse().map_err(|_| NoNumber)?;
            let framing = if length == 0 {
                Framing::Nothing
            } else {
                Framing::Length(length)
            };
            Ok(Some(framing))
        }
        _ => Err(NoNumber),
    }
}

/// What compresses the body beside `chunked`: `gzip` of `gzip, chunked`; empty where nothing does.
pub(super) fn coding_of_transfer(head: &Head) -> String {
    let mut codings = fields::elements(&head.fields, "transfer-encoding");
    codings.retain(|coding| coding != "chunked");
    codings.join(", ")
}
