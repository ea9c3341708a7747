//! Metrics over the backend, their streams included.

use std::sync::Arc;

use jsonrpsee::core::{SubscriptionResult, async_trait};
use jsonrpsee::{Extensions, PendingSubscriptionSink};

use super::subscription::{opening, subscribed};
use super::{Room, context};
use crate::contract::Answer;
use crate::contract::metrics::MetricsServer;
use crate::convert::{
    Health, Metric, MetricsSummary, SystemInfo, UsageReport, health_to_wire, metric_from_wire,
    metric_request_from_wire, metric_to_wire, metrics_summary_to_wire, system_info_to_wire,
    usage_from_wire, usage_report_to_wire,
};
use crate::error::to_wire;

#[async_trait]
impl MetricsServer for Room {
    async fn calculate_metrics(
        &self,
        call: &Extensions,
        cpu_usage: Vec<f64>,
        memory_usage: Vec<f64>,
    ) -> Answer<UsageReport> {
        let usage = usage_from_wire(cpu_usage, memory_usage);
        match self.backend.calculate_metrics(&context(call), &usage).await {
            Ok(report) => Ok(usage_report_to_wire(&report)),
            Err(error) => Err(to_wire(&error)),
        }
    }

    async fn get_system_info(&self, call: &Extensions) -> Answer<SystemInfo> {
        match self.backend.get_system_info(&context(call)).await {
            Ok(info) => Ok(system_info_to_wire(info)),
            Err(error) => Err(to_wire(&error)),
        }
    }

    async fn get_metric(
        &self,
        call: &Extensions,
        hostname: String,
        metric_type: String,
    ) -> Answer<Metric> {
        let request = metric_request_from_wire(hostname, metric_type);
        match self.backend.get_metric(&context(call), &request).await {
            Ok(metric) => Ok(metric_to_wire(metric)),
            Err(error) => Err(to_wire(&error)),
        }
    }

    async fn stream_metrics(
        &self,
        pending: PendingSubscriptionSink,
        call: &Extensions,
        hostname: String,
        metric_type: String,
    ) -> SubscriptionResult {
        let context = context(call);
        let request = metric_request_from_wire(hostname, metric_type);
        let open = self.backend.stream_metrics(&context, &request);
        subscribed(pending, opening(call).run(open).await, metric_to_wire).await
    }

    async fn record_metrics_open(&self, call: &Extensions) -> Answer<String> {
        let backend = Arc::clone(&self.backend);
        let record =
            |context, metrics| async move { backend.record_metrics(&context, metrics).await };
        let id = self.metrics.open(context(call), record);
        id.map_err(|error| to_wire(&error))
    }

    async fn record_metrics_send(
        &self,
        call: &Extensions,
        id: String,
        seq: i32,
        items: Vec<Metric>,
    ) -> Answer<bool> {
        let items = items.into_iter().map(metric_from_wire).collect();
        let sent = self.metrics.send(&context(call), &id, seq, items).await;
        sent.map_err(|error| to_wire(&error))
    }

    async fn record_metrics_close(&self, call: &Extensions, id: String) -> Answer<MetricsSummary> {
        match self.metrics.close(&context(call), &id).await {
            Ok(summary) => Ok(metrics_summary_to_wire(&summary)),
            Err(error) => Err(to_wire(&error)),
        }
    }

    async fn record_metrics_cancel(&self, _call: &Extensions, id: String) -> Answer<bool> {
        let cancelled = self.metrics.cancel(&id);
        cancelled.map_err(|error| to_wire(&error))
    }

    async fn check_health(&self, call: &Extensions, service: String) -> Answer<Health> {
        match self.backend.check_health(&context(call), &service).await {
            Ok(health) => Ok(health_to_wire(health)),
            Err(error) => Err(to_wire(&error)),
        }
    }
}
