//! Bytes: what stands between a socket and the wire types.

/// JSON within this room's rules.
pub mod json;

/// Percent-encoding of path segments and queries.
pub mod percent;

/// Server-sent events, as a client reads them.
pub mod events;

/// Lines of an upload.
pub mod lines;

/// The OpenAPI document.
pub mod openapi;
