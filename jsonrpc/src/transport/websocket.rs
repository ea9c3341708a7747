//! One WebSocket connection of a server (RFC 6455). One task does all of it: it reads, runs the
//! calls, and writes, so that a client that does not read its replies is not read from either.

mod handshake;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, SelectAll};
use futures::{FutureExt, SinkExt, Stream, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::value::RawValue;
use services::{Context, Error};
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error as SocketError, Message, Utf8Bytes};
use tokio_util::sync::CancellationToken;

use super::dispatch::{Answer, Caller, Wire};
use super::http::Shared;
use crate::codec::reply::refusal;
use crate::error::WireError;
pub use handshake::{VERSION, accepted, is_upgrade};

/// A client that neither sends nor answers a ping in this time is gone.
const PING_EVERY: Duration = Duration::from_secs(30);

/// How long the peer may take to answer a close frame.
const CLOSE_WAIT: Duration = Duration::from_secs(1);

/// Notifications that are written before calls have their turn again.
const NOTIFICATIONS_AT_ONCE: usize = 64;

/// Read and write buffers of a connection in bytes. tungstenite's own choice, 128 KiB each, would
/// be taken at once by every connection.
const BUFFER_BYTES: usize = 8 * 1024;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Serves an upgraded connection to its end. `context` is what its handshake brought: metadata
/// for all its calls, and the peer.
///
/// Who answers is told once, by the handshake's header, and is this server. Where it is a gateway,
/// a reply does not tell who did the work: it has no header, and JSON-RPC 2.0 gives a response no
/// member for it, so that clients who are strict would refuse one.
pub(super) async fn serve(upgraded: Upgraded, mut context: Context, shared: Arc<Shared>) {
    // A deadline of the handshake is not one of its calls.
    context.deadline = None;
    let limit = shared.message_bytes();
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_message_size(Some(limit))
        .max_frame_size(Some(limit));
    let io = TokioIo::new(upgraded);
    let socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await;
    let caller = Arc::new(shared.caller(Wire::WebSocket));
    let session = Session {
        socket,
        caller,
        context,
        calls: FuturesUnordered::new(),
        subscriptions: SelectAll::new(),
        pings: pings(),
        heard: true,
        // A child, so that connections do not contend for the lock of one token.
        closing: shared.closing.child_token(),
        shared,
    };
    session.run().await;
}

fn pings() -> Interval {
    let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pings
}

struct Session {
    shared: Arc<Shared>,
    socket: Socket,
    caller: Arc<Caller>,
    context: Context,
    calls: FuturesUnordered<BoxFuture<'static, Answer>>,
    subscriptions: SelectAll<Notifications>,
    pings: Interval,
    heard: bool,
    closing: CancellationToken,
}

/// Why a connection ends.
enum End {
    /// There is nobody left to talk to.
    Gone,
    /// We close it, for that reason.
    Close(CloseCode, &'static str),
}

/// What happens next on a connection.
enum Event {
    Received(Option<Result<Message, SocketError>>),
    Answered(Answer),
    Notified(Box<RawValue>),
    Ping,
    Closing,
}

impl Session {
    async fn run(mut self) {
        let end = loop {
            let event = self.next().await;
            if let Err(end) = self.handle(event).await {
                break end;
            }
        };
        match end {
            End::Gone => {}
            End::Close(code, reason) => self.close(code, reason).await,
        }
    }

    /// Waits. Nothing is read while as many calls run and as many wait as may run at a time, nor
    /// once the server is closing. Those that wait are so that the notification that gives up a
    /// call is read even when all others are stuck.
    async fn next(&mut self) -> Event {
        let reads = self.reads();
        tokio::select! {
            () = self.closing.cancelled(), if !self.closing.is_cancelled() => Event::Closing,
            Some(answer) = self.calls.next() => Event::Answered(answer),
            Some(item) = self.subscriptions.next() => Event::Notified(item),
            message = self.socket.next(), if reads => Event::Received(message),
            _ = self.pings.tick() => Event::Ping,
        }
    }

    fn reads(&self) -> bool {
        let limit = self.shared.options.limits.calls_per_connection.max(1);
        self.calls.len() < 2 * limit && !self.closing.is_cancelled()
    }

