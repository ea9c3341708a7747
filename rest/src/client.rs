//! The client: a [`Backend`](services::Backend) at the other end of a wire.

mod stream;

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use http::{HeaderValue, Request, header};
use http_body_util::Full;
use serde::Serialize;
use serde::de::DeserializeOwned;
use services::model::{
    Health, Metric, MetricRequest, MetricsSummary, NumberItem, NumberRange, SystemInfo, Usage,
    UsageReport,
};
use services::stream::covered;
use services::{
    Calculator, ClientOptions, Code, Context, Error, Greeter, Metrics, Numbers, Stream,
};
use transport::{HttpClient, ReplyBody, RequestBody};

use crate::codec::json;
use crate::contract::{self, EVENTS, JSON, LINES, Route};
use crate::convert::{self, Number, Operands, Pid, Scalar, Text};
use crate::error::from_answer;

/// The longest target of a request in bytes; servers refuse longer ones, each from its own length.
const TARGET_BYTES: usize = 16 * 1024;

/// A client of one REST server. Each call in flight has a connection of its own. Dropping a call
/// or a stream closes its connection, and so stops the work at the server.
#[derive(Debug)]
pub struct Client {
    http: HttpClient,
    /// What stands before every path.
    base: String,
    options: ClientOptions,
}

impl Client {
    /// Connects to `http://host:port[/path]` or `rest://host:port[/path]`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where nobody answers, [`Error::InvalidArgument`] for another URL.
    pub async fn connect(url: &str, options: ClientOptions) -> Result<Self, Error> {
        let url = match url.strip_prefix("rest://") {
            Some(rest) => format!("http://{rest}"),
            None => url.to_owned(),
        };
        let http = HttpClient::connect(&url, &options).await?;
        let path = http.path().split('?').next().unwrap_or_default();
        Ok(Self {
            base: path.trim_end_matches('/').to_owned(),
            http,
            options,
        })
    }

    /// A POST with a JSON body.
    async fn post<R: DeserializeOwned>(
        &self,
        context: &Context,
        route: &Route,
        body: impl Serialize + Send,
    ) -> Result<R, Error> {
        let body = json::to_bytes(&body)?;
        let mut request = self.request(route, route.path, Full::new(body))?;
        let json = HeaderValue::from_static(JSON);
        request.headers_mut().insert(header::CONTENT_TYPE, json);
        self.unary(context, request).await
    }

    /// A POST whose answer is a single value.
    async fn scalar<R: DeserializeOwned>(
        &self,
        context: &Context,
        route: &Route,
        body: impl Serialize + Send,
    ) -> Result<R, Error> {
        let answer = self.post(context, route, body).await;
        answer.map(|Scalar { result }| result)
    }

    /// A GET of that path and query.
    async fn get<R: DeserializeOwned>(
        &self,
        context: &Context,
        route: &Route,
        target: &str,
    ) -> Result<R, Error> {
        let request = self.request(route, target, Full::default())?;
        self.unary(context, request).await
    }

    /// A call with one answer.
    async fn unary<R: DeserializeOwned>(
        &self,
        context: &Context,
        request: Request<Full<Bytes>>,
    ) -> Result<R, Error> {
        let context = context.or_timeout(self.options.timeout);
        let answer = context.within(self.http.call(&context, request)).await?;
        answered(answer.status().as_u16(), answer.body())
    }

    /// A call that is answered by events.
    async fn open<R, T>(
        &self,
        context: &Context,
        route: &Route,
        target: &str,
        from_wire: fn(R) -> T,
    ) -> Result<Stream<T>, Error>
    where
        R: DeserializeOwned + 'static,
        T: Send + 'static,
    {
        let mut request = self.request(route, target, Full::default())?;
        let events = HeaderValue::from_static(EVENTS);
        request.headers_mut().insert(header::ACCEPT, events);
        let opening = async {
            let (head, body) = self.http.send(context, request).await?.into_parts();
            if !head.status.is_success() {
                return Err(self.refused(head.status.as_u16(), body).await);
            }
            let kind = head.headers.get(header::CONTENT_TYPE);
            if !kind.is_some_and(|kind| kind.as_bytes().starts_with(EVENTS.as_bytes())) {
                let text = format!("the reply cannot be read: it is not of type {EVENTS}");
                return Err(Error::new(Code::Internal, text));
            }
            Ok(stream::items(body, self.options.reply_bytes, from_wire))
        };
        let stream = context.within(opening).await?;
        Ok(covered(context, stream))
    }

