//! Signals that ask this program to end. What it started is in groups of its own, which no Ctrl-C
//! reaches: whoever waits looks here, so that all of it ends and temporary folders go.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, Result, bail};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// The signals that are heeded.
const ENDING: &[i32] = &[
    SIGINT,
    SIGTERM,
    #[cfg(unix)]
    signal_hook::consts::SIGHUP,
];

/// The last of them that came; 0 before.
static ASKED: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// Keeps signals from ending this process at once: from now on [`go_on`] tells of them.
///
/// # Errors
/// The system takes no handler.
pub fn heed() -> Result<()> {
    let asked = ASKED.get_or_init(Arc::default);
    for signal in ENDING {
        let number = usize::try_from(*signal)?;
        let registered = flag::register_usize(*signal, Arc::clone(asked), number);
        registered.context("signals cannot be handled")?;
    }
    Ok(())
}

/// The signal that asked this process to end.
#[must_use]
pub fn asked() -> Option<u8> {
    let signal = ASKED.get()?.load(Ordering::SeqCst);
    u8::try_from(signal).ok().filter(|signal| *signal != 0)
}

/// Fails where this process is to end. Whoever waits for something asks now and then.
///
/// # Errors
/// A signal that came.
pub fn go_on() -> Result<()> {
    match asked() {
        Some(signal) => bail!("ended by signal {signal}"),
        None => Ok(()),
    }
}
