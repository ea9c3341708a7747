//! A backend that records what it sees: the context of the last call, and how uploads end. Its
//! `stream_metrics` never opens, and all else is as in the reference.
#![allow(dead_code, reason = "each test file uses a part")]

use std::future::pending;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt};
use services::conformance::reference;
use services::model::{
    Health, Metric, MetricRequest, MetricsSummary, NumberItem, NumberRange, SystemInfo, Usage,
    UsageReport,
};
use services::{Calculator, Code, Context, Error, Greeter, Local, Metrics, Numbers, Stream};
use tokio::sync::Notify;

pub(crate) struct Recorder {
    reference: Arc<Local>,
    context: Mutex<Context>,
    upload: Arc<Upload>,
    item: Notify,
}

/// How the last upload ended.
#[derive(Default)]
struct Upload {
    end: Mutex<Option<Result<u64, Error>>>,
    ended: Notify,
}

impl Upload {
    fn end(&self, end: Result<u64, Error>) {
        *self.end.lock().unwrap() = Some(end);
        self.ended.notify_one();
    }
}

/// An upload in progress: cancelled when it is dropped before it [ended](Self::end).
struct InFlight(Option<Arc<Upload>>);

impl InFlight {
    fn end(mut self, end: Result<u64, Error>) {
        if let Some(upload) = self.0.take() {
            upload.end(end);
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(upload) = self.0.take() {
            upload.end(Err(Error::new(Code::Cancelled, "the upload was dropped")));
        }
    }
}

impl Default for Recorder {
    fn default() -> Self {
        Self {
            reference: reference(),
            context: Mutex::default(),
            upload: Arc::default(),
            item: Notify::new(),
        }
    }
}

impl Recorder {
    /// The context of the last call.
    pub(crate) fn context(&self) -> Context {
        self.context.lock().unwrap().clone()
    }

    /// Waits for an item of an upload.
    pub(crate) async fn uploaded(&self) {
        self.item.notified().await;
    }

    /// Waits for the end of an upload: how many items came, or its error, which is `Cancelled`
    /// where the call was dropped.
    pub(crate) async fn upload_ended(&self) -> Result<u64, Error> {
        self.upload.ended.notified().await;
        self.upload.end.lock().unwrap().take().unwrap()
    }

    fn record(&self, context: &Context) {
        *self.context.lock().unwrap() = context.clone();
    }
}

#[async_trait]
impl Calculator for Recorder {
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.record(context);
        self.reference.add(context, a, b).await
    }

    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.reference.multiply(context, a, b).await
    }

    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error> {
        self.reference.uppercase(context, text).await
    }

    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error> {
        self.reference.cube(context, number).await
    }
}

#[async_trait]
impl Greeter for Recorder {
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error> {
        self.reference.say_hello(context, pid).await
    }

    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error> {
        self.reference.say_hello_again(context, pid).await
    }
}

#[async_trait]
impl Metrics for Recorder {
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error> {
        self.reference.calculate_metrics(context, usage).await
    }

    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error> {
        self.reference.get_system_info(context).await
    }

    async fn get_metric(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Metric, Error> {
        self.reference.get_metric(context, request).await
    }

    async fn stream_metrics(
        &self,
        context: &Context,
        _request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error> {
        self.record(context);
        pending().await
    }

    async fn record_metrics(
        &self,
        context: &Context,
        mut metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error> {
        self.record(context);
        let in_flight = InFlight(Some(Arc::clone(&self.upload)));
        let mut items = 0;
        let end = loop {
            match metrics.try_next().await {
                Ok(Some(_)) => {
                    items += 1;
                    self.item.notify_one();
                }
                Ok(None) => break Ok(items),
                Err(error) => {
                    assert!(metrics.next().await.is_none(), "an error is the last item");
                    break Err(error);
                }
            }
        };
        in_flight.end(end.clone());
        end.map(|_| MetricsSummary::default())
    }

    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error> {
        self.reference.check_health(context, service).await
    }
}

#[async_trait]
impl Numbers for Recorder {
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error> {
        self.record(context);
        self.reference.stream_numbers(context, range).await
    }
}

impl services::Users for Recorder {}
impl services::Usuarios for Recorder {}
impl services::Files for Recorder {}
impl services::Chat for Recorder {}
