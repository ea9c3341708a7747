//! The server: a [`Backend`] behind the services that tonic generates from the contract.

use std::future::Future;
use std::io;
use std::sync::Arc;

use futures::StreamExt;
use futures::stream::{BoxStream, unfold};
use hyper::service::service_fn;
use services::{Backend, Context, Error, ServeOptions, Stream, guarded};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};

use crate::contract::calculator::calculator_server::Calculator;
use crate::contract::calculator::{
    CubeReply, CubeRequest, NumberReply, OperandsRequest, TextReply, TextRequest,
};
use crate::contract::hello::do_stuff_server::DoStuff;
use crate::contract::hello::{HelloReply, HelloRequest};
use crate::contract::monitoring::monitoring_service_server::MonitoringService;
use crate::contract::monitoring::{
    HealthRequest, HealthResponse, MetricRequest, MetricResponse, RecordResponse,
    SystemInfoRequest, SystemInfoResponse, UsageRequest, UsageResponse,
};
use crate::contract::streaming::stream_service_server::StreamService;
use crate::contract::streaming::{StreamReply, StreamRequest};
use crate::convert;
use crate::error::{from_wire, to_wire};
use crate::transport::health_and_reflection::StandardServices;
use crate::transport::http::{Addresses, HttpService};
use crate::transport::routes::Routes;

/// Serves that backend over gRPC until `shutdown`: all services on one port, with health,
/// reflection and gRPC-Web. Then open streams end with [`Error::Unavailable`], and calls in flight
/// have until `options.drain`.
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
    let backend = guarded(backend, &options, closing.clone());
    let standard = StandardServices::open().await;
    let routes = Routes::new(backend, &options, standard.clone());
    let http = Arc::new(HttpService::new(routes, options.clone()));
    let ended = closing.clone();
    let options = Arc::new(options);
    let handler_options = Arc::clone(&options);
    let accepting = async {
        let handle = move |connection| {
            handle(
                connection,
                Arc::clone(&http),
                Arc::clone(&handler_options),
                ended.clone(),
            )
        };
        let served = transport::accept(listener, &options, shutdown, closing.clone(), handle).await;
        closing.cancel();
        served
    };
    let (served, ()) = tokio::join!(accepting, standard.close(&closing));
    served
}

async fn handle(
    connection: transport::Connection,
    http: Arc<HttpService>,
    options: Arc<ServeOptions>,
    closing: CancellationToken,
) {
    let (peer, local) = (connection.peer, connection.local);
    let service = service_fn(move |request| {
        let http = Arc::clone(&http);
        async move { Ok(http.answer(request, Addresses { peer, local }).await) }
    });
    transport::http::serve_auto(connection, &options, closing, service).await;
}

/// The backend as the generated traits want it.
pub(crate) struct Servicer(pub(crate) Arc<dyn Backend>);

/// The context that the routes left beside the message, and the message.
fn open<T>(request: Request<T>) -> (Context, T) {
    let (_, mut extensions, message) = request.into_parts();
    let context = extensions.remove::<Context>().unwrap_or_default();
    (context, message)
}

/// A result as the generated traits want it.
fn reply<T, M>(
    result: Result<T, Error>,
    convert: impl FnOnce(T) -> M,
) -> Result<Response<M>, Status> {
    match result {
        Ok(value) => Ok(Response::new(convert(value))),
        Err(error) => Err(to_wire(&error)),
    }
}

/// A stream as the generated traits want it. Its error becomes the status in the trailers.
fn replies<T: 'static, M: 'static>(
    stream: Stream<T>,
    convert: impl Fn(&T) -> M + Send + 'static,
) -> BoxStream<'static, Result<M, Status>> {
    let convert = move |item: Result<T, Error>| match item {
        Ok(item) => Ok(convert(&item)),
        Err(error) => Err(to_wire(&error)),
    };
    stream.map(convert).boxed()
}

/// An upload as the backend wants it. tonic tells an error twice; the backend is told once, at the
/// end.
fn until_error<M: Send + 'static, T: Send + 'static>(
    messages: Streaming<M>,
    convert: fn(M) -> T,
) -> Stream<T> {
    let items = unfold(Some(messages), move |messages| async move {
        let mut messages = messages?;
        match messages.next().await? {
            Ok(message) => Some((Ok(convert(message)), Some(messages))),
            Err(status) => Some((Err(from_wire(&status)), None)),
        }
    });
    items.boxed()
}

#[tonic::async_trait]
impl Calculator for Servicer {
    async fn add(
        &self,
        request: Request<OperandsRequest>,
    ) -> Result<Response<NumberReply>, Status> {
        let (context, OperandsRequest { a, b }) = open(request);
        let sum = self.0.add(&context, a, b).await;
        reply(sum, |result| NumberReply { result })
    }

    async fn multiply(
        &self,
        request: Request<OperandsRequest>,
    ) -> Result<Response<NumberReply>, Status> {
        let (context, OperandsRequest { a, b }) = open(request);
        let product = self.0.multiply(&context, a, b).await;
        reply(product, |result| NumberReply { result })
    }

    async fn uppercase(
        &self,
        request: Request<TextRequest>,
    ) -> Result<Response<TextReply>, Status> {
        let (context, TextRequest { text }) = open(request);
        let text = self.0.uppercase(&context, &text).await;
        reply(text, |result| TextReply { result })
    }

    async fn calculate_cube(
        &self,
        request: Request<CubeRequest>,
    ) -> Result<Response<CubeReply>, Status> {
        let (context, CubeRequest { number }) = open(request);
        let cube = self.0.cube(&context, number).await;
        reply(cube, |result| CubeReply { result })
    }
}

#[tonic::async_trait]
impl DoStuff for Servicer {
    async fn say_hello(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<HelloReply>, Status> {
        let (context, HelloRequest { pid }) = open(request);
        let greeting = self.0.say_hello(&context, pid).await;
        reply(greeting, |retval| HelloReply { retval })
    }

    async fn say_hello_again(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<HelloReply>, Status> {
        let (context, HelloRequest { pid }) = open(request);
        let greeting = self.0.say_hello_again(&context, pid).await;
        reply(greeting, |retval| HelloReply { retval })
    }
}

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

    async fn get_metric(
        &self,
        request: Request<MetricRequest>,
    ) -> Result<Response<MetricResponse>, Status> {
        let (context, message) = open(request);
        let wanted = convert::metric_request_from_wire(message);
        let metric = self.0.get_metric(&context, &wanted).await;
        reply(metric, |metric| convert::metric_to_wire(&metric))
    }

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

#[tonic::async_trait]
impl StreamService for Servicer {
    type StreamNumbersStream = BoxStream<'static, Result<StreamReply, Status>>;

    async fn stream_numbers(
        &self,
        request: Request<StreamRequest>,
    ) -> Result<Response<Self::StreamNumbersStream>, Status> {
        let (context, message) = open(request);
        let range = convert::number_range_from_wire(message);
        let numbers = self.0.stream_numbers(&context, range).await;
        reply(numbers, |numbers| {
            replies(numbers, convert::number_item_to_wire)
        })
    }
}
