//! `serve`: until a signal comes, then until the calls in flight are done.

mod log;
mod store;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use futures::FutureExt;
use futures::future::{BoxFuture, try_join_all};
use services::local::{Local, LocalConfig};
use services::{Backend, Observer, ServeOptions, Traffic};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::address::bind;
use crate::duration;
use crate::metrics::{self, Meter};
use crate::print::{ERROR, note, say};
use crate::program::{Program, Serve, Shutdown};
use crate::signals::Signals;
use log::{All, CallLog};
use store::Store;

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
    /// Directory where users are kept, in a file that survives the server; it is made where it is
    /// missing. Without it, and without --redis, users and chat end with the server
    #[arg(long, value_name = "DIR", conflicts_with = "redis")]
    pub data: Option<PathBuf>,
    /// Redis that keeps users and chat; servers that share one are one. It needs its append-only
    /// file (appendonly yes) to lose nothing
    #[arg(long, value_name = "URL")]
    pub redis: Option<String>,
    /// Address, or port of this machine only, where Prometheus reads /metrics
    #[arg(long, value_name = "HOST:PORT")]
    pub metrics_addr: Option<String>,
}

impl Serving {
    /// Opens the store and the metrics' address.
    ///
    /// # Errors
    /// Why one of them cannot be opened, in one line.
    pub async fn open(&self) -> anyhow::Result<Opened> {
        let store = Store::open(self).await?;
        let traffic = Arc::<Traffic>::default();
        let meter = Arc::new(Meter::new(Arc::clone(&traffic)));
        let metrics = match &self.metrics_addr {
            None => None,
            Some(address) => Some(Door::metrics(Arc::clone(&meter), address).await?),
        };
        let options = ServeOptions {
            name: self.name.clone(),
            drain: self.drain,
            allowed_hosts: self.allow_host.clone(),
            allowed_origins: self.allow_origin.clone(),
            observer: self.observer(metrics.is_some().then_some(meter)),
            traffic,
            ..ServeOptions::default()
        };
        let local = Local::new(LocalConfig {
            pace: self.pace,
            interval: self.interval,
            users: store.users,
            chat: store.chat,
            ..LocalConfig::default()
        });
        Ok(Opened {
            backend: Arc::new(local),
            options,
            metrics,
            store: store.told,
            warning: store.warning,
        })
    }

    fn observer(&self, meter: Option<Arc<Meter>>) -> Option<Arc<dyn Observer>> {
        let log = self.verbose.then(|| Arc::new(CallLog) as Arc<dyn Observer>);
        let meter = meter.map(|meter| meter as Arc<dyn Observer>);
        let mut observers: Vec<_> = log.into_iter().chain(meter).collect();
        match observers.len() {
            0 | 1 => observers.pop(),
            _ => Some(Arc::new(All(observers))),
        }
    }
}

/// The services, opened and ready to be served.
#[derive(Debug)]
pub struct Opened {
    backend: Arc<Local>,
    options: ServeOptions,
    metrics: Option<Door>,
    /// Where users and chat are kept, in a line.
    store: String,
    /// What the store does not promise.
    warning: Option<String>,
}

impl Opened {
    /// Tells where users and chat are kept, then serves as [`until_signal`] does.
    ///
    /// # Errors
    /// As [`until_signal`].
    pub async fn serve(self, mut doors: Vec<Door>) -> anyhow::Result<ExitCode> {
        say(&self.store)?;
        if let Some(warning) = &self.warning {
            note(&format!("{ERROR}warning:{ERROR:#} {warning}"));
        }
        doors.extend(self.metrics);
        until_signal(doors, self.backend, self.options).await
    }
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
    /// Binds an address for that program.
    ///
    /// # Errors
    /// Where the address cannot be listened on.
    pub async fn open(program: &Program, address: &str) -> anyhow::Result<Self> {
        let listener = bind(address).await?;
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
        let listener = if address.parse::<u16>().is_ok() {
            bind(&format!("127.0.0.1:{address}")).await
        } else {
            bind(address).await
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
    let doors = addresses.iter().map(|address| Door::open(program, address));
    let doors = try_join_all(doors).await?;
    arguments.serving.open().await?.serve(doors).await
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
