//! The body of a request, as the client sends it. tonic ends every request with an empty frame of
//! its own; here a single message carries its end itself, which spares both sides a frame.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use bytes::Bytes;
use futures::FutureExt;
use http_body::{Body as HttpBody, Frame};
use services::operation::Kind;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::Status;
use tonic::body::Body;

use crate::codec::frames::Messages;
use crate::contract;

/// Beside a request with a stream each way: cancelled once nobody reads the answer. hyper would go
/// on sending the stream up, and the server would take the caller for one who listens.
#[derive(Clone)]
pub(crate) struct Abandoned(pub(crate) CancellationToken);

/// A request's body that ends with its last message, where that is known.
pub(crate) struct OutgoingBody {
    body: Body,
    messages: Messages,
    abandoned: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    over: bool,
}

impl OutgoingBody {
    /// The request for the method at that path.
    pub(crate) fn new(path: &str, body: Body, abandoned: Option<Abandoned>) -> Self {
        let kind = contract::operation(path).map(|operation| operation.kind);
        let messages = match kind {
            Some(Kind::Unary | Kind::ServerStream) => Messages::One,
            Some(Kind::ClientStream | Kind::Bidirectional) | None => Messages::Many,
        };
        Self {
            body,
            messages,
            abandoned: abandoned.map(|Abandoned(token)| Box::pin(token.cancelled_owned())),
            over: false,
        }
    }

    /// Whether the call was given up.
    fn is_abandoned(&mut self, task: &mut TaskContext<'_>) -> bool {
        let abandoned = self.abandoned.as_mut();
        abandoned.is_some_and(|abandoned| abandoned.poll_unpin(task).is_ready())
    }
}

impl HttpBody for OutgoingBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.over {
            return Poll::Ready(None);
        }
        if self.is_abandoned(task) {
            self.over = true;
            // An error resets the HTTP/2 stream; an end would say that nothing is missing.
            return Poll::Ready(Some(Err(Status::cancelled("the caller gave the call up"))));
        }
        let polled = Pin::new(&mut self.body).poll_frame(task);
        // tonic's encoder gives a message that is there at once in one frame.
        self.over = polled.is_ready() && self.messages == Messages::One;
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.over || self.body.is_end_stream()
    }
}
