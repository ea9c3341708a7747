//! What the four programs share: command line, signals, printing, and the demo itself, over
//! [`Backend`](services::Backend). It knows no protocol: a program hands in its `serve` and its
//! `connect` as a [`Program`].
//!
//! Read the modules in this order.

/// What one protocol's program hands in, and [`main`].
pub mod program;

/// The command line of a program.
mod arguments;

/// `demo`: own server, the courses' calls through a real socket, one error, one deadline.
pub mod script;

/// `serve`: until a signal comes, then until the calls in flight are done.
pub mod serve;

/// The metrics that Prometheus reads of a server.
pub mod metrics;

/// `upload`: a file, or standard input, to any server of the protocol.
pub mod upload;

/// `call`: one operation on any server of the protocol.
pub mod call;

/// `chat`: talks to everybody who is at the server, and outlives its connections.
pub mod chat;

/// Arguments and results whose type is known at run time only, as text and as JSON.
pub mod value;

/// Any operation over any backend, by its entry in the table of operations.
pub mod invoke;

/// Listening sockets, with an error that says what to do.
pub mod address;

/// Ctrl-C and SIGTERM.
pub mod signals;

/// Durations on the command line.
pub mod duration;

/// What is printed, and how.
pub mod print;

pub use address::{bind, bind_for};
pub use invoke::{Outcome, invoke};
pub use program::{Connect, Program, Serve, Shutdown, main};
pub use signals::{Signals, shutdown_signal};
pub use value::Value;
