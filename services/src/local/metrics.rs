//! Means and maxima of what callers send, and readings of this machine.

use async_trait::async_trait;
use futures::StreamExt;

use super::readings::MetricType;
use super::{Local, LocalConfig, paced};
use crate::backend::Metrics;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::model::{Health, Metric, MetricRequest, MetricsSummary, SystemInfo, Usage, UsageReport};
use crate::stream::{Stream, covered};

/// An alert is given past this maximum of the CPU samples, in percent; from the contract.
const ALERT_PERCENT: f64 = 80.0;

/// How many readings a stream gives; from the contract.
const STREAMED_READINGS: usize = 10;

#[async_trait]
impl Metrics for Local {
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error> {
        context.within(async { report(usage) }).await
    }

    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error> {
        let info = async {
            Ok(SystemInfo {
                server: "MetricsServer".into(),
                version: "1.0".into(),
                status: "running".into(),
            })
        };
        context.within(info).await
    }

    async fn get_metric(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Metric, Error> {
        let read = async {
            let metric_type = MetricType::named(&request.metric_type)?;
            reading(&self.config, &request.hostname, metric_type).await
        };
        context.within(read).await
    }

    async fn stream_metrics(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error> {
        let named = async { MetricType::named(&request.metric_type) };
        let metric_type = context.within(named).await?;
        let (config, hostname) = (self.config.clone(), request.hostname.clone());
        let interval = config.interval;
        let ticks = paced(futures::stream::iter(0..STREAMED_READINGS), interval);
        let readings = ticks.then(move |_| {
            let (config, hostname) = (config.clone(), hostname.clone());
            async move { reading(&config, &hostname, metric_type).await }
        });
        Ok(covered(context, readings.boxed()))
    }

    async fn record_metrics(
        &self,
        context: &Context,
        metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error> {
        context.within(summary(metrics)).await
    }

    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error> {
        let health = async {
            Ok(Health {
                healthy: true,
                message: format!("Service {service} is running"),
            })
        };
        context.within(health).await
    }
}

fn report(usage: &Usage) -> Result<UsageReport, Error> {
    let (avg_cpu, max_cpu) = mean_and_max("cpu_usage", &usage.cpu_usage)?;
    let (avg_memory, _) = mean_and_max("memory_usage", &usage.memory_usage)?;
    Ok(UsageReport {
        avg_cpu,
        max_cpu,
        avg_memory,
        alert: max_cpu > ALERT_PERCENT,
    })
}

fn mean_and_max(field: &str, samples: &[f64]) -> Result<(f64, f64), Error> {
    for (index, &sample) in samples.iter().enumerate() {
        finite(field, index, sample)?;
    }
    // By total order, so that the answer for -0.0 and 0.0 does not depend on their places.
    let max = samples.iter().copied().max_by(f64::total_cmp);
    let max = max.ok_or_else(|| {
        Error::InvalidArgument(format!("{field} is empty: send at least one sample"))
    })?;
    let mean = mean(field, samples.iter().sum(), samples.len())?;
    Ok((mean, max))
}

fn finite(field: &str, index: usize, value: f64) -> Result<(), Error> {
    if value.is_finite() {
        return Ok(());
    }
    let field = format!("{field}[{index}]");
    Err(Error::invalid(&field, value, "send a finite number"))
}

/// The mean of finite values: their sum may overflow all the same.
fn mean(field: &str, sum: f64, count: usize) -> Result<f64, Error> {
    if sum.is_finite() {
        // Counts are far below 2^53, up to which a double holds every integer.
        return Ok(sum / count as f64);
    }
    Err(Error::OutOfRange(format!(
        "the mean of {field} overflows: send smaller values"
    )))
}

async fn reading(
    config: &LocalConfig,
    hostname: &str,
    metric_type: MetricType,
) -> Result<Metric, Error> {
    Ok(Metric {
        hostname: hostname.into(),
        metric_type: metric_type.name().into(),
        value: config.readings.read(metric_type).await?,
        timestamp: config.clock.now(),
        unit: metric_type.unit().into(),
    })
}

async fn summary(mut metrics: Stream<Metric>) -> Result<MetricsSummary, Error> {
    let (mut count, mut sum) = (0_u32, 0.0);
    let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
    while let Some(metric) = metrics.next().await {
        let value = metric?.value;
        finite("value", count as usize, value)?;
        count = count.checked_add(1).ok_or_else(too_many)?;
        sum += value;
        min = std::cmp::min_by(min, value, f64::total_cmp);
        max = std::cmp::max_by(max, value, f64::total_cmp);
    }
    if count == 0 {
        let message = "the stream of metrics is empty: send at least one";
        return Err(Error::InvalidArgument(message.into()));
    }
    let mean = mean("value", sum, count as usize)?;
    Ok(MetricsSummary {
        count,
        min,
        max,
        mean,
    })
}

fn too_many() -> Error {
    let message = format!("more than {} metrics came: send fewer", u32::MAX);
    Error::new(Code::ResourceExhausted, message)
}
