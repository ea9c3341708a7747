//! The server: jsonrpsee's trait over a backend. How bytes come and go is in `transport`.

use std::io;
use std::sync::Arc;

use ::transport::sessions::{Sessions, Upload};
use futures::StreamExt;
use jsonrpsee::core::{SubscriptionResult, async_trait};
use jsonrpsee::{BoundedSubscriptions, Extensions, PendingSubscriptionSink, SubscriptionSink};
use serde::Serialize;
use serde_json::value::to_raw_value;
use services::operation::RECORD_METRICS;
use services::{Backend, Context, Error, ServeOptions, Stream, guarded, model};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::codec::openrpc;
use crate::contract::{Answer, ContractServer, parameters};
use crate::convert::{
    self, Health, Metric, MetricsSummary, StreamItem, SystemInfo, UsageReport, health_to_wire,
    metric_from_wire, metric_request_from_wire, metric_to_wire, metrics_summary_to_wire,
    number_item_to_wire, number_range_from_wire, stream_item_to_wire, system_info_to_wire,
    usage_from_wire, usage_report_to_wire,
};
use crate::error::to_wire;
use crate::transport::dispatch::{Opening, Service};
use crate::transport::http::serve_methods;

/// Serves that backend over JSON-RPC until `shutdown`: over HTTP, and over WebSocket on the same
/// port. Then open streams end, calls in flight are answered, and what is left when
/// `options.drain` has passed is dropped.
///
/// # Errors
/// The listener's.
pub async fn serve(
    listener: TcpListener,
    backend: Arc<dyn Backend>,
    options: ServeOptions,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let closing = CancellationToken::new();
    let limit = u32::try_from(options.limits.streams).unwrap_or(u32::MAX);
    let streams = BoundedSubscriptions::new(limit);
    let counted = streams.clone();
    let uploads = Sessions::new(move || counted.acquire(), options.stream_idle);
    let uploads = Arc::new(uploads);
    let room = Room {
        backend: guarded(backend, &options, closing.clone()),
        uploads: Arc::clone(&uploads),
        closing: closing.clone(),
        document: openrpc::document(),
    };
    let service = Service::new(room.into_rpc(), parameters, streams);
    tokio::select! {
        served = serve_methods(listener, service, options, shutdown, closing) => served,
        never = uploads.expire() => match never {},
    }
}

struct Room {
    backend: Arc<dyn Backend>,
    uploads: Arc<Sessions<Arc<Upload<model::Metric, model::MetricsSummary>>>>,
    closing: CancellationToken,
    document: serde_json::Value,
}

impl Room {
    /// The context's deadline covers the upload whole.
    fn open_upload(&self, context: Context) -> Result<String, Error> {
        let place = self.uploads.place()?;
        let backend = Arc::clone(&self.backend);
        let record = |metrics| async move { backend.record_metrics(&context, metrics).await };
        let upload = Upload::start(self.closing.clone(), record);
        self.uploads
            .insert(place, &RECORD_METRICS, Arc::new(upload))
    }

    async fn send(&self, id: &str, seq: i32, items: Vec<model::Metric>) -> Result<(), Error> {
        let upload = self.uploads.lease(&RECORD_METRICS, id)?;
        upload.session.send(seq, items).await
    }

    async fn close(&self, id: &str) -> Result<model::MetricsSummary, Error> {
        let upload = self.uploads.remove(&RECORD_METRICS, id)?;
        upload.finish().await
    }
}

#[async_trait]
impl ContractServer for Room {
    async fn add(&self, call: &Extensions, a: i32, b: i32) -> Answer<i32> {
        let sum = self.backend.add(&context(call), a, b).await;
        sum.map_err(|error| to_wire(&error))
    }

    async fn multiply(&self, call: &Extensions, a: i32, b: i32) -> Answer<i32> {
        let product = self.backend.multiply(&context(call), a, b).await;
        product.map_err(|error| to_wire(&error))
    }

    async fn uppercase(&self, call: &Extensions, text: String) -> Answer<String> {
        let text = self.backend.uppercase(&context(call), &text).await;
        text.map_err(|error| to_wire(&error))
    }

