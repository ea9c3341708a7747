//! The contract as JSON-RPC writes it: flat method names, parameters by position or by name, and
//! one trait a service, of which jsonrpsee makes the methods. A server stream `X` is `subscribe_X`,
//! notifications `X` and `unsubscribe_X`; a client stream is `X.open`, `X.send` and `X.close`,
//! and `X.cancel` for one that is given up; a bidirectional one is a subscription with `X.send`
//! and `X.close`. Their parameters' names are the contract's; `with_extensions` gives each method
//! the [`services::Context`] of its call.

pub mod calculator;
pub mod chat;
pub mod discovery;
pub mod files;
pub mod greeter;
pub mod methods;
pub mod metrics;
pub mod numbers;
pub mod users;
pub mod usuarios;

use jsonrpsee::types::ErrorObjectOwned;

pub use methods::{Method, methods, parameters};

/// Under this name the OpenRPC document is got.
pub const DISCOVER: &str = "rpc.discover";

/// A notification of the caller that gives a call up: the Language Server Protocol's convention.
/// Its parameter is `{"id": …}`, the call's id.
pub const CANCEL_REQUEST: &str = "$/cancelRequest";

/// What a method answers, or the error object.
pub type Answer<T> = Result<T, ErrorObjectOwned>;

/// The method that opens the server stream of that name, or the bidirectional one.
#[must_use]
pub fn subscribe(name: &str) -> String {
    format!("subscribe_{name}")
}

/// The method that drops the server stream of that name, or the bidirectional one.
#[must_use]
pub fn unsubscribe(name: &str) -> String {
    format!("unsubscribe_{name}")
}

/// The method that opens the client stream of that name.
#[must_use]
pub fn open(name: &str) -> String {
    format!("{name}.open")
}

/// The method that sends items of the client stream of that name, or of the bidirectional one.
#[must_use]
pub fn send(name: &str) -> String {
    format!("{name}.send")
}

/// The method that ends the client stream of that name, or what goes up the bidirectional one.
#[must_use]
pub fn close(name: &str) -> String {
    format!("{name}.close")
}

/// The method that gives the client stream of that name up.
#[must_use]
pub fn cancel(name: &str) -> String {
    format!("{name}.cancel")
}
