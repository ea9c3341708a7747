//! Where a tap writes down what passes.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::recording::{Direction, Event, EventKind, Recording};

/// Everything that has passed, for whoever asks, or each event as it comes, for a watcher.
#[derive(Debug)]
pub(super) struct Log {
    began: Instant,
    began_at: SystemTime,
    sizes: [AtomicU64; 2],
    refused: Mutex<Option<io::Error>>,
    sink: Sink,
}

#[derive(Debug)]
enum Sink {
    Memory(Mutex<Recording>),
    Watcher(mpsc::Sender<Event>),
}

impl Log {
    /// Keeps all in memory.
    pub(super) fn keeping(began: Instant) -> Self {
        let recording = Recording::begin();
        let began_at = recording.began;
        Self::new(began, began_at, Sink::Memory(Mutex::new(recording)))
    }

    /// Keeps nothing and tells a watcher.
    pub(super) fn telling(began: Instant, watcher: mpsc::Sender<Event>) -> Self {
        Self::new(began, SystemTime::now(), Sink::Watcher(watcher))
    }

    fn new(began: Instant, began_at: SystemTime, sink: Sink) -> Self {
        Self {
            began,
            began_at,
            sizes: Default::default(),
            refused: Mutex::default(),
            sink,
        }
    }

    /// Writes down what happens now; waits for a watcher who is behind.
    pub(super) async fn write(&self, connection: usize, kind: EventKind) {
        if let EventKind::Bytes { direction, bytes } = &kind {
            let size = bytes.len() as u64;
            self.sizes[direction.index()].fetch_add(size, Ordering::Relaxed);
        }
        match &self.sink {
            Sink::Memory(recording) => {
                // The time is taken under the lock, so that a recording's times are in order.
                let mut recording = held(recording);
                recording.push(self.event(connection, kind));
            }
            // A watcher who has gone is no reason to stop the traffic.
            Sink::Watcher(watcher) => {
                drop(watcher.send(self.event(connection, kind)).await);
            }
        }
    }

    fn event(&self, connection: usize, kind: EventKind) -> Event {
        let at = self.began.elapsed();
        Event {
            connection,
            at,
            kind,
        }
    }

    /// The server could not be reached.
    pub(super) fn refuse(&self, error: io::Error) {
        *held(&self.refused) = Some(error);
    }

    pub(super) fn take_refusal(&self) -> Option<io::Error> {
        held(&self.refused).take()
    }

    pub(super) fn recording(&self) -> Recording {
        match &self.sink {
            Sink::Memory(recording) => held(recording).clone(),
            Sink::Watcher(_) => Recording {
                began: self.began_at,
                connections: Vec::new(),
            },
        }
    }

    pub(super) fn size_bytes(&self) -> [u64; 2] {
        Direction::BOTH.map(|direction| self.sizes[direction.index()].load(Ordering::Relaxed))
    }
}

/// What a panic elsewhere left is still true: nothing is half written under these locks.
fn held<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}
