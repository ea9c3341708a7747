//! The room: a server of each protocol over one backend, on ports that are free.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use demo::Program;
use futures::FutureExt;
use futures::future::join_all;
use services::{Backend, Local, ServeOptions};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::rooms;

/// What servers that were told to close have for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// The servers.
pub(super) struct Hall {
    pub(super) doors: Vec<Door>,
    running: Vec<(oneshot::Sender<()>, JoinHandle<std::io::Result<()>>)>,
}

/// Where one protocol is spoken.
pub(super) struct Door {
    /// Its place among the four.
    pub(super) number: usize,
    pub(super) room: Program,
    pub(super) address: SocketAddr,
}

impl Hall {
    pub(super) async fn open() -> Result<Self> {
        let backend: Arc<dyn Backend> = Arc::new(Local::default());
        let (mut doors, mut running) = (Vec::new(), Vec::new());
        for (number, room) in rooms::ALL.into_iter().enumerate() {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
            let listener = listener.context("no port is free for a server")?;
            let address = listener.local_addr()?;
            let (close, closed) = oneshot::channel::<()>();
            let backend = Arc::clone(&backend);
            let closed = closed.map(drop).boxed();
            let serving = (room.serve)(listener, backend, ServeOptions::default(), closed);
            running.push((close, tokio::spawn(serving)));
            doors.push(Door {
                number,
                room,
                address,
            });
        }
        Ok(Self { doors, running })
    }

    /// Closes all, once everybody has left.
    pub(super) async fn close(self) {
        let closing = self.running.into_iter().map(|(close, running)| async {
            // The receiver lives as long as the server.
            let _ = close.send(());
            // One that does not end in time is ended with the program.
            let _ = timeout(PATIENCE, running).await;
        });
        join_all(closing).await;
    }
}
