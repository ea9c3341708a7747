//! What one participant who never reads does to everybody else: rounds with and without it, in
//! turn, and after how many lines the server dropped it.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use demo::print::say;
use hdrhistogram::Histogram;
use services::chat::HallLimits;
use services::{ClientOptions, Code, Context};
use tokio::time::timeout;

use super::SilentArguments;
use super::chat::{self, Plan, Seat, take_seat};
use super::memory;
use super::server::ServerProcess;
use crate::endpoint::Endpoint;
use crate::measurement::Estimate;
use crate::report::progress;
use crate::report::table::{NONE, Table, TableRow, Weight};
use crate::statistics::{FEWEST_FOR_INTERVAL, estimate};

/// The silent one's name.
const SILENT: &str = "silent";

/// How long a dropped participant may take to be told, once it reads.
const TOLD: Duration = Duration::from_secs(30);

/// What the rounds of one protocol showed, a value a round.
#[derive(Debug, Default)]
struct Rounds {
    p50: [Vec<f64>; 2],
    p99: [Vec<f64>; 2],
    /// The server's resident memory at the end of each round, in MiB.
    memory: [Vec<f64>; 2],
    /// After how many lines the silent one was dropped.
    dropped_after: Vec<usize>,
}

pub(super) async fn run(arguments: &SilentArguments) -> Result<ExitCode> {
    let mut rows = Vec::new();
    let mut overlap = true;
    let schemes: Vec<_> = arguments.wires.schemes().collect();
    let bar = progress::bar(schemes.len() * arguments.rounds * 2);
    for scheme in schemes {
        bar.set_message(scheme);
        let rounds = of_scheme(scheme, arguments, &bar).await?;
        let (row, overlaps) = row(scheme, rounds)?;
        overlap &= overlaps;
        rows.push(row);
    }
    bar.finish_and_clear();
    let table = Table {
        caption: format!(
            "Delay in ms of {} participants, {} lines/s of {} bytes, with and without a silent one",
            arguments.participants, arguments.rate, arguments.message_bytes
        ),
        groups: Vec::new(),
        heads: HEADS.to_vec(),
        rows,
    };
    say(&table.text())?;
    // Fewer rounds give no interval, only what was seen.
    let judged = arguments.rounds >= FEWEST_FOR_INTERVAL;
    Ok(if overlap || !judged {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn of_scheme(
    scheme: &str,
    arguments: &SilentArguments,
    bar: &indicatif::ProgressBar,
) -> Result<Rounds> {
    let server = ServerProcess::start(&[format!("{scheme}://127.0.0.1:0")], &[]).await?;
    let endpoint = &server.endpoints[0];
    let plan = Plan {
        participants: arguments.participants,
        rate: arguments.rate,
        time: arguments.time,
        line_bytes: arguments.message_bytes,
    };
    let mut rounds = Rounds::default();
    // A first one without, which is not told: the server's memory grows to its working size.
    quiet_round(plan, endpoint, &server).await?;
    for round in 0..arguments.rounds * 2 {
        // With and without take turns in going first, so that a drift falls on both.
        let with = usize::from((round % 2 == 0) ^ (round / 2 % 2 == 0));
        let silent = match with {
            0 => None,
            _ => Some(take_seat(endpoint, SILENT).await?),
        };
        let delays = quiet_round(plan, endpoint, &server).await?;
        rounds.p50[with].push(delays.value_at_quantile(0.5) as f64 / 1e3);
        rounds.p99[with].push(delays.value_at_quantile(0.99) as f64 / 1e3);
        let resident = server.process().and_then(memory::of);
        rounds.memory[with].extend(resident.map(|memory| memory.resident as f64 / 1_048_576.0));
        if let Some(silent) = silent {
            rounds
                .dropped_after
                .push(was_dropped(silent, endpoint).await?);
        }
        bar.inc(1);
    }
    Ok(rounds)
}

/// One round of everybody else.
async fn quiet_round(
    plan: Plan,
    endpoint: &Endpoint,
    server: &ServerProcess,
) -> Result<Histogram<u64>> {
    let outcome = chat::run(plan, endpoint, server.process()).await?;
    match outcome.fault {
        None => Ok(outcome.delays),
        Some(fault) => anyhow::bail!("over {endpoint} {fault}"),
    }
}

/// Fails unless the server has dropped the silent one, and tells it so when it reads at last. Gives
/// after how many lines: those that the sockets took, and then as many as may wait.
async fn was_dropped(silent: Seat, endpoint: &Endpoint) -> Result<usize> {
    let client = endpoint.connect(ClientOptions::default()).await?;
    let there = client.list_participants(&Context::new()).await?;
    anyhow::ensure!(
        !there.iter().any(|name| name == SILENT),
        "over {endpoint} the silent participant is still in the room"
    );
    let end = timeout(TOLD, silent.end()).await;
    let (taken, end) = end.context("the silent participant was not told")?;
    let code = end.as_ref().map(services::Error::code);
    anyhow::ensure!(
        code == Some(Code::ResourceExhausted),
        "over {endpoint} the silent participant was told {end:?}"
    );
    Ok(taken + HallLimits::default().queue)
}

const HEADS: [&str; 8] = [
    "wire",
    "p50 without",
    "p50 with",
    "p99 without",
    "p99 with",
    "MiB without",
    "MiB with",
    "dropped after",
];

/// The row, and whether the intervals with and without overlap.
fn row(scheme: &str, rounds: Rounds) -> Result<(TableRow, bool)> {
    let mut cells = vec![scheme.to_owned()];
    let mut overlap = true;
    for (index, [without, with]) in [rounds.p50, rounds.p99, rounds.memory]
        .into_iter()
        .enumerate()
    {
        let (without, with) = (estimate(without), estimate(with));
        if index < 2 {
            let (Some(without), Some(with)) = (&without, &with) else {
                anyhow::bail!("there was no round");
            };
            overlap &= overlaps(without, with);
        }
        cells.extend([written(without.as_ref()), written(with.as_ref())]);
    }
    let most = rounds.dropped_after.iter().max();
    cells.push(most.map_or(NONE.into(), ToString::to_string));
    Ok((
        TableRow {
            weight: Weight::Normal,
            cells,
        },
        overlap,
    ))
}

fn overlaps(one: &Estimate, other: &Estimate) -> bool {
    one.low <= other.high && other.low <= one.high
}

fn written(estimate: Option<&Estimate>) -> String {
    estimate.map_or(NONE.into(), |estimate| {
        format!(
            "{:.1} ({:.1}–{:.1})",
            estimate.median, estimate.low, estimate.high
        )
    })
}
