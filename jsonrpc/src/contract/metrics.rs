//! The methods of metrics, a subscription and an upload among them.

use jsonrpsee::core::SubscriptionResult;
use jsonrpsee::proc_macros::rpc;

use super::Answer;
use crate::convert::{Health, Metric, MetricsSummary, SystemInfo, UsageReport};

/// See [`services::Metrics`].
#[rpc(server)]
pub trait Metrics {
    /// See [`services::Metrics::calculate_metrics`].
    #[method(name = "calculate_metrics", with_extensions)]
    async fn calculate_metrics(
        &self,
        cpu_usage: Vec<f64>,
        memory_usage: Vec<f64>,
    ) -> Answer<UsageReport>;

    /// See [`services::Metrics::get_system_info`].
    #[method(name = "get_system_info", with_extensions)]
    async fn get_system_info(&self) -> Answer<SystemInfo>;

    /// See [`services::Metrics::get_metric`].
    #[method(name = "get_metric", with_extensions)]
    async fn get_metric(&self, hostname: String, metric_type: String) -> Answer<Metric>;

    /// See [`services::Metrics::stream_metrics`].
    #[subscription(
        name = "subscribe_stream_metrics" => "stream_metrics",
        unsubscribe = "unsubscribe_stream_metrics",
        item = crate::convert::StreamItem<Metric>,
        with_extensions
    )]
    async fn stream_metrics(&self, hostname: String, metric_type: String) -> SubscriptionResult;

    /// Opens an upload, see [`services::Metrics::record_metrics`]; answers its id.
    #[method(name = "record_metrics.open", with_extensions)]
    async fn record_metrics_open(&self) -> Answer<String>;

    /// Sends items. The first call has the sequence number 0, each further one the next; a
    /// repeated number is ignored. Answers true.
    #[method(name = "record_metrics.send", with_extensions)]
    async fn record_metrics_send(
        &self,
        id: String,
        // The code that the macro makes has a variable `seq` of its own.
        #[argument(rename = "seq")] sequence: i32,
        items: Vec<Metric>,
    ) -> Answer<bool>;

    /// Ends the upload; answers the summary.
    #[method(name = "record_metrics.close", with_extensions)]
    async fn record_metrics_close(&self, id: String) -> Answer<MetricsSummary>;

    /// Gives the upload up, so that it never counts as whole; answers true.
    #[method(name = "record_metrics.cancel", with_extensions)]
    async fn record_metrics_cancel(&self, id: String) -> Answer<bool>;

    /// See [`services::Metrics::check_health`].
    #[method(name = "check_health", with_extensions)]
    async fn check_health(&self, service: String) -> Answer<Health>;
}
