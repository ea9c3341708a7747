//! Programs that a check runs: to an end, within a limit, with what they said.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

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

/// Runs a program without input; past the limit it is ended, with all that it started.
///
/// # Errors
/// Where it does not start.
pub fn run(command: &mut Command, limit: Duration) -> Result<Ran> {
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
    let stdout = kept(child.stdout.take());
    let stderr = kept(child.stderr.take());
    let status = ended(&mut child, limit)?;
    end_group(&mut child);
    let said = |pipe: Receiver<Vec<u8>>| {
        let bytes = pipe.recv_timeout(LAST_WORDS).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Ok(Ran {
        status,
        stdout: said(stdout),
        stderr: said(stderr),
    })
}

fn ended(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        let status = child.try_wait().context("a program cannot be waited for")?;
        if status.is_some() || started.elapsed() >= limit {
            return Ok(status);
        }
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

/// What comes out of a pipe until it is closed; read all the time, so that its writer never waits.
fn kept(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.by_ref().take(KEPT as u64).read_to_end(&mut bytes);
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        let _ = sender.send(bytes);
    });
    receiver
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
}
