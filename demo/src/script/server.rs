//! The demo's own server, on a free port.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use futures::FutureExt;
use services::{Backend, ServeOptions};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::address::bind;
use crate::program::Program;

/// How long the server may take to end; its last call is over when it is told to.
const PATIENCE: Duration = Duration::from_secs(1);

/// A server that runs beside the demo; dropping it stops it.
#[derive(Debug)]
pub(super) struct Server {
    /// Where it is reached.
    pub(super) url: String,
    close: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    pub(super) async fn start(
        program: &Program,
        backend: Arc<dyn Backend>,
    ) -> anyhow::Result<Self> {
        let listener = bind("127.0.0.1:0").await?;
        let address = listener
            .local_addr()
            .context("a bound socket has an address")?;
        let options = ServeOptions {
            drain: PATIENCE,
            ..ServeOptions::default()
        };
        let (close, closed) = oneshot::channel();
        let closed = closed.map(drop).boxed();
        Ok(Self {
            url: format!("{}://{address}", program.scheme),
            close,
            task: tokio::spawn((program.serve)(listener, backend, options, closed)),
        })
    }

    pub(super) async fn stop(self) -> anyhow::Result<()> {
        drop(self.close);
        let ended = self.task.await.context("the server was stopped")?;
        ended.context("the server failed")
    }
}
