//! The highest rate at which a chat loses nothing and does not fall behind: the one that was asked
//! for, or half of it, and so on.

use std::process::ExitCode;

use anyhow::Result;
use demo::print::say;

use super::ChatArguments;
use super::chat::{self, Outcome, Plan};
use super::memory;
use super::server::ServerProcess;
use crate::endpoint::Endpoint;
use crate::report::progress;
use crate::report::table::{Table, TableRow, Weight};

/// A line's size: that of a spoken one.
const LINE_BYTES: usize = 40;

/// Runs all protocols that are wanted and prints a table.
pub(super) async fn run(arguments: &ChatArguments) -> Result<ExitCode> {
    let mut rows = Vec::new();
    match &arguments.to {
        Some(endpoint) => rows.push(held(endpoint.to_string(), arguments, Some(endpoint)).await?),
        None => {
            for scheme in arguments.wires.schemes() {
                rows.push(held(scheme.to_owned(), arguments, None).await?);
            }
        }
    }
    let all_held = rows.iter().all(|(_, held)| *held);
    say(&table(arguments, rows.into_iter().map(|(row, _)| row).collect()).text())?;
    Ok(if all_held {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Halves the rate until a run is without fault; whether any was.
async fn held(
    name: String,
    arguments: &ChatArguments,
    endpoint: Option<&Endpoint>,
) -> Result<(TableRow, bool)> {
    let mut rate = arguments.rate.max(1);
    let mut fault = None;
    while rate > 0 {
        let plan = Plan {
            participants: arguments.participants,
            rate,
            time: arguments.time,
            line_bytes: LINE_BYTES,
        };
        let outcome = attempt(&name, plan, endpoint).await?;
        match outcome.fault {
            None => return Ok((row(&name, rate, &outcome, fault), true)),
            Some(found) => fault = Some(format!("{rate}/s: {found}")),
        }
        rate /= 2;
    }
    let fault = fault.expect("the first rate is at least one");
    demo::print::note(&format!("{name}: no rate is held: {fault}"));
    let mut cells = vec![name, "none".into()];
    cells.resize(HEADS.len(), crate::report::table::NONE.into());
    Ok((
        TableRow {
            weight: Weight::Normal,
            cells,
        },
        false,
    ))
}

/// One run, against a server of its own unless there is one.
async fn attempt(name: &str, plan: Plan, endpoint: Option<&Endpoint>) -> Result<Outcome> {
    let bar = progress::bar(1);
    bar.set_message(format!("{name} {}/s", plan.rate));
    let outcome = match endpoint {
        Some(endpoint) => chat::run(plan, endpoint, None).await,
        None => {
            let at = format!("{name}://127.0.0.1:0");
            let server = ServerProcess::start(&[at], &[]).await?;
            chat::run(plan, &server.endpoints[0], server.process()).await
        }
    };
    bar.finish_and_clear();
    outcome
}

const HEADS: [&str; 7] = [
    "server",
    "held/s",
    "lines",
    "p50 ms",
    "p99 ms",
    "max ms",
    "memory each",
];

fn row(name: &str, rate: u32, outcome: &Outcome, above: Option<String>) -> TableRow {
    if let Some(above) = above {
        demo::print::note(&format!("{name}: not held at {above}"));
    }
    let delay = |microseconds: u64| format!("{:.1}", microseconds as f64 / 1e3);
    let cells = vec![
        name.to_owned(),
        rate.to_string(),
        outcome.lines.to_string(),
        delay(outcome.delays.value_at_quantile(0.5)),
        delay(outcome.delays.value_at_quantile(0.99)),
        delay(outcome.delays.max()),
        memory::written(outcome.memory_each),
    ];
    TableRow {
        weight: Weight::Normal,
        cells,
    }
}

fn table(arguments: &ChatArguments, rows: Vec<TableRow>) -> Table {
    let ChatArguments {
        participants, time, ..
    } = arguments;
    let time = time.as_secs_f64();
    Table {
        caption: format!(
            "Chat: {participants} participants, {time} s; everybody had every line once, in one order"
        ),
        groups: Vec::new(),
        heads: HEADS.to_vec(),
        rows,
    }
}