    async fn refused(&self, status: u16, body: ReplyBody) -> Error {
        match body.whole(self.options.reply_bytes).await {
            Ok(body) => from_answer(status, &body),
            Err(error) => error,
        }
    }

    fn request<B>(&self, route: &Route, target: &str, body: B) -> Result<Request<B>, Error> {
        let target = format!("{}{target}", self.base);
        if target.len() > TARGET_BYTES {
            let text = format!(
                "the arguments make an address of more than {TARGET_BYTES} bytes: shorten them"
            );
            return Err(Error::new(Code::InvalidArgument, text));
        }
        let request = Request::builder().method(route.method.clone()).uri(target);
        request.body(body).map_err(|cause| {
            let text = format!("the arguments make no address: {cause}");
            Error::new(Code::InvalidArgument, text)
        })
    }
}

/// What an answer of that status says.
fn answered<R: DeserializeOwned>(status: u16, body: &[u8]) -> Result<R, Error> {
    if (200..300).contains(&status) {
        json::reply(body)
    } else {
        Err(from_answer(status, body))
    }
}

#[async_trait]
impl Calculator for Client {
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.scalar(context, &contract::ADD, Operands { a, b })
            .await
    }

    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.scalar(context, &contract::MULTIPLY, Operands { a, b })
            .await
    }

    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error> {
        let body = Text { text: text.into() };
        self.scalar(context, &contract::UPPERCASE, body).await
    }

    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error> {
        self.scalar(context, &contract::CUBE, Number { number })
            .await
    }
}

#[async_trait]
impl Greeter for Client {
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error> {
        self.scalar(context, &contract::SAY_HELLO, Pid { pid })
            .await
    }

    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error> {
        self.scalar(context, &contract::SAY_HELLO_AGAIN, Pid { pid })
            .await
    }
}

#[async_trait]
impl Metrics for Client {
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error> {
        let usage = convert::usage_to_wire(usage);
        let report = self.post(context, &contract::CALCULATE_METRICS, usage);
        report.await.map(convert::usage_report_from_wire)
    }

    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error> {
        let route = &contract::GET_SYSTEM_INFO;
        let info = self.get(context, route, route.path);
        info.await.map(convert::system_info_from_wire)
    }

    async fn get_metric(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Metric, Error> {
        let route = &contract::GET_METRIC;
        let target = metric_target(route, request);
        let metric = self.get(context, route, &target);
        metric.await.map(convert::metric_from_wire)
    }

    async fn stream_metrics(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error> {
        let route = &contract::STREAM_METRICS;
        let target = metric_target(route, request);
        self.open(context, route, &target, convert::metric_from_wire)
            .await
    }

    async fn record_metrics(
        &self,
        context: &Context,
        metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error> {
        let route = &contract::RECORD_METRICS;
        let lines = RequestBody::streamed(metrics.map(|metric| line(metric?)));
        let mut request = self.request(route, route.path, lines)?;
        let kind = HeaderValue::from_static(LINES);
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        let recording = async {
            let (head, body) = self.http.send(context, request).await?.into_parts();
            let body = body.whole(self.options.reply_bytes).await?;
            answered(head.status.as_u16(), &body).map(convert::metrics_summary_from_wire)
        };
        context.within(recording).await
    }

    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error> {
        let route = &contract::CHECK_HEALTH;
        let target = route.with_segment(&convert::service_to_wire(service));
        let health = self.get(context, route, &target);
        health.await.map(convert::health_from_wire)
    }
}

#[async_trait]
impl Numbers for Client {
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error> {
        let route = &contract::STREAM_NUMBERS;
        let target = format!("{}?{}", route.path, convert::number_range_to_wire(range));
        self.open(context, route, &target, convert::number_item_from_wire)
            .await
    }
}

fn metric_target(route: &Route, request: &MetricRequest) -> String {
    let (segment, query) = convert::metric_request_to_wire(request);
    format!("{}?{query}", route.with_segment(&segment))
}

fn line(metric: Metric) -> Result<Bytes, Error> {
    let mut line = Vec::from(json::to_bytes(&convert::metric_to_wire(metric))?);
    line.push(b'\n');
    Ok(line.into())
}

impl services::Users for Client {}
impl services::Usuarios for Client {}
impl services::Files for Client {}
impl services::Chat for Client {}
