//! Metrics of machines.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use services::{Error, model};

use super::{finite, finite_list, whole};
use crate::codec::percent;

/// The body of `calculate_metrics`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct Usage<'a> {
    #[serde(serialize_with = "finite_list")]
    pub cpu_usage: Cow<'a, [f64]>,
    #[serde(serialize_with = "finite_list")]
    pub memory_usage: Cow<'a, [f64]>,
}

/// Samples to their object.
#[must_use]
pub fn usage_to_wire(usage: &model::Usage) -> Usage<'_> {
    Usage {
        cpu_usage: Cow::Borrowed(&usage.cpu_usage),
        memory_usage: Cow::Borrowed(&usage.memory_usage),
    }
}

/// An object to its samples.
#[must_use]
pub fn usage_from_wire(usage: Usage<'_>) -> model::Usage {
    model::Usage {
        cpu_usage: usage.cpu_usage.into_owned(),
        memory_usage: usage.memory_usage.into_owned(),
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

/// The segment and the query that ask for `get_metric` and `stream_metrics`.
#[must_use]
pub fn metric_request_to_wire(request: &model::MetricRequest) -> (String, String) {
    let hostname = percent::encode(&request.hostname);
    // Two segments are paths of their own. Written like this they are types, which no server has.
    let segment = match &*request.metric_type {
        "calculate" => "%63alculate".into(),
        "record" => "%72ecord".into(),
        metric_type => percent::encode(metric_type),
    };
    (segment, format!("hostname={hostname}"))
}

/// A segment and a query to a request.
///
/// # Errors
/// [`Error::InvalidArgument`] where they are malformed.
pub fn metric_request_from_wire(segment: &str, query: &str) -> Result<model::MetricRequest, Error> {
    let metric_type = percent::decode(segment)?;
    let [hostname] = percent::query(query, ["hostname"])?;
    Ok(model::MetricRequest {
        hostname,
        metric_type,
    })
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

/// One line of an upload: a [`Metric`](super::Metric) without unknown members.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct UploadedMetric {
    pub hostname: String,
    pub metric_type: String,
    pub value: f64,
    #[serde(deserialize_with = "whole")]
    pub timestamp: i64,
    pub unit: String,
}

/// A line to its reading.
#[must_use]
pub fn uploaded_metric_from_wire(metric: UploadedMetric) -> model::Metric {
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

/// The segment that asks for `check_health`.
#[must_use]
pub fn service_to_wire(service: &str) -> String {
    percent::encode(service)
}

/// A segment and a query, which has to be empty, to the name of a service.
///
/// # Errors
/// [`Error::InvalidArgument`] where they are malformed.
pub fn service_from_wire(segment: &str, query: &str) -> Result<String, Error> {
    let [] = percent::query(query, [])?;
    percent::decode(segment)
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
