//! The client: a [`Backend`](services::Backend) at the other end of a wire, over the stubs that
//! tonic generates from the contract.

mod exchange;

use std::future::{pending, ready};
use std::sync::Arc;

use async_trait::async_trait;
use futures::{FutureExt, StreamExt};
use http::Uri;
use http::uri::Authority;
use prost::Message;
use services::context::DeadlineScope;
use services::model::{
    Health, Metric, MetricRequest, MetricsSummary, NumberItem, NumberRange, SystemInfo, Usage,
    UsageReport,
};
use services::stream::covered;
use services::{Calculator, ClientOptions, Context, Error, Greeter, Metrics, Numbers, Stream};
use tokio::sync::oneshot;
use tonic::metadata::MetadataMap;
use tonic::{Extensions, Request, Response, Status, Streaming};
use transport::http::{TIMEOUT, insert_metadata, timeout_header};

use self::exchange::{ExchangeRecorder, Items};

use crate::contract::calculator::calculator_client::CalculatorClient;
use crate::contract::calculator::{CubeRequest, OperandsRequest, TextRequest};
use crate::contract::hello::HelloRequest;
use crate::contract::hello::do_stuff_client::DoStuffClient;
use crate::contract::monitoring::monitoring_service_client::MonitoringServiceClient;
use crate::contract::monitoring::{HealthRequest, MetricResponse, SystemInfoRequest};
use crate::contract::streaming::stream_service_client::StreamServiceClient;
use crate::convert;
use crate::transport::channel::Channel;

/// A client of one gRPC server. HTTP/2 carries all its calls side by side over one connection, so
/// `ClientOptions.connections` says nothing here. A connection that broke is made again by the next
/// call.
pub struct Client {
    channel: Channel,
    calculator: CalculatorClient<Channel>,
    greeter: DoStuffClient<Channel>,
    metrics: MonitoringServiceClient<Channel>,
    numbers: StreamServiceClient<Channel>,
    options: ClientOptions,
}

impl Client {
    /// Connects to `http://host:port` or `grpc://host:port`, within `options.timeout`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where nobody answers, [`Error::InvalidArgument`] for another URL.
    pub async fn connect(url: &str, options: ClientOptions) -> Result<Self, Error> {
        let authority = authority(url)?;
        let opening = Channel::connect(authority.clone(), options.clone());
        let context = Context::new().or_timeout(options.timeout);
        let channel = context.within(opening).await?;
        let origin = origin(authority);
        let bytes = options.reply_bytes;
        macro_rules! stub {
            ($Client:ident) => {
                $Client::with_origin(channel.clone(), origin.clone())
                    .max_decoding_message_size(bytes)
            };
        }
        Ok(Self {
            calculator: stub!(CalculatorClient),
            greeter: stub!(DoStuffClient),
            metrics: stub!(MonitoringServiceClient),
            numbers: stub!(StreamServiceClient),
            channel,
            options,
        })
    }

    /// A call with one message each way.
    async fn unary<M, R>(
        &self,
        context: &Context,
        message: M,
        call: impl AsyncFnOnce(Request<M>) -> Result<Response<R>, Status>,
    ) -> Result<R, Error>
    where
        M: Message,
        R: Message,
    {
        let context = context.or_timeout(self.options.timeout);
        let recorder = ExchangeRecorder::begin(&context, &self.channel);
        recorder.sent(message.encoded_len());
        let request = request(&context, DeadlineScope::Whole, message);
        context.within(recorder.answer(call(request))).await
    }

    /// A call that is answered by a stream.
    async fn open<M, R, T>(
        &self,
        context: &Context,
        message: M,
        convert: fn(R) -> T,
        call: impl AsyncFnOnce(Request<M>) -> Result<Response<Streaming<R>>, Status>,
    ) -> Result<Stream<T>, Error>
    where
        M: Message,
        R: Message + 'static,
        T: Send + 'static,
    {
        let recorder = ExchangeRecorder::begin(context, &self.channel);
        recorder.sent(message.encoded_len());
        let request = request(context, context.scope, message);
        let messages = context.within(recorder.opening(call(request))).await?;
        let items = Items {
            messages,
            recorder,
            convert,
            over: false,
        };
        Ok(covered(context, items.boxed()))
    }
}

/// The address in a URL.
fn authority(url: &str) -> Result<Authority, Error> {
    let wrong = || Error::invalid("url", url, "write http://host:port or grpc://host:port");
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let known = matches!(uri.scheme_str(), Some("http" | "grpc"));
    let rootless = matches!(uri.path(), "" | "/") && uri.query().is_none();
    let plain = |it: &&Authority| it.port().is_some() && !it.as_str().contains('@');
    match uri.authority().filter(plain) {
        Some(authority) if known && rootless => Ok(authority.clone()),
        _ => Err(wrong()),
    }
}

