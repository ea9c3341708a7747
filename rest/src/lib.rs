//! The room for REST/JSON with server-sent events. Read the modules in this order; everything but
//! [`serve`] and [`Client`] is wire types, without promise of stability.
#![doc = include_str!("../README.md")]

/// Which operation has which method and path.
pub mod contract;

/// Bytes: JSON within its rules, percent-encoding, server-sent events, lines, the OpenAPI document.
pub mod codec;

/// Between the model and JSON.
pub mod convert;

/// Between errors and problems of RFC 9457: one table.
pub mod error;

/// The server, on axum.
mod server;

/// The client, which is a backend.
mod client;

pub use client::Client;
pub use server::serve;
