//! What the fields of a head tell of its message, RFC 9113, section 8.3.

use crate::dissect::content::Described;
use crate::dissection::{HeadKind, HeaderField};

/// By the pseudo-header fields, RFC 9113, section 8.3.
pub(super) fn kind(fields: &[HeaderField]) -> HeadKind {
    if let Some(method) = value(fields, ":method") {
        HeadKind::Request {
            method: method.to_owned(),
            path: value(fields, ":path").unwrap_or_default().to_owned(),
        }
    } else if let Some(status) = value(fields, ":status") {
        let status = status.parse().unwrap_or_default();
        HeadKind::Response { status }
    } else {
        HeadKind::Trailers
    }
}

/// What a head tells of its body.
pub(super) fn described(fields: &[HeaderField]) -> Described {
    let media_type = value(fields, "content-type").unwrap_or_default();
    let encoding = match media_type
        .to_ascii_lowercase()
        .starts_with("application/grpc")
    {
        true => "grpc-encoding",
        false => "content-encoding",
    };
    Described {
        media_type: media_type.to_owned(),
        encoding: value(fields, encoding)
            .unwrap_or_default()
            .to_ascii_lowercase(),
        path: value(fields, ":path").unwrap_or_default().to_owned(),
    }
}

fn value<'a>(fields: &'a [HeaderField], name: &str) -> Option<&'a str> {
    let field = fields.iter().find(|field| field.name == name);
    field.map(|field| field.value.as_str())
}
