//! Metrics of machines.

use futures::stream::BoxStream;
use tonic::{Request, Response, Status, Streaming};

use super::{Servicer, open, replies, reply, until_error};
use crate::contract::monitoring::monitoring_service_server::MonitoringService;
use crate::contract::monitoring::{
    HealthRequest, HealthResponse, MetricRequest, MetricResponse, RecordResponse,
    SystemInfoRequest, SystemInfoResponse, UsageRequest, UsageResponse,
};
use crate::convert;

#[tonic::async_trait]
impl MonitoringService for Servicer {
    async fn calculate_metrics(
        &self,
        request: Request<UsageRequest>,
    ) -> Result<Response<UsageResponse>, Status> {
        let (context, message) = open(request);
        let usage = convert::usage_from_wire(message);
        let report = self.0.calculate_metrics(&context, &usage).await;
        reply(report, |report| convert::usage_report_to_wire(&report))
    }

    async fn get_system_info(
        &self,
        request: Request<SystemInfoRequest>,
    ) -> Result<Response<SystemInfoResponse>, Status> {
        let (context, SystemInfoRequest {}) = open(request);
        let info = self.0.get_system_info(&context).await;
        reply(info, |info| convert::system_info_to_wire(&info))
    }

    // region: get-metric
    async fn get_metric(
        &self,
        request: Request<MetricRequest>,
    ) -> Result<Response<MetricResponse>, Status> {
        let (context, message) = open(request);
        let wanted = convert::metric_request_from_wire(message);
        let metric = self.0.get_metric(&context, &wanted).await;
        reply(metric, |metric| convert::metric_to_wire(&metric))
    }
    // endregion: get-metric

    type StreamMetricsStream = BoxStream<'static, Result<MetricResponse, Status>>;

    async fn stream_metrics(
        &self,
        request: Request<MetricRequest>,
    ) -> Result<Response<Self::StreamMetricsStream>, Status> {
        let (context, message) = open(request);
        let wanted = convert::metric_request_from_wire(message);
        let metrics = self.0.stream_metrics(&context, &wanted).await;
        reply(metrics, |metrics| replies(metrics, convert::metric_to_wire))
    }

    async fn record_metrics(
        &self,
        request: Request<Streaming<MetricResponse>>,
    ) -> Result<Response<RecordResponse>, Status> {
        let (context, messages) = open(request);
        let metrics = until_error(messages, convert::metric_from_wire);
        let summary = self.0.record_metrics(&context, metrics).await;
        reply(summary, |summary| {
            convert::metrics_summary_to_wire(&summary)
        })
    }

    async fn check_health(
        &self,
        request: Request<HealthRequest>,
    ) -> Result<Response<HealthResponse>, Status> {
        let (context, HealthRequest { service }) = open(request);
        let health = self.0.check_health(&context, &service).await;
        reply(health, |health| convert::health_to_wire(&health))
    }
}
