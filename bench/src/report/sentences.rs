//! The sentences that the numbers support. Where the interval of a ratio holds 1, the noise allows
//! no ranking, and the sentence says so.

use crate::measurement::{Estimate, Kind, Load, Report, Row, UpDown, WorkloadReport};
use crate::report::table::{figure, thousands};
use crate::statistics::{differs, ratio, sum};

/// The sentences of one workload.
#[must_use]
pub fn of_workload(report: &WorkloadReport) -> Vec<String> {
    let time = ranking(report, |row| Some(row.latency.p50.clone()));
    let cpu = ranking(report, |row| row.load.as_ref().and_then(cpu_a_call));
    let time = time.map(|ranking| {
        ranking.sentence("One call at a time", "answers fastest", "takes", "as long")
    });
    let cpu = cpu.map(|ranking| {
        ranking.sentence(
            "With 16 in flight",
            "needs the least CPU a call",
            "needs",
            "as much",
        )
    });
    [time, cpu, bytes(report)].into_iter().flatten().collect()
}

/// The sentence on the codecs: many values over XML-RPC and over JSON-RPC.
#[must_use]
pub fn of_codecs(report: &Report) -> Option<String> {
    let ratio = report.xmlrpc_to_jsonrpc.as_ref()?;
    if !differs(ratio) {
        return Some(format!(
            "1,000 + 1,000 values: no difference seen between XML-RPC and JSON-RPC by HTTP ({}–{} \
             times).",
            figure(ratio.low),
            figure(ratio.high)
        ));
    }
    Some(format!(
        "1,000 + 1,000 values over XML-RPC take {} the time that they take over JSON-RPC by HTTP.",
        times(ratio)
    ))
}

fn cpu_a_call(load: &Load) -> Option<Estimate> {
    sum(load.client_cpu.as_ref()?, load.server_cpu.as_ref()?)
}

/// The wires in the order of a figure.
struct Ranking {
    /// The best, and all up to the last that cannot be told from it.
    leaders: Vec<String>,
    /// The worst, and its figure as a multiple of the best's; `None` where it is no worse.
    last: Option<(String, Estimate)>,
}

fn ranking(report: &WorkloadReport, figure: impl Fn(&Row) -> Option<Estimate>) -> Option<Ranking> {
    let wires = report.rows.iter().filter(|row| row.kind == Kind::Wire);
    let figures = wires.filter_map(|row| Some((spoken(&row.title), figure(row)?)));
    let mut figures: Vec<_> = figures.collect();
    figures.sort_by(|(_, one), (_, other)| one.median.total_cmp(&other.median));
    let (_, best) = figures.first()?.clone();
    let ratios = figures.into_iter();
    let ratios: Vec<_> = ratios
        .filter_map(|(title, figure)| Some((title, ratio(&figure, &best)?)))
        .collect();
    // A single wire has nothing to be compared with.
    let (_, (last, ratio)) = (ratios.get(1)?, ratios.last()?);
    // A noisy wire may be told from the best less well than a steady one that ranks before it:
    // then nobody up to the noisy one is ranked.
    let level = ratios.iter().rposition(|(_, ratio)| !differs(ratio))?;
    let leaders = ratios.iter().take(level + 1);
    Some(Ranking {
        leaders: leaders.map(|(title, _)| title.clone()).collect(),
        last: differs(ratio).then(|| (last.clone(), ratio.clone())),
    })
}

impl Ranking {
    fn sentence(&self, when: &str, leads: &str, costs: &str, unit: &str) -> String {
        let lead = match self.leaders.as_slice() {
            [best] => format!("{when}, {best} {leads}"),
            several => {
                let names = list(several);
                format!("{when}, no difference seen between {names} at the front")
            }
        };
        match &self.last {
            None => format!("{when}, no difference seen between any of the wires."),
            Some((last, ratio)) => format!("{lead}; {last} {costs} {} {unit}.", times(ratio)),
        }
    }
}