    async fn cube(&self, call: &Extensions, number: i32) -> Answer<i32> {
        let cube = self.backend.cube(&context(call), number).await;
        cube.map_err(|error| to_wire(&error))
    }

    async fn say_hello(&self, call: &Extensions, pid: i32) -> Answer<String> {
        let greeting = self.backend.say_hello(&context(call), pid).await;
        greeting.map_err(|error| to_wire(&error))
    }

    async fn say_hello_again(&self, call: &Extensions, pid: i32) -> Answer<String> {
        let greeting = self.backend.say_hello_again(&context(call), pid).await;
        greeting.map_err(|error| to_wire(&error))
    }

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
        let id = self.open_upload(context(call));
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
        match context(call).within(self.send(&id, seq, items)).await {
            Ok(()) => Ok(true),
            Err(error) => Err(to_wire(&error)),
        }
    }

    async fn record_metrics_close(&self, call: &Extensions, id: String) -> Answer<MetricsSummary> {
        match context(call).within(self.close(&id)).await {
            Ok(summary) => Ok(metrics_summary_to_wire(&summary)),
            Err(error) => Err(to_wire(&error)),
        }
    }

    async fn record_metrics_cancel(&self, _call: &Extensions, id: String) -> Answer<bool> {
        let upload = self.uploads.remove(&RECORD_METRICS, &id);
        let upload = upload.map_err(|error| to_wire(&error))?;
        upload.cancel();
        Ok(true)
    }

    async fn check_health(&self, call: &Extensions, service: String) -> Answer<Health> {
        match self.backend.check_health(&context(call), &service).await {
            Ok(health) => Ok(health_to_wire(health)),
            Err(error) => Err(to_wire(&error)),
        }
    }

    async fn stream_numbers(
        &self,
        pending: PendingSubscriptionSink,
        call: &Extensions,
        start: i32,
        end: i32,
    ) -> SubscriptionResult {
        let context = context(call);
        let range = number_range_from_wire(start, end);
        let open = self.backend.stream_numbers(&context, range);
        subscribed(pending, opening(call).run(open).await, number_item_to_wire).await
    }

    fn discover(&self) -> Answer<serde_json::Value> {
        Ok(self.document.clone())
    }
}

/// What the transport has put beside the parameters.
fn context(call: &Extensions) -> Context {
    call.get().cloned().unwrap_or_default()
}

fn opening(call: &Extensions) -> Opening {
    call.get().cloned().unwrap_or_default()
}

/// Answers a subscription, then sends its items until the stream ends, the caller unsubscribes, or
/// the connection is gone; the last two drop the stream. `opened` is `None` where the caller gave
/// the call up.
async fn subscribed<T, W: Serialize>(
    pending: PendingSubscriptionSink,
    opened: Option<Result<Stream<T>, Error>>,
    item: fn(T) -> W,
) -> SubscriptionResult {
    let mut stream = match opened {
        None => return Ok(()),
        Some(Ok(stream)) => stream,
        Some(Err(error)) => {
            pending.reject(to_wire(&error)).await;
            return Ok(());
        }
    };
    let sink = pending.accept().await?;
    loop {
        let next = tokio::select! {
            () = sink.closed() => return Ok(()),
            next = stream.next() => next,
        };
        let last = !matches!(next, Some(Ok(_)));
        if !sent(&sink, stream_item_to_wire(next, item)).await || last {
            return Ok(());
        }
    }
}

/// Whether the subscription goes on. An item that JSON cannot write ends it with an error.
async fn sent<W: Serialize>(sink: &SubscriptionSink, item: StreamItem<W>) -> bool {
    match to_raw_value(&item) {
        Ok(text) => sink.send(text).await.is_ok(),
        Err(cause) => {
            let error = Error::internal("an item of the stream cannot be written as JSON", cause);
            let error = convert::StreamItem::<()>::Error((&error).into());
            if let Ok(text) = to_raw_value(&error) {
                // Whether the caller is still there makes no difference: this is the end.
                let _ = sink.send(text).await;
            }
            false
        }
    }
}
