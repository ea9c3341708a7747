//! `serve`: until a signal comes, then until the calls in flight are done.

mod front;
mod log;
mod service;
mod store;

use std::fmt;
use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use futures::FutureExt;
use futures::future::{BoxFuture, try_join_all};
use services::{Backend, ServeOptions};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::address::bind_for;
use crate::metrics::{self, Meter};
use crate::print::say;
use crate::program::{Program, Serve, Shutdown};
use crate::signals::Signals;
pub use front::Front;
pub use service::{Served, Service};

/// What `serve` is told.
#[derive(Debug, Clone, Args)]
pub struct ServeArguments {
    /// Address to listen on; may be given several times. Port 0 is any that is free
    #[arg(long, value_name = "HOST:PORT")]
    pub addr: Vec<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap would print it as help")]
    pub service: Service,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap would print it as help")]
    pub front: Front,
    #[arg(skip)]
    #[allow(
        missing_docs,
        reason = "see Program::course_addresses; clap would print it as help"
    )]
    pub course: bool,
}

/// What serves at a door: a room's [`Serve`], or something that is no room.
pub type DoorServe = Box<
    dyn FnOnce(
            TcpListener,
            Arc<dyn Backend>,
            ServeOptions,
            Shutdown,
        ) -> BoxFuture<'static, io::Result<()>>
        + Send,
>;

/// One address that something is served at.
pub struct Door {
    /// What is printed: `XML-RPC on http://127.0.0.1:9000`.
    pub title: String,
    /// The bound socket.
    pub listener: TcpListener,
    /// What serves it.
    pub serve: DoorServe,
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door")
            .field("title", &self.title)
            .finish_non_exhaustive()
    }
}

impl Door {
    /// Binds an address for that program, which that option of the command line gave.
    ///
    /// # Errors
    /// Where the address cannot be listened on.
    pub async fn open(program: &Program, option: &str, address: &str) -> anyhow::Result<Self> {
        let listener = bind_for(option, address).await?;
        let bound = listener
            .local_addr()
            .context("a bound socket has an address")?;
        let serve: Serve = program.serve;
        Ok(Self {
            title: format!("{} on {}://{bound}", program.protocol, program.scheme),
            listener,
            serve: Box::new(serve),
        })
    }

    /// Binds the address of the metrics: a port alone is this machine's only.
    async fn metrics(meter: Arc<Meter>, address: &str) -> anyhow::Result<Self> {
        let option = "--metrics-addr";
        let listener = if address.parse::<u16>().is_ok() {
            bind_for(option, &format!("127.0.0.1:{address}")).await
        } else {
            bind_for(option, address).await
        };
        let listener = listener.context("there are no metrics")?;
        let bound = listener
            .local_addr()
            .context("a bound socket has an address")?;
        Ok(Self {
            title: format!("Metrics on http://{bound}{}", metrics::PATH),
            listener,
            serve: Box::new(|listener, _, options, shutdown| {
                metrics::serve(listener, meter, options, shutdown).boxed()
            }),
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
    let doors = addresses
        .iter()
        .map(|address| Door::open(program, "--addr", address));
    let doors = try_join_all(doors).await?;
    let served = arguments.service.open().await?;
    arguments.front.serve(doors, served).await
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
