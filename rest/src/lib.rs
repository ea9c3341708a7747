//! The services over REST/JSON, with server-sent events, by HTTP/1.1.
//!
//! axum routes requests and writes events; which JSON is taken, and the client, are our own. Read
//! the modules in this order.
//! `contract`, `codec`, `convert` and `error` are public for tests, benches and the curious: wire
//! types, without promise of stability.
#![doc = include_str!("../README.md")]

/// How this protocol writes the contract: which operation has which method and path.
pub mod contract;

/// Bytes: JSON within its rules, percent-encoding, server-sent events, lines, the OpenAPI document.
pub mod codec;

/// The model's types as JSON writes them, and back.
pub mod convert;

/// [`services::Error`] as a problem of RFC 9457, and back: one table.
pub mod error;

/// The server: axum's router over a backend.
mod server;

/// The client, which is a backend.
mod client;

pub use client::Client;
pub use server::serve;
