//! One server of a balancer: how to reach it, and whether it is in turn.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures::future::BoxFuture;
use services::{Backend, Error};
use tokio::sync::OnceCell;

/// Connects to a server. A client reconnects by itself, so it is dialled until it succeeds once.
pub type Dial = Box<dyn Fn() -> BoxFuture<'static, Result<Arc<dyn Backend>, Error>> + Send + Sync>;

/// How a server stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its name, as it was given.
    pub name: String,
    /// Whether it is in turn.
    pub healthy: bool,
    /// How often it was put out of turn.
    pub ejections: u64,
}

/// One server.
pub(super) struct Target {
    name: String,
    dial: Dial,
    client: OnceCell<Arc<dyn Backend>>,
    healthy: AtomicBool,
    ejections: AtomicU64,
}

impl Target {
    pub(super) fn new(name: String, dial: Dial) -> Self {
        Self {
            name,
            dial,
            client: OnceCell::new(),
            healthy: AtomicBool::new(true),
            ejections: AtomicU64::new(0),
        }
    }

    /// Its client; a failure to dial puts it out of turn.
    pub(super) async fn client(&self) -> Result<Arc<dyn Backend>, Error> {
        let client = self.client.get_or_try_init(&self.dial).await;
        client.cloned().inspect_err(|_| self.eject())
    }

    pub(super) fn is_healthy(&self) -> bool {
        self.healthy.load(Ordering::Relaxed)
    }

    pub(super) fn eject(&self) {
        if self.healthy.swap(false, Ordering::Relaxed) {
            self.ejections.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn take_back(&self) {
        self.healthy.store(true, Ordering::Relaxed);
    }

    pub(super) fn standing(&self) -> Standing {
        Standing {
            name: self.name.clone(),
            healthy: self.is_healthy(),
            ejections: self.ejections.load(Ordering::Relaxed),
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.standing().fmt(f)
    }
}
