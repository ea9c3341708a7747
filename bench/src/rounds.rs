//! The measuring: rounds in which every row has its turn under every workload, in an order that is
//! shuffled for each round, so that what disturbs the machine disturbs all alike. A turn has two
//! phases: one call at a time, then sixteen in flight.

use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use hdrhistogram::Histogram;
use services::Error;
use tokio::task::JoinSet;

use crate::caller::Caller;
use crate::child::Servers;
use crate::cpu;
use crate::target::{IN_FLIGHT, Target};
use crate::workload::Workload;

/// The longest time that a histogram holds apart, in nanoseconds: a minute.
const LONGEST_NS: u64 = 60_000_000_000;

/// Significant decimal digits of a recorded time: a thousandth is finer than any noise here.
const DIGITS: u8 = 3;

/// Rounds that are made however late it is: fewer have no median to speak of.
const FEWEST_ROUNDS: usize = 3;

/// Part of a phase's time that warms it up before it counts: caches and the other end's threads
/// come from the row before.
const WARM_UP_PART: u32 = 8;

/// How long to measure.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// Rounds, unless the time is up before.
    pub rounds: usize,
    /// A turn's first phase.
    pub sequential: Duration,
    /// A turn's second phase; `None` leaves it out.
    pub loaded: Option<Duration>,
    /// When to stop.
    pub end: Instant,
}

impl Schedule {
    /// The schedule that fills the time until `end` with that many turns in each round.
    #[must_use]
    pub fn fill(rounds: usize, turns: usize, phases: Phases, end: Instant) -> Self {
        let left = end.saturating_duration_since(Instant::now());
        // A tenth goes to warming up, an eighth to what lies between the turns.
        let turn = left.mul_f64(0.775) / u32::try_from(rounds * turns).unwrap_or(u32::MAX).max(1);
        let (sequential, loaded) = match phases {
            Phases::Sequential => (turn, None),
            Phases::Both => (
                turn.mul_f64(0.4),
                Some(turn.mul_f64(0.6).min(LONGEST_PHASE)),
            ),
        };
        Self {
            rounds,
            sequential: sequential.min(LONGEST_PHASE),
            loaded,
            end,
        }
    }
}

/// A phase gains nothing past this: a comparison of few rows ends early instead.
const LONGEST_PHASE: Duration = Duration::from_millis(40);

/// Which phases a turn has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phases {
    /// One call at a time.
    Sequential,
    /// That, and sixteen in flight.
    Both,
}

/// A row with its connected client.
pub struct Lane {
    /// The row.
    pub target: Target,
    /// Its client.
    pub caller: Arc<dyn Caller>,
}

/// What was seen of one row under one workload. Lists have one entry a round.
pub struct Cell {
    /// All samples of the first phase, in nanoseconds.
    pub latencies: Histogram<u64>,
    /// Their median by round, in nanoseconds.
    pub p50: Vec<f64>,
    /// Calls per second in the second phase.
    pub rates: Vec<f64>,
    /// The client's CPU time a call in nanoseconds.
    pub client_cpu: Vec<f64>,
    /// The server's CPU time a call in nanoseconds.
    pub server_cpu: Vec<f64>,
}

impl Cell {
    fn new() -> Self {
        Self {
            latencies: histogram(),
            p50: Vec::new(),
            rates: Vec::new(),
            client_cpu: Vec::new(),
            server_cpu: Vec::new(),
        }
    }
}

/// Measures by that schedule; calls `turn_done` after each turn. The result has a list for each
/// workload with a cell for each lane, both in the order given.
///
/// # Errors
/// The first call that fails, with its row's name.
pub async fn run(
    lanes: &[Lane],
    workloads: &[Workload],
    schedule: Schedule,
    servers: &mut Servers,
    mut turn_done: impl FnMut(),
) -> anyhow::Result<Vec<Vec<Cell>>> {
    let row = || lanes.iter().map(|_| Cell::new()).collect();
    let mut cells: Vec<Vec<Cell>> = workloads.iter().map(|_| row()).collect();
    let workloads: Vec<_> = workloads.iter().cloned().map(Arc::new).collect();
    let began = Instant::now();
    for round in 0..schedule.rounds {
        // The seed is the round, so that two runs have the same orders.
        let mut order: Vec<usize> = (0..lanes.len()).collect();
        let mut random = Rng::with_seed(round as u64);
        for (workload, cells) in workloads.iter().zip(&mut cells) {
            random.shuffle(&mut order);
            for &index in &order {
                let turn = turn(
                    &lanes[index],
                    workload,
                    schedule,
                    servers,
                    &mut cells[index],
                );
                turn.await.map_err(|error| named(&lanes[index], error))?;
                turn_done();
            }
        }
        let round_time = began.elapsed() / (round as u32 + 1);
        if round + 1 >= FEWEST_ROUNDS && Instant::now() + round_time > schedule.end {
            break;
        }
    }
    Ok(cells)
}

