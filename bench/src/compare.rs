//! `compare`: start the servers, prove the answers equal, count the bytes, measure, report.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Error, Result, anyhow};

use crate::arguments::CompareArguments;
use crate::bytes::{self, Census};
use crate::child::Servers;
use crate::measurement::Report;
use crate::report::{page, progress};
use crate::rounds::{self, Lane, Phases, Schedule};
use crate::setting::setting;
use crate::target::{self, IN_FLIGHT, Target};
use crate::workload::{self, Workload};
use crate::{prove, summary};

/// Exit code after Ctrl-C: 128 and the signal's number, as shells have it.
const INTERRUPTED: u8 = 130;

/// Characters that are told of the failure by which the servers' end was seen.
const CAUSE_CHARACTERS: usize = 150;

/// The name of a file that means standard output.
const STDOUT: &str = "-";

/// What a run is to do, from its arguments.
struct Plan {
    targets: Vec<Target>,
    workloads: Vec<Workload>,
    phases: Phases,
    /// Rounds, if there is time: odd numbers have their median among them.
    rounds: usize,
    /// Wall time from the start of the program to the end of the last round.
    budget: Duration,
}

impl Plan {
    fn new(arguments: &CompareArguments) -> Self {
        let named = |workload: &Workload| {
            let wanted = &arguments.workload;
            wanted.is_empty() || wanted.iter().any(|name| name == workload.name)
        };
        let (phases, rounds, budget) = match arguments.quick {
            // Of 5 and of 30 seconds some are left for a machine slower than its first turns.
            true => (Phases::Sequential, 5, Duration::from_millis(4_000)),
            false => (Phases::Both, 13, Duration::from_millis(27_000)),
        };
        Self {
            targets: target::selected(&arguments.protocol),
            workloads: workload::all().into_iter().filter(named).collect(),
            phases,
            rounds,
            budget,
        }
    }
}

/// Runs the comparison to its end, or to Ctrl-C.
///
/// # Errors
/// Answers that differ, a server or a call that fails, a file that cannot be written.
pub fn run(arguments: &CompareArguments) -> Result<ExitCode> {
    let start = Instant::now();
    let json = json_file(arguments.json.as_deref())?;
    let runtime = arguments.runtime.build()?;
    let compared = runtime.block_on(async {
        tokio::select! {
            biased;
            // The servers' process ends with its pipe, which this future owns.
            _ = tokio::signal::ctrl_c() => Ok(None),
            report = compare(arguments, start) => report.map(Some),
        }
    });
    runtime.shutdown_background();
    match compared? {
        None => Ok(ExitCode::from(INTERRUPTED)),
        Some(report) => write(&report, arguments, json).map(|()| ExitCode::SUCCESS),
    }
}

async fn compare(arguments: &CompareArguments, start: Instant) -> Result<Report> {
    let plan = Plan::new(arguments);
    let program = std::env::current_exe().context("this program does not find itself")?;
    let mut servers = Servers::start(&program, arguments.runtime).await?;
    match compare_with(&mut servers, &plan, arguments, start).await {
        Err(error) => Err(with_end(error, &mut servers).await),
        report => report,
    }
}

/// A call that fails because no server is left: the end is what to tell, not each row's failure.
/// Nothing of the error is kept but its text, since a closed pipe among its causes is the child's
/// and not that of whoever reads our output.
async fn with_end(error: Error, servers: &mut Servers) -> Error {
    match servers.ended().await {
        None => error,
        Some(status) => {
            let cause = prove::shortened(&format!("{error:#}"), CAUSE_CHARACTERS);
            anyhow!("the server process ended: {status}; seen by: {cause}")
        }
    }
}

async fn compare_with(
    servers: &mut Servers,
    plan: &Plan,
    arguments: &CompareArguments,
    start: Instant,
) -> Result<Report> {
    let proof = prove::backends(&plan.targets, &servers.addresses).await?;
    let census = bytes::count(&plan.targets, &plan.workloads, &servers.addresses).await?;
    let lanes = lanes(plan, servers, &census).await?;
    let cells = measure(plan, &lanes, servers, start + plan.budget).await?;
    let in_flight = (plan.phases == Phases::Both).then_some(IN_FLIGHT);
    let rounds = cells.first().and_then(|cells| cells.first());
    let rounds = rounds.map_or(0, |cell| cell.p50.len());
    let setting = setting(arguments.runtime, rounds, in_flight);
    let report = summary::report(setting, proof, &lanes, &plan.workloads, &cells, &census);
    Ok(Report {
        elapsed_seconds: start.elapsed().as_secs_f64(),
        ..report
    })
}

/// Connects every row, and proves the answers of those that have no scenarios.
async fn lanes(plan: &Plan, servers: &Servers, census: &Census) -> Result<Vec<Lane>> {
    let mut lanes = Vec::new();
    for target in &plan.targets {
        let sizes = census.sizes_for(target);
        let caller = target.connect(&servers.addresses, &sizes).await?;
        prove::workloads(target, &caller, &plan.workloads, &sizes).await?;
        lanes.push(Lane {
            target: *target,
            caller,
        });
    }
    Ok(lanes)
}

async fn measure(
    plan: &Plan,
    lanes: &[Lane],
    servers: &mut Servers,
    end: Instant,
) -> Result<Vec<Vec<rounds::Cell>>> {
    let turns = lanes.len() * plan.workloads.len();
    let schedule = Schedule::fill(plan.rounds, turns, plan.phases, end);
    let bar = progress::bar(turns * plan.rounds).with_message("measuring");
    let cells = rounds::run(lanes, &plan.workloads, schedule, servers, || bar.inc(1)).await;
    bar.finish_and_clear();
    cells
}

/// Opened before anything is measured, so that a wrong path costs no half minute.
fn json_file(path: Option<&Path>) -> Result<Option<File>> {
    let path = path.filter(|path| *path != Path::new(STDOUT));
    let open = |path: &Path| {
        File::create(path).with_context(|| format!("cannot write {}", path.display()))
    };
    path.map(open).transpose()
}

fn write(report: &Report, arguments: &CompareArguments, json: Option<File>) -> Result<()> {
    if let Some(mut file) = json {
        file.write_all(page::json(report)?.as_bytes())?;
    } else if arguments.json.is_some() {
        return print(&page::json(report)?);
    }
    match arguments.markdown {
        true => print(&page::markdown(report)),
        false => print(&page::text(report)),
    }
}

/// Styles are kept on a terminal without `NO_COLOR`, and stripped elsewhere.
fn print(text: &str) -> Result<()> {
    let mut stdout = anstream::stdout();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(())
}
