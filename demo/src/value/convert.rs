//! From the model.

use services::model::{Health, Metric, MetricsSummary, NumberItem, SystemInfo, UsageReport};

use super::Value;

impl From<i32> for Value {
    fn from(integer: i32) -> Self {
        Self::Integer(integer.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<UsageReport> for Value {
    fn from(report: UsageReport) -> Self {
        Self::Record(vec![
            ("avg_cpu", Self::Double(report.avg_cpu)),
            ("max_cpu", Self::Double(report.max_cpu)),
            ("avg_memory", Self::Double(report.avg_memory)),
            ("alert", Self::Boolean(report.alert)),
        ])
    }
}

impl From<SystemInfo> for Value {
    fn from(info: SystemInfo) -> Self {
        Self::Record(vec![
            ("server", info.server.into()),
            ("version", info.version.into()),
            ("status", info.status.into()),
        ])
    }
}

impl From<Metric> for Value {
    fn from(metric: Metric) -> Self {
        Self::Record(vec![
            ("hostname", metric.hostname.into()),
            ("metric_type", metric.metric_type.into()),
            ("value", Self::Double(metric.value)),
            ("timestamp", Self::Timestamp(metric.timestamp)),
            ("unit", metric.unit.into()),
        ])
    }
}

impl From<MetricsSummary> for Value {
    fn from(summary: MetricsSummary) -> Self {
        Self::Record(vec![
            ("count", Self::Integer(summary.count.into())),
            ("min", Self::Double(summary.min)),
            ("max", Self::Double(summary.max)),
            ("mean", Self::Double(summary.mean)),
        ])
    }
}

impl From<Health> for Value {
    fn from(health: Health) -> Self {
        Self::Record(vec![
            ("healthy", Self::Boolean(health.healthy)),
            ("message", health.message.into()),
        ])
    }
}

impl From<NumberItem> for Value {
    fn from(item: NumberItem) -> Self {
        Self::Record(vec![
            ("number", item.number.into()),
            ("message", item.message.into()),
        ])
    }
}
