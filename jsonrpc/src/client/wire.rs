//! The two ways to a server, and what a call leaves in its context.

mod http;
mod websocket;

use ::transport::HttpClient;
use serde::Serialize;
use serde::de::DeserializeOwned;
use services::{ClientOptions, Context, Error};

use self::http::Http;
use crate::codec::request::Outgoing;
use crate::transport::link::Subscription;
use websocket::WebSocket;
pub(super) use websocket::ask;

/// The connections of a client.
#[derive(Debug)]
pub(super) struct Wire {
    http: Option<Http>,
    socket: WebSocket,
}

impl Wire {
    pub(super) async fn connect(url: &str, options: &ClientOptions) -> Result<Self, Error> {
        if let Some(rest) = url.strip_prefix("ws://") {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            if authority.is_empty() {
                return Err(wrong(url));
            }
            let path = if path.is_empty() { "/" } else { path };
            let socket = WebSocket::new(authority, path, options);
            socket.link().await?;
            return Ok(Self { http: None, socket });
        }
        if !url.starts_with("http://") {
            return Err(wrong(url));
        }
        let client = HttpClient::connect(url, options).await?;
        let socket = WebSocket::new(client.authority(), client.path(), options);
        let http = Some(Http::new(client));
        Ok(Self { http, socket })
    }

    /// One call; the caller keeps the deadline.
    pub(super) async fn call<P: Serialize, T: DeserializeOwned>(
        &self,
        context: &Context,
        method: &str,
        params: P,
    ) -> Result<T, Error> {
        match &self.http {
            Some(http) => http.call(context, method, params).await,
            None => self.socket.call(context, method, params).await,
        }
    }

    /// Tells the server something without waiting for an answer, as far as it can be reached: what
    /// is left to do when a future has been dropped.
    pub(super) fn farewell<P: Serialize>(&self, method: &str, params: P) {
        let notification = Outgoing::new(method, params, None);
        match &self.http {
            Some(http) => http.farewell(&notification),
            None => {
                if let Some(link) = self.socket.open_link() {
                    link.notify(&notification);
                }
            }
        }
    }

    /// Opens a subscription, over WebSocket in any case.
    pub(super) async fn subscribe<P: Serialize>(
        &self,
        context: &Context,
        methods: [String; 2],
        params: P,
    ) -> Result<Subscription, Error> {
        if let (Some(http), None) = (&self.http, self.socket.open_link()) {
            // A server of one connection at a time would never read the handshake.
            http.close_idle();
        }
        self.socket.subscribe(context, methods, params).await
    }
}

/// A value that JSON cannot carry is refused before it is sent.
fn written<P: Serialize>(request: &Outgoing<'_, P>) -> Result<String, Error> {
    serde_json::to_string(request).map_err(|cause| Error::InvalidArgument(cause.to_string()))
}

fn wrong(url: &str) -> Error {
    Error::invalid("url", url, "use http://host:port or ws://host:port")
}
