//! What stands in front of the services, whatever they are and whatever the protocol: the server's
//! name, who may call, how it closes, and what is told of its calls.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use services::{Observer, ServeOptions, Traffic};

use super::log::{All, CallLog};
use super::{Door, Served, until_signal};
use crate::duration;
use crate::metrics::Meter;
use crate::print::{ERROR, note, say};

/// What the front is told.
#[derive(Debug, Clone, Args)]
pub struct Front {
    /// A further value of the header Host to accept; may be given several times
    #[arg(long, value_name = "HOST")]
    pub allow_host: Vec<String>,
    /// A further value of the header Origin to accept; may be given several times
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Vec<String>,
    /// Name that this server's own answers carry, so that clients can tell servers apart
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// How long calls in flight have to finish after Ctrl-C or SIGTERM. Open streams end at once,
    /// as Unavailable, so that their callers can go on at another server
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration::parse)]
    pub drain: Duration,
    /// Print a line for each call
    #[arg(long, short)]
    pub verbose: bool,
    /// Address, or port of this machine only, where Prometheus reads /metrics
    #[arg(long, value_name = "HOST:PORT")]
    pub metrics_addr: Option<String>,
}

impl Front {
    /// Opens the metrics' address, says what is served, then serves it as [`until_signal`] does.
    ///
    /// # Errors
    /// Why that address cannot be opened, in one line; as [`until_signal`].
    pub async fn serve(&self, mut doors: Vec<Door>, served: Served) -> anyhow::Result<ExitCode> {
        let traffic = Arc::<Traffic>::default();
        let meter = match &self.metrics_addr {
            None => None,
            Some(address) => {
                let meter = Arc::new(Meter::new(Arc::clone(&traffic)));
                doors.push(Door::metrics(Arc::clone(&meter), address).await?);
                Some(meter)
            }
        };
        say(&served.told)?;
        if let Some(warning) = &served.warning {
            note(&format!("{ERROR}warning:{ERROR:#} {warning}"));
        }
        let options = self.options(traffic, meter);
        until_signal(doors, served.backend, options).await
    }

    fn options(&self, traffic: Arc<Traffic>, meter: Option<Arc<Meter>>) -> ServeOptions {
        ServeOptions {
            name: self.name.clone(),
            drain: self.drain,
            allowed_hosts: self.allow_host.clone(),
            allowed_origins: self.allow_origin.clone(),
            observer: self.observer(meter),
            traffic,
            ..ServeOptions::default()
        }
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
