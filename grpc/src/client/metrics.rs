//! Metrics of machines.

use async_trait::async_trait;
use services::model::{
    Health, Metric, MetricRequest, MetricsSummary, SystemInfo, Usage, UsageReport,
};
use services::{Context, Error, Metrics, Stream};

use super::Client;
use crate::contract::monitoring::{HealthRequest, SystemInfoRequest};
use crate::convert;

#[async_trait]
impl Metrics for Client {
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error> {
        let mut stub = self.metrics.clone();
        let message = convert::usage_to_wire(usage);
        let call = async move |request| stub.calculate_metrics(request).await;
        let report = self.unary(context, message, call).await?;
        Ok(convert::usage_report_from_wire(report))
    }

    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error> {
        let mut stub = self.metrics.clone();
        let call = async move |request| stub.get_system_info(request).await;
        let info = self.unary(context, SystemInfoRequest {}, call).await?;
        Ok(convert::system_info_from_wire(info))
    }

    async fn get_metric(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Metric, Error> {
        let mut stub = self.metrics.clone();
        // region: get-metric
        let message = convert::metric_request_to_wire(request);
        let call = async move |request| stub.get_metric(request).await;
        let metric = self.unary(context, message, call).await?;
        Ok(convert::metric_from_wire(metric))
        // endregion: get-metric
    }

    async fn stream_metrics(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error> {
        let mut stub = self.metrics.clone();
        let message = convert::metric_request_to_wire(request);
        let call = async move |request| stub.stream_metrics(request).await;
        self.open(context, message, convert::metric_from_wire, call)
            .await
    }

    async fn record_metrics(
        &self,
        context: &Context,
        metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error> {
        let mut stub = self.metrics.clone();
        let call = async move |request| stub.record_metrics(request).await;
        let summary = self.upload(context, metrics, convert::metric_to_wire, call);
        Ok(convert::metrics_summary_from_wire(summary.await?))
    }

    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error> {
        let mut stub = self.metrics.clone();
        let message = HealthRequest {
            service: service.to_owned(),
        };
        let call = async move |request| stub.check_health(request).await;
        let health = self.unary(context, message, call).await?;
        Ok(convert::health_from_wire(health))
    }
}
