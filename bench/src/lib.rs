//! The workbench behind the command `trivium`: it compares the four protocols by the same calls,
//! serves them together, puts any in front of any, balances them, shows every byte of a call, and
//! loads them until they break.
//!
//! Read the modules in this order.

/// The command line.
pub mod arguments;

/// `compare`, from the servers' start to the report.
pub mod compare;

/// The calls that are compared.
pub mod workload;

/// The rows: wires, and what stands beside them for reference.
pub mod target;

/// What can be timed.
pub mod caller;

/// Libraries as they come, for reference.
pub mod stock;

/// What transports cost by themselves, for reference.
pub mod floor;

/// All servers of a comparison.
pub mod host;

/// The process that they run in.
pub mod child;

/// Tokio's runtime, the same at both ends.
pub mod runtime;

/// Answers are proved equal before anything is timed.
pub mod prove;

/// Bytes, through a tap.
pub mod bytes;

/// Time, in interleaved rounds.
pub mod rounds;

/// CPU time of this process.
pub mod cpu;

/// Medians, and how far they can be trusted.
pub mod statistics;

/// What a run found, as plain records.
pub mod measurement;

/// From what was seen to what is reported.
pub mod summary;

/// Facts of the machine and the build.
pub mod setting;

/// Tables, sentences, JSON, Markdown, progress.
pub mod report;

/// The rooms, as what they are to the outside.
pub mod rooms;

/// A protocol and an address in one word.
pub mod endpoint;

/// `serve`.
pub mod serve;

/// `gateway`.
pub mod gateway;

/// A backend made of backends, which takes calls in turn.
pub mod balancer;

/// `balance`, which gives connections in turn.
pub mod balance;

/// `wire`: every byte of a call, explained.
pub mod wire;

/// `payload`: the user's own message over each protocol.
pub mod payload;

/// `protobuf`: a message byte by byte, and what other schemas read in it.
pub mod protobuf;

/// `chat`: four people on four protocols, by a script.
pub mod chat;

/// `soak`: load that goes on for a while.
pub mod soak;

/// `exercise`: what students do, and what checks it.
pub mod exercise;
