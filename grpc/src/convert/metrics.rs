//! Metrics ↔ wire types.

use services::model::{
    Health, Metric, MetricRequest, MetricsSummary, SystemInfo, Usage, UsageReport,
};

use crate::contract::monitoring::{
    HealthResponse, MetricRequest as MetricRequestMessage, MetricResponse, RecordResponse,
    SystemInfoResponse, UsageRequest, UsageResponse,
};

/// A double as its field. Only +0.0 is left out, as protobuf wants it; prost by itself leaves −0.0
/// out too, and the sign would be lost.
fn double_to_wire(value: f64) -> Option<f64> {
    (value.to_bits() != 0).then_some(value)
}

/// A double from its field.
fn double_from_wire(field: Option<f64>) -> f64 {
    field.unwrap_or_default()
}

/// Samples as their message.
#[must_use]
pub fn usage_to_wire(usage: &Usage) -> UsageRequest {
    UsageRequest {
        cpu_usage: usage.cpu_usage.clone(),
        memory_usage: usage.memory_usage.clone(),
    }
}

/// Samples from their message.
#[must_use]
pub fn usage_from_wire(message: UsageRequest) -> Usage {
    Usage {
        cpu_usage: message.cpu_usage,
        memory_usage: message.memory_usage,
    }
}

/// The report on samples as its message.
#[must_use]
pub fn usage_report_to_wire(report: &UsageReport) -> UsageResponse {
    UsageResponse {
        avg_cpu: double_to_wire(report.avg_cpu),
        max_cpu: double_to_wire(report.max_cpu),
        avg_memory: double_to_wire(report.avg_memory),
        alert: report.alert,
    }
}

/// The report on samples from its message.
#[must_use]
pub fn usage_report_from_wire(message: UsageResponse) -> UsageReport {
    UsageReport {
        avg_cpu: double_from_wire(message.avg_cpu),
        max_cpu: double_from_wire(message.max_cpu),
        avg_memory: double_from_wire(message.avg_memory),
        alert: message.alert,
    }
}

/// The server's self-description as its message.
#[must_use]
pub fn system_info_to_wire(info: &SystemInfo) -> SystemInfoResponse {
    SystemInfoResponse {
        server: info.server.clone(),
        version: info.version.clone(),
        status: info.status.clone(),
    }
}

/// The server's self-description from its message.
#[must_use]
pub fn system_info_from_wire(message: SystemInfoResponse) -> SystemInfo {
    SystemInfo {
        server: message.server,
        version: message.version,
        status: message.status,
    }
}

/// Which reading is wanted, as its message.
#[must_use]
pub fn metric_request_to_wire(request: &MetricRequest) -> MetricRequestMessage {
    MetricRequestMessage {
        hostname: request.hostname.clone(),
        metric_type: request.metric_type.clone(),
    }
}

/// Which reading is wanted, from its message.
#[must_use]
pub fn metric_request_from_wire(message: MetricRequestMessage) -> MetricRequest {
    MetricRequest {
        hostname: message.hostname,
        metric_type: message.metric_type,
    }
}

/// A reading as its message.
#[must_use]
pub fn metric_to_wire(metric: &Metric) -> MetricResponse {
    MetricResponse {
        hostname: metric.hostname.clone(),
        metric_type: metric.metric_type.clone(),
        value: double_to_wire(metric.value),
        timestamp: metric.timestamp,
        unit: metric.unit.clone(),
    }
}

/// A reading from its message.
#[must_use]
pub fn metric_from_wire(message: MetricResponse) -> Metric {
    Metric {
        hostname: message.hostname,
        metric_type: message.metric_type,
        value: double_from_wire(message.value),
        timestamp: message.timestamp,
        unit: message.unit,
    }
}

/// The summary of an upload as its message.
#[must_use]
pub fn metrics_summary_to_wire(summary: &MetricsSummary) -> RecordResponse {
    RecordResponse {
        count: summary.count,
        min: double_to_wire(summary.min),
        max: double_to_wire(summary.max),
        mean: double_to_wire(summary.mean),
    }
}

/// The summary of an upload from its message.
#[must_use]
pub fn metrics_summary_from_wire(message: RecordResponse) -> MetricsSummary {
    MetricsSummary {
        count: message.count,
        min: double_from_wire(message.min),
        max: double_from_wire(message.max),
        mean: double_from_wire(message.mean),
    }
}

/// A service's health as its message.
#[must_use]
pub fn health_to_wire(health: &Health) -> HealthResponse {
    HealthResponse {
        healthy: health.healthy,
        message: health.message.clone(),
    }
}

/// A service's health from its message.
#[must_use]
pub fn health_from_wire(message: HealthResponse) -> Health {
    Health {
        healthy: message.healthy,
        message: message.message,
    }
}
