//! Tokio's runtime, the same at both ends of a comparison. It changes gRPC's rank, so every
//! report names it.

use std::io;

use clap::ValueEnum;
use tokio::runtime::{Builder, Runtime};

/// Which runtime runs clients and servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Flavor {
    /// A thread for each processor, as most servers run.
    #[default]
    Multi,
    /// One thread: cheaper switches, no parallel work.
    Current,
}

impl Flavor {
    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Multi => "multi",
            Self::Current => "current",
        }
    }

    /// Its name in tokio's words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Multi => "multi-thread",
            Self::Current => "current-thread",
        }
    }

    /// Such a runtime.
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub fn build(self) -> io::Result<Runtime> {
        let mut builder = match self {
            Self::Multi => Builder::new_multi_thread(),
            Self::Current => Builder::new_current_thread(),
        };
        builder.enable_all().build()
    }
}
