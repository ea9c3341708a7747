//! Metrics over the wire, their streams included.

use async_trait::async_trait;
use services::model::{
    Health, Metric, MetricRequest, MetricsSummary, SystemInfo, Usage, UsageReport,
};
use services::operation::{
    CALCULATE_METRICS, CHECK_HEALTH, GET_METRIC, GET_SYSTEM_INFO, RECORD_METRICS, STREAM_METRICS,
};
use services::{Context, Error, Metrics, Stream};

use super::stream::Upward;
use super::{Client, NOTHING};
use crate::convert::{
    health_from_wire, metric_from_wire, metric_request_to_wire, metric_to_wire,
    metrics_summary_from_wire, system_info_from_wire, usage_report_from_wire, usage_to_wire,
};

#[async_trait]
impl Metrics for Client {
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error> {
        let params = usage_to_wire(usage);
        let report = self.call(context, CALCULATE_METRICS.name, params).await;
        report.map(usage_report_from_wire)
    }

    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error> {
        let info = self.call(context, GET_SYSTEM_INFO.name, NOTHING).await;
        info.map(system_info_from_wire)
    }

    async fn get_metric(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Metric, Error> {
        let params = metric_request_to_wire(request);
        let metric = self.call(context, GET_METRIC.name, params).await;
        metric.map(metric_from_wire)
    }

    async fn stream_metrics(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error> {
        let params = metric_request_to_wire(request);
        self.subscribe(context, &STREAM_METRICS, params, metric_from_wire)
            .await
    }

    async fn record_metrics(
        &self,
        context: &Context,
        metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error> {
        let how = Upward {
            bytes: written_bytes,
            item: metric_to_wire,
        };
        let summary = self.upload(context, &RECORD_METRICS, metrics, how);
        summary.await.map(metrics_summary_from_wire)
    }

    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error> {
        let health = self.call(context, CHECK_HEALTH.name, [service]).await;
        health.map(health_from_wire)
    }
}

/// At most so many bytes is a reading as JSON: a control character is written with six.
fn written_bytes(metric: &Metric) -> usize {
    /// Names of members, brackets, and numbers.
    const AROUND: usize = 140;
    6 * (metric.hostname.len() + metric.metric_type.len() + metric.unit.len()) + AROUND
}
