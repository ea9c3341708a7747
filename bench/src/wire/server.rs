//! A server of each wire in this process, so that a call can be looked at without any set-up.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use demo::Program;
use futures::FutureExt;
use services::conformance::reference_config;
use services::model::NewUser;
use services::operation::{Kind, Operation};
use services::{
    Backend, Context, Local, LocalConfig, MemoryRoom, MemoryStore, ServeOptions, Users,
};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::balancer::{BalancerOptions, Dial, RoundRobin};

/// Between two items of a stream: enough for each to be a write of its own.
const PACE: Duration = Duration::from_millis(5);

/// Longer than any run: nobody has to look after backends in this process.
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

/// What a server that was told to close has for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running server.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    close: oneshot::Sender<()>,
    running: JoinHandle<std::io::Result<()>>,
}

impl Server {
    /// Serves that many calls of an operation on a free loopback port: each meets a service in the
    /// same state, so that a second `create_user` is no other call than the first. A conversation
    /// may be several calls over a wire, so all of them meet the same service.
    ///
    /// # Errors
    /// The system's, where it has no port left.
    pub async fn start(room: &Program, operation: &Operation, calls: usize) -> Result<Self> {
        let services = match operation.kind {
            Kind::Bidirectional => 1,
            Kind::Unary | Kind::ServerStream | Kind::ClientStream => calls,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.context("no port is free for a server")?;
        let address = listener.local_addr()?;
        let (close, closed) = oneshot::channel::<()>();
        let backend = backend(services).await?;
        let closed = closed.map(drop).boxed();
        let serving = (room.serve)(listener, backend, ServeOptions::default(), closed);
        Ok(Self {
            address,
            close,
            running: tokio::spawn(serving),
        })
    }

    /// Closes it once its clients have gone.
    pub async fn close(self) {
        // The receiver lives as long as the server.
        let _ = self.close.send(());
        if timeout(PATIENCE, self.running).await.is_err() {
            // Nobody waits for a call of ours any more; the runtime's end ends it.
        }
    }
}

/// Services in the same state, which take calls in turn.
async fn backend(count: usize) -> Result<Arc<dyn Backend>> {
    let options = BalancerOptions {
        check_every: NEVER,
        ..BalancerOptions::default()
    };
    let services = (0..count).map(|number| (format!("service {number}"), service()));
    let services = RoundRobin::connect(services, options).await;
    Ok(Arc::new(services.context("the services do not start")?))
}

fn service() -> Dial {
    Box::new(|| {
        async {
            let local = Local::new(LocalConfig {
                pace: PACE,
                interval: PACE,
                users: Arc::new(MemoryStore::default()),
                chat: Arc::new(MemoryRoom::default()),
                ..reference_config()
            });
            // Somebody to ask for, to change and to delete: id 1.
            let ana = NewUser {
                name: "Ana".into(),
                email: "ana@example.org".into(),
                roles: vec!["admin".into()],
                external_id: Some("u-1".into()),
            };
            local.create_user(&Context::new(), &ana).await?;
            Ok(Arc::new(local) as Arc<dyn Backend>)
        }
        .boxed()
    })
}
