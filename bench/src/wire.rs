//! `wire`: every byte of a call, over every protocol side by side, explained; or of whatever a
//! client and a server say to each other.

/// Addresses that a tap listens on and connects to.
pub mod address;

/// What `wire` is told.
pub mod arguments;

/// What a request says, in a line.
pub mod bodies;

/// What is called.
pub mod call;

/// The calls through taps, and what was recorded of them.
pub mod capture;

/// Which bytes belong to which call.
pub mod cut;

/// What is written to files.
pub mod export;

/// The same as JSON.
pub mod json;

/// Protobuf's names.
pub mod knowledge;

/// Between any client and any server.
pub mod listen;

/// What is shown of calls.
pub mod screen;

/// Servers in this process.
pub mod server;

/// Sizes and rates on the command line.
pub mod size;

/// The sentences below the table.
pub mod why;

/// The five wires.
pub mod wires;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use demo::Signals;
use demo::print::{FAILURE, Usage, described, note};
use demo::value::Sender;
use services::conformance::reference_config;
use services::local::Clock;
use services::operation::Kind;

pub use arguments::WireArguments;
use call::Call;
use capture::{Capture, Lane, Plan, capture};
use export::Exports;

use crate::endpoint::Endpoint;
use crate::target::Protocol;

/// Calls, shows and exports; or listens until Ctrl-C. A call that failed is shown as any other,
/// told on stderr, and makes the exit code 1.
///
/// # Errors
/// [`Usage`] for arguments that do not fit together; a file or an address that does not serve.
pub async fn run(arguments: &WireArguments) -> Result<ExitCode> {
    let exports = Exports::open(arguments)?;
    if let Some(listen) = &arguments.listen {
        return listen::run(listen, arguments, exports).await;
    }
    let plan = plan(arguments)?;
    let mut signals = Signals::listen().context("signals cannot be waited for")?;
    let captured = tokio::select! {
        captured = capture(&plan) => captured?,
        signal = signals.next() => return Ok(signal.exit_code()),
    };
    let reached = captured.wires.iter().any(|it| it.socket_bytes != [0, 0]);
    if reached && !exports.takes_stdout() {
        screen::print(&plan, &captured, arguments).await?;
    }
    exports.write(&plan, &captured)?;
    Ok(told_failures(&captured))
}

/// A line for each wire whose call failed.
fn told_failures(captured: &Capture) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for observed in &captured.wires {
        if let Some(error) = observed.failure() {
            let title = observed.wire.title;
            note(&format!(
                "{FAILURE}error:{FAILURE:#} {title}: {}",
                described(error)
            ));
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn plan(arguments: &WireArguments) -> Result<Plan> {
    let mut lanes = lanes(arguments)?;
    let is_ours = lanes.iter().all(|lane| lane.server.is_none());
    let sender = Sender {
        hostname: "localhost".into(),
        metric_type: "cpu".into(),
        timestamp: match is_ours {
            // The same bytes on every run.
            true => reference_config().clock.now(),
            false => Clock::System.now(),
        },
    };
    let operation = arguments.operation.as_deref().unwrap_or_default();
    let call = Call::read(operation, &arguments.arguments, &sender)?;
    if is_ours
        && matches!(
            call.operation.kind,
            Kind::ServerStream | Kind::Bidirectional
        )
    {
        // A client of JSON-RPC over HTTP opens a WebSocket for what streams down: one row is enough.
        lanes.retain(|lane| lane.wire.name != "jsonrpc-http");
    }
    Ok(Plan {
        call,
        lanes,
        link: arguments.link.link(),
        timeout: arguments.timeout.0,
        knowledge: knowledge::read(arguments)?,
    })
}

/// Without `--to` a wire each, over servers in this process; else the wires of the servers that it
/// names.
fn lanes(arguments: &WireArguments) -> Result<Vec<Lane>> {
    if arguments.to.is_empty() {
        let wires = wires::of(&arguments.protocol).into_iter();
        let lanes = wires.map(|wire| Lane { wire, server: None });
        return Ok(lanes.collect());
    }
    let mut lanes = Vec::new();
    for to in &arguments.to {
        let endpoint = to.parse::<Endpoint>();
        let endpoint = endpoint.map_err(|wanted| Usage(format!("--to: {wanted}")))?;
        let wire = wires::by_scheme(endpoint.scheme());
        lanes.push(Lane {
            wire: wire.context("every endpoint has a wire")?,
            server: Some(endpoint),
        });
    }
    refuse_others(&arguments.protocol, &lanes)?;
    Ok(lanes)
}

/// `--to` tells the protocols; what `--protocol` says beside it must not be something else.
fn refuse_others(protocols: &[Protocol], lanes: &[Lane]) -> Result<()> {
    let wanted = wires::of(protocols);
    let other = lanes.iter().find(|lane| !wanted.contains(&lane.wire));
    if let Some(lane) = other {
        bail!(Usage(format!(
            "--to names a server of {}, which --protocol leaves out: leave --protocol away",
            lane.wire.title
        )));
    }
    Ok(())
}
