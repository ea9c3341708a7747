//! The room's server on port 0, and clients of it, with a limit of time on every step.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use services::conformance::reference;
use services::{Backend, ClientOptions, Error, ServeOptions};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::ROOM;

/// No step of a test takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Fails the test where the future is not done in time.
pub(super) async fn soon<T>(future: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(PATIENCE, future).await;
    done.expect("the step is done in time")
}

pub(super) async fn connect(
    scheme: &str,
    address: SocketAddr,
    options: ClientOptions,
) -> Result<Arc<dyn Backend>, Error> {
    soon((ROOM.connect)(format!("{scheme}://{address}"), options)).await
}

/// A server that serves until it is stopped or dropped, met by one of the room's schemes.
pub(super) struct Running {
    scheme: &'static str,
    pub(super) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Running {
    pub(super) async fn start(
        scheme: &'static str,
        backend: Arc<dyn Backend>,
        options: ServeOptions,
    ) -> Self {
        // Shown where the test fails: which of the schemes it was.
        println!("over {scheme}://");
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self::start_at(any_port, scheme, backend, options).await
    }

    pub(super) async fn reference(scheme: &'static str) -> Self {
        Self::start(scheme, reference(), ServeOptions::default()).await
    }

    /// With its client.
    pub(super) async fn met(
        scheme: &'static str,
        backend: Arc<dyn Backend>,
    ) -> (Self, Arc<dyn Backend>) {
        let server = Self::start(scheme, backend, ServeOptions::default()).await;
        let client = server.client().await;
        (server, client)
    }

    pub(super) async fn start_at(
        address: SocketAddr,
        scheme: &'static str,
        backend: Arc<dyn Backend>,
        options: ServeOptions,
    ) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = Box::pin(async {
            // Dropping the sender stops the server too.
            let _ = stopped.await;
        });
        let task = tokio::spawn((ROOM.serve)(listener, backend, options, shutdown));
        Self {
            scheme,
            address,
            stop: Some(stop),
            task,
        }
    }

    pub(super) async fn client(&self) -> Arc<dyn Backend> {
        self.client_with(ClientOptions::default()).await
    }

    pub(super) async fn client_with(&self, options: ClientOptions) -> Arc<dyn Backend> {
        connect(self.scheme, self.address, options).await.unwrap()
    }

    /// Asks the server to stop, without waiting.
    pub(super) fn shut_down(&mut self) {
        self.stop.take();
    }

    /// Waits until the server has stopped.
    pub(super) async fn stopped(mut self) {
        self.stop.take();
        soon(&mut self.task).await.unwrap().unwrap();
    }
}
