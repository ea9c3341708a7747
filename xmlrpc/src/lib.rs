//! The room for XML-RPC. Read the modules in this order; everything but [`serve`] and [`Client`]
//! is wire types, without promise of stability.

/// The names of the methods, and what introspection tells of them.
pub mod contract;

/// XML-RPC's documents, read strictly and written: bytes to [`dxr::Value`] and back.
pub mod codec;

/// Between the model and XML-RPC's values.
pub mod convert;

/// Between errors and faults: one table.
pub mod error;

/// The server: HTTP, calls, streams.
pub mod server;

/// The client: a backend whose work is done elsewhere.
pub mod client;

pub use client::Client;
pub use server::serve;
