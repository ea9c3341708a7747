//! The tables of a report: time and bytes for each workload, and the cost above the floor.

use crate::measurement::{ByRole, Bytes, Estimate, Kind, Report, Row, UpDown, WorkloadReport};
use crate::report::table::{NONE, Table, TableRow, Weight, figure, thousands};
use crate::workload;

const NS_A_MICROSECOND: f64 = 1e3;

/// Time, one call at a time and under load.
#[must_use]
pub fn time(report: &WorkloadReport) -> Table {
    let loaded = report.rows.iter().any(|row| row.load.is_some());
    let mut groups = vec![("", 1), ("one at a time", 3)];
    let mut heads = vec!["", "p50 µs", "× best", "p99 µs"];
    if loaded {
        groups.extend([("16 in flight", 2), ("CPU µs a call", 2)]);
        heads.extend(["conn", "calls/s", "client", "server"]);
    }
    let cells = |row: &Row| {
        let mut cells = latency(row);
        if loaded {
            cells.extend(load(row));
        }
        cells
    };
    Table {
        caption: format!("{}: time", report.title),
        groups,
        heads,
        rows: rows(report, cells),
    }
}

fn latency(row: &Row) -> Vec<String> {
    vec![
        row.title.clone(),
        microseconds(Some(row.latency.p50.median)),
        optional(row.latency.factor, |factor| format!("{factor:.2}")),
        microseconds(row.latency.p99),
    ]
}

fn load(row: &Row) -> Vec<String> {
    let load = row.load.as_ref();
    let cpu = |side: fn(&crate::measurement::Load) -> &Option<Estimate>| {
        let estimate = load.and_then(|load| side(load).as_ref());
        microseconds(estimate.map(|estimate| estimate.median))
    };
    let connections = load.and_then(|load| load.connections);
    let rate = load.map(|load| load.calls_per_second.median);
    vec![
        optional(connections, |count| count.to_string()),
        optional(rate, calls_per_second),
        cpu(|load| &load.client_cpu),
        cpu(|load| &load.server_cpu),
    ]
}

/// Bytes of a call; rows without a wire are left out.
#[must_use]
pub fn bytes(report: &WorkloadReport) -> Table {
    let cells = |row: &Row| {
        let counts = row.bytes.map_or(Vec::new(), counts);
        [vec![row.title.clone()], counts].concat()
    };
    let mut table = Table {
        caption: format!("{}: bytes", report.title),
        groups: vec![
            ("", 1),
            ("encoded body", 2),
            ("wire, cold", 2),
            ("wire, warm", 2),
        ],
        heads: vec!["", "up", "down", "up", "down", "up", "down"],
        rows: rows(report, cells),
    };
    table.rows.retain(|row| row.cells.len() > 1);
    table
}

fn counts(bytes: Bytes) -> Vec<String> {
    let both = |count: Option<UpDown>| {
        [count.map(|count| count.up), count.map(|count| count.down)]
            .map(|count| optional(count, thousands))
    };
    [bytes.body, Some(bytes.cold), Some(bytes.warm)]
        .map(both)
        .concat()
}

/// What the bytes of a warm call are there for; `None` where no row's were counted. Floors are left
/// out: their bodies mean nothing.
#[must_use]
pub fn breakdown(report: &WorkloadReport) -> Option<Table> {
    let counted = report.rows.iter().filter(|row| row.kind != Kind::Floor);
    let counted: Vec<_> = counted
        .filter_map(|row| Some((row, row.bytes?.warm_roles)))
        .collect();
    let shown: Vec<_> = ROLES
        .into_iter()
        .filter(|role| role.is_always_shown || counted.iter().any(|(_, it)| (role.of)(it) > 0))
        .collect();
    let rows = counted.iter().map(|(row, roles)| {
        let counts = shown.iter().map(|role| thousands((role.of)(roles)));
        let total = thousands(ROLES.iter().map(|role| (role.of)(roles)).sum());
        TableRow {
            weight: weight(row.kind),
            cells: std::iter::once(row.title.clone())
                .chain(counts)
                .chain([total])
                .collect(),
        }
    });
    let heads = shown.iter().map(|role| role.head);
    let table = Table {
        caption: format!(
            "{}: where the bytes of a warm call go, up and down",
            report.title
        ),
        groups: Vec::new(),
        heads: std::iter::once("").chain(heads).chain(["total"]).collect(),
        rows: rows.collect(),
    };
    (!table.rows.is_empty()).then_some(table)
}

/// A column of that table.
struct RoleColumn {
    head: &'static str,
    of: fn(&ByRole) -> u64,
    /// The others appear where a row has such bytes.
    is_always_shown: bool,
}

