//! The services over gRPC, on tonic and prost.
//!
//! tonic generates the services and their stubs from the contract; what stands between them and
//! HTTP/2 is our own, so that every failure has its status. Read the modules in this order.
//! `contract`, `convert` and `codec` are public for tests, benches and the curious: wire types,
//! without promise of stability.
#![doc = include_str!("../README.md")]

/// The contract as gRPC writes it: generated code and paths.
pub mod contract;

/// Model ↔ wire types.
pub mod convert;

/// Errors ↔ statuses: one table.
pub mod error;

/// How messages are framed and encoded.
pub mod codec;

/// What stands between the services and HTTP/2.
mod transport;

/// The server: [`serve`].
mod server;

/// The client: [`Client`].
mod client;

pub use client::Client;
pub use server::serve;
