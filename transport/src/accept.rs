//! The accept loop. It owns the task of every connection, so that none outlives its server.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use services::ServeOptions;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::descriptors;
use crate::socket::Socket;

/// How long the loop rests after an error that will not pass at once, such as EMFILE.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(50);

/// How long aborted handlers may take to be dropped; one that blocks its thread is left behind.
const ABORT: Duration = Duration::from_secs(1);

/// A connection that was accepted and has begun to send.
#[derive(Debug)]
pub struct Connection {
    /// Where its bytes come and go.
    pub socket: Socket,
    /// Who connected.
    pub peer: SocketAddr,
    /// The address that the listener is bound to, which may be the unspecified one.
    pub local: SocketAddr,
}

/// Accepts connections until `shutdown`, each handled in its own task; then cancels `closing`,
/// waits for the handlers until `options.drain` has passed, and aborts those that are left.
///
/// At most `options.limits.connections` handlers run, fewer where the system grants fewer file
/// descriptors; further connections wait in the listener's queue. A connection that sends nothing
/// for `options.request_timeout` is closed before `handle` sees it. A handler that upgrades its
/// connection runs the new protocol itself, so that limit and drain hold for it too.
///
/// # Errors
/// The listener's, where it does not know its own address. Errors of single connections and a
/// lack of file descriptors do not end the loop.
pub async fn accept<H, F>(
    listener: TcpListener,
    options: &ServeOptions,
    shutdown: impl Future<Output = ()>,
    closing: CancellationToken,
    handle: H,
) -> io::Result<()>
where
    H: Fn(Connection) -> F + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let local = listener.local_addr()?;
    let handle = Arc::new(handle);
    let first_byte = options.request_timeout;
    let limit = descriptors::connections(options.limits.connections.max(1));
    let mut handlers = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            // A handler's panic has been printed by the panic hook; it costs its own connection.
            Some(_) = handlers.join_next() => {}
            accepted = next(&listener, options), if handlers.len() < limit => {
                if let Some((socket, peer)) = accepted {
                    let connection = Connection { socket, peer, local };
                    let closing = closing.clone();
                    let handled = heard(connection, first_byte, closing, Arc::clone(&handle));
                    handlers.spawn(handled);
                }
            }
        }
    }
    closing.cancel();
    drop(listener);
    drain(handlers, options.drain).await;
    Ok(())
}

/// The next connection; `None` after an error that ends nothing but this attempt.
async fn next(listener: &TcpListener, options: &ServeOptions) -> Option<(Socket, SocketAddr)> {
    match listener.accept().await {
        Ok((stream, peer)) => counted(stream, options).map(|socket| (socket, peer)),
        Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => None,
        Err(_) => {
            sleep(PAUSE_AFTER_ERROR).await;
            None
        }
    }
}

fn counted(stream: TcpStream, options: &ServeOptions) -> Option<Socket> {
    let socket = Socket::new(stream, Arc::clone(&options.traffic));
    let socket = socket.and_then(Socket::holding_little);
    socket.ok().map(Socket::lingering)
}

/// Handles a connection once it has begun to send, unless it is too late for that.
async fn heard<H, F>(
    connection: Connection,
    first_byte: Duration,
    closing: CancellationToken,
    handle: Arc<H>,
) where
    H: Fn(Connection) -> F,
    F: Future<Output = ()>,
{
    let readable = timeout(first_byte, connection.socket.readable());
    let heard = closing.run_until_cancelled(readable).await;
    if let Some(Ok(Ok(()))) = heard {
        handle(connection).await;
    }
}

async fn drain(mut handlers: JoinSet<()>, limit: Duration) {
    let ended = timeout(limit, async {
        while handlers.join_next().await.is_some() {}
    });
    if ended.await.is_err() {
        // The time is up for the waiting as well: an abort takes effect at a handler's next await.
        let _ = timeout(ABORT, handlers.shutdown()).await;
    }
}
