//! The services over gRPC, on tonic and prost.
//!
//! tonic generates the services and their stubs from the contract; what stands between them and
//! HTTP/2 is our own, so that every failure has its status. Read the modules in this order.
//! `contract`, `convert` and `codec` are public for tests, benches and the curious: wire types,
//! without promise of stability.
#![doc = include_str!("../README.md")]

/// How this protocol writes the contract: generated code, and paths.
pub mod contract;

/// The model's types as messages, and back.
pub mod convert;

/// [`services::Error`] as a status, and back: one table.
pub mod error;

/// How messages are framed and encoded.
pub mod codec;

/// What stands between the services and HTTP/2.
mod transport;

/// The server: the generated services over a backend.
mod server;

/// The client, which is a backend.
mod client;

pub use client::Client;
pub use server::serve;
