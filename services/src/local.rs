//! The services in this process: the real logic, written once. Every wire's answers are compared
//! with these, and what a remote call costs is told against these.
//!
//! Work happens inside the futures and streams that are returned, so dropping one ends it.

mod calculator;
mod chat;
mod files;
mod greeter;
mod metrics;
mod numbers;
mod passwords;
mod readings;
mod rules;
mod users;
mod usuarios;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::StreamExt;
use futures::stream::BoxStream;

use self::passwords::Passwords;
use crate::chat::{ChatRoom, MemoryRoom};
use crate::store::{MemoryStore, UserStore};

pub use readings::{FixedReadings, MetricType, Readings, SystemReadings};

/// All services in this process. Clones share the users, the chat, and the threads that hash
/// passwords, which end with the last of them.
#[derive(Debug, Clone, Default)]
pub struct Local {
    config: LocalConfig,
    passwords: Arc<Passwords>,
}

/// What [`Local`] does not decide itself.
#[derive(Debug, Clone)]
pub struct LocalConfig {
    /// Where the time of a reading comes from.
    pub clock: Clock,
    /// Where readings come from.
    pub readings: Arc<dyn Readings>,
    /// Between two numbers of a stream.
    pub pace: Duration,
    /// Between two readings of a stream.
    pub interval: Duration,
    /// Where users are kept.
    pub users: Arc<dyn UserStore>,
    /// The room of the chat.
    pub chat: Arc<dyn ChatRoom>,
}

/// The real clock, this machine's readings, streams as fast as they are read, and users and chat
/// in memory.
impl Default for LocalConfig {
    fn default() -> Self {
        Self {
            clock: Clock::System,
            readings: Arc::new(SystemReadings::new()),
            pace: Duration::ZERO,
            interval: Duration::ZERO,
            users: Arc::new(MemoryStore::default()),
            chat: Arc::new(MemoryRoom::default()),
        }
    }
}

/// A source of the time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The machine's.
    System,
    /// Always this, in seconds since 1970-01-01T00:00:00Z: for tests.
    Fixed(i64),
}

impl Clock {
    /// Now, in seconds since 1970-01-01T00:00:00Z. A machine whose clock stands before that is
    /// taken to be there.
    #[must_use]
    pub fn now(self) -> i64 {
        match self {
            Self::Fixed(seconds) => seconds,
            Self::System => {
                let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
                let seconds = since_epoch.unwrap_or_default().as_secs();
                i64::try_from(seconds).unwrap_or(i64::MAX)
            }
        }
    }
}

impl Local {
    /// The services with that configuration.
    #[must_use]
    pub fn new(config: LocalConfig) -> Self {
        Self {
            config,
            passwords: Arc::default(),
        }
    }
}

/// The same items: the first at once, each other that long after the one before it was taken.
fn paced<T: Send + 'static>(
    items: impl futures::Stream<Item = T> + Send + 'static,
    pace: Duration,
) -> BoxStream<'static, T> {
    if pace.is_zero() {
        return items.boxed();
    }
    let waited = items.enumerate().then(move |(index, item)| async move {
        if index > 0 {
            tokio::time::sleep(pace).await;
        }
        item
    });
    waited.boxed()
}
