//! Metrics.

use std::sync::Arc;

use dxr::Value;
use services::{Backend, Context, Error};
use transport::sessions::Upload;

use super::Room;
use super::calls::written;
use super::streams::{Session, download};
use crate::convert::{
    health_to_wire, metric_request_from_wire, metric_to_wire, only, params, system_info_to_wire,
    text, usage_from_wire, usage_report_to_wire,
};

pub(super) async fn calculate_metrics(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let usage = usage_from_wire(values)?;
    let report = backend.calculate_metrics(context, &usage).await?;
    written(usage_report_to_wire(&report))
}

pub(super) async fn get_system_info(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let [] = params(values, [])?;
    let info = backend.get_system_info(context).await?;
    written(system_info_to_wire(&info))
}

pub(super) async fn get_metric(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let request = metric_request_from_wire(values)?;
    let metric = backend.get_metric(context, &request).await?;
    written(metric_to_wire(&metric))
}

pub(super) async fn stream_metrics(
    room: &Room,
    context: &Context,
    values: Vec<Value>,
) -> Result<Session, Error> {
    let request = metric_request_from_wire(values)?;
    let metrics = room.backend.stream_metrics(context, &request).await?;
    Ok(download(metrics, metric_to_wire))
}

/// The context's deadline covers the upload whole.
pub(super) fn record_metrics(
    room: &Room,
    context: &Context,
    values: Vec<Value>,
) -> Result<Session, Error> {
    let [] = params(values, [])?;
    let (backend, context) = (Arc::clone(&room.backend), context.clone());
    let record = |metrics| async move { backend.record_metrics(&context, metrics).await };
    let upload = Upload::start(room.closing.clone(), record);
    Ok(Session::Metrics(Arc::new(upload)))
}

pub(super) async fn check_health(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let service = only("service", values, text)?;
    let health = backend.check_health(context, &service).await?;
    written(health_to_wire(&health))
}
