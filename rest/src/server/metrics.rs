//! Metrics of machines, their streams included.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::{get, post};
use http::HeaderMap;

use super::request::{Address, Call, Json, check_lines};
use super::streams::{events, seen};
use super::uploads::{Upload, metrics, received};
use super::{Answer, Room, Server, reply};
use crate::codec::percent;
use crate::contract;
use crate::convert::{self, Usage};

pub(super) fn routes() -> Router<Arc<Room>> {
    // An empty segment is a type of metrics too.
    let empty_stream = contract::STREAM_METRICS.with_segment("");
    let empty_metric = contract::GET_METRIC.with_segment("");
    let empty_service = contract::CHECK_HEALTH.with_segment("");
    Router::new()
        .route(contract::CALCULATE_METRICS.path, post(calculate_metrics))
        .route(contract::GET_SYSTEM_INFO.path, get(get_system_info))
        .route(contract::GET_METRIC.path, get(get_metric))
        .route(&empty_metric, get(get_metric))
        .route(contract::STREAM_METRICS.path, get(stream_metrics))
        .route(&empty_stream, get(stream_metrics))
        .route(contract::RECORD_METRICS.path, post(record_metrics))
        .route(contract::CHECK_HEALTH.path, get(check_health))
        .route(&empty_service, get(check_health))
}

async fn calculate_metrics(
    State(room): Server,
    Call(context): Call,
    Json(body): Json<Usage<'static>>,
) -> Answer {
    let usage = convert::usage_from_wire(body);
    let report = room.backend.calculate_metrics(&context, &usage).await?;
    reply(&convert::usage_report_to_wire(&report))
}

async fn get_system_info(State(room): Server, Call(context): Call, address: Address) -> Answer {
    let [] = percent::query(address.query(), [])?;
    let info = room.backend.get_system_info(&context).await?;
    reply(&convert::system_info_to_wire(info))
}

async fn get_metric(State(room): Server, Call(context): Call, address: Address) -> Answer {
    let request = convert::metric_request_from_wire(address.segment(2), address.query())?;
    let metric = room.backend.get_metric(&context, &request).await?;
    reply(&convert::metric_to_wire(metric))
}

async fn stream_metrics(
    State(room): Server,
    Call(context): Call,
    address: Address,
    headers: HeaderMap,
) -> Answer {
    let request = convert::metric_request_from_wire(address.segment(2), address.query())?;
    let seen = seen(&headers)?;
    let metrics = room.backend.stream_metrics(&context, &request).await?;
    Ok(events(metrics, seen, convert::metric_to_wire))
}

async fn record_metrics(
    State(room): Server,
    Call(context): Call,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    check_lines(&headers)?;
    let (upload, broken) = Upload::new(body, &room);
    let metrics = metrics(upload, room.message_bytes);
    let recording = room.backend.record_metrics(&context, metrics);
    let summary = received(broken, recording).await?;
    reply(&convert::metrics_summary_to_wire(&summary))
}

async fn check_health(State(room): Server, Call(context): Call, address: Address) -> Answer {
    let service = convert::service_from_wire(address.segment(2), address.query())?;
    let health = room.backend.check_health(&context, &service).await?;
    reply(&convert::health_to_wire(health))
}
