//! The data that operations take and give. Bare structs: each room converts them to its own wire
//! types and back, so that nothing here knows a protocol.

mod chat;
mod files;
mod users;

pub use chat::{ChatMessage, Join};
pub use files::UploadReport;
pub use users::{NewUser, NewUsuario, Password, User, UserChanges, UserPage, Usuario};

/// Samples of a machine's use, for [`calculate_metrics`](crate::Metrics::calculate_metrics).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// CPU samples in percent; at least one, all finite.
    pub cpu_usage: Vec<f64>,
    /// Memory samples in GB (10⁹ bytes); at least one, all finite.
    pub memory_usage: Vec<f64>,
}

/// What [`calculate_metrics`](crate::Metrics::calculate_metrics) makes of a [`Usage`].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct UsageReport {
    /// Arithmetic mean of the CPU samples, in percent.
    pub avg_cpu: f64,
    /// Largest CPU sample, in percent.
    pub max_cpu: f64,
    /// Arithmetic mean of the memory samples, in GB.
    pub avg_memory: f64,
    /// Whether `max_cpu` is more than 80.
    pub alert: bool,
}

/// Who answers: see [`get_system_info`](crate::Metrics::get_system_info).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SystemInfo {
    /// The server's name, `MetricsServer`.
    pub server: String,
    /// The server's version, `1.0`.
    pub version: String,
    /// The server's status, `running`.
    pub status: String,
}

/// Which reading is wanted: see [`get_metric`](crate::Metrics::get_metric).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetricRequest {
    /// The name of a machine; echoed in the answer, not looked up.
    pub hostname: String,
    /// `cpu`, `memory` or `disk`; empty means `memory`.
    pub metric_type: String,
}

/// One reading of one machine.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metric {
    /// The machine's name.
    pub hostname: String,
    /// `cpu`, `memory` or `disk`.
    pub metric_type: String,
    /// The reading, in `unit`.
    pub value: f64,
    /// When it was read, in seconds since 1970-01-01T00:00:00Z.
    pub timestamp: i64,
    /// `percent` for cpu, `GB` (10⁹ bytes) for memory and disk.
    pub unit: String,
}

/// What [`record_metrics`](crate::Metrics::record_metrics) makes of a stream of [`Metric`]s.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct MetricsSummary {
    /// How many metrics came.
    pub count: u32,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Arithmetic mean of the values.
    pub mean: f64,
}

/// Whether a service runs: see [`check_health`](crate::Metrics::check_health).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Whether the service runs.
    pub healthy: bool,
    /// The same in a sentence, `Service api is running`.
    pub message: String,
}

/// A closed range of integers: see [`stream_numbers`](crate::Numbers::stream_numbers).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NumberRange {
    /// The first number.
    pub start: i32,
    /// The last number: at least `start`, at most `start` + 1000.
    pub end: i32,
}

/// One number of a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberItem {
    /// The number.
    pub number: i32,
    /// A sentence that tells its square.
    pub message: String,
}
