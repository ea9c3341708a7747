//! The four kinds of call, each around the method of a stub: one message or a stream of them up,
//! one or a stream down.

use std::future::{Future, pending, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt, TryFutureExt};
use prost::Message;
use services::context::DeadlineScope;
use services::stream::covered;
use services::{Context, Error, Stream};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tonic::metadata::MetadataMap;
use tonic::{Extensions, Request, Response, Status, Streaming};
use transport::http::{TIMEOUT, insert_metadata, timeout_header};

use super::Client;
use super::exchange::{ExchangeRecorder, Items, Upward};
use crate::transport::channel::Channel;
use crate::transport::outgoing_body::Abandoned;

/// How long a conversation waits for the headers of its answer. A server of ours sends them at
/// once, and tells with them why it refuses; one of Python's sends them with its first message,
/// for which nobody may wait who wants to say something himself.
const HEADERS: Duration = Duration::from_secs(1);

impl Client {
    /// A call with one message each way.
    pub(super) async fn unary<M, R>(
        &self,
        context: &Context,
        message: M,
        call: impl AsyncFnOnce(Request<M>) -> Result<Response<R>, Status>,
    ) -> Result<R, Error>
    where
        M: Message,
        R: Message,
    {
        let context = context.or_timeout(self.options.timeout);
        let recorder = ExchangeRecorder::begin(&context, &self.channel);
        recorder.sent(message.encoded_len());
        let request = request(&context, DeadlineScope::Whole, message);
        context.within(recorder.answer(call(request))).await
    }

    /// A call that is answered by a stream.
    pub(super) async fn open<M, R, T>(
        &self,
        context: &Context,
        message: M,
        from_wire: fn(R) -> T,
        call: impl AsyncFnOnce(Request<M>) -> Result<Response<Streaming<R>>, Status>,
    ) -> Result<Stream<T>, Error>
    where
        M: Message,
        R: Message + 'static,
        T: Send + 'static,
    {
        let recorder = Arc::new(ExchangeRecorder::begin(context, &self.channel));
        recorder.sent(message.encoded_len());
        let request = request(context, context.scope, message);
        let messages = context.within(recorder.opening(call(request))).await?;
        let items = Items::new(messages, recorder, from_wire);
        Ok(covered(context, items.boxed()))
    }

    /// A call that sends a stream. Where the sender breaks off, the call fails with its error.
    pub(super) async fn upload<T, M, R>(
        &self,
        context: &Context,
        items: Stream<T>,
        to_wire: fn(&T) -> M,
        call: impl AsyncFnOnce(Request<Messages<M>>) -> Result<Response<R>, Status>,
    ) -> Result<R, Error>
    where
        T: Send + 'static,
        M: Message + 'static,
        R: Message,
    {
        let recorder = Arc::new(ExchangeRecorder::begin(context, &self.channel));
        let (failed, failure) = oneshot::channel();
        let messages = messages(items, to_wire, Arc::clone(&recorder), failed);
        let call = call(request(context, DeadlineScope::Whole, messages));
        let answer = context.within(async {
            tokio::select! {
                biased;
                Ok(error) = failure => Err(error),
                answer = recorder.answer(call) => answer,
            }
        });
        answer.await
    }

    /// A call with a stream each way, neither of which waits for the other. Where the sender breaks
    /// off, the stream down ends with its error.
    pub(super) async fn converse<T, M, R, U, F>(
        &self,
        context: &Context,
        items: Stream<T>,
        to_wire: fn(&T) -> M,
        from_wire: fn(R) -> U,
        call: impl FnOnce(Channel, Request<Messages<M>>) -> F,
    ) -> Result<Stream<U>, Error>
    where
        T: Send + 'static,
        M: Message + 'static,
        R: Message + 'static,
        U: Send + 'static,
        F: Future<Output = Result<Response<Streaming<R>>, Status>> + Send + 'static,
    {
        let place = context.within(self.conversations.take()).await?;
        let recorder = Arc::new(ExchangeRecorder::begin(context, &place.channel));
        let (failed, failure) = oneshot::channel();
        let messages = messages(items, to_wire, Arc::clone(&recorder), failed);
        let mut request = request(context, context.scope, messages);
        let abandoned = CancellationToken::new();
        request
            .extensions_mut()
            .insert(Abandoned(abandoned.clone()));
        let call = call(place.channel.clone(), request);
        let mut upward = Upward::new(failure, abandoned, place);
        let opening_context = context.clone();
        let opening = async move {
            let opening = upward.or_failed(recorder.opening(call));
            let messages = opening_context.within(opening).await?;
            Ok(Items::new(messages, recorder, from_wire).with(upward))
        };
        let mut opening = opening.boxed();
        let items = match timeout(HEADERS, &mut opening).await {
            Ok(items) => items?.boxed(),
            Err(_) => opening.try_flatten_stream().boxed(),
        };
        Ok(covered(context, items))
    }
}

/// A request with the context's metadata, and its deadline where the deadline covers the call
/// whole: `grpc-timeout` cannot say that a stream may go on once it is open.
fn request<M>(context: &Context, scope: DeadlineScope, message: M) -> Request<M> {
    let mut headers = http::HeaderMap::new();
    insert_metadata(&context.metadata, &mut headers);
    if let (DeadlineScope::Whole, Some(remaining)) = (scope, context.remaining()) {
        headers.insert(TIMEOUT, timeout_header(remaining));
    }
    Request::from_parts(
        MetadataMap::from_headers(headers),
        Extensions::default(),
        message,
    )
}

/// The messages of a stream up. A type with a name: the compiler cannot follow the lifetime of a
/// boxed one through the closures that it passes.
pub(super) struct Messages<M>(BoxStream<'static, M>);

impl<M> futures::Stream for Messages<M> {
    type Item = M;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<M>> {
        self.0.poll_next_unpin(task)
    }
}

/// The messages of a stream up. An error of the sender's goes out by `failed`, and the stream then
/// waits to be dropped, which resets its HTTP/2 stream: a message cannot carry an error, and an
/// end would look like a finished upload.
fn messages<T: Send + 'static, M: Message + 'static>(
    items: Stream<T>,
    to_wire: fn(&T) -> M,
    recorder: Arc<ExchangeRecorder>,
    failed: oneshot::Sender<Error>,
) -> Messages<M> {
    let mut failed = Some(failed);
    let messages = items.then(move |item| match item {
        Ok(item) => {
            let message = to_wire(&item);
            recorder.sent(message.encoded_len());
            ready(message).left_future()
        }
        Err(error) => {
            if let Some(failed) = failed.take() {
                // Nobody listens when the call is over already.
                let _ = failed.send(error);
            }
            pending().right_future()
        }
    });
    Messages(messages.boxed())
}
