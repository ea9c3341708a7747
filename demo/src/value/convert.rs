//! From the model.

use services::model::{
    ChatMessage, Health, Metric, MetricsSummary, NumberItem, SystemInfo, UploadReport, UsageReport,
    User, Usuario,
};

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

impl From<User> for Value {
    fn from(user: User) -> Self {
        Self::Record(vec![
            ("id", user.id.into()),
            ("name", user.name.into()),
            ("email", user.email.into()),
            ("roles", user.roles.into()),
            ("external_id", user.external_id.into()),
        ])
    }
}

impl From<Usuario> for Value {
    fn from(usuario: Usuario) -> Self {
        Self::Record(vec![
            ("id", usuario.id.into()),
            ("nome", usuario.nome.into()),
            ("email", usuario.email.into()),
        ])
    }
}

impl From<UploadReport> for Value {
    fn from(report: UploadReport) -> Self {
        Self::Record(vec![
            ("size_bytes", count(report.size_bytes)),
            ("chunks", count(report.chunks)),
            ("sha256", report.sha256.into()),
        ])
    }
}

impl From<ChatMessage> for Value {
    fn from(message: ChatMessage) -> Self {
        Self::Record(vec![
            ("user", message.user.into()),
            ("text", message.text.into()),
            ("timestamp", Self::Timestamp(message.timestamp)),
            ("sequence", count(message.sequence)),
            ("id", message.id.into()),
        ])
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

/// Counts of the contract end at 2⁵³.
fn count(count: u64) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}
