//! The client, which is a backend. `http://` calls over HTTP and opens a WebSocket for streams;
//! `ws://` does everything on one WebSocket.

mod batches;
mod calculator;
mod chat;
mod files;
mod greeter;
mod metrics;
mod numbers;
mod stream;
mod users;
mod usuarios;
mod wire;

use services::{ClientOptions, Context, Error};

use wire::Wire;

/// No parameters.
const NOTHING: [u8; 0] = [];

/// A client of one server. Dropping it closes its connections; a stream that it gave lives on
/// until it is dropped too.
#[derive(Debug)]
pub struct Client {
    wire: Wire,
    options: ClientOptions,
}

impl Client {
    /// Connects to `http://host[:port][/path]` or `ws://host[:port][/path]`. The first connection
    /// is opened at once, so that an unreachable server is told now.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for another kind of URL, [`Error::Unavailable`] where nothing
    /// answers, [`Error::Unimplemented`] where a `ws://` server does not speak WebSocket,
    /// [`Error::DeadlineExceeded`].
    pub async fn connect(url: &str, options: ClientOptions) -> Result<Self, Error> {
        let context = Context::new().or_timeout(options.timeout);
        let wire = context.within(Wire::connect(url, &options)).await?;
        Ok(Self { wire, options })
    }

    /// A unary call.
    async fn call<P, T>(&self, context: &Context, method: &str, params: P) -> Result<T, Error>
    where
        P: serde::Serialize + Send,
        T: serde::de::DeserializeOwned,
    {
        let context = context.or_timeout(self.options.timeout);
        let call = self.wire.call(&context, method, params);
        context.within(call).await
    }
}
