//! What all connections of a tap share.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::link::Link;
use super::log::Log;
use super::schedule::Schedule;

/// Timers have a resolution of a millisecond, and are late by up to one.
const TIMER: Duration = Duration::from_millis(1);
/// Up to this round trip, a timer's tick is a large part of the whole.
const FINE_RTT: Duration = Duration::from_millis(4);

/// What all connections of a tap share.
#[derive(Debug)]
pub(super) struct Shared {
    /// Where the server listens.
    pub(super) to: SocketAddr,
    pub(super) log: Log,
    pub(super) link: Link,
    schedule: Mutex<Schedule>,
    /// How many connections are open.
    pub(super) open: watch::Sender<usize>,
}

impl Shared {
    pub(super) fn new(to: SocketAddr, log: Log, link: Link, began: Instant) -> Self {
        let schedule = Mutex::new(Schedule::new(link.clone(), began));
        let (open, _) = watch::channel(0);
        Self {
            to,
            log,
            link,
            schedule,
            open,
        }
    }

    /// Asks the link's state.
    pub(super) fn scheduled(&self, ask: impl FnOnce(&mut Schedule) -> Instant) -> Instant {
        let schedule = self.schedule.lock();
        ask(&mut schedule.unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits; to a fraction of a millisecond where the link is so short that it matters.
    pub(super) async fn wait_until(&self, due: Instant) {
        let fine = self.link.rtt < FINE_RTT;
        let coarse = due.checked_sub(TIMER).filter(|_| fine).unwrap_or(due);
        if coarse > Instant::now() {
            sleep_until(coarse).await;
        }
        let left = due.saturating_duration_since(Instant::now());
        if !left.is_zero() {
            // A sleeping thread wakes up some 60 µs late instead of a millisecond. It is not run
            // only while the runtime ends, and this task with it.
            drop(tokio::task::spawn_blocking(move || std::thread::sleep(left)).await);
        }
    }
}

/// Counts as an open connection until it is dropped.
#[derive(Debug)]
pub(super) struct Open(pub(super) Arc<Shared>);

impl Open {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        shared.open.send_modify(|open| *open += 1);
        Self(shared)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.send_modify(|open| *open -= 1);
    }
}
