//! Metrics of machines, their streams included.

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use services::model::{
    Health, Metric, MetricRequest, MetricsSummary, SystemInfo, Usage, UsageReport,
};
use services::{Context, Error, Metrics, Stream};
use transport::RequestBody;

use super::Client;
use crate::codec::json;
use crate::contract::{self, LINES, Route};
use crate::convert;

#[async_trait]
impl Metrics for Client {
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error> {
        let usage = convert::usage_to_wire(usage);
        let report = self.post(context, &contract::CALCULATE_METRICS, usage);
        report.await.map(convert::usage_report_from_wire)
    }

    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error> {
        let route = &contract::GET_SYSTEM_INFO;
        let info = self.get(context, route, route.path);
        info.await.map(convert::system_info_from_wire)
    }

    async fn get_metric(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Metric, Error> {
        let route = &contract::GET_METRIC;
        let target = metric_target(route, request);
        let metric = self.get(context, route, &target);
        metric.await.map(convert::metric_from_wire)
    }

    async fn stream_metrics(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error> {
        let route = &contract::STREAM_METRICS;
        let target = metric_target(route, request);
        self.open(context, route, &target, convert::metric_from_wire)
            .await
    }

    async fn record_metrics(
        &self,
        context: &Context,
        metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error> {
        let route = &contract::RECORD_METRICS;
        let lines = RequestBody::streamed(metrics.map(|metric| line(metric?)));
        let summary = self.upload(context, route, LINES, lines);
        summary.await.map(convert::metrics_summary_from_wire)
    }

    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error> {
        let route = &contract::CHECK_HEALTH;
        let target = route.with_segment(&convert::service_to_wire(service));
        let health = self.get(context, route, &target);
        health.await.map(convert::health_from_wire)
    }
}

fn metric_target(route: &Route, request: &MetricRequest) -> String {
    let (segment, query) = convert::metric_request_to_wire(request);
    format!("{}?{query}", route.with_segment(&segment))
}

fn line(metric: Metric) -> Result<Bytes, Error> {
    let mut line = Vec::from(json::to_bytes(&convert::metric_to_wire(metric))?);
    line.push(b'\n');
    Ok(line.into())
}
