//! Signals that ask this program to end: it does so in its own time, and leaves things in order.

use std::ffi::c_int;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, Result};
pub use signal_hook::consts::SIGTERM;
use signal_hook::flag;

/// All of them: one to end, and that the terminal has closed.
#[cfg(unix)]
pub const ANY: [c_int; 2] = [SIGTERM, signal_hook::consts::SIGHUP];

/// All of them that this system has.
#[cfg(not(unix))]
pub const ANY: [c_int; 1] = [SIGTERM];

/// Becomes true when this process gets one of these.
///
/// # Errors
/// The system takes no handler.
pub fn asked_to_end(signals: &[c_int]) -> Result<Arc<AtomicBool>> {
    let asked = Arc::new(AtomicBool::new(false));
    for signal in signals {
        flag::register(*signal, Arc::clone(&asked)).context("signals cannot be handled")?;
    }
    Ok(asked)
}
