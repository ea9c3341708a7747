//! Servers of any room on free ports, which can be stopped, killed and started again.
#![allow(dead_code, reason = "each test file uses a part")]

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use demo::Program;
use services::{Backend, ClientOptions, ServeOptions};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use trivium::endpoint::Endpoint;

/// No step of a test takes longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Fails the test where the future is not done in time.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(PATIENCE, future).await;
    done.expect("the step is done in time")
}

/// A server that serves until it is stopped, killed or dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) room: Program,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    /// On a free port, under that name.
    pub(crate) async fn start(room: Program, name: &str, backend: Arc<dyn Backend>) -> Self {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self::start_at(any_port, room, name, backend).await
    }

    pub(crate) async fn start_at(
        address: SocketAddr,
        room: Program,
        name: &str,
        backend: Arc<dyn Backend>,
    ) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has one");
        let options = ServeOptions {
            name: Some(name.into()),
            ..ServeOptions::default()
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = Box::pin(async { drop(stopped.await) });
        Self {
            address,
            room,
            stop: Some(stop),
            task: tokio::spawn((room.serve)(listener, backend, options, shutdown)),
        }
    }

    /// Where its protocol is spoken.
    pub(crate) fn endpoint(&self) -> Endpoint {
        endpoint(self.room.name, self.address)
    }

    /// Cuts all its connections at once, as `kill -9` does.
    pub(crate) async fn kill(mut self) -> SocketAddr {
        self.task.abort();
        let ended = (&mut self.task).await;
        assert!(ended.is_err_and(|error| error.is_cancelled()));
        self.address
    }

    /// Closes it in order.
    pub(crate) async fn stop(mut self) {
        self.stop.take();
        soon(&mut self.task)
            .await
            .expect("no panic")
            .expect("it ends well");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) fn endpoint(scheme: &str, address: SocketAddr) -> Endpoint {
    let text = format!("{scheme}://{address}");
    text.parse().expect("an endpoint")
}

/// A client of whatever is there.
pub(crate) async fn client(scheme: &str, address: SocketAddr) -> Arc<dyn Backend> {
    let endpoint = endpoint(scheme, address);
    soon(endpoint.connect(ClientOptions::default()))
        .await
        .expect("the server runs")
}
