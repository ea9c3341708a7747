//! The room of gRPC.
//!
//! Read the modules in this order.

/// The contract as gRPC writes it: generated code and paths.
pub mod contract;

/// Model ↔ wire types.
pub mod convert;

/// Errors ↔ statuses: one table.
pub mod error;

/// How messages are framed.
pub mod codec;

mod transport;

mod server;

mod client;

pub use client::Client;
pub use server::serve;
