//! What servers answer.

use serde::{Deserialize, Serialize};
use services::model;

use super::finite;

/// A result that is a single value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scalar<T> {
    /// The value.
    pub result: T,
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

/// One reading: a result, or an item of a stream.
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

/// The result of `record_metrics`.
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

/// An item of `stream_numbers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct NumberItem {
    pub number: i32,
    pub message: String,
}

/// A number to its object.
#[must_use]
pub fn number_item_to_wire(item: model::NumberItem) -> NumberItem {
    NumberItem {
        number: item.number,
        message: item.message,
    }
}

/// An object to its number.
#[must_use]
pub fn number_item_from_wire(item: NumberItem) -> model::NumberItem {
    model::NumberItem {
        number: item.number,
        message: item.message,
    }
}
