//! Metrics.

use dxr::Value;
use services::Error;
use services::model::{
    Health, Metric, MetricRequest, MetricsSummary, SystemInfo, Usage, UsageReport,
};

use super::fields::{
    Members, boolean, double, double_to_wire, int, list, record_to_wire, text, text_to_wire, time,
    time_to_wire,
};
use super::params::params;

/// The parameters of `calculate_metrics`.
///
/// # Errors
/// [`Error::InvalidArgument`] for a sample that is not finite.
pub fn usage_to_wire(usage: &Usage) -> Result<Vec<Value>, Error> {
    Ok(vec![
        samples_to_wire("cpu_usage", &usage.cpu_usage)?,
        samples_to_wire("memory_usage", &usage.memory_usage)?,
    ])
}

/// The reverse of [`usage_to_wire`]; integers are welcome.
///
/// # Errors
/// [`Error::InvalidArgument`] for other parameters.
pub fn usage_from_wire(values: Vec<Value>) -> Result<Usage, Error> {
    let [cpu_usage, memory_usage] = params(values, ["cpu_usage", "memory_usage"])?;
    Ok(Usage {
        cpu_usage: samples_from_wire("cpu_usage", cpu_usage)?,
        memory_usage: samples_from_wire("memory_usage", memory_usage)?,
    })
}

fn samples_to_wire(field: &str, samples: &[f64]) -> Result<Value, Error> {
    if let Some(index) = samples.iter().position(|sample| !sample.is_finite()) {
        return double_to_wire(&format!("{field}[{index}]"), samples[index]);
    }
    let values = samples.iter().copied().map(Value::Double).collect();
    Ok(Value::Array(values))
}

fn samples_from_wire(field: &str, value: Value) -> Result<Vec<f64>, Error> {
    let values = list(field, value)?;
    let mut samples = Vec::with_capacity(values.len());
    for (index, value) in values.into_iter().enumerate() {
        samples.push(match value {
            Value::Double(sample) => sample,
            other => double(&format!("{field}[{index}]"), other)?,
        });
    }
    Ok(samples)
}

/// The result of `calculate_metrics`.
///
/// # Errors
/// [`Error::InvalidArgument`] for a value that is not finite.
pub fn usage_report_to_wire(report: &UsageReport) -> Result<Value, Error> {
    Ok(record_to_wire([
        ("avg_cpu", double_to_wire("avg_cpu", report.avg_cpu)?),
        ("max_cpu", double_to_wire("max_cpu", report.max_cpu)?),
        (
            "avg_memory",
            double_to_wire("avg_memory", report.avg_memory)?,
        ),
        ("alert", Value::Boolean(report.alert)),
    ]))
}

/// The reverse of [`usage_report_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn usage_report_from_wire(value: Value) -> Result<UsageReport, Error> {
    let mut members = Members::of("report", value)?;
    Ok(UsageReport {
        avg_cpu: members.take("avg_cpu", double)?,
        max_cpu: members.take("max_cpu", double)?,
        avg_memory: members.take("avg_memory", double)?,
        alert: members.take("alert", boolean)?,
    })
}

/// The result of `get_system_info`.
///
/// # Errors
/// [`Error::InvalidArgument`] for text that XML cannot carry.
pub fn system_info_to_wire(info: &SystemInfo) -> Result<Value, Error> {
    Ok(record_to_wire([
        ("server", text_to_wire("server", &info.server)?),
        ("version", text_to_wire("version", &info.version)?),
        ("status", text_to_wire("status", &info.status)?),
    ]))
}

/// The reverse of [`system_info_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn system_info_from_wire(value: Value) -> Result<SystemInfo, Error> {
    let mut members = Members::of("system information", value)?;
    Ok(SystemInfo {
        server: members.take("server", text)?,
        version: members.take("version", text)?,
        status: members.take("status", text)?,
    })
}

/// The parameters of `get_metric` and `stream_metrics.open`.
///
/// # Errors
/// [`Error::InvalidArgument`] for text that XML cannot carry.
pub fn metric_request_to_wire(request: &MetricRequest) -> Result<Vec<Value>, Error> {
    Ok(vec![
        text_to_wire("hostname", &request.hostname)?,
        text_to_wire("metric_type", &request.metric_type)?,
    ])
}

/// The reverse of [`metric_request_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for other parameters.
pub fn metric_request_from_wire(values: Vec<Value>) -> Result<MetricRequest, Error> {
    let [hostname, metric_type] = params(values, ["hostname", "metric_type"])?;
    Ok(MetricRequest {
        hostname: text("hostname", hostname)?,
        metric_type: text("metric_type", metric_type)?,
    })
}

/// A metric: the result of `get_metric`, an item of both streams of metrics.
///
/// # Errors
/// [`Error::InvalidArgument`] for text that XML cannot carry, a value that is not finite, a time
/// outside of the years 1 to 9999.
pub fn metric_to_wire(metric: &Metric) -> Result<Value, Error> {
    Ok(record_to_wire([
        ("hostname", text_to_wire("hostname", &metric.hostname)?),
        (
            "metric_type",
            text_to_wire("metric_type", &metric.metric_type)?,
        ),
        ("value", double_to_wire("value", metric.value)?),
        ("timestamp", time_to_wire("timestamp", metric.timestamp)?),
        ("unit", text_to_wire("unit", &metric.unit)?),
    ]))
}

/// The reverse of [`metric_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn metric_from_wire(value: Value) -> Result<Metric, Error> {
    let mut members = Members::of("metric", value)?;
    Ok(Metric {
        hostname: members.take("hostname", text)?,
        metric_type: members.take("metric_type", text)?,
        value: members.take("value", double)?,
        timestamp: members.take("timestamp", time)?,
        unit: members.take("unit", text)?,
    })
}

/// The result of `record_metrics`.
///
/// # Errors
/// [`Error::InvalidArgument`] for a value that is not finite, or a count past 32 bits.
pub fn metrics_summary_to_wire(summary: &MetricsSummary) -> Result<Value, Error> {
    let count = i32::try_from(summary.count)
        .map_err(|_| Error::invalid("count", summary.count, "XML-RPC carries 32 bits, signed"))?;
    Ok(record_to_wire([
        ("count", Value::Integer(count)),
        ("min", double_to_wire("min", summary.min)?),
        ("max", double_to_wire("max", summary.max)?),
        ("mean", double_to_wire("mean", summary.mean)?),
    ]))
}

/// The reverse of [`metrics_summary_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn metrics_summary_from_wire(value: Value) -> Result<MetricsSummary, Error> {
    let mut members = Members::of("summary", value)?;
    let count = members.take("count", int)?;
    Ok(MetricsSummary {
        count: u32::try_from(count)
            .map_err(|_| Error::invalid("count", count, "a count is not negative"))?,
        min: members.take("min", double)?,
        max: members.take("max", double)?,
        mean: members.take("mean", double)?,
    })
}

/// The result of `check_health`.
///
/// # Errors
/// [`Error::InvalidArgument`] for text that XML cannot carry.
pub fn health_to_wire(health: &Health) -> Result<Value, Error> {
    Ok(record_to_wire([
        ("healthy", Value::Boolean(health.healthy)),
        ("message", text_to_wire("message", &health.message)?),
    ]))
}

/// The reverse of [`health_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn health_from_wire(value: Value) -> Result<Health, Error> {
    let mut members = Members::of("health", value)?;
    Ok(Health {
        healthy: members.take("healthy", boolean)?,
        message: members.take("message", text)?,
    })
}
