//! One WebSocket connection of a client: calls and subscriptions share it. A task reads, a task
//! writes; both are stopped when the link is dropped.

mod inbox;
mod subscription;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ::transport::Socket;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use http::header;
use services::error::excerpt;
use services::{ByteCount, ClientOptions, Error, Traffic};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::codec::request::Outgoing;
use crate::contract::CANCEL_REQUEST;
use inbox::{Inbox, Waiting};
pub use subscription::Subscription;

/// Read and write buffers in bytes.
const BUFFER_BYTES: usize = 16 * 1024;

/// A link to one server. Dropping it, and every subscription on it, closes the connection.
#[derive(Debug)]
pub struct Link {
    inbox: Arc<Inbox>,
    next_id: AtomicU64,
    counter: Arc<Traffic>,
    server: Option<String>,
    tasks: [AbortHandle; 2],
}

impl Drop for Link {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Link {
    /// Connects to `host[:port]` and upgrades at that path.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where nothing answers, [`Error::Unimplemented`] where what answers
    /// does not speak WebSocket.
    pub async fn connect(
        authority: &str,
        path: &str,
        options: &ClientOptions,
    ) -> Result<Self, Error> {
        let traffic = Arc::clone(&options.traffic);
        let socket = ::transport::connect(&with_port(authority), traffic).await?;
        let counter = socket.counter();
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER_BYTES)
            .write_buffer_size(BUFFER_BYTES)
            .max_message_size(Some(options.reply_bytes))
            .max_frame_size(Some(options.reply_bytes));
        let url = format!("ws://{authority}{path}");
        let upgraded = client_async_with_config(url, socket, Some(config)).await;
        let (socket, response) = upgraded.map_err(|cause| refused(authority, cause))?;
        let server = response.headers().get(header::SERVER);
        let server = server.map(|name| String::from_utf8_lossy(name.as_bytes()).into_owned());
        Ok(Self::over(socket, counter, server, authority))
    }

    fn over(
        socket: WebSocketStream<Socket>,
        counter: Arc<Traffic>,
        server: Option<String>,
        authority: &str,
    ) -> Self {
        let (writer, reader) = socket.split();
        let (inbox, queue) = Inbox::new(authority);
        let writing = tokio::spawn(write(writer, queue, Arc::clone(&inbox)));
        let reading = tokio::spawn(read(reader, Arc::clone(&inbox)));
        Self {
            inbox,
            next_id: AtomicU64::new(1),
            counter,
            server,
            tasks: [writing.abort_handle(), reading.abort_handle()],
        }
    }

    /// Whether the connection still stands, as far as is known.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.inbox.is_open()
    }

    /// The server's name, where its handshake told it.
    #[must_use]
    pub fn server(&self) -> Option<&str> {
        self.server.as_deref()
    }

    /// What the connection has carried so far, its handshake included.
    #[must_use]
    pub fn bytes(&self) -> ByteCount {
        self.counter.as_client()
    }

    /// A number for the next request.
    pub fn next_id(&self) -> u64 {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    /// Sends a request of that id; gives the text of its reply. Dropping this tells the server to
    /// give the call up.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the connection breaks.
    pub async fn call(&self, id: u64, text: String) -> Result<Utf8Bytes, Error> {
        let (wait, reply) = Waiting::for_reply();
        self.exchange(id, text, wait, reply).await
    }

    /// Sends a notification, as long as the connection stands.
    pub fn notify<P: serde::Serialize>(&self, notification: &Outgoing<'_, P>) {
        self.inbox.send_notification(notification);
    }

    /// The same for a request that opens a subscription; its items come from what this gives.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn subscribe(
        self: &Arc<Self>,
        id: u64,
        text: String,
        unsubscribe: String,
    ) -> Result<(Utf8Bytes, Subscription), Error> {
        let (wait, reply, items) = Waiting::for_subscription(unsubscribe);
        let reply = self.exchange(id, text, wait, reply).await?;
        let subscription = Subscription::new(Arc::clone(self), &reply, items);
        Ok((reply, subscription))
    }

    async fn exchange(
        &self,
        id: u64,
        text: String,
        wait: Waiting,
        reply: tokio::sync::oneshot::Receiver<Utf8Bytes>,
    ) -> Result<Utf8Bytes, Error> {
        self.inbox.room().await?;
        let mut in_flight = InFlight {
            inbox: &self.inbox,
            id: Some(id),
        };
        self.inbox.expect(id, wait)?;
        self.inbox.send_request(text);
        let reply = reply.await.map_err(|_| self.inbox.why_broken());
        in_flight.id = None;
        reply
    }
}

/// A call whose reply has not come; dropping it gives the call up.
struct InFlight<'a> {
    inbox: &'a Inbox,
    id: Option<u64>,
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id
            && self.inbox.forget(id)
        {
            let cancel = Outgoing::new(CANCEL_REQUEST, Cancelled { id }, None);
            self.inbox.send_notification(&cancel);
        }
    }
}

/// The parameter of `$/cancelRequest`.
#[derive(Debug, serde::Serialize)]
struct Cancelled {
    id: u64,
}

/// Writes what is queued; what has gathered meanwhile goes with it.
async fn write(
    mut writer: SplitSink<WebSocketStream<Socket>, Message>,
    mut queue: mpsc::UnboundedReceiver<inbox::Queued>,
    inbox: Arc<Inbox>,
) {
    while let Some(first) = queue.recv().await {
        let mut next = Ok(first);
        while let Ok(queued) = next {
            let text = inbox.taken(queued);
            if let Err(cause) = writer.feed(Message::text(text)).await {
                return inbox.broke(cause);
            }
            next = queue.try_recv();
        }
        if let Err(cause) = writer.flush().await {
            return inbox.broke(cause);
        }
    }
}

async fn read(mut reader: SplitStream<WebSocketStream<Socket>>, inbox: Arc<Inbox>) {
    while let Some(message) = reader.next().await {
        match message {
            Ok(Message::Text(text)) => inbox.received(text).await,
            // tungstenite answers pings and the close frame itself.
            Ok(_) => {}
            Err(cause) => return inbox.broke(cause),
        }
    }
    inbox.broke(SocketError::ConnectionClosed);
}

fn refused(authority: &str, cause: SocketError) -> Error {
    let authority = excerpt(authority);
    match &cause {
        SocketError::Http(response) => Error::Unimplemented(format!(
            "{authority} does not open a WebSocket, it answers with status {}: use another address",
            response.status().as_u16()
        )),
        SocketError::Io(_) | SocketError::Protocol(ProtocolError::HandshakeIncomplete) => {
            Error::unavailable(
                format!("{authority} broke off the WebSocket handshake: check the address"),
                cause,
            )
        }
        _ => Error::Unimplemented(format!(
            "{authority} does not open a WebSocket ({cause}): use another address"
        )),
    }
}

/// The port of ws:// is 80 (RFC 6455, section 3).
fn with_port(authority: &str) -> String {
    let port = authority.rsplit_once(':').map(|(_, port)| port);
    let has_port = port.is_some_and(|port| port.parse::<u16>().is_ok());
    if has_port {
        authority.to_owned()
    } else {
        format!("{}:80", authority.trim_end_matches(':'))
    }
}
