//! A program that is given a time to end: it has nothing to read, and what it says on both of its
//! outputs is kept in the order in which it said it.

use std::io::{self, PipeReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use process_wrap::std::CommandWrap;

/// What a program did.
#[derive(Debug)]
pub(crate) struct Ended {
    /// How it ended; `None` if it had to be killed.
    pub(crate) status: Option<ExitStatus>,
    /// What it printed; nothing if it had to be killed.
    pub(crate) printed: String,
}

/// Runs a program; past the limit it is killed with all that it started.
///
/// It has no terminal, also where this program has one: what asks its terminal something from the
/// background is stopped by the system until somebody fetches it to the front.
///
/// # Errors
/// It cannot be started.
pub(crate) fn run(mut command: Command, limit: Duration) -> io::Result<Ended> {
    let (reader, writer) = io::pipe()?;
    command.stdin(Stdio::null());
    command.stdout(writer.try_clone()?).stderr(writer);
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessSession);
    let mut child = command.spawn()?;
    // It holds the pipe's other end: while it lives nobody sees the output's end.
    drop(command);
    let read = read_aside(reader).recv_timeout(limit).ok();
    if read.is_none() {
        // It may have ended since, and then there is nobody to kill.
        let _ = child.start_kill();
    }
    let status = child.wait()?;
    Ok(Ended {
        status: read.is_some().then_some(status),
        printed: String::from_utf8_lossy(&read.unwrap_or_default()).into_owned(),
    })
}

/// Reads to the end in a thread of its own, which ends with the pipe.
fn read_aside(mut reader: PipeReader) -> Receiver<Vec<u8>> {
    let (sender, read) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if reader.read_to_end(&mut bytes).is_ok() {
            // Whoever waited too long listens no more.
            let _ = sender.send(bytes);
        }
    });
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bash(script: &str, limit: Duration) -> Ended {
        let mut command = Command::new("bash");
        command.args(["-c", script]);
        run(command, limit).expect("bash is there")
    }

    #[test]
    fn both_outputs_come_in_the_order_in_which_they_were_written() {
        let script = "echo one; echo two >&2; echo three; exit 3";
        let ended = bash(script, Duration::from_secs(20));
        assert_eq!(ended.printed, "one\ntwo\nthree\n");
        assert_eq!(ended.status.and_then(|status| status.code()), Some(3));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_has_a_session_of_its_own_and_so_no_terminal() {
        let script = "echo $$; cut -d ' ' -f 6 /proc/$$/stat";
        let ended = bash(script, Duration::from_secs(20));
        let lines: Vec<&str> = ended.printed.lines().collect();
        let [own, session] = lines[..] else {
            panic!("two lines, not {lines:?}");
        };
        assert_eq!(session, own);
    }

    #[test]
    fn what_does_not_end_is_killed_with_its_children() {
        let script = "echo begun; sleep 1000 & sleep 1000";
        let ended = bash(script, Duration::from_millis(300));
        assert!(ended.status.is_none());
    }
}
