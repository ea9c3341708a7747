//! The services themselves: how fast their streams are, and where users and chat are kept.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use services::Backend;
use services::local::{Local, LocalConfig};

use super::store::Store;
use crate::duration;

/// What the services are told.
#[derive(Debug, Clone, Args)]
pub struct Service {
    /// Time between two numbers of a stream
    #[arg(long, value_name = "TIME", default_value = "200ms", value_parser = duration::parse)]
    pub pace: Duration,
    /// Time between two metrics of a stream
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration::parse)]
    pub interval: Duration,
    /// Directory where users are kept, in a file that survives the server; it is made where it is
    /// missing. Without it, and without --redis, users and chat end with the server
    #[arg(long, value_name = "DIR", conflicts_with = "redis")]
    pub data: Option<PathBuf>,
    /// Redis that keeps users and chat; servers that share one are one. It needs its append-only
    /// file (appendonly yes) to lose nothing
    #[arg(long, value_name = "URL")]
    pub redis: Option<String>,
}

/// What is served, and what is said of it.
pub struct Served {
    /// Who answers the calls.
    pub backend: Arc<dyn Backend>,
    /// The first line: where users and chat are kept, or where calls go.
    pub told: String,
    /// What is not promised.
    pub warning: Option<String>,
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served")
            .field("told", &self.told)
            .finish_non_exhaustive()
    }
}

impl Service {
    /// Opens the store.
    ///
    /// # Errors
    /// Why it cannot be opened, in one line.
    pub async fn open(&self) -> anyhow::Result<Served> {
        let store = Store::open(self).await?;
        let local = Local::new(LocalConfig {
            pace: self.pace,
            interval: self.interval,
            users: store.users,
            chat: store.chat,
            ..LocalConfig::default()
        });
        Ok(Served {
            backend: Arc::new(local),
            told: store.told,
            warning: store.warning,
        })
    }
}
