//! From what was seen to what is reported: medians, intervals, factors, costs above the floor.

use crate::bytes::Census;
use crate::measurement::{
    AboveFloor, Estimate, Kind, Latency, Load, Proof, Report, Row, Setting, WorkloadReport,
};
use crate::rounds::{Cell, Lane};
use crate::statistics::{estimate, ratio, sum};
use crate::target::Target;
use crate::workload::{self, Workload};

/// Samples that a 99th percentile needs: ten of them lie above it.
const P99_SAMPLES: u64 = 1_000;

/// The report, but for the time that it took.
#[must_use]
pub fn report(
    setting: Setting,
    proof: Proof,
    lanes: &[Lane],
    workloads: &[Workload],
    cells: &[Vec<Cell>],
    census: &Census,
) -> Report {
    let reports = workloads.iter().zip(cells);
    let workloads: Vec<_> = reports
        .map(|(workload, cells)| workload_report(workload, lanes, cells, census))
        .collect();
    Report {
        setting,
        proof,
        xmlrpc_to_jsonrpc: xmlrpc_to_jsonrpc(&workloads),
        workloads,
        elapsed_seconds: 0.0,
    }
}

fn workload_report(
    workload: &Workload,
    lanes: &[Lane],
    cells: &[Cell],
    census: &Census,
) -> WorkloadReport {
    let rows = lanes.iter().zip(cells);
    let mut rows: Vec<_> = rows
        .filter_map(|(lane, cell)| row(&lane.target, workload, cell, census))
        .collect();
    compare_with_best(&mut rows);
    compare_with_floors(&mut rows, lanes);
    WorkloadReport {
        workload: workload.name.into(),
        title: workload.title.into(),
        rows,
    }
}

/// `None` for a row that had no turn.
fn row(target: &Target, workload: &Workload, cell: &Cell, census: &Census) -> Option<Row> {
    let samples = cell.latencies.len();
    let p99 = cell.latencies.value_at_quantile(0.99) as f64;
    Some(Row {
        target: target.name.into(),
        title: target.title.into(),
        kind: target.kind,
        latency: Latency {
            samples,
            p50: estimate(cell.p50.clone())?,
            p99: (samples >= P99_SAMPLES).then_some(p99),
            factor: None,
        },
        load: load(target, cell),
        bytes: census.of(target, workload),
        above_floor: None,
    })
}

fn load(target: &Target, cell: &Cell) -> Option<Load> {
    Some(Load {
        connections: target.connections,
        calls_per_second: estimate(cell.rates.clone())?,
        client_cpu: estimate(cell.client_cpu.clone()),
        server_cpu: estimate(cell.server_cpu.clone()),
    })
}

/// The best is the fastest of the wires; references are measured by it too.
fn compare_with_best(rows: &mut [Row]) {
    let wires = rows.iter().filter(|row| row.kind == Kind::Wire);
    let best = wires
        .map(|row| row.latency.p50.median)
        .min_by(f64::total_cmp);
    for row in rows.iter_mut().filter(|row| row.kind != Kind::Local) {
        row.latency.factor = best.map(|best| row.latency.p50.median / best);
    }
}

fn compare_with_floors(rows: &mut [Row], lanes: &[Lane]) {
    let costs: Vec<_> = rows
        .iter()
        .map(|row| (row.target.clone(), cost(row)))
        .collect();
    let cost_of = |name: &str| costs.iter().find(|(target, _)| target == name)?.1.as_ref();
    for row in rows {
        let lane = lanes.iter().find(|lane| lane.target.name == row.target);
        let floor = lane.and_then(|lane| lane.target.floor);
        row.above_floor = floor.and_then(|floor| {
            Some(AboveFloor {
                floor: floor.into(),
                ratio: ratio(cost_of(&row.target)?, cost_of(floor)?)?,
            })
        });
    }
}

/// CPU time a call, client plus server.
fn cost(row: &Row) -> Option<Estimate> {
    let load = row.load.as_ref()?;
    sum(load.client_cpu.as_ref()?, load.server_cpu.as_ref()?)
}

fn xmlrpc_to_jsonrpc(workloads: &[WorkloadReport]) -> Option<Estimate> {
    let largest = workloads
        .iter()
        .find(|report| report.workload == workload::LARGEST)?;
    let p50 = |name| {
        let row = largest.rows.iter().find(|row| row.target == name)?;
        Some(&row.latency.p50)
    };
    ratio(p50("xmlrpc")?, p50("jsonrpc-http")?)
}
