//! The services over JSON-RPC 2.0, over HTTP and over WebSocket on one port.
//!
//! jsonrpsee keeps the methods, their parameters and the subscriptions; the transport is our own,
//! so that the work of a connection is bounded. Read the modules in this order.
//! `contract`, `convert`, `codec` and `transport` are public for tests, benches and the curious:
//! wire types, without promise of stability.
#![doc = include_str!("../README.md")]

/// How this protocol writes the contract: method names, parameters, and jsonrpsee's trait.
pub mod contract;

/// The model's types as JSON writes them, and back.
pub mod convert;

/// [`services::Error`] as an error object, and back: one table.
pub mod error;

/// The server: jsonrpsee's trait over a backend.
mod server;

/// The client, which is a backend.
mod client;

/// Requests, replies, parameters and the OpenRPC document as bytes; no socket.
pub mod codec;

/// Requests to replies: the HTTP door, the WebSocket door, the client's link.
pub mod transport;

pub use client::Client;
pub use server::serve;