const ROLES: [RoleColumn; 7] = [
    role("value", |it| it.value, true),
    role("encoding", |it| it.encoding, true),
    role("compressed", |it| it.compressed, false),
    role("headers", |it| it.headers, true),
    role("framing", |it| it.framing, true),
    role("set-up", |it| it.setup, true),
    role("unknown", |it| it.unknown, false),
];

const fn role(head: &'static str, of: fn(&ByRole) -> u64, is_always_shown: bool) -> RoleColumn {
    RoleColumn {
        head,
        of,
        is_always_shown,
    }
}

/// CPU time a call, client plus server, as a multiple of the floor's: a column a workload.
/// `None` where nothing was measured under load.
#[must_use]
pub fn above_floor(report: &Report) -> Option<Table> {
    let first = report.workloads.first()?;
    let rows = first.rows.iter().filter(|row| row.above_floor.is_some());
    let rows: Vec<_> = rows.map(|row| above_floor_row(report, row)).collect();
    let title = |workload: &WorkloadReport| {
        let known = workload::all()
            .into_iter()
            .find(|known| known.name == workload.workload);
        known.map_or("", |known| known.short)
    };
    let heads = report.workloads.iter().map(title);
    let table = Table {
        caption: "CPU a call above the floor: client + server, 16 in flight, × the floor's".into(),
        groups: Vec::new(),
        heads: std::iter::once("").chain(heads).collect(),
        rows,
    };
    (!table.rows.is_empty()).then_some(table)
}

fn above_floor_row(report: &Report, row: &Row) -> TableRow {
    let ratio = |workload: &WorkloadReport| {
        let same = workload
            .rows
            .iter()
            .find(|other| other.target == row.target);
        let above = same.and_then(|row| row.above_floor.as_ref());
        optional(above, |above| interval(&above.ratio))
    };
    let ratios = report.workloads.iter().map(ratio);
    let name = row
        .title
        .replace("WebSocket", "WS")
        .replace("stock ", "")
        .replace(',', "");
    TableRow {
        weight: weight(row.kind),
        cells: std::iter::once(name).chain(ratios).collect(),
    }
}

/// A median and its interval in as few columns as can be: `1.15 1.12–1.19`.
fn interval(estimate: &Estimate) -> String {
    let Estimate {
        median, low, high, ..
    } = estimate;
    format!("{} {}–{}", figure(*median), figure(*low), figure(*high))
}

fn rows(report: &WorkloadReport, cells: impl Fn(&Row) -> Vec<String>) -> Vec<TableRow> {
    let row = |row: &Row| TableRow {
        weight: weight(row.kind),
        cells: cells(row),
    };
    report.rows.iter().map(row).collect()
}

fn weight(kind: Kind) -> Weight {
    match kind {
        Kind::Wire | Kind::Local => Weight::Normal,
        Kind::Stock | Kind::Floor => Weight::Quiet,
    }
}

/// Up to seven columns: only calls without a wire pass a million a second.
fn calls_per_second(rate: f64) -> String {
    match rate {
        ..1e6 => thousands(rate.round() as u64),
        _ => format!("{} M", figure(rate / 1e6)),
    }
}

fn microseconds(nanoseconds: Option<f64>) -> String {
    optional(nanoseconds, |nanoseconds| {
        figure(nanoseconds / NS_A_MICROSECOND)
    })
}

fn optional<T>(value: Option<T>, text: impl Fn(T) -> String) -> String {
    value.map_or(NONE.to_owned(), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn a_breakdown_adds_up_and_leaves_out_what_no_row_has() {
        let mut report = samples::workload(&[("XML-RPC", 30.0, 0.1), ("gRPC", 60.0, 0.1)]);
        let roles = [(3, 260, 269, 0), (3, 3, 31, 55)];
        for (row, (value, encoding, headers, framing)) in report.rows.iter_mut().zip(roles) {
            let warm_roles = ByRole {
                value,
                encoding,
                headers,
                framing,
                ..ByRole::default()
            };
            row.bytes = Some(Bytes {
                warm_roles,
                ..Bytes::default()
            });
        }
        let table = breakdown(&report).expect("there are counts").text();
        let text = anstream::adapter::strip_str(&table).to_string();
        insta::assert_snapshot!(text, @r"
        add(5, 3): where the bytes of a warm call go, up and down
                 value  encoding  headers  framing  set-up  total
        XML-RPC      3       260      269        0       0    532
        gRPC         3         3       31       55       0     92
        ");
    }
}