    async fn handle(&mut self, event: Event) -> Result<(), End> {
        match event {
            Event::Answered(answer) => self.answered(answer).await?,
            Event::Notified(item) => self.notified(item).await?,
            Event::Received(message) => self.received(message).await?,
            Event::Ping => self.ping().await?,
            Event::Closing => {}
        }
        let idle = self.calls.is_empty() && self.subscriptions.is_empty();
        if idle && self.closing.is_cancelled() {
            return Err(End::Close(CloseCode::Away, "the server is closing"));
        }
        Ok(())
    }

    async fn received(&mut self, message: Option<Result<Message, SocketError>>) -> Result<(), End> {
        self.heard = true;
        match message.ok_or(End::Gone)? {
            Ok(Message::Text(text)) => {
                self.call(text);
                Ok(())
            }
            Ok(Message::Binary(_)) => {
                Err(End::Close(CloseCode::Unsupported, "send requests as text"))
            }
            // tungstenite answers pings and closes itself, when it is next polled.
            Ok(_) => Ok(()),
            Err(SocketError::Capacity(_)) => {
                let error = Error::ResourceExhausted("the message is too large: send less".into());
                let reply = refusal(None, &WireError::from(&error));
                self.write(Message::text(reply)).await?;
                Err(End::Close(CloseCode::Size, "the message is too large"))
            }
            Err(SocketError::Utf8(_)) => {
                Err(End::Close(CloseCode::Invalid, "the text is not UTF-8"))
            }
            Err(SocketError::Protocol(_)) => {
                Err(End::Close(CloseCode::Protocol, "the frames are wrong"))
            }
            Err(_) => Err(End::Gone),
        }
    }

    fn call(&mut self, text: Utf8Bytes) {
        let caller = Arc::clone(&self.caller);
        let context = self.context.fresh_exchange();
        let call = async move { caller.answer(&text, &context).await };
        self.calls.push(call.boxed());
    }

    /// Writes an answer, and those that are ready by then, at once.
    async fn answered(&mut self, mut answer: Answer) -> Result<(), End> {
        loop {
            if let Some(text) = answer.text {
                self.feed(Message::text(text)).await?;
            }
            let opened = answer.opened.into_iter().map(Notifications);
            self.subscriptions.extend(opened);
            match self.calls.next().now_or_never().flatten() {
                Some(next) => answer = next,
                None => return self.flush().await,
            }
        }
    }

    /// Writes a notification, and some of those that are ready by then, at once.
    async fn notified(&mut self, item: Box<RawValue>) -> Result<(), End> {
        let mut next = Some(item);
        let mut left = NOTIFICATIONS_AT_ONCE;
        while let Some(item) = next {
            let text = Utf8Bytes::from(String::from(Box::<str>::from(item)));
            self.feed(Message::Text(text)).await?;
            left -= 1;
            let more = if left > 0 {
                self.subscriptions.next().now_or_never()
            } else {
                None
            };
            next = more.flatten();
        }
        self.flush().await
    }

    async fn ping(&mut self) -> Result<(), End> {
        let heard = std::mem::take(&mut self.heard);
        if !heard && self.reads() {
            return Err(End::Gone);
        }
        self.write(Message::Ping(bytes::Bytes::new())).await
    }

    async fn write(&mut self, message: Message) -> Result<(), End> {
        self.feed(message).await?;
        self.flush().await
    }

    async fn feed(&mut self, message: Message) -> Result<(), End> {
        let limit = self.shared.options.request_timeout;
        patient(limit, self.socket.feed(message)).await
    }

    async fn flush(&mut self) -> Result<(), End> {
        let limit = self.shared.options.request_timeout;
        patient(limit, self.socket.flush()).await
    }

    /// The closing handshake: our frame, then the peer's, for which we wait a little.
    async fn close(mut self, code: CloseCode, reason: &'static str) {
        let frame = CloseFrame {
            code,
            reason: reason.into(),
        };
        let handshake = async {
            self.socket.send(Message::Close(Some(frame))).await?;
            while self.socket.next().await.transpose()?.is_some() {}
            Ok::<_, SocketError>(())
        };
        // Whether the peer answered or not, the connection ends here.
        let _ = timeout(CLOSE_WAIT, handshake).await;
    }
}

/// A peer that takes nothing for that long is gone.
async fn patient(
    limit: Duration,
    write: impl Future<Output = Result<(), SocketError>>,
) -> Result<(), End> {
    match timeout(limit, write).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(End::Gone),
    }
}

/// The notifications of one subscription, in the texts that are sent.
struct Notifications(mpsc::Receiver<Box<RawValue>>);

impl Stream for Notifications {
    type Item = Box<RawValue>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(task)
    }
}