/// Body and warm wire, smallest and largest.
fn bytes(report: &WorkloadReport) -> Option<String> {
    let wires = || report.rows.iter().filter(|row| row.kind == Kind::Wire);
    let body = extremes(wires(), |row| row.bytes?.body)?;
    let warm = extremes(wires(), |row| Some(row.bytes?.warm))?;
    Some(format!(
        "Bytes up + down: encoded, {body}; on a warm wire, {warm}."
    ))
}

fn extremes<'a>(
    rows: impl Iterator<Item = &'a Row>,
    count: impl Fn(&Row) -> Option<UpDown>,
) -> Option<String> {
    let totals = rows.filter_map(|row| {
        let count = count(row)?;
        Some((count.up + count.down, spoken(&row.title)))
    });
    let mut totals: Vec<_> = totals.collect();
    totals.sort();
    let (fewest, smallest) = totals.first()?;
    let (most, largest) = totals.last().filter(|_| totals.len() > 1)?;
    let (fewest, most) = (thousands(*fewest), thousands(*most));
    Some(format!("{fewest} ({smallest}) to {most} ({largest})"))
}

/// `1.20 times (1.15–1.26)`.
fn times(ratio: &Estimate) -> String {
    let Estimate {
        median, low, high, ..
    } = ratio;
    format!(
        "{} times ({}–{})",
        figure(*median),
        figure(*low),
        figure(*high)
    )
}

/// A row's title within a sentence, where a comma would part it.
fn spoken(title: &str) -> String {
    title.replace(", ", " by ")
}

fn list(names: &[String]) -> String {
    match names {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        names => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn a_clear_ranking_is_told_with_its_interval() {
        let report = samples::workload(&[("gRPC", 40.0, 0.01), ("REST", 20.0, 0.01)]);
        insta::assert_snapshot!(of_workload(&report)[0], @"One call at a time, REST answers fastest; gRPC takes 2.00 times (1.98–2.02) as long.");
    }

    #[test]
    fn where_the_intervals_overlap_no_difference_is_seen() {
        let report = samples::workload(&[("gRPC", 20.5, 0.3), ("REST", 20.0, 0.3)]);
        insta::assert_snapshot!(of_workload(&report)[0], @"One call at a time, no difference seen between any of the wires.");
    }

    #[test]
    fn leaders_that_cannot_be_told_apart_are_named_together() {
        let rows = [
            ("gRPC", 20.5, 0.3),
            ("REST", 20.0, 0.3),
            ("XML-RPC", 90.0, 0.01),
        ];
        let sentences = of_workload(&samples::workload(&rows));
        insta::assert_snapshot!(sentences[0], @"One call at a time, no difference seen between REST and gRPC at the front; XML-RPC takes 4.50 times (3.89–5.32) as long.");
    }

    #[test]
    fn a_noisy_wire_levels_those_before_it() {
        let rows = [
            ("gRPC", 30.0, 0.01),
            ("REST", 20.0, 0.01),
            ("XML-RPC", 40.0, 1.5),
            ("JSON-RPC, HTTP", 200.0, 0.01),
        ];
        let sentences = of_workload(&samples::workload(&rows));
        insta::assert_snapshot!(sentences[0], @"One call at a time, no difference seen between REST, gRPC and XML-RPC at the front; JSON-RPC by HTTP takes 10.0 times (10.0–10.0) as long.");
    }

    #[test]
    fn codecs_that_cannot_be_told_apart_are_not_ranked() {
        let mut report = samples::widest();
        insta::assert_snapshot!(of_codecs(&report).unwrap_or_default(), @"1,000 + 1,000 values over XML-RPC take 3.21 times (2.89–3.53) the time that they take over JSON-RPC by HTTP.");
        report.xmlrpc_to_jsonrpc = crate::statistics::estimate(vec![0.97, 1.01, 1.05]);
        insta::assert_snapshot!(of_codecs(&report).unwrap_or_default(), @"1,000 + 1,000 values: no difference seen between XML-RPC and JSON-RPC by HTTP (0.97–1.05 times).");
    }

    #[test]
    fn a_single_wire_is_compared_with_nothing() {
        let report = samples::workload(&[("gRPC", 20.5, 0.3)]);
        assert_eq!(of_workload(&report), Vec::<String>::new());
    }
}
