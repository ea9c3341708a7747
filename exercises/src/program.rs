//! Programs that a check runs: to an end, within a limit, with what they said.

use std::io::{ErrorKind, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::signals;

/// How often a running program is asked whether it has ended: the standard library cannot wait for
/// a child with a limit.
const GLANCE: Duration = Duration::from_millis(10);

/// How long pipes may stay open once their program has ended: what it started may hold them.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What is kept of each stream, in bytes: a program in a loop must not fill the memory.
const KEPT: usize = 1 << 20;

/// How a program ended, and what it said.
#[derive(Debug, Clone)]
pub struct Ran {
    /// `None` where it was ended because it took too long.
    pub status: Option<ExitStatus>,
    /// Its standard output, what is not UTF-8 replaced.
    pub stdout: String,
    /// Its standard error, likewise.
    pub stderr: String,
}

impl Ran {
    /// Whether it ended by itself, with exit code 0.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.status.is_some_and(|status| status.success())
    }
}

/// Runs a program without input; past the limit it is ended, with all that it started, and so it is
/// when a signal ends this program.
///
/// # Errors
/// Where it does not start, or this program is to end.
pub fn run(command: &mut Command, limit: Duration) -> Result<Ran> {
    signals::go_on()?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    let stdout = Kept::of(child.stdout.take());
    let stderr = Kept::of(child.stderr.take());
    let status = ended(&mut child, limit);
    end_group(&mut child);
    Ok(Ran {
        status: status?,
        stdout: stdout.said(),
        stderr: stderr.said(),
    })
}

fn ended(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        let status = child.try_wait().context("a program cannot be waited for")?;
        if status.is_some() || started.elapsed() >= limit {
            return Ok(status);
        }
        signals::go_on()?;
        thread::sleep(GLANCE);
    }
}

/// Ends the program and what it started, which may have outlived it.
fn end_group(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        // Nobody may be left in it.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// What comes out of a pipe; read all the time, so that its writer never waits.
struct Kept {
    bytes: Arc<Mutex<Vec<u8>>>,
    /// Ends when the pipe is closed.
    open: Receiver<()>,
}

impl Kept {
    fn of(mut pipe: Option<impl Read + Send + 'static>) -> Self {
        let bytes = Arc::<Mutex<Vec<u8>>>::default();
        let (sender, open) = channel();
        let kept = Arc::clone(&bytes);
        thread::spawn(move || {
            // Held until the pipe is closed.
            let _open: Sender<()> = sender;
            let mut piece = [0; 4096];
            while let Some(length) = pipe.as_mut().and_then(|pipe| next(pipe, &mut piece)) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                let room = KEPT - kept.len();
                kept.extend_from_slice(&piece[..length.min(room)]);
            }
        });
        Self { bytes, open }
    }

    /// All of it; where somebody holds the pipe for longer than last words take, what came so far.
    fn said(&self) -> String {
        let _ = self.open.recv_timeout(LAST_WORDS);
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// How many bytes come next; none at the end.
fn next(pipe: &mut impl Read, piece: &mut [u8]) -> Option<usize> {
    loop {
        match pipe.read(piece) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => return None,
            Ok(length) => return Some(length),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> Ran {
        run(Command::new("sh").args(["-c", script]), limit).expect("there is a shell")
    }

    #[test]
    fn what_a_program_says_is_kept_apart() {
        let ran = shell("echo out; echo err >&2; exit 3", Duration::from_secs(60));
        assert_eq!(
            (ran.stdout.as_str(), ran.stderr.as_str()),
            ("out\n", "err\n")
        );
        assert_eq!(ran.status.and_then(|status| status.code()), Some(3));
        assert!(!ran.succeeded());
    }

    #[test]
    fn a_program_that_does_not_end_is_ended_with_what_it_started() {
        let ran = shell(
            "echo begun; sleep 1000 & sleep 1000",
            Duration::from_millis(500),
        );
        assert!(ran.status.is_none());
        assert_eq!(ran.stdout, "begun\n");
    }

    #[test]
    fn what_was_said_counts_though_somebody_holds_the_pipe() {
        // A session of its own is out of the group that is ended; its sleep ends soon enough.
        let ran = shell("setsid sleep 5 & echo said", Duration::from_secs(60));
        assert_eq!(ran.stdout, "said\n");
        assert!(ran.succeeded());
    }
}