fn named(lane: &Lane, error: anyhow::Error) -> anyhow::Error {
    error.context(format!("{} failed while it was measured", lane.target.name))
}

async fn turn(
    lane: &Lane,
    workload: &Arc<Workload>,
    schedule: Schedule,
    servers: &mut Servers,
    cell: &mut Cell,
) -> anyhow::Result<()> {
    one_at_a_time(lane, workload, schedule.sequential / WARM_UP_PART).await?;
    let latencies = one_at_a_time(lane, workload, schedule.sequential).await?;
    cell.p50.push(latencies.value_at_quantile(0.5) as f64);
    cell.latencies += latencies;
    if let Some(loaded) = schedule.loaded {
        in_flight(lane, workload, loaded / WARM_UP_PART).await?;
        load(lane, workload, loaded, servers, cell).await?;
    }
    Ok(())
}

/// The second phase between two readings of both processes' CPU time.
async fn load(
    lane: &Lane,
    workload: &Arc<Workload>,
    duration: Duration,
    servers: &mut Servers,
    cell: &mut Cell,
) -> anyhow::Result<()> {
    let has_server = lane.target.server.is_some();
    let server_before = if has_server {
        servers.cpu_used().await?
    } else {
        None
    };
    let client_before = cpu::used();
    let (calls, elapsed) = in_flight(lane, workload, duration).await?;
    let client_after = cpu::used();
    let server_after = if has_server {
        servers.cpu_used().await?
    } else {
        None
    };
    let a_call = |before: Option<Duration>, after: Option<Duration>| {
        let used = after?.checked_sub(before?)?;
        Some(used.as_nanos() as f64 / calls as f64)
    };
    cell.rates.push(calls as f64 / elapsed.as_secs_f64());
    cell.client_cpu.extend(a_call(client_before, client_after));
    cell.server_cpu.extend(a_call(server_before, server_after));
    Ok(())
}

/// Calls one after another for that long, at least one. They run in a task, since the thread that
/// blocks on a runtime is not one of its workers and would pay for a switch each call.
async fn one_at_a_time(
    lane: &Lane,
    workload: &Arc<Workload>,
    duration: Duration,
) -> anyhow::Result<Histogram<u64>> {
    let (caller, workload) = (Arc::clone(&lane.caller), Arc::clone(workload));
    let calls = tokio::spawn(async move {
        let mut latencies = histogram();
        let end = Instant::now() + duration;
        loop {
            let start = Instant::now();
            caller.call(&workload).await?;
            let now = Instant::now();
            latencies.saturating_record((now - start).as_nanos() as u64);
            if now >= end {
                return Ok::<_, Error>(latencies);
            }
        }
    });
    Ok(calls.await??)
}

/// Sixteen tasks that call for that long; gives the number of calls and the time that they took.
async fn in_flight(
    lane: &Lane,
    workload: &Arc<Workload>,
    duration: Duration,
) -> anyhow::Result<(u64, Duration)> {
    let start = Instant::now();
    let end = start + duration;
    let mut tasks = JoinSet::new();
    for _ in 0..IN_FLIGHT {
        tasks.spawn(calls_until(
            end,
            Arc::clone(&lane.caller),
            Arc::clone(workload),
        ));
    }
    let mut calls = 0;
    while let Some(done) = tasks.join_next().await {
        calls += done??;
    }
    Ok((calls, start.elapsed()))
}

async fn calls_until(
    end: Instant,
    caller: Arc<dyn Caller>,
    workload: Arc<Workload>,
) -> Result<u64, Error> {
    let mut calls = 0;
    loop {
        caller.call(&workload).await?;
        calls += 1;
        if Instant::now() >= end {
            return Ok(calls);
        }
    }
}

fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, LONGEST_NS, DIGITS).expect("the bounds are those it allows")
}
