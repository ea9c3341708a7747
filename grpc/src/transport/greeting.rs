//! What a server says first. One of HTTP/2 begins with a frame of SETTINGS (RFC 9113 section 3.4);
//! one that does not is no gRPC server, which hyper tells by no more than a broken connection.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context as TaskContext, Poll, ready};

use services::Error;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Where in a frame its type is, and the type of SETTINGS (RFC 9113 sections 4.1 and 6.5).
const TYPE_AT: usize = 3;
const SETTINGS: u8 = 4;

/// What was heard; 0 is nothing yet.
const HTTP2: u8 = 1;
const OTHER: u8 = 2;

/// What the server of one connection has said first, so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Greeting(Arc<AtomicU8>);

impl Greeting {
    /// The error of a call that failed with that one: an address that is wrong is told as such.
    pub(crate) fn explain(&self, cause: hyper::Error, broken: fn(hyper::Error) -> Error) -> Error {
        match self.0.load(Ordering::Relaxed) {
            HTTP2 => broken(cause),
            OTHER => Error::unavailable(
                "what answers there is no gRPC server, since it does not speak HTTP/2: check the \
                 address",
                cause,
            ),
            _ => Error::unavailable(
                "the connection broke before the server had said anything: check the address, or \
                 look whether the server closes",
                cause,
            ),
        }
    }
}

/// A socket whose first bytes are looked at as they are read.
pub(crate) struct Listening<S> {
    socket: S,
    /// Bytes that were looked at.
    seen: usize,
    greeting: Greeting,
}

impl<S> Listening<S> {
    pub(crate) fn new(socket: S, greeting: Greeting) -> Self {
        Self {
            socket,
            seen: 0,
            greeting,
        }
    }

    fn listen(&mut self, bytes: &[u8]) {
        let Some(at) = TYPE_AT.checked_sub(self.seen) else {
            return;
        };
        if let Some(kind) = bytes.get(at) {
            let heard = if *kind == SETTINGS { HTTP2 } else { OTHER };
            self.greeting.0.store(heard, Ordering::Relaxed);
        }
        self.seen += bytes.len();
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Listening<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut TaskContext<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.socket).poll_read(task, buffer))?;
        self.listen(&buffer.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Listening<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        task: &mut TaskContext<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(task, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(task)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        task: &mut TaskContext<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(task, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }
}
