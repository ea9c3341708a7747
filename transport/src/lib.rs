//! Below every room: sockets, and HTTP/1.1 and HTTP/2 on them. Rooms use it inside; none of its
//! types, nor hyper's, pass a room's own signatures.
//!
//! Read the modules in this order.

/// The socket that counts its bytes, and how a client connects one.
pub mod socket;

/// The accept loop: connection limit, first-byte timeout, drain with its deadline.
pub mod accept;

/// How many connections the system lets this process hold.
mod descriptors;

/// What the rooms over HTTP share: serving a connection, hosts and origins, bodies, headers.
pub mod http;

/// Streams that come in separate calls, for the protocols without client streams or push.
pub mod sessions;

/// The client over HTTP/1.1 with its own pool of connections.
pub mod client;

pub use accept::{Connection, accept};
pub use client::{HttpClient, Keeping, ReplyBody, RequestBody};
pub use socket::{Socket, connect};
