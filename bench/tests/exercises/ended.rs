//! A check that is told to end: what it started ends with it, and nothing is left.

use std::io::{ErrorKind, Read as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use crate::tried::{Tried, root};

/// Far more than any of this takes.
const LIMIT: Duration = Duration::from_secs(60);

/// Exercise 4's check of a client that connects to that port and then hangs, with what it started.
fn checking(port: u16, folder: &Path, temporary: &Path) -> Child {
    let hanging = format!("exec 3<>/dev/tcp/127.0.0.1/{port}; sleep 1000 & sleep 1000");
    std::fs::write(folder.join("client.sh"), hanging).expect("it can be written");
    std::fs::write(folder.join("command.txt"), "bash client.sh").expect("it can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_trivium"));
    command
        .args(["exercise", "4", "--check", "--folder"])
        .arg(folder);
    command.current_dir(root()).env("TMPDIR", temporary);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program starts")
}

#[test]
fn a_signal_ends_a_check_with_all_that_it_started() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let tried = Tried::untouched(4);
        let temporary = tempfile::tempdir().expect("there is room for a folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let mut child = checking(port, &tried.path(""), temporary.path());
        let (sender, running) = channel();
        thread::spawn(move || sender.send(listener.accept()));
        let accepted = running.recv_timeout(LIMIT).expect("the client is started");
        let mut stream = accepted.expect("the client connects").0;
        let id = child.id().to_string();
        let killed = Command::new("kill").args([signal, &id]).status();
        assert!(killed.expect("there is a kill").success());
        // Both of the client's processes hold the connection, until they end.
        stream
            .set_read_timeout(Some(LIMIT))
            .expect("it has a limit");
        let left = stream.read(&mut [0]).map_err(|error| error.kind());
        assert!(
            matches!(left, Ok(0) | Err(ErrorKind::ConnectionReset)),
            "{left:?}"
        );
        let status = child.wait().expect("it has ended, or is about to");
        assert_eq!(status.code(), Some(code));
        let mut files = temporary.path().read_dir().expect("it is there");
        assert!(files.next().is_none(), "something is left");
    }
}
