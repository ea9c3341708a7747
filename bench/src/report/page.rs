//! The whole report in the order in which it is read: where it ran, what was proved, then each
//! workload's tables with the sentences below them.

use anstyle::Style;
use anyhow::Result;
use demo::print::{COLUMNS, wrapped};

use crate::measurement::{Report, Setting, WorkloadReport};
use crate::report::table::Table;
use crate::report::{sentences, tables};
use crate::statistics::FEWEST_FOR_INTERVAL;
use crate::workload;

/// How to read the tables.
fn legend(rounds: usize) -> [String; 3] {
    let pair = match rounds {
        ..FEWEST_FOR_INTERVAL => format!("is the smallest and largest of {rounds} rounds"),
        _ => "holds the true median in about 95 of 100 runs".into(),
    };
    [
        "* is there for reference: stock is a library's own server and client; an echo is what the \
         transport costs when nothing is encoded or called, with the body sizes of the row that it \
         names."
            .into(),
        "Bytes were counted at sockets, in a pass of their own: cold is the first call with the \
         connection's set-up, warm a later one; trivium wire explains them one by one. × best: p50 as a multiple of the fastest wire's; \
         the sentences' times are medians of the ratios within a round, which may differ a little."
            .into(),
        format!(
            "Medians over the rounds; a pair a–b {pair}. Two processes on one machine: absolute \
             times say little about a network."
        ),
    ]
}

/// The floors of the last table.
const FLOORS: &str = "Floors: HTTP/1.1 echo for XML-RPC, JSON-RPC by HTTP and REST, HTTP/2 echo \
                      for gRPC, TCP echo on 16 connections for WebSocket, which batches on one \
                      and so can cost less.";

/// As text for a terminal, styled; what prints it strips the styles elsewhere.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut blocks = vec![paragraphs(&opening(report))];
    for workload in &report.workloads {
        blocks.push(tables::time(workload).text());
        blocks.push(bytes(workload).map_or(String::new(), |table| table.text()));
        blocks.push(breakdown(workload).map_or(String::new(), |table| table.text()));
        blocks.push(paragraphs(&sentences::of_workload(workload)));
    }
    if let Some(table) = tables::above_floor(report) {
        blocks.push(table.text());
        blocks.push(paragraphs(&[FLOORS.into()]));
    }
    blocks.push(paragraphs(&closing(report)));
    blocks.push(quiet(&paragraphs(&legend(report.setting.rounds))));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n")
}

/// As Markdown, for a README.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut blocks = vec![opening(report).join("\n") + "\n"];
    for workload in &report.workloads {
        blocks.push(tables::time(workload).markdown());
        blocks.extend(bytes(workload).map(|table| table.markdown()));
        blocks.extend(breakdown(workload).map(|table| table.markdown()));
        blocks.push(sentences::of_workload(workload).join("\n") + "\n");
    }
    if let Some(table) = tables::above_floor(report) {
        blocks.push(table.markdown());
        blocks.push(format!("{FLOORS}\n"));
    }
    blocks.push(closing(report).join("\n") + "\n");
    blocks.push(legend(report.setting.rounds).join("\n").replace('*', "\\*") + "\n");
    blocks.retain(|block| !block.trim().is_empty());
    blocks.join("\n")
}

/// As JSON, every round included.
///
/// # Errors
/// None that these records can cause.
pub fn json(report: &Report) -> Result<String> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}

/// Without wires there are no bytes to show.
fn bytes(workload: &WorkloadReport) -> Option<Table> {
    Some(tables::bytes(workload)).filter(|table| !table.rows.is_empty())
}

/// Of the smallest call, in which what is around the values weighs most; JSON has all of them.
fn breakdown(workload: &WorkloadReport) -> Option<Table> {
    (workload.workload == workload::SMALLEST)
        .then(|| tables::breakdown(workload))
        .flatten()
}

fn opening(report: &Report) -> Vec<String> {
    let Setting {
        version,
        system,
        cores,
        runtime,
        profile,
        ..
    } = &report.setting;
    let crates = report.setting.crates.iter();
    let crates: Vec<_> = crates
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    let proof = &report.proof;
    let mut lines = vec![
        format!(
            "Trivium {version}, {profile} build, {system}, {cores} cores, tokio {runtime} at both \
             ends; {}.",
            crates.join(", ")
        ),
        format!(
            "{} gave Local's answers in {}; {} gave the right answers.",
            counted(proof.wires, "wire"),
            counted(proof.scenarios, "scenario"),
            counted(proof.references, "reference")
        ),
    ];
    if profile == "debug" {
        lines.push("A debug build: its times mean nothing. Use --release.".into());
    }
    lines
}

fn closing(report: &Report) -> Vec<String> {
    let rounds = report.setting.rounds;
    let elapsed = report.elapsed_seconds;
    let run = format!("{rounds} interleaved rounds; {elapsed:.1} s with start-up and checks.");
    sentences::of_codecs(report)
        .into_iter()
        .chain([run])
        .collect()
}

/// `1 wire`, `5 wires`.
fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// Each on lines that fit.
fn paragraphs(texts: &[String]) -> String {
    let lines = texts.iter().flat_map(|text| wrapped(text, COLUMNS));
    lines.map(|line| line + "\n").collect()
}

fn quiet(text: &str) -> String {
    let style = Style::new().dimmed();
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn every_line_fits_80_columns() {
        let report = samples::widest();
        for line in plain(&text(&report)).lines() {
            assert!(line.chars().count() <= COLUMNS, "{line}");
        }
    }

    #[test]
    fn few_rounds_promise_no_true_median() {
        let promises = |rounds| legend(rounds)[2].contains("95 of 100");
        assert!(legend(5)[2].contains("smallest and largest of 5 rounds"));
        assert_eq!([3, 5, 6, 13].map(promises), [false, false, true, true]);
    }

    #[test]
    fn one_wire_is_singular() {
        let mut report = samples::widest();
        report.proof.wires = 1;
        report.proof.references = 1;
        insta::assert_snapshot!(opening(&report)[1], @"1 wire gave Local's answers in 32 scenarios; 1 reference gave the right answers.");
    }

    #[test]
    fn markdown_has_no_escapes() {
        let report = samples::widest();
        assert!(!markdown(&report).contains('\u{1b}'));
    }

    #[test]
    fn every_table_names_every_row() {
        let report = plain(&text(&samples::widest()));
        for target in crate::target::ALL {
            assert!(report.contains(target.title), "{}", target.title);
        }
    }
}
