//! What a check started ends when the check is told to. The signal goes to this very process, so
//! that this test has a file of its own.
#![cfg(unix)]

use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use exercises::{program, signals};
use rustix::process::{Signal, getpid, kill_process};

const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn a_signal_ends_what_was_started() {
    signals::heed().expect("signals can be handled");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("it has an address").port();
    let (sender, running) = channel();
    thread::spawn(move || {
        let stream = listener.accept().expect("the program connects").0;
        kill_process(getpid(), Signal::TERM).expect("it is this process");
        sender.send(stream).expect("the test waits");
    });
    // bash and what it starts hold the connection.
    let script = format!("exec 3<>/dev/tcp/127.0.0.1/{port}; sleep 1000 & sleep 1000");
    let started = Instant::now();
    let ran = program::run(Command::new("bash").args(["-c", &script]), LIMIT);
    let error = ran.expect_err("it was ended").to_string();
    assert_eq!(error, "ended by signal 15");
    assert!(started.elapsed() < LIMIT, "it was ended by the limit");
    assert_eq!(signals::asked(), Some(15));
    let mut stream: TcpStream = running.recv_timeout(LIMIT).expect("it was running");
    stream
        .set_read_timeout(Some(LIMIT))
        .expect("it has a limit");
    let left = stream.read(&mut [0]);
    assert!(!matches!(left, Ok(1..)), "{left:?}");
    let waited = left
        .err()
        .is_some_and(|it| it.kind() == std::io::ErrorKind::WouldBlock);
    assert!(!waited, "the program goes on");
    let next = program::run(&mut Command::new("true"), LIMIT);
    assert!(next.is_err(), "nothing is started any more");
}
