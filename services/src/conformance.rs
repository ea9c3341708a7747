//! The scenarios that hold for every backend: written once, run over every wire. They compare a
//! backend with [`reference`](crate::conformance::reference()), so what they are run against has to
//! serve that.
//!
//! Beside them, backends that misbehave ([`Faulty`](crate::conformance::Faulty)) and, with the
//! feature `properties`, property tests.

mod calculator;
mod calls;
mod faulty;
mod greeter;
mod metrics;
mod numbers;
#[cfg(feature = "properties")]
pub mod properties;

use std::fmt;
use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use futures::future::BoxFuture;
use tokio::time::timeout;

use crate::backend::Backend;
use crate::chat::MemoryRoom;
use crate::error::{Code, Error};
use crate::local::{Clock, FixedReadings, Local, LocalConfig};
use crate::store::MemoryStore;
use crate::stream::Stream;

pub use faulty::Faulty;

/// What a scenario gives: why the backend failed it, where it did.
type Verdict = Result<(), String>;

/// How long a scenario may take before it has failed; the slowest take a tenth of a second.
const PATIENCE: Duration = Duration::from_secs(20);

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

/// A scenario from an async function over `&dyn Backend`.
macro_rules! scenario {
    ($name:literal, $run:path) => {
        Scenario {
            name: $name,
            run: |backend| Box::pin(async move { $run(&*backend).await }),
        }
    };
}

/// Every scenario, service by service.
pub static SCENARIOS: &[Scenario] = &[
    scenario!(
        "sums and products are exact up to the limits",
        calculator::exact
    ),
    scenario!(
        "a result past 32 bits is OutOfRange",
        calculator::past_32_bits
    ),
    scenario!("cubes are exact up to the limits", calculator::cubes),
    scenario!("upper case follows Unicode", calculator::uppercase),
    scenario!("a long text arrives whole", calculator::long_text),
    scenario!(
        "greetings are word for word those of the courses",
        greeter::greetings
    ),
    scenario!(
        "the courses' samples give the courses' report",
        metrics::report
    ),
    scenario!("doubles arrive to the last bit", metrics::last_bit),
    scenario!("a thousand samples of each kind arrive", metrics::thousand),
    scenario!("empty lists are refused by name", metrics::empty_lists),
    scenario!(
        "a value that is not finite is InvalidArgument",
        metrics::not_finite
    ),
    scenario!(
        "a mean that overflows is OutOfRange",
        metrics::overflowing_mean
    ),
    scenario!("the system tells its name", metrics::system_info),
    scenario!(
        "a metric tells host, type, value, time and unit",
        metrics::metric
    ),
    scenario!(
        "an unknown type of metric is refused by name",
        metrics::unknown_type
    ),
    scenario!("ten metrics stream in", metrics::metric_stream),
    scenario!(
        "a stream of an unknown type does not open",
        metrics::unknown_stream
    ),
    scenario!("uploaded metrics are summed up", metrics::record),
    scenario!("an empty upload is refused", metrics::record_nothing),
    scenario!(
        "an upload that breaks off fails",
        metrics::record_broken_off
    ),
    scenario!("health names the service", metrics::health),
    scenario!(
        "numbers come in order, each with its square",
        numbers::in_order
    ),
    scenario!("a range up to 1000 wide streams whole", numbers::widest),
    scenario!("a reversed or wider range does not open", numbers::refused),
    scenario!(
        "32 calls at once get each its own answer",
        calls::calls_at_once
    ),
    scenario!(
        "8 streams at once keep their items apart",
        calls::streams_at_once
    ),
    scenario!(
        "a stream dropped half-way leaves the next calls alone",
        calls::dropped_stream
    ),
    scenario!(
        "a call dropped at once leaves the next calls alone",
        calls::dropped_calls
    ),
    scenario!(
        "a deadline that has passed is DeadlineExceeded",
        calls::passed_deadline
    ),
    scenario!("a deadline far away changes nothing", calls::far_deadline),
    scenario!(
        "a stalled upload ends with its deadline",
        calls::stalled_upload
    ),
];

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
    Arc::new(Local::new(LocalConfig {
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
    }))
}

/// A result in a form that can be compared whole: doubles to the last bit (`Debug` writes the
/// shortest text that reads back the same, and tells -0.0), errors by code and text.
fn outcome<T: Debug>(result: Result<T, Error>) -> Result<String, (Code, String)> {
    match result {
        Ok(value) => Ok(format!("{value:?}")),
        Err(error) => Err((error.code(), error.to_string())),
    }
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
