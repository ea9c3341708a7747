//! What a client learns of one call, left in its context.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};

use futures::future::Fuse;
use futures::{FutureExt, StreamExt};
use http::{HeaderMap, header};
use prost::Message;
use services::{Context, Error};
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::{Response, Status, Streaming};
use transport::http::metadata;

use super::conversations::Place;
use crate::error::from_wire;
use crate::transport::channel::{Channel, Reading};

/// Records the exchange of one call.
pub(super) struct ExchangeRecorder {
    context: Context,
    channel: Channel,
    before: Reading,
}

impl ExchangeRecorder {
    pub(super) fn begin(context: &Context, channel: &Channel) -> Self {
        Self {
            context: context.clone(),
            channel: channel.clone(),
            before: channel.reading(),
        }
    }

    /// A message of that many bytes goes up.
    pub(super) fn sent(&self, bytes: usize) {
        self.context
            .learn(|exchange| exchange.body.up += bytes as u64);
    }

    /// A message of that many bytes came down; with it, or at the end, the wire is read.
    fn received(&self, bytes: usize) {
        let wire = self.channel.since(&self.before);
        self.context.learn(|exchange| {
            exchange.body.down += bytes as u64;
            exchange.wire = wire;
        });
    }

    /// The headers of the reply, and its trailers where they are known.
    fn headers(&self, headers: &HeaderMap) {
        let server = headers.get(header::SERVER);
        let server = server.and_then(|name| std::str::from_utf8(name.as_bytes()).ok());
        let metadata = metadata(headers);
        self.context.learn(|exchange| {
            if let Some(server) = server {
                exchange.server = Some(server.to_owned());
            }
            exchange.metadata = metadata;
        });
    }

    fn failed(&self, status: &Status) -> Error {
        self.headers(status.metadata().as_ref());
        self.received(0);
        from_wire(status)
    }

    /// A call with one message down.
    pub(super) async fn answer<R: Message>(
        &self,
        call: impl Future<Output = Result<Response<R>, Status>>,
    ) -> Result<R, Error> {
        match call.await {
            Ok(response) => {
                let (headers, message, _) = response.into_parts();
                self.headers(headers.as_ref());
                self.received(message.encoded_len());
                Ok(message)
            }
            Err(status) => Err(self.failed(&status)),
        }
    }

    /// A call with a stream down.
    pub(super) async fn opening<R>(
        &self,
        call: impl Future<Output = Result<Response<Streaming<R>>, Status>>,
    ) -> Result<Streaming<R>, Error> {
        match call.await {
            Ok(response) => {
                self.headers(response.metadata().as_ref());
                Ok(response.into_inner())
            }
            Err(status) => Err(self.failed(&status)),
        }
    }
}

/// The items of a stream down. Dropping it resets the HTTP/2 stream, which stops the server's work.
pub(super) struct Items<R, T> {
    messages: Streaming<R>,
    recorder: Arc<ExchangeRecorder>,
    from_wire: fn(R) -> T,
    /// The stream up of the same call, where there is one.
    upward: Option<Upward>,
    over: bool,
}

impl<R, T> Items<R, T> {
    pub(super) fn new(
        messages: Streaming<R>,
        recorder: Arc<ExchangeRecorder>,
        from_wire: fn(R) -> T,
    ) -> Self {
        Self {
            messages,
            recorder,
            from_wire,
            upward: None,
            over: false,
        }
    }

    /// The same items beside a stream up.
    pub(super) fn with(self, upward: Upward) -> Self {
        Self {
            upward: Some(upward),
            ..self
        }
    }

    /// Nothing comes any more, and nothing goes up.
    fn end(&mut self) {
        self.over = true;
        self.upward = None;
    }

    fn poll_failed(&mut self, task: &mut TaskContext<'_>) -> Poll<Error> {
        match &mut self.upward {
            Some(upward) => upward.poll_failed(task),
            None => Poll::Pending,
        }
    }
}

impl<R: Message, T> futures::Stream for Items<R, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        if let Poll::Ready(error) = self.poll_failed(task) {
            self.end();
            return Poll::Ready(Some(Err(error)));
        }
        let item = ready!(self.messages.poll_next_unpin(task));
        Poll::Ready(match item {
            Some(Ok(message)) => {
                self.recorder.received(message.encoded_len());
                Some(Ok((self.from_wire)(message)))
            }
            // tonic tells an error twice.
            Some(Err(status)) => {
                self.end();
                Some(Err(self.recorder.failed(&status)))
            }
            None => {
                self.end();
                self.recorder.received(0);
                None
            }
        })
    }
}

/// The stream up of a conversation, as its stream down keeps it. Dropping it resets the HTTP/2
/// stream where the stream up has not ended: hyper would go on sending it.
pub(super) struct Upward {
    /// The sender's own error; nothing where it ended well.
    failure: Fuse<oneshot::Receiver<Error>>,
    _abandon: DropGuard,
    _place: Place,
}

impl Upward {
    pub(super) fn new(
        failure: oneshot::Receiver<Error>,
        abandoned: CancellationToken,
        place: Place,
    ) -> Self {
        Self {
            failure: failure.fuse(),
            _abandon: abandoned.drop_guard(),
            _place: place,
        }
    }

    fn poll_failed(&mut self, task: &mut TaskContext<'_>) -> Poll<Error> {
        match self.failure.poll_unpin(task) {
            Poll::Ready(Ok(error)) => Poll::Ready(error),
            Poll::Ready(Err(_)) | Poll::Pending => Poll::Pending,
        }
    }

    /// That call, or the sender's error where it comes first.
    pub(super) async fn or_failed<T>(
        &mut self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        tokio::select! {
            biased;
            error = poll_fn(|task| self.poll_failed(task)) => Err(error),
            answer = call => answer,
        }
    }
}
