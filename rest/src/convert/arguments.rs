//! What callers send: bodies, segments, queries, lines.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use services::{Error, model};

use super::finite_list;
use crate::codec::percent;

/// The body of `add` and `multiply`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the contract's")]
pub struct Operands {
    pub a: i32,
    pub b: i32,
}

/// The body of `uppercase`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the contract's")]
pub struct Text<'a> {
    pub text: Cow<'a, str>,
}

/// The body of `cube`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the contract's")]
pub struct Number {
    pub number: i32,
}

/// The body of `say_hello` and `say_hello_again`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the contract's")]
pub struct Pid {
    pub pid: i32,
}

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

/// The segment and the query that ask for `get_metric` and `stream_metrics`.
#[must_use]
pub fn metric_request_to_wire(request: &model::MetricRequest) -> (String, String) {
    let hostname = percent::encode(&request.hostname);
    (
        percent::encode(&request.metric_type),
        format!("hostname={hostname}"),
    )
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

/// One line of an upload: a [`Metric`](super::Metric) without unknown members.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct UploadedMetric {
    pub hostname: String,
    pub metric_type: String,
    pub value: f64,
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

/// The query that asks for `stream_numbers`.
#[must_use]
pub fn number_range_to_wire(range: model::NumberRange) -> String {
    format!("start={}&end={}", range.start, range.end)
}

/// A query to its range.
///
/// # Errors
/// [`Error::InvalidArgument`] where it is malformed or a number does not fit in 32 bits.
pub fn number_range_from_wire(query: &str) -> Result<model::NumberRange, Error> {
    let [start, end] = percent::query(query, ["start", "end"])?;
    Ok(model::NumberRange {
        start: int32("start", &start)?,
        end: int32("end", &end)?,
    })
}

fn int32(name: &str, text: &str) -> Result<i32, Error> {
    let number = text.parse().ok().filter(|_| !text.starts_with('+'));
    number.ok_or_else(|| Error::invalid(name, text, "send an integer of 32 bits"))
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
