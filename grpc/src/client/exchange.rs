//! What a client learns of one call, left in its context.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use futures::StreamExt;
use http::{HeaderMap, header};
use prost::Message;
use services::{Context, Error};
use tonic::{Response, Status, Streaming};
use transport::http::metadata;

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
    pub(super) messages: Streaming<R>,
    pub(super) recorder: ExchangeRecorder,
    pub(super) convert: fn(R) -> T,
    pub(super) over: bool,
}

impl<R: Message, T> futures::Stream for Items<R, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        let item = ready!(self.messages.poll_next_unpin(task));
        Poll::Ready(match item {
            Some(Ok(message)) => {
                self.recorder.received(message.encoded_len());
                Some(Ok((self.convert)(message)))
            }
            // tonic tells an error twice.
            Some(Err(status)) => {
                self.over = true;
                Some(Err(self.recorder.failed(&status)))
            }
            None => {
                self.over = true;
                self.recorder.received(0);
                None
            }
        })
    }
}
