//! The servers' own process, so that client and server cost are told apart. It is this same
//! program with a hidden subcommand. It writes one line with its servers' addresses, then answers
//! each line that it reads with the CPU time that it has used, and ends when its standard input
//! does: however its parent dies, no orphan is left.

use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::cpu;
use crate::host::{self, Addresses};
use crate::runtime::Flavor;

/// The hidden subcommand.
pub const SUBCOMMAND: &str = "child";

/// How long the child may take to begin, and to answer: far more than it needs.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a child that lost its connections may take to be seen as ended: the system closes them
/// a moment before.
const LAST_BREATH: Duration = Duration::from_millis(300);

/// The child's side: serves until standard input ends.
///
/// # Errors
/// The system's, where a port or a pipe fails.
pub fn run(flavor: Flavor) -> anyhow::Result<()> {
    let runtime = flavor.build()?;
    let addresses = runtime.block_on(host::start())?;
    runtime.spawn(ignore_interrupts());
    say(&addresses)?;
    // The current-thread runtime runs only while somebody blocks on it, hence a thread for the
    // pipe: it costs nothing while nobody asks.
    let (ended, end) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        let answered = answer_until_end();
        drop(ended);
        answered
    });
    // The sender is only ever dropped, which is the signal.
    let _ = runtime.block_on(end);
    runtime.shutdown_background();
    Ok(())
}

/// A terminal sends Ctrl-C to both processes. The parent decides: if the child went first, the
/// parent would report a broken connection.
async fn ignore_interrupts() {
    while tokio::signal::ctrl_c().await.is_ok() {}
}

fn answer_until_end() -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        line?;
        say(&cpu::used())?;
    }
    Ok(())
}

fn say(value: &impl serde::Serialize) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", serde_json::to_string(value)?)?;
    stdout.flush()
}

/// The parent's side: dropped, it takes the child with it.
pub struct Servers {
    /// Where they listen.
    pub addresses: Addresses,
    answers: Lines<BufReader<ChildStdout>>,
    questions: ChildStdin,
    child: Child,
}

impl Servers {
    /// Starts that program as the child.
    ///
    /// # Errors
    /// Where it does not start, or does not tell its addresses.
    pub async fn start(program: &Path, flavor: Flavor) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            .args([SUBCOMMAND, "--runtime", flavor.name()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start the servers' process")?;
        let questions = child.stdin.take().context("the child has no input")?;
        let output = child.stdout.take().context("the child has no output")?;
        let mut answers = BufReader::new(output).lines();
        let addresses = read(&mut answers).await?;
        Ok(Self {
            addresses,
            answers,
            questions,
            child,
        })
    }

    /// CPU time that the servers have used so far; `None` where the system does not tell.
    ///
    /// # Errors
    /// Where the child is gone.
    pub async fn cpu_used(&mut self) -> anyhow::Result<Option<Duration>> {
        self.questions.write_all(b"cpu\n").await?;
        read(&mut self.answers).await
    }

    /// How the child ended; `None` where it runs.
    pub async fn ended(&mut self) -> Option<ExitStatus> {
        timeout(LAST_BREATH, self.child.wait()).await.ok()?.ok()
    }
}

async fn read<T: serde::de::DeserializeOwned>(
    answers: &mut Lines<BufReader<ChildStdout>>,
) -> anyhow::Result<T> {
    let line = timeout(PATIENCE, answers.next_line()).await;
    let line = line.context("the servers' process does not answer")??;
    let line = line.context("the servers' process ended: its reason stands above")?;
    Ok(serde_json::from_str(&line)?)
}
