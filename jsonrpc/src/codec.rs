//! Bytes to structure and back, without a socket. Read the modules in this order.

/// What a caller sends: one request, or a batch.
pub mod request;

/// What a caller gets: results and errors under the caller's own id.
pub mod reply;

/// Whether parameters are those that a method takes, and which one is wrong.
pub mod arguments;

/// The OpenRPC document that `rpc.discover` answers.
pub mod openrpc;
