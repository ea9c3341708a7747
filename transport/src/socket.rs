//! The socket that counts its bytes, and how a client connects one.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use services::error::excerpt;
use services::{Error, Traffic};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A TCP connection that counts what passes: for itself, and for all connections of its program
/// end. `TCP_NODELAY` is on, without which a small call over HTTP/2 costs 44 ms (Nagle's algorithm
/// waits for a delayed acknowledgement).
#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    counter: Arc<Traffic>,
    traffic: Arc<Traffic>,
}

impl Socket {
    /// That connection, counted.
    ///
    /// # Errors
    /// The system's, where it does not set `TCP_NODELAY`: the connection is gone already.
    pub fn new(stream: TcpStream, traffic: Arc<Traffic>) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        traffic.connection_opened();
        Ok(Self {
            stream,
            counter: Arc::default(),
            traffic,
        })
    }

    /// The bytes of this connection alone, readable while it is used and after.
    #[must_use]
    pub fn counter(&self) -> Arc<Traffic> {
        Arc::clone(&self.counter)
    }

    /// Waits until there is something to read, an end included.
    ///
    /// # Errors
    /// The system's.
    pub async fn readable(&self) -> io::Result<()> {
        self.stream.readable().await
    }

    /// The bytes that have come, without taking them: at least one, or none at the end.
    ///
    /// # Errors
    /// The system's.
    pub async fn peek(&self, bytes: &mut [u8]) -> io::Result<usize> {
        self.stream.peek(bytes).await
    }

    fn count_sent(&self, polled: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = polled {
            self.counter.add_sent(bytes);
            self.traffic.add_sent(bytes);
        }
        polled
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(task, buffer))?;
        let bytes = buffer.filled().len() - before;
        self.counter.add_received(bytes);
        self.traffic.add_received(bytes);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(task, bytes);
        self.count_sent(polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(task, slices);
        self.count_sent(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(task)
    }
}

/// Connects to `host:port` (an IPv6 address in brackets).
///
/// # Errors
/// [`Error::Unavailable`], which names the address.
pub async fn connect(host_port: &str, traffic: Arc<Traffic>) -> Result<Socket, Error> {
    let connected = TcpStream::connect(host_port).await;
    connected
        .and_then(|stream| Socket::new(stream, traffic))
        .map_err(|cause| {
            let text = format!(
                "cannot connect to {}: {cause}; check the address, and that the server runs",
                excerpt(host_port)
            );
            Error::unavailable(text, cause)
        })
}
