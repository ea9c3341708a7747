//! Metrics.

use async_trait::async_trait;
use futures::StreamExt;
use services::model::{
    Health, Metric, MetricRequest, MetricsSummary, SystemInfo, Usage, UsageReport,
};
use services::{Context, Error, Metrics, Stream};

use super::upload::upload;
use super::{Client, poll};
use crate::contract;
use crate::convert::{
    health_from_wire, metric_from_wire, metric_request_to_wire, metric_to_wire,
    metrics_summary_from_wire, system_info_from_wire, text_to_wire, usage_report_from_wire,
    usage_to_wire,
};

#[async_trait]
impl Metrics for Client {
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error> {
        let params = usage_to_wire(usage)?;
        self.call(
            context,
            contract::CALCULATE_METRICS,
            params,
            usage_report_from_wire,
        )
        .await
    }

    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error> {
        self.call(
            context,
            contract::GET_SYSTEM_INFO,
            Vec::new(),
            system_info_from_wire,
        )
        .await
    }

    async fn get_metric(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Metric, Error> {
        let params = metric_request_to_wire(request)?;
        self.call(context, contract::GET_METRIC, params, metric_from_wire)
            .await
    }

    async fn stream_metrics(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error> {
        let params = metric_request_to_wire(request)?;
        poll::open(
            self,
            context,
            contract::STREAM_METRICS,
            params,
            metric_from_wire,
        )
        .await
    }

    async fn record_metrics(
        &self,
        context: &Context,
        metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error> {
        let items = metrics.map(|metric| metric_to_wire(&metric?)).boxed();
        let uploaded = upload(
            self,
            context,
            contract::RECORD_METRICS,
            items,
            metrics_summary_from_wire,
        );
        context.within(uploaded).await
    }

    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error> {
        let params = vec![text_to_wire("service", service)?];
        self.call(context, contract::CHECK_HEALTH, params, health_from_wire)
            .await
    }
}
