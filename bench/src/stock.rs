//! Libraries as they come: their own servers and clients with their own defaults, over the same
//! logic. A reader who chooses a crate is not misled by what the rooms build on top of it.

/// dxr_server on axum and dxr_client on reqwest.
pub mod dxr;

/// jsonrpsee's server, and its clients over HTTP and WebSocket.
pub mod jsonrpsee;

/// A usage report as both libraries carry it.
mod members;

use members::ReportMembers;

/// A call through a stock client failed.
fn failed(cause: impl std::error::Error + Send + Sync + 'static) -> services::Error {
    services::Error::unavailable(format!("the stock client failed: {cause}"), cause)
}
