//! What `payload` found: plain records, and their text.

use demo::print::{COLUMNS, QUIET, printable, wrapped};
use serde::Serialize;

use super::sizes::Sizes;
use crate::measurement::Estimate;
use crate::report::table::{NONE, Table, TableRow, Weight, figure, thousands};
use crate::statistics::FEWEST_FOR_INTERVAL;

/// Everything, as `--json` writes it. Sizes are bytes of all messages together, times are
/// nanoseconds a message.
#[derive(Debug, Clone, Serialize)]
pub struct PayloadReport {
    /// Where the messages come from.
    pub file: String,
    /// How many there are.
    pub messages: usize,
    /// Full name of protobuf's message.
    pub message: String,
    /// The inferred file; `None` where the user brought one.
    pub proto: Option<String>,
    /// What protobuf cannot say as JSON does.
    pub remarks: Vec<String>,
    /// How the codecs know the shape of a message: always `dynamic`.
    pub codecs: &'static str,
    /// A row a protocol.
    pub rows: Vec<PayloadRow>,
}

/// One protocol.
#[derive(Debug, Clone, Serialize)]
pub struct PayloadRow {
    /// Its name.
    pub protocol: &'static str,
    /// Sizes; `None` where it cannot carry the messages.
    pub bytes: Option<Sizes>,
    /// From a value in memory to a body.
    #[serde(rename = "encode_ns")]
    pub encode: Option<Estimate>,
    /// From a body to a value in memory.
    #[serde(rename = "decode_ns")]
    pub decode: Option<Estimate>,
    /// What it cannot carry, or carries otherwise, with the paths.
    pub remarks: Vec<String>,
}

/// As text for a terminal; what prints it strips the styles elsewhere.
#[must_use]
pub fn text(report: &PayloadReport) -> String {
    let mut blocks = Vec::new();
    if let Some(proto) = &report.proto {
        // A member's name may hold anything, which the file escapes; the rest of it is ours.
        let lines = proto.lines().map(|line| printable(line) + "\n");
        let about = "// Inferred; a sample cannot tell what other messages hold.\n";
        blocks.push(format!(
            "{QUIET}{about}{QUIET:#}{}",
            lines.collect::<String>()
        ));
    }
    blocks.push(paragraphs("", &report.remarks));
    blocks.push(table(report).text());
    for row in &report.rows {
        let remarks = row.remarks.iter();
        let remarks: Vec<_> = remarks
            .map(|remark| format!("{}: {remark}", row.protocol))
            .collect();
        blocks.push(paragraphs("", &remarks));
    }
    let rows = blocks.iter().filter(|block| !block.is_empty());
    let text: Vec<_> = rows.map(String::as_str).collect();
    format!(
        "{}\n{QUIET}{}{QUIET:#}",
        text.join("\n"),
        paragraphs("", &[legend(report)])
    )
}

fn table(report: &PayloadReport) -> Table {
    let count = match report.messages {
        1 => "one message".to_owned(),
        count => format!("{} messages", thousands(count as u64)),
    };
    Table {
        caption: format!("{}: {count}", printable(&report.file)),
        groups: vec![
            ("", 1),
            ("body, bytes", 3),
            ("dynamic codec, µs a message", 2),
        ],
        heads: vec!["", "raw", "gzip", "zstd", "encode", "decode"],
        rows: report.rows.iter().map(line).collect(),
    }
}

fn line(row: &PayloadRow) -> TableRow {
    let sizes = row.bytes.map(|bytes| [bytes.raw, bytes.gzip, bytes.zstd]);
    let sizes = match sizes {
        Some(sizes) => sizes.map(|size| thousands(size as u64)),
        None => [NONE, NONE, NONE].map(str::to_owned),
    };
    let time = |time: &Option<Estimate>| match time {
        None => NONE.to_owned(),
        Some(time) => {
            let microseconds =
                [time.median, time.low, time.high].map(|time| figure(time / 1_000.0));
            format!(
                "{} {}–{}",
                microseconds[0], microseconds[1], microseconds[2]
            )
        }
    };
    let times = [time(&row.encode), time(&row.decode)];
    let name = [row.protocol.to_owned()];
    TableRow {
        weight: Weight::Normal,
        cells: name.into_iter().chain(sizes).chain(times).collect(),
    }
}

fn legend(report: &PayloadReport) -> String {
    let each = match report.messages {
        1 => "",
        _ => "Sizes are of all messages together, each compressed by itself. ",
    };
    let timed = report.rows.iter().find_map(|row| row.encode.as_ref());
    let rounds = timed.map_or(0, |time| time.rounds.len());
    let pair = match rounds {
        ..FEWEST_FOR_INTERVAL => "is the smallest and the largest",
        _ => "holds the true median in about 95 of 100 runs",
    };
    let debug = match cfg!(debug_assertions) {
        true => " A debug build: its times mean nothing. Use --release.",
        false => "",
    };
    format!(
        "{each}Bodies of a request without headers (gRPC: with its prefix of 5 bytes): `trivium wire` \
         shows those of a call. Every codec learns the shape while it runs, so the times rank these \
         codecs and not generated code. Medians over {rounds} rounds; a pair a–b {pair}. JSON-RPC and \
         XML-RPC call the method `send`, JSON-RPC with the id 1.{debug}"
    )
}

fn paragraphs(before: &str, texts: &[String]) -> String {
    let lines = texts
        .iter()
        .flat_map(|text| wrapped(&printable(text), COLUMNS - before.len()));
    lines.map(|line| format!("{before}{line}\n")).collect()
}
