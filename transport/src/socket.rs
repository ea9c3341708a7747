//! The socket that counts its bytes, and how a client connects one.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use services::error::excerpt;
use services::{Error, Traffic};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// How long, and for how many bytes, a server goes on reading after it has said its last word.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 64 * 1024 * 1024;

/// Bytes that the system takes from a server before they are on their way. Linux' own limit is
/// megabytes: so much would be kept for a peer that has stopped reading, unseen by those who bound
/// what they keep for it. Small enough for a few hundred lines of a chat, large enough that a
/// writer who is woken at half of it keeps the connection busy.
#[cfg(target_os = "linux")]
const UNSENT_BYTES: u32 = 64 * 1024;

/// A TCP connection that counts what passes: for itself, and for all connections of its program
/// end. `TCP_NODELAY` is on, without which a small call over HTTP/2 costs 44 ms (Nagle's algorithm
/// waits for a delayed acknowledgement).
#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    counter: Arc<Traffic>,
    traffic: Arc<Traffic>,
    closing: Closing,
}

/// What a shutdown of the sending side does further.
#[derive(Debug)]
enum Closing {
    /// Nothing.
    AtOnce,
    /// Reads to the peer's end.
    Lingers,
    /// Does so, for so many more bytes and so much time.
    Lingering(usize, Pin<Box<Sleep>>),
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
            closing: Closing::AtOnce,
        })
    }

    /// The same socket, whose shutdown lets the peer finish: it reads and discards what still
    /// comes. A socket that is closed with bytes unread resets the connection, and the peer may
    /// lose the answer that told why (RFC 9112 section 9.6).
    #[must_use]
    pub fn lingering(mut self) -> Self {
        self.closing = Closing::Lingers;
        self
    }

    /// The same socket, to which no more can be written while its peer leaves much unread (Linux'
    /// `TCP_NOTSENT_LOWAT`; elsewhere nothing changes).
    ///
    /// # Errors
    /// The system's: the connection is gone already.
    pub fn holding_little(self) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        socket2::SockRef::from(&self.stream).set_tcp_notsent_lowat(UNSENT_BYTES)?;
        Ok(self)
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

    fn poll_linger(&mut self, task: &mut Context<'_>) -> Poll<()> {
        if matches!(self.closing, Closing::Lingers) {
            self.closing = Closing::Lingering(LINGER_BYTES, Box::pin(sleep(LINGER)));
        }
        let Closing::Lingering(left, time) = &mut self.closing else {
            return Poll::Ready(());
        };
        let mut discarded = [0; 4096];
        loop {
            let mut buffer = ReadBuf::new(&mut discarded);
            match Pin::new(&mut self.stream).poll_read(task, &mut buffer) {
                Poll::Pending => return time.as_mut().poll(task),
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Ready(Ok(())) => {}
            }
            let bytes = buffer.filled().len();
            self.counter.add_received(bytes);
            self.traffic.add_received(bytes);
            if bytes == 0 || bytes >= *left {
                return Poll::Ready(());
            }
            *left -= bytes;
        }
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
        // Again and again while it lingers, which does no harm.
        ready!(Pin::new(&mut self.stream).poll_shutdown(task))?;
        self.poll_linger(task).map(Ok)
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
