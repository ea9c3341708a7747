//! `serve`: until a signal comes, then until the calls in flight are done.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use futures::FutureExt;
use futures::future::try_join_all;
use services::local::{Local, LocalConfig};
use services::{Backend, CallRecord, Observer, ServeOptions};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::address::bind;
use crate::duration;
use crate::print::{HEADING, note, say};
use crate::program::{Program, Serve};
use crate::signals::Signals;

/// What `serve` is told.
#[derive(Debug, Clone, Args)]
pub struct ServeArguments {
    /// Address to listen on; may be given several times. Port 0 is any that is free
    #[arg(long, value_name = "HOST:PORT")]
    pub addr: Vec<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap would print it as help")]
    pub serving: Serving,
    #[arg(skip)]
    #[allow(
        missing_docs,
        reason = "see Program::course_addresses; clap would print it as help"
    )]
    pub course: bool,
}

/// How to serve, whatever the protocol and the address.
#[derive(Debug, Clone, Args)]
pub struct Serving {
    /// Time between two numbers of a stream
    #[arg(long, value_name = "TIME", default_value = "200ms", value_parser = duration::parse)]
    pub pace: Duration,
    /// Time between two metrics of a stream
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration::parse)]
    pub interval: Duration,
    /// A further value of the header Host to accept; may be given several times
    #[arg(long, value_name = "HOST")]
    pub allow_host: Vec<String>,
    /// A further value of the header Origin to accept; may be given several times
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Vec<String>,
    /// Name that every answer carries, so that clients can tell servers apart
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// How long calls in flight have to finish after Ctrl-C or SIGTERM. Open streams end at once,
    /// as Unavailable, so that their callers can go on at another server
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration::parse)]
    pub drain: Duration,
    /// Print a line for each call
    #[arg(long, short)]
    pub verbose: bool,
}

impl Serving {
    /// The options that a room's `serve` takes.
    #[must_use]
    pub fn options(&self) -> ServeOptions {
        let log = self.verbose.then(|| Arc::new(CallLog) as Arc<dyn Observer>);
        ServeOptions {
            name: self.name.clone(),
            drain: self.drain,
            allowed_hosts: self.allow_host.clone(),
            allowed_origins: self.allow_origin.clone(),
            observer: log,
            ..ServeOptions::default()
        }
    }

    /// The service itself, at this pace.
    #[must_use]
    pub fn local(&self) -> Local {
        Local::new(LocalConfig {
            pace: self.pace,
            interval: self.interval,
            ..LocalConfig::default()
        })
    }
}

/// One address that a backend is served at.
#[derive(Debug)]
pub struct Door {
    /// What is printed: `XML-RPC on http://127.0.0.1:9000`.
    pub title: String,
    /// The bound socket.
    pub listener: TcpListener,
    /// The room that serves it.
    pub serve: Serve,
}

impl Door {
    /// Binds an address for that program.
    ///
    /// # Errors
    /// Where the address cannot be listened on.
    pub async fn open(program: &Program, address: &str) -> anyhow::Result<Self> {
        let listener = bind(address).await?;
        let bound = listener
            .local_addr()
            .context("a bound socket has an address")?;
        Ok(Self {
            title: format!("{} on {}://{bound}", program.protocol, program.scheme),
            listener,
            serve: program.serve,
        })
    }
}

pub(crate) async fn run(program: &Program, arguments: &ServeArguments) -> anyhow::Result<ExitCode> {
    let mut addresses: Vec<&str> = arguments.addr.iter().map(String::as_str).collect();
    if addresses.is_empty() {
        addresses.push(program.address);
    }
    if arguments.course {
        addresses.extend(program.course_addresses);
    }
    let doors = addresses.iter().map(|address| Door::open(program, address));
    let doors = try_join_all(doors).await?;
    let backend = Arc::new(arguments.serving.local());
    until_signal(doors, backend, arguments.serving.options()).await
}

/// Serves at all doors until the first signal, then until the calls in flight are done or
/// `options.drain` has passed. A second signal ends at once.
///
/// # Errors
/// Where a server fails, or signals cannot be waited for.
pub async fn until_signal(
    doors: Vec<Door>,
    backend: Arc<dyn Backend>,
    options: ServeOptions,
) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::listen().context("signals cannot be waited for")?;
    for door in &doors {
        say(&door.title)?;
    }
    let drain = options.drain;
    let (close, closed) = oneshot::channel::<()>();
    let closed = closed.map(drop).shared();
    let servers = doors.into_iter().map(|door| {
        let (backend, options) = (Arc::clone(&backend), options.clone());
        (door.serve)(door.listener, backend, options, closed.clone().boxed())
    });
    let mut servers = try_join_all(servers);
    tokio::select! {
        ended = &mut servers => {
            ended.context("the server failed")?;
            return Ok(ExitCode::SUCCESS);
        }
        _ = signals.next() => {}
    }
    say(&closing(drain))?;
    // The servers hold the other end until they are done.
    let _ = close.send(());
    tokio::select! {
        ended = &mut servers => ended.context("the server failed while it closed")?,
        signal = signals.next() => return Ok(signal.exit_code()),
    };
    say("Closed")?;
    Ok(ExitCode::SUCCESS)
}

fn closing(drain: Duration) -> String {
    let drain = humantime::format_duration(drain);
    format!("Closing: calls in flight have {drain}. Ctrl-C again ends at once")
}

/// Prints a line for each call on stderr.
#[derive(Debug)]
struct CallLog;

impl Observer for CallLog {
    fn call_ended(&self, call: &CallRecord) {
        note(&line(call));
    }
}

/// Names and addresses only: nothing in it comes from the peer's arguments.
fn line(call: &CallRecord) -> String {
    let name = call.operation.name;
    let peer = call
        .peer
        .map_or("this process".to_owned(), |peer| peer.to_string());
    let outcome = call.outcome.map_or("ok", services::Code::name);
    let milliseconds = call.elapsed.as_secs_f64() * 1e3;
    let items = match call.items {
        0 => String::new(),
        items => format!("  {items} items"),
    };
    format!("{HEADING}{name}{HEADING:#}  {peer}  {outcome}  {milliseconds:.2} ms{items}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use services::{Code, operation};

    #[test]
    fn a_call_is_logged_in_a_line() {
        let call = CallRecord {
            operation: &operation::STREAM_NUMBERS,
            peer: Some(([127, 0, 0, 1], 5).into()),
            outcome: Some(Code::Cancelled),
            elapsed: Duration::from_micros(1_234),
            items: 3,
        };
        let plain = anstream::adapter::strip_str(&line(&call)).to_string();
        insta::assert_snapshot!(plain, @"stream_numbers  127.0.0.1:5  Cancelled  1.23 ms  3 items");
        let well = CallRecord {
            outcome: None,
            items: 0,
            peer: None,
            ..call
        };
        let plain = anstream::adapter::strip_str(&line(&well)).to_string();
        insta::assert_snapshot!(plain, @"stream_numbers  this process  ok  1.23 ms");
    }
}
