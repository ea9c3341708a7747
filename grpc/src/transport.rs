//! What stands between this room's services and HTTP/2: at the server HTTP, the bodies of
//! requests and the routes, at the client the connection and the bodies of replies.

/// Which HTTP requests come in: hosts and origins, gRPC-Web, content types.
pub(crate) mod http;

/// From an HTTP request to the method that answers it.
pub(crate) mod routes;

/// The body of a request: checked as it comes, and an upload that breaks off is an error.
pub(crate) mod request_body;

/// Health and reflection, which every gRPC server offers beside its own services.
pub(crate) mod health_and_reflection;

/// The body of a request as the client sends it: a single message carries its end itself.
pub(crate) mod outgoing_body;

/// The client's one connection, which is made again when it has broken.
pub(crate) mod channel;

/// What a server says first: whether it speaks HTTP/2 at all.
pub(crate) mod greeting;

/// The body of a reply: checked as it comes, and a stream that breaks off is an error.
pub(crate) mod reply;
