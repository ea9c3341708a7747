//! What a run of `trivium compare` found: plain records, written as JSON as they stand. Nothing
//! here measures or prints. Times are nanoseconds, sizes are bytes, unless a name says otherwise.

use serde::Serialize;

/// A whole run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Where and how it ran.
    pub setting: Setting,
    /// How the answers were proved equal before anything was timed.
    pub proof: Proof,
    /// One entry a workload.
    pub workloads: Vec<WorkloadReport>,
    /// Time of `calculate_metrics` of 1,000 + 1,000 values over XML-RPC, as a multiple of the same
    /// over JSON-RPC by HTTP, both one call at a time; `None` where one of them did not run.
    pub xmlrpc_to_jsonrpc: Option<Estimate>,
    /// Wall time of the run in seconds, start-up and checks included.
    pub elapsed_seconds: f64,
}

/// Where and how a run ran.
#[derive(Debug, Clone, Serialize)]
pub struct Setting {
    /// Of this program.
    pub version: String,
    /// Operating system and processor architecture.
    pub system: String,
    /// Processors that this process may use.
    pub cores: usize,
    /// Tokio's runtime, the same at both ends.
    pub runtime: String,
    /// `release`, or `debug`, whose numbers mean nothing.
    pub profile: String,
    /// Rounds that were measured.
    pub rounds: usize,
    /// Calls in flight in the second phase; `None` where it was left out.
    pub in_flight: Option<usize>,
    /// Names and versions of the crates that are measured.
    pub crates: Vec<(String, String)>,
}

/// How the answers were proved.
#[derive(Debug, Clone, Serialize)]
pub struct Proof {
    /// Scenarios that each wire was put through.
    pub scenarios: usize,
    /// Wires that gave `Local`'s answers in all of them.
    pub wires: usize,
    /// References whose answer to each workload was the expected one.
    pub references: usize,
}

/// All rows of one workload.
#[derive(Debug, Clone, Serialize)]
pub struct WorkloadReport {
    /// Its name on the command line.
    pub workload: String,
    /// The call in words.
    pub title: String,
    /// In the order of the tables.
    pub rows: Vec<Row>,
}

/// One target under one workload.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Its name on the command line of the program, and in JSON.
    pub target: String,
    /// Its name in the tables.
    pub title: String,
    /// What it is there for.
    pub kind: Kind,
    /// One call at a time.
    pub latency: Latency,
    /// With several calls in flight; `None` in a quick run.
    pub load: Option<Load>,
    /// `None` where there is no wire.
    pub bytes: Option<Bytes>,
    /// CPU time a call, client plus server, as a multiple of the floor's in the same round.
    pub above_floor: Option<AboveFloor>,
}

/// What a row is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The service in this process.
    Local,
    /// One of the wires that are compared.
    Wire,
    /// A library's own client and server, for reference.
    Stock,
    /// What the transport below a wire costs by itself, for reference.
    Floor,
}

/// One call at a time.
#[derive(Debug, Clone, Serialize)]
pub struct Latency {
    /// Calls that were timed, over all rounds.
    pub samples: u64,
    /// Median over the rounds of each round's median.
    pub p50: Estimate,
    /// Over all samples; `None` under 1,000 of them.
    pub p99: Option<f64>,
    /// `p50` as a multiple of the best wire's.
    pub factor: Option<f64>,
}

/// Several calls in flight.
#[derive(Debug, Clone, Serialize)]
pub struct Load {
    /// Connections that carried them.
    pub connections: Option<usize>,
    /// Median over the rounds.
    pub calls_per_second: Estimate,
    /// CPU time a call of the client's process; `None` where the system does not tell.
    pub client_cpu: Option<Estimate>,
    /// CPU time a call of the server's process; `None` where there is none.
    pub server_cpu: Option<Estimate>,
}

/// Bytes of one call, counted at sockets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Bytes {
    /// The encoded messages, without headers or framing; `None` where the row's library does not
    /// tell.
    pub body: Option<UpDown>,
    /// Everything on the connection for its first call, set-up included.
    pub cold: UpDown,
    /// Everything on the connection for a later call.
    pub warm: UpDown,
    /// What the bytes of `cold` are there for, both directions together.
    pub cold_roles: ByRole,
    /// What the bytes of `warm` are there for, both directions together.
    pub warm_roles: ByRole,
}

/// Bytes by what they are there for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ByRole {
    /// What the caller wanted to say, and what the answer says.
    pub value: u64,
    /// How the message says it: tags, quotes, names, lengths.
    pub encoding: u64,
    /// Values and encoding in one, since compression has mixed them.
    pub compressed: u64,
    /// Start lines and header fields, compressed or not.
    pub headers: u64,
    /// Where messages and frames begin and end.
    pub framing: u64,
    /// What the connection needs for itself.
    pub setup: u64,
    /// What no dissector understands: a floor sends bytes without a meaning.
    pub unknown: u64,
}

/// Bytes in both directions, as the client sees them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct UpDown {
    /// From client to server.
    pub up: u64,
    /// From server to client.
    pub down: u64,
}

/// A cost as a multiple of the floor's.
#[derive(Debug, Clone, Serialize)]
pub struct AboveFloor {
    /// The floor's name.
    pub floor: String,
    /// Median over the rounds of the ratio within a round.
    pub ratio: Estimate,
}

/// A median over rounds with the interval that holds the true one in about 95 of 100 runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// The middle of `rounds`.
    pub median: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// One value a round, in the order of the rounds.
    pub rounds: Vec<f64>,
}
