//! `gateway`: any protocol in front of any other. A client is a backend, so it is what a server
//! serves; the context brings the deadline's rest and the metadata along, errors come back as they
//! are, and a caller who gives up drops the call all the way down. Several servers take the calls
//! in turn.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use demo::duration::Timeout;
use demo::print::printable;
use demo::serve::{Front, Served};
use services::ClientOptions;

use crate::balancer::{BalancerOptions, Retry, RoundRobin};
use crate::endpoint::Endpoint;

/// What `gateway` is told.
#[derive(Debug, Clone, Args)]
#[command(
    // On one line, as clap writes it, it is wider than a terminal.
    override_usage = "trivium gateway [OPTIONS] --from <PROTOCOL://HOST:PORT>\n                       \
                      --to <PROTOCOL://HOST:PORT>",
    after_help = "Protocols: xmlrpc, jsonrpc (by HTTP), jsonrpc+ws (by WebSocket), grpc, rest\
    \n\nExamples:\n  \
    trivium gateway --from rest://127.0.0.1:8000 --to grpc://127.0.0.1:50051\n  \
    trivium gateway --from rest://127.0.0.1:8000 --to grpc://127.0.0.1:50051 \\\n          \
    --to grpc://127.0.0.1:50052 --retry\n      two servers in turn"
)]
pub struct GatewayArguments {
    /// Where to serve; port 0 is any that is free, and is printed
    #[arg(long, value_name = "PROTOCOL://HOST:PORT")]
    pub from: Endpoint,
    /// The server that calls go to; given several times, these take them in turn
    #[arg(long, value_name = "PROTOCOL://HOST:PORT", required = true)]
    pub to: Vec<Endpoint>,
    /// Send a call whose server is gone to another one, where it is safe to repeat
    #[arg(long)]
    pub retry: bool,
    /// For calls, and for the opening of streams, that come without a deadline; none waits for ever
    #[arg(long, value_name = "TIME", default_value = "10s")]
    pub timeout: Timeout,
    /// What stands in front of the calls.
    #[command(flatten)]
    pub front: Front,
}

/// Serves until a signal, then drains.
///
/// # Errors
/// An address that cannot be listened on, a server that cannot be reached or fails.
pub async fn run(arguments: &GatewayArguments) -> Result<ExitCode> {
    let options = ClientOptions {
        timeout: arguments.timeout.0,
        ..ClientOptions::default()
    };
    let servers = arguments
        .to
        .iter()
        .map(|to| (to.to_string(), to.dial(options.clone())));
    let retry = if arguments.retry {
        Retry::Safe
    } else {
        Retry::Off
    };
    let balancing = BalancerOptions {
        retry,
        open_timeout: arguments.timeout.0,
        ..BalancerOptions::default()
    };
    let backend = Arc::new(RoundRobin::connect(servers, balancing).await?);
    let door = arguments.from.open("--from").await?;
    let served = Served {
        backend,
        told: told(&arguments.to),
        warning: None,
    };
    arguments.front.serve(vec![door], served).await
}

/// Where calls go, in a line.
fn told(servers: &[Endpoint]) -> String {
    let servers: Vec<_> = servers
        .iter()
        .map(|server| printable(&server.to_string()))
        .collect();
    match servers.as_slice() {
        [server] => format!("Calls go to {server}"),
        servers => format!("Calls go in turn to {}", servers.join(", ")),
    }
}
