//! The scenarios that hold for every backend: written once, run over every wire. They compare a
//! backend with [`reference`](crate::conformance::reference()), so what they are run against has to
//! serve that.
//!
//! Beside them, backends that misbehave ([`Faulty`](crate::conformance::Faulty)) and, with the
//! feature `properties`, property tests.

mod calculator;
mod calls;
mod chat;
mod faulty;
mod files;
mod greeter;
mod metrics;
mod numbers;
#[cfg(feature = "properties")]
pub mod properties;
mod scenarios;
mod users;
mod usuarios;

use std::fmt;
use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use futures::future::BoxFuture;
use tokio::time::timeout;
use uuid::Uuid;

use crate::backend::Backend;
use crate::chat::MemoryRoom;
use crate::error::{Code, Error};
use crate::local::{Clock, FixedReadings, Local, LocalConfig};
use crate::store::MemoryStore;
use crate::stream::Stream;

pub use faulty::Faulty;
pub use scenarios::SCENARIOS;

/// What a scenario gives: why the backend failed it, where it did.
type Verdict = Result<(), String>;

/// How long a scenario may take before it has failed. The slowest take a tenth of a second; without
/// optimisation, through a gateway and on a machine that does other work, twenty seconds.
const PATIENCE: Duration = Duration::from_secs(90);

/// A sentence that holds for every backend, and how to try it.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// The sentence.
    pub name: &'static str,
    run: fn(Arc<dyn Backend>) -> BoxFuture<'static, Verdict>,
}

impl Scenario {
    /// Tries that backend.
    ///
    /// # Errors
    /// Why the sentence does not hold for it.
    pub async fn run(&self, backend: Arc<dyn Backend>) -> Result<(), Failure> {
        let verdict = timeout(PATIENCE, (self.run)(backend)).await;
        let verdict = verdict.unwrap_or_else(|_| Err(format!("not done after {PATIENCE:?}")));
        verdict.map_err(|reason| Failure {
            scenario: self.name,
            reason,
        })
    }
}

impl Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scenario").field(&self.name).finish()
    }
}

/// A scenario that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{scenario}: {reason}")]
pub struct Failure {
    /// Its name.
    pub scenario: &'static str,
    /// What was wanted and what came.
    pub reason: String,
}

/// Tries all scenarios, one after the other.
///
/// # Errors
/// Those that do not hold.
pub async fn check(backend: Arc<dyn Backend>) -> Result<(), Vec<Failure>> {
    let mut failures = Vec::new();
    for scenario in SCENARIOS {
        let tried = scenario.run(Arc::clone(&backend)).await;
        failures.extend(tried.err());
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures)
    }
}

/// What a tested server serves and what its answers are compared with: the real logic, with a
/// clock and readings that stand still, and streams as fast as they are read.
#[must_use]
pub fn reference() -> Arc<Local> {
    Arc::new(Local::new(reference_config()))
}

/// How [`reference()`] is configured: to be served over another store or room.
#[must_use]
pub fn reference_config() -> LocalConfig {
    LocalConfig {
        clock: Clock::Fixed(1_763_703_000),
        readings: Arc::new(FixedReadings {
            cpu_percent: 42.5,
            memory_gb: 7.3,
            disk_gb: 121.012_345_678,
        }),
        pace: Duration::ZERO,
        interval: Duration::ZERO,
        users: Arc::new(MemoryStore::default()),
        chat: Arc::new(MemoryRoom::default()),
    }
}

/// A result in a form that can be compared whole: doubles to the last bit (`Debug` writes the
/// shortest text that reads back the same, and tells -0.0), errors by code and text.
fn outcome<T: Debug>(result: Result<T, Error>) -> Result<String, (Code, String)> {
    match result {
        Ok(value) => Ok(format!("{value:?}")),
        Err(error) => Err((error.code(), error.to_string())),
    }
}

/// A text that no other run of a scenario has, at this server or at another one of the same store.
fn unique(text: &str) -> String {
    format!("{text}-{}", Uuid::new_v4().simple())
}

/// Fails unless that holds.
fn holds(sentence: &str, holds: bool) -> Verdict {
    if holds {
        Ok(())
    } else {
        Err(format!("it does not hold that {sentence}"))
    }
}

/// Fails where the call did.
fn answer<T>(call: &str, got: Result<T, Error>) -> Result<T, String> {
    got.map_err(|error| format!("{call} failed: {error:?}"))
}

/// Fails unless both results are the same.
fn same<T: Debug>(call: &str, got: Result<T, Error>, wanted: Result<T, Error>) -> Verdict {
    let (got, wanted) = (outcome(got), outcome(wanted));
    if got == wanted {
        Ok(())
    } else {
        Err(format!("{call} gave {got:?} instead of {wanted:?}"))
    }
}

/// Fails unless the result is that error, whatever its text.
fn fails_with<T: Debug>(call: &str, got: Result<T, Error>, wanted: Code) -> Verdict {
    match got {
        Err(error) if error.code() == wanted => Ok(()),
        other => Err(format!("{call} gave {other:?} instead of {wanted}")),
    }
}

/// Opens a stream and reads it to its end.
async fn collected<T>(
    opening: impl Future<Output = Result<Stream<T>, Error>>,
) -> Result<Vec<T>, Error> {
    opening.await?.try_collect().await
}
