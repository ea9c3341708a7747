//! CPU time of this process, all threads, user and kernel.

use std::time::Duration;

use cpu_time::ProcessTime;

/// CPU time that this process has used so far; `None` where the system does not tell.
#[must_use]
pub fn used() -> Option<Duration> {
    ProcessTime::try_now().ok().map(|now| now.as_duration())
}
