//! The body of a reply. tonic answers a reply that is too large with OUT_OF_RANGE and one that
//! breaks off with UNKNOWN, neither of which the server sent; here each is an error of this side
//! before tonic sees it.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame};
use hyper::body::Incoming;
use services::{Code, Error};
use tonic::Status;

use super::channel::broken;
use crate::codec::frames::{Encoding, Frames, Messages};
use crate::error::local;

/// A reply's body, checked as it comes.
pub(crate) struct Reply {
    body: Incoming,
    frames: Frames,
}

impl Reply {
    pub(crate) fn new(body: Incoming, limit_bytes: usize) -> Self {
        let frames = Frames::new(Messages::Many, limit_bytes, Encoding::Identity);
        Self { body, frames }
    }

    fn checked(&mut self, frame: Frame<Bytes>) -> Result<Frame<Bytes>, Error> {
        match frame.into_data() {
            Ok(data) => {
                self.frames.feed(&data)?;
                Ok(Frame::data(data))
            }
            Err(frame) => {
                self.frames.end()?;
                Ok(match frame.into_trailers() {
                    Ok(mut trailers) => {
                        without_details(&mut trailers);
                        Frame::trailers(trailers)
                    }
                    Err(frame) => frame,
                })
            }
        }
    }
}

impl Body for Reply {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = ready!(Pin::new(&mut self.body).poll_frame(task));
        let checked = match polled {
            Some(Ok(frame)) => self.checked(frame).map(Some),
            Some(Err(cause)) => Err(broken(cause)),
            // hyper takes RST_STREAM with NO_ERROR for an end.
            None if !self.body.is_end_stream() => Err(Error::new(
                Code::Unavailable,
                "the server broke the reply off; whether the call was done is unknown: look, or call \
                 again where that is safe",
            )),
            None => self.frames.end().map(|()| None),
        };
        Poll::Ready(checked.map_err(local).transpose())
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}

/// Takes the binary details of a status away, which nobody here reads: tonic panics where they are
/// no base64.
pub(crate) fn without_details(headers: &mut HeaderMap) {
    headers.remove("grpc-status-details-bin");
}
