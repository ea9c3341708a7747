//! `serve`: all four protocols over one backend.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use demo::serve::{Door, Front, Service};
use futures::future::try_join_all;

use crate::endpoint::Endpoint;
use crate::rooms;

/// What `serve` is told.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:\n  \
    trivium serve\n      serves xmlrpc://127.0.0.1:9000, jsonrpc://127.0.0.1:8001,\n      \
    grpc://127.0.0.1:50051 and rest://127.0.0.1:8000\n  \
    trivium serve --addr grpc://127.0.0.1:0 --addr rest://0.0.0.0:8000\n      \
    serves these two only; port 0 is any that is free, and is printed")]
pub struct ServeArguments {
    /// Serve only here; may be given several times. All four at their own addresses unless given
    #[arg(long, value_name = "PROTOCOL://HOST:PORT")]
    pub addr: Vec<Endpoint>,
    /// How the services serve.
    #[command(flatten)]
    pub service: Service,
    /// What stands in front of them.
    #[command(flatten)]
    pub front: Front,
}

/// Serves until a signal, then drains.
///
/// # Errors
/// An address that cannot be listened on, or a server that fails.
pub async fn run(arguments: &ServeArguments) -> Result<ExitCode> {
    let doors = match arguments.addr.as_slice() {
        [] => {
            let doors = rooms::ALL
                .iter()
                .map(|room| Door::open(room, "--addr", room.address));
            try_join_all(doors).await?
        }
        endpoints => try_join_all(endpoints.iter().map(|it| it.open("--addr"))).await?,
    };
    let served = arguments.service.open().await?;
    arguments.front.serve(doors, served).await
}
