//! Signals that ask this program to end: it does so in its own time, and leaves the terminal as it was.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, Result};
use signal_hook::consts::SIGTERM;
use signal_hook::flag;

/// Becomes true when this process is told to end, or its terminal closes.
///
/// # Errors
/// The system takes no handler.
pub fn asked_to_end() -> Result<Arc<AtomicBool>> {
    let asked = Arc::new(AtomicBool::new(false));
    let signals = [
        SIGTERM,
        #[cfg(unix)]
        signal_hook::consts::SIGHUP,
    ];
    for signal in signals {
        flag::register(signal, Arc::clone(&asked)).context("signals cannot be handled")?;
    }
    Ok(asked)
}
