//! What the rooms over HTTP share.

mod answered;
mod body;
/// What lets pages of other origins read an answer.
pub mod cors;
mod headers;
mod hosts;
mod serve;
mod timeout;

pub use answered::{answered_by, answered_together, own_name};
pub use body::{BodyError, message_bytes, read_body};
pub use headers::{context, insert_metadata, media_type, metadata};
pub use hosts::{Forbidden, allowed};
#[cfg(feature = "http2")]
pub use serve::serve_auto;
pub use serve::serve_http1;
pub use timeout::{MalformedTimeout, TIMEOUT, parse_timeout, timeout_header};
