//! The body of a request, as the client sends it. tonic ends every request with an empty frame of
//! its own; here a single message carries its end itself, which spares both sides a frame.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use services::operation::Kind;
use tonic::Status;
use tonic::body::Body;

use crate::codec::frames::Messages;
use crate::contract;

/// A request's body that ends with its last message, where that is known.
pub(crate) struct OutgoingBody {
    body: Body,
    messages: Messages,
    over: bool,
}

impl OutgoingBody {
    /// The request for the method at that path.
    pub(crate) fn new(path: &str, body: Body) -> Self {
        let kind = contract::operation(path).map(|operation| operation.kind);
        let messages = match kind {
            Some(Kind::Unary | Kind::ServerStream) => Messages::One,
            Some(Kind::ClientStream | Kind::Bidirectional) | None => Messages::Many,
        };
        Self {
            body,
            messages,
            over: false,
        }
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
        let polled = Pin::new(&mut self.body).poll_frame(task);
        // tonic's encoder gives a message that is there at once in one frame.
        self.over = polled.is_ready() && self.messages == Messages::One;
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.over || self.body.is_end_stream()
    }
}
