//! The services over XML-RPC, by POST to `/` and to `/RPC2`.
//!
//! dxr gives the types; reading, writing and serving are our own, so that every refusal tells its
//! reason and no input is answered with itself. Read the modules in this order.
//! `contract`, `convert` and `codec` are public for tests, benches and the curious: wire types,
//! without promise of stability.
#![doc = include_str!("../README.md")]

/// How this protocol writes the contract: method names, and what introspection tells of them.
pub mod contract;

/// The model's types as XML-RPC's values, and back.
pub mod convert;

/// [`services::Error`] as a fault, and back: one table.
pub mod error;

/// The server: HTTP, calls, streams.
mod server;

/// The client, which is a backend.
mod client;

/// Documents: bytes to [`dxr::Value`], strictly, and back; no socket.
pub mod codec;

pub use client::Client;
pub use server::serve;
