//! The body of a request: whole, or as it is made.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures::stream::{BoxStream, Stream, StreamExt};
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use services::Error;

/// The body of a request. A stream's error aborts the request: the connection is closed, so that
/// the server cannot take what came for the whole.
#[allow(missing_debug_implementations, reason = "a stream has nothing to show")]
pub struct RequestBody(Kind);

enum Kind {
    Whole(Full<Bytes>),
    Streamed(BoxStream<'static, Result<Bytes, Error>>, Arc<AtomicU64>),
}

impl RequestBody {
    /// A body that is sent as it is made, in chunks.
    pub fn streamed(stream: impl Stream<Item = Result<Bytes, Error>> + Send + 'static) -> Self {
        Self(Kind::Streamed(stream.boxed(), Arc::default()))
    }

    /// How much of it is sent, readable afterwards.
    pub(super) fn sent(&self) -> Sent {
        match &self.0 {
            Kind::Whole(body) => Sent::Whole(body.size_hint().lower()),
            Kind::Streamed(_, sent) => Sent::Streamed(Arc::clone(sent)),
        }
    }
}

/// The bytes of a request's body.
#[derive(Debug)]
pub(super) enum Sent {
    /// All of them went at once.
    Whole(u64),
    /// Counted as they go.
    Streamed(Arc<AtomicU64>),
}

impl Sent {
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Whole(bytes) => *bytes,
            Self::Streamed(bytes) => bytes.load(Ordering::Relaxed),
        }
    }

    /// Whether the connection is free for another request once the reply has ended. After a
    /// stream it may not be: a server can answer before it has read all.
    pub(super) fn leaves_connection_free(&self) -> bool {
        matches!(self, Self::Whole(_))
    }
}

impl From<Full<Bytes>> for RequestBody {
    fn from(body: Full<Bytes>) -> Self {
        Self(Kind::Whole(body))
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        match &mut self.0 {
            Kind::Whole(body) => Pin::new(body)
                .poll_frame(task)
                .map_err(|never| match never {}),
            Kind::Streamed(stream, sent) => {
                let item = ready!(stream.poll_next_unpin(task));
                if let Some(Ok(bytes)) = &item {
                    sent.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                }
                Poll::Ready(item.map(|bytes| bytes.map(Frame::data)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Whole(body) => body.is_end_stream(),
            Kind::Streamed(..) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Whole(body) => body.size_hint(),
            Kind::Streamed(..) => SizeHint::default(),
        }
    }
}