/// What HTTP/2 calls `:scheme` and `:authority`.
fn origin(authority: Authority) -> Uri {
    Uri::builder()
        .scheme("http")
        .authority(authority)
        .path_and_query("/")
        .build()
        .expect("scheme, authority and path make a URI")
}

/// A request with the context's metadata, and its deadline where the deadline covers the call
/// whole: `grpc-timeout` cannot say that a stream may go on once it is open.
fn request<M>(context: &Context, scope: DeadlineScope, message: M) -> Request<M> {
    let mut headers = http::HeaderMap::new();
    insert_metadata(&context.metadata, &mut headers);
    if let (DeadlineScope::Whole, Some(remaining)) = (scope, context.remaining()) {
        headers.insert(TIMEOUT, timeout_header(remaining));
    }
    Request::from_parts(
        MetadataMap::from_headers(headers),
        Extensions::default(),
        message,
    )
}

/// The messages of an upload. An error of the sender's goes out by `failed`, and the upload then
/// waits to be dropped, which resets its HTTP/2 stream: a message cannot carry an error, and an
/// end would look like a finished upload.
fn upload(
    metrics: Stream<Metric>,
    recorder: Arc<ExchangeRecorder>,
    failed: oneshot::Sender<Error>,
) -> impl futures::Stream<Item = MetricResponse> + Send + 'static {
    let mut failed = Some(failed);
    metrics.then(move |item| match item {
        Ok(metric) => {
            let message = convert::metric_to_wire(&metric);
            recorder.sent(message.encoded_len());
            ready(message).left_future()
        }
        Err(error) => {
            if let Some(failed) = failed.take() {
                // Nobody listens when the call is over already.
                let _ = failed.send(error);
            }
            pending().right_future()
        }
    })
}

#[async_trait]
impl Calculator for Client {
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        let mut stub = self.calculator.clone();
        let message = OperandsRequest { a, b };
        let call = async move |request| stub.add(request).await;
        Ok(self.unary(context, message, call).await?.result)
    }

    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        let mut stub = self.calculator.clone();
        let message = OperandsRequest { a, b };
        let call = async move |request| stub.multiply(request).await;
        Ok(self.unary(context, message, call).await?.result)
    }

    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error> {
        let mut stub = self.calculator.clone();
        let message = TextRequest {
            text: text.to_owned(),
        };
        let call = async move |request| stub.uppercase(request).await;
        Ok(self.unary(context, message, call).await?.result)
    }

    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error> {
        let mut stub = self.calculator.clone();
        let message = CubeRequest { number };
        let call = async move |request| stub.calculate_cube(request).await;
        Ok(self.unary(context, message, call).await?.result)
    }
}

#[async_trait]
impl Greeter for Client {
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error> {
        let mut stub = self.greeter.clone();
        let call = async move |request| stub.say_hello(request).await;
        Ok(self
            .unary(context, HelloRequest { pid }, call)
            .await?
            .retval)
    }

    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error> {
        let mut stub = self.greeter.clone();
        let call = async move |request| stub.say_hello_again(request).await;
        Ok(self
            .unary(context, HelloRequest { pid }, call)
            .await?
            .retval)
    }
}

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
        let message = convert::metric_request_to_wire(request);
        let call = async move |request| stub.get_metric(request).await;
        let metric = self.unary(context, message, call).await?;
        Ok(convert::metric_from_wire(metric))
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
        let recorder = Arc::new(ExchangeRecorder::begin(context, &self.channel));
        let (failed, failure) = oneshot::channel();
        let messages = upload(metrics, Arc::clone(&recorder), failed);
        let call = stub.record_metrics(request(context, DeadlineScope::Whole, messages));
        let summary = context.within(async {
            tokio::select! {
                biased;
                Ok(error) = failure => Err(error),
                summary = recorder.answer(call) => summary,
            }
        });
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

#[async_trait]
impl Numbers for Client {
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error> {
        let mut stub = self.numbers.clone();
        let message = convert::number_range_to_wire(&range);
        let call = async move |request| stub.stream_numbers(request).await;
        self.open(context, message, convert::number_item_from_wire, call)
            .await
    }
}

impl services::Users for Client {}
impl services::Usuarios for Client {}
impl services::Files for Client {}
impl services::Chat for Client {}
