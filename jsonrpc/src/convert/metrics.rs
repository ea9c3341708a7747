//! The types of metrics. JSON has no infinity and no NaN: a value that is not finite fails to
//! serialize, instead of turning into null.

use serde::ser::{Error as _, SerializeSeq};
use serde::{Deserialize, Serialize, Serializer};
use services::model;

/// The parameters of `calculate_metrics`, by position.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Usage<'a>(
    #[serde(serialize_with = "finite_list")] &'a [f64],
    #[serde(serialize_with = "finite_list")] &'a [f64],
);

/// Samples to parameters.
#[must_use]
pub fn usage_to_wire(usage: &model::Usage) -> Usage<'_> {
    Usage(&usage.cpu_usage, &usage.memory_usage)
}

/// Parameters, as `#[rpc]` has decoded them, to samples.
#[must_use]
pub fn usage_from_wire(cpu_usage: Vec<f64>, memory_usage: Vec<f64>) -> model::Usage {
    model::Usage {
        cpu_usage,
        memory_usage,
    }
}

/// The result of `calculate_metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct UsageReport {
    #[serde(serialize_with = "finite")]
    pub avg_cpu: f64,
    #[serde(serialize_with = "finite")]
    pub max_cpu: f64,
    #[serde(serialize_with = "finite")]
    pub avg_memory: f64,
    pub alert: bool,
}

/// A report to its object.
#[must_use]
pub const fn usage_report_to_wire(report: &model::UsageReport) -> UsageReport {
    UsageReport {
        avg_cpu: report.avg_cpu,
        max_cpu: report.max_cpu,
        avg_memory: report.avg_memory,
        alert: report.alert,
    }
}

/// An object to its report.
#[must_use]
pub const fn usage_report_from_wire(report: UsageReport) -> model::UsageReport {
    model::UsageReport {
        avg_cpu: report.avg_cpu,
        max_cpu: report.max_cpu,
        avg_memory: report.avg_memory,
        alert: report.alert,
    }
}

/// The result of `get_system_info`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct SystemInfo {
    pub server: String,
    pub version: String,
    pub status: String,
}

/// Information to its object.
#[must_use]
pub fn system_info_to_wire(info: model::SystemInfo) -> SystemInfo {
    SystemInfo {
        server: info.server,
        version: info.version,
        status: info.status,
    }
}

/// An object to its information.
#[must_use]
pub fn system_info_from_wire(info: SystemInfo) -> model::SystemInfo {
    model::SystemInfo {
        server: info.server,
        version: info.version,
        status: info.status,
    }
}

/// The parameters of `get_metric` and `subscribe_stream_metrics`, by position.
#[must_use]
pub fn metric_request_to_wire(request: &model::MetricRequest) -> (&str, &str) {
    (&request.hostname, &request.metric_type)
}

/// Parameters, as `#[rpc]` has decoded them, to a request.
#[must_use]
pub fn metric_request_from_wire(hostname: String, metric_type: String) -> model::MetricRequest {
    model::MetricRequest {
        hostname,
        metric_type,
    }
}

/// One reading: a result, an item of a stream, an item of an upload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct Metric {
    pub hostname: String,
    pub metric_type: String,
    #[serde(serialize_with = "finite")]
    pub value: f64,
    pub timestamp: i64,
    pub unit: String,
}

/// A reading to its object.
#[must_use]
pub fn metric_to_wire(metric: model::Metric) -> Metric {
    Metric {
        hostname: metric.hostname,
        metric_type: metric.metric_type,
        value: metric.value,
        timestamp: metric.timestamp,
        unit: metric.unit,
    }
}

/// An object to its reading.
#[must_use]
pub fn metric_from_wire(metric: Metric) -> model::Metric {
    model::Metric {
        hostname: metric.hostname,
        metric_type: metric.metric_type,
        value: metric.value,
        timestamp: metric.timestamp,
        unit: metric.unit,
    }
}

/// The result of `record_metrics.close`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct MetricsSummary {
    pub count: u32,
    #[serde(serialize_with = "finite")]
    pub min: f64,
    #[serde(serialize_with = "finite")]
    pub max: f64,
    #[serde(serialize_with = "finite")]
    pub mean: f64,
}

/// A summary to its object.
#[must_use]
pub const fn metrics_summary_to_wire(summary: &model::MetricsSummary) -> MetricsSummary {
    MetricsSummary {
        count: summary.count,
        min: summary.min,
        max: summary.max,
        mean: summary.mean,
    }
}

/// An object to its summary.
#[must_use]
pub const fn metrics_summary_from_wire(summary: MetricsSummary) -> model::MetricsSummary {
    model::MetricsSummary {
        count: summary.count,
        min: summary.min,
        max: summary.max,
        mean: summary.mean,
    }
}

/// The result of `check_health`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct Health {
    pub healthy: bool,
    pub message: String,
}

/// Health to its object.
#[must_use]
pub fn health_to_wire(health: model::Health) -> Health {
    Health {
        healthy: health.healthy,
        message: health.message,
    }
}

/// An object to its health.
#[must_use]
pub fn health_from_wire(health: Health) -> model::Health {
    model::Health {
        healthy: health.healthy,
        message: health.message,
    }
}

fn finite<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if !value.is_finite() {
        return Err(S::Error::custom(NOT_FINITE));
    }
    serializer.serialize_f64(*value)
}

fn finite_list<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(values.len()))?;
    for value in values {
        if !value.is_finite() {
            return Err(S::Error::custom(NOT_FINITE));
        }
        list.serialize_element(value)?;
    }
    list.end()
}

const NOT_FINITE: &str = "JSON has no infinity and no NaN: send finite numbers";
