//! Metrics of machines.

use super::{Field, Kind, Operation, Repeat, Shape, field, unary};

const METRIC_REQUEST: &[Field] = &[
    field("hostname", Shape::Text),
    field("metric_type", Shape::Text),
];

const METRIC: &[Field] = &[
    field("hostname", Shape::Text),
    field("metric_type", Shape::Text),
    field("value", Shape::Double),
    field("timestamp", Shape::Timestamp),
    field("unit", Shape::Text),
];

/// See [`Metrics::calculate_metrics`](crate::Metrics::calculate_metrics).
pub static CALCULATE_METRICS: Operation = unary(
    "metrics",
    "calculate_metrics",
    &[
        field("cpu_usage", Shape::List(&Shape::Double)),
        field("memory_usage", Shape::List(&Shape::Double)),
    ],
    Shape::Record(&[
        field("avg_cpu", Shape::Double),
        field("max_cpu", Shape::Double),
        field("avg_memory", Shape::Double),
        field("alert", Shape::Boolean),
    ]),
    "Means and maximum of samples, and an alert past 80 percent of CPU.",
);

/// See [`Metrics::get_system_info`](crate::Metrics::get_system_info).
pub static GET_SYSTEM_INFO: Operation = unary(
    "metrics",
    "get_system_info",
    &[],
    Shape::Record(&[
        field("server", Shape::Text),
        field("version", Shape::Text),
        field("status", Shape::Text),
    ]),
    "The server's name, version and status.",
);

/// See [`Metrics::get_metric`](crate::Metrics::get_metric).
pub static GET_METRIC: Operation = unary(
    "metrics",
    "get_metric",
    METRIC_REQUEST,
    Shape::Record(METRIC),
    "One reading of cpu, memory or disk, now.",
);

/// See [`Metrics::stream_metrics`](crate::Metrics::stream_metrics).
pub static STREAM_METRICS: Operation = Operation {
    kind: Kind::ServerStream,
    ..unary(
        "metrics",
        "stream_metrics",
        METRIC_REQUEST,
        Shape::Record(METRIC),
        "Ten readings of cpu, memory or disk, one an interval.",
    )
};

/// See [`Metrics::record_metrics`](crate::Metrics::record_metrics).
pub static RECORD_METRICS: Operation = Operation {
    kind: Kind::ClientStream,
    repeat: Repeat::Unsafe,
    ..unary(
        "metrics",
        "record_metrics",
        METRIC,
        Shape::Record(&[
            field("count", Shape::Int32),
            field("min", Shape::Double),
            field("max", Shape::Double),
            field("mean", Shape::Double),
        ]),
        "The summary of a stream of readings.",
    )
};

/// See [`Metrics::check_health`](crate::Metrics::check_health).
pub static CHECK_HEALTH: Operation = unary(
    "metrics",
    "check_health",
    &[field("service", Shape::Text)],
    Shape::Record(&[
        field("healthy", Shape::Boolean),
        field("message", Shape::Text),
    ]),
    "Whether a service runs.",
);
