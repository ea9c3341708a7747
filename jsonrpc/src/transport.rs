//! From bytes to jsonrpsee's methods and back. jsonrpsee's own server is not used: it takes any
//! number of messages from one connection, and answers some requests wrongly or not at all. Read
//! the modules in this order.

/// One request or a batch, dispatched to methods.
pub mod dispatch;

/// The door: HTTP POST, and the upgrade to WebSocket.
pub mod http;

/// One WebSocket connection of a server.
pub mod websocket;

/// One WebSocket connection of a client.
pub mod link;
