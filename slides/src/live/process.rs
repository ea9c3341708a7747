//! A process of a demo, which leaves nothing behind.

use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// A process that ends with all that it started.
pub(super) struct Process(pub(super) Child);

impl Process {
    pub(super) fn spawn(mut command: std::process::Command) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let name = command.get_program().to_string_lossy().into_owned();
        Ok(Self(
            command
                .spawn()
                .with_context(|| format!("{name} does not start"))?,
        ))
    }

    /// Waits for its end, which is near: its output has ended.
    pub(super) fn wait(&mut self) -> Result<std::process::ExitStatus> {
        let until = Instant::now() + Duration::from_secs(1);
        loop {
            if let Some(status) = self.0.try_wait()? {
                return Ok(status);
            }
            if Instant::now() > until {
                bail!("it goes on without printing");
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.0.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw)
        {
            // Fails where nothing of the group is left.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
