//! Reports made up for tests.

use crate::measurement::{
    AboveFloor, ByRole, Bytes, Estimate, Kind, Latency, Load, Proof, Report, Row, Setting, UpDown,
    WorkloadReport,
};
use crate::statistics::estimate;
use crate::target;
use crate::workload;

/// Nine rounds around that value, the odd ones above and the even ones below by that part.
fn around(value: f64, spread: f64) -> Estimate {
    let part = |round: u32| match round {
        0 => 0.0,
        odd if odd % 2 == 1 => spread,
        _ => -spread,
    };
    let rounds = (0..9).map(|round| value * (1.0 + part(round)));
    estimate(rounds.collect()).expect("nine values")
}

/// Wires of those titles, times in microseconds and relative spreads, out of step with each other.
pub(crate) fn workload(rows: &[(&str, f64, f64)]) -> WorkloadReport {
    let row = |(index, (title, microseconds, spread)): (usize, &(&str, f64, f64))| {
        let sign = if index % 2 == 0 { 1.0 } else { -1.0 };
        Row {
            target: (*title).into(),
            title: (*title).into(),
            kind: Kind::Wire,
            latency: Latency {
                samples: 9_999,
                p50: around(microseconds * 1e3, spread * sign / 2.0),
                p99: None,
                factor: None,
            },
            load: None,
            bytes: None,
            above_floor: None,
        }
    };
    WorkloadReport {
        workload: "add".into(),
        title: "add(5, 3)".into(),
        rows: rows.iter().enumerate().map(row).collect(),
    }
}

/// A report with every row and every figure as wide as a slow machine makes it.
pub(crate) fn widest() -> Report {
    let workloads = workload::all().into_iter().map(|workload| WorkloadReport {
        workload: workload.name.into(),
        title: workload.title.into(),
        rows: target::ALL.iter().map(wide_row).collect(),
    });
    Report {
        setting: Setting {
            version: "0.1.0".into(),
            system: "linux x86_64".into(),
            cores: 128,
            runtime: "multi-thread".into(),
            profile: "release".into(),
            rounds: 12,
            in_flight: Some(16),
            crates: vec![("quick-xml".into(), "0.42.0".into()); 8],
        },
        proof: Proof {
            scenarios: 32,
            wires: 5,
            references: 8,
        },
        workloads: workloads.collect(),
        xmlrpc_to_jsonrpc: Some(around(3.21, 0.1)),
        elapsed_seconds: 29.4,
    }
}

fn wide_roles() -> ByRole {
    ByRole {
        value: 12_345,
        encoding: 364_246,
        headers: 12_345,
        framing: 12_345,
        setup: 12_345,
        ..ByRole::default()
    }
}

fn wide_row(target: &target::Target) -> Row {
    let both = |up, down| UpDown { up, down };
    let wired = target.server.is_some();
    Row {
        target: target.name.into(),
        title: target.title.into(),
        kind: target.kind,
        latency: Latency {
            samples: 1_000,
            p50: around(12_345_678.0, 0.1),
            p99: Some(98_765_432.0),
            factor: Some(123.45),
        },
        load: Some(Load {
            connections: target.connections,
            calls_per_second: around(if wired { 123_456.0 } else { 12_345_678.0 }, 0.1),
            client_cpu: Some(around(1_234_567.0, 0.1)),
            server_cpu: wired.then(|| around(1_234_567.0, 0.1)),
        }),
        bytes: wired.then_some(Bytes {
            body: Some(both(173_771, 190_123)),
            cold: both(174_012, 190_234),
            warm: both(174_012, 190_234),
            cold_roles: wide_roles(),
            warm_roles: wide_roles(),
        }),
        above_floor: target.floor.map(|floor| AboveFloor {
            floor: floor.into(),
            ratio: around(123.4, 0.3),
        }),
    }
}
