//! Signals reach a whole process, so this test has one of its own.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]
#![cfg(unix)]

use std::process::{Command, ExitCode};
use std::sync::LazyLock;
use std::time::Duration;

use demo::serve::{Door, until_signal};
use futures::FutureExt;
use services::ServeOptions;
use services::conformance::reference;
use tokio::sync::Notify;
use tokio::time::timeout;

static SERVING: LazyLock<Notify> = LazyLock::new(Notify::new);
static CLOSING: LazyLock<Notify> = LazyLock::new(Notify::new);

fn interrupt() {
    let pid = std::process::id().to_string();
    let sent = Command::new("kill").args(["-INT", &pid]).status();
    assert!(sent.unwrap().success());
}

/// A server whose calls in flight never end.
async fn stuck_door() -> Door {
    Door {
        title: "stuck".into(),
        listener: demo::bind("127.0.0.1:0").await.unwrap(),
        serve: Box::new(|_, _, _, shutdown| {
            let told = shutdown.map(|()| CLOSING.notify_one());
            SERVING.notify_one();
            told.then(|()| std::future::pending()).boxed()
        }),
    }
}

#[tokio::test]
async fn a_second_ctrl_c_ends_a_server_that_does_not() {
    let doors = vec![stuck_door().await];
    let served = tokio::spawn(until_signal(doors, reference(), ServeOptions::default()));
    let patience = Duration::from_secs(30);
    timeout(patience, SERVING.notified()).await.unwrap();
    interrupt();
    timeout(patience, CLOSING.notified()).await.unwrap();
    interrupt();
    let exit_code = timeout(patience, served).await.unwrap().unwrap().unwrap();
    assert_eq!(exit_code, ExitCode::from(130));
}
