//! The body of a request. tonic takes an upload that was cancelled for a finished one, answers
//! oversized messages with OUT_OF_RANGE, and waits for ever for a message that does not come; here
//! each is an error of its own before tonic sees it.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt;
use http_body::{Body, Frame};
use hyper::body::Incoming;
use services::{Code, Error};
use tokio::time::{Instant, Sleep, sleep, sleep_until};
use tonic::Status;

use crate::codec::frames::Frames;
use crate::error::local;

/// hyper's body, whose end is an error where the caller never ended it.
pub(crate) struct IncomingBody {
    body: Incoming,
    /// Over HTTP/1.1 hyper tells a broken body itself, and does not know its end beforehand.
    http2: bool,
}

impl IncomingBody {
    pub(crate) fn new(body: Incoming, version: http::Version) -> Self {
        let http2 = version == http::Version::HTTP_2;
        Self { body, http2 }
    }
}

impl Body for IncomingBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        match ready!(Pin::new(&mut self.body).poll_frame(task)) {
            Some(Ok(frame)) => Poll::Ready(Some(Ok(frame))),
            Some(Err(cause)) => {
                Poll::Ready(Some(Err(local(Error::unavailable(BROKEN_OFF, cause)))))
            }
            // hyper takes RST_STREAM with NO_ERROR for an end.
            None if self.http2 && !self.body.is_end_stream() => {
                Poll::Ready(Some(Err(local(Error::new(Code::Unavailable, BROKEN_OFF)))))
            }
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}

const BROKEN_OFF: &str = "the caller broke off before the end of its request";

/// How long a request may take to arrive. The timer is set only when nothing is there to be read, so
/// that most calls set none.
pub(crate) enum ArrivalLimit {
    /// The one message has to be there by then.
    Until {
        instant: Instant,
        /// What it is an error of: the caller's deadline, or the server's limit.
        error: fn() -> Error,
    },
    /// Something has to come each time within that, however long the whole takes.
    Idle(Duration),
}

impl ArrivalLimit {
    /// Until the caller's deadline, or for as long as a request may take to arrive.
    pub(crate) fn new(limit: Duration, deadline: Option<Instant>) -> Option<Self> {
        let until = Instant::now().checked_add(limit);
        match (until, deadline) {
            (Some(until), Some(deadline)) if until < deadline => Some(Self::limited(until)),
            (_, Some(instant)) => Some(Self::Until {
                instant,
                error: Error::deadline_exceeded,
            }),
            (until, None) => until.map(Self::limited),
        }
    }

    fn limited(instant: Instant) -> Self {
        let error = || Error::DeadlineExceeded("the request took too long to arrive".into());
        Self::Until { instant, error }
    }

    fn timer(&self) -> Sleep {
        match self {
            Self::Until { instant, .. } => sleep_until(*instant),
            Self::Idle(idle) => sleep(*idle),
        }
    }

    fn error(&self) -> Error {
        match self {
            Self::Until { error, .. } => error(),
            Self::Idle(idle) => Error::DeadlineExceeded(format!(
                "nothing was uploaded for {idle:?}: send items or end the upload"
            )),
        }
    }
}

/// A request's body, checked as it comes.
pub(crate) struct CheckedBody<B> {
    body: B,
    frames: Frames,
    arrival_limit: Option<ArrivalLimit>,
    timer: Option<Pin<Box<Sleep>>>,
    over: bool,
}

impl<B> CheckedBody<B> {
    pub(crate) fn new(body: B, frames: Frames, arrival_limit: Option<ArrivalLimit>) -> Self {
        Self {
            body,
            frames,
            arrival_limit,
            timer: None,
            over: false,
        }
    }

    /// Whether the time for the request to arrive is over.
    fn poll_late(&mut self, task: &mut TaskContext<'_>) -> Poll<Error> {
        let Some(arrival_limit) = &self.arrival_limit else {
            return Poll::Pending;
        };
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(arrival_limit.timer()));
        timer.poll_unpin(task).map(|()| arrival_limit.error())
    }

    fn check(&mut self, frame: &Frame<Bytes>) -> Result<(), Error> {
        match frame.data_ref() {
            Some(bytes) => self.frames.feed(bytes),
            None => self.end(),
        }
    }

    fn end(&mut self) -> Result<(), Error> {
        self.over = true;
        self.frames.end()
    }

    fn fail(&mut self, status: Status) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        self.over = true;
        Poll::Ready(Some(Err(status)))
    }
}

impl<B: Body<Data = Bytes, Error = Status> + Unpin> Body for CheckedBody<B> {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.over {
            return Poll::Ready(None);
        }
        let polled = match Pin::new(&mut self.body).poll_frame(task) {
            Poll::Pending => {
                let error = ready!(self.poll_late(task));
                return self.fail(local(error));
            }
            Poll::Ready(polled) => {
                if let Some(ArrivalLimit::Idle(_)) = self.arrival_limit {
                    self.timer = None;
                }
                polled
            }
        };
        let checked = match polled {
            Some(Ok(frame)) => self.check(&frame).map(|()| Some(frame)),
            Some(Err(status)) => return self.fail(status),
            None => self.end().map(|()| None),
        };
        match checked {
            Ok(frame) => Poll::Ready(frame.map(Ok)),
            Err(error) => self.fail(local(error)),
        }
    }

    /// Never known beforehand: tonic would not poll an empty body, whose lack of a message this
    /// has to tell.
    fn is_end_stream(&self) -> bool {
        self.over
    }
}
