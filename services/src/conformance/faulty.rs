//! Backends that misbehave, to test what a server and a wire make of it.

use std::future::pending;
use std::sync::Arc;

use async_trait::async_trait;
use futures::{StreamExt, stream};
use tokio::sync::Notify;

use super::reference;
use crate::backend::{Calculator, Greeter, Metrics, Numbers};
use crate::context::Context;
use crate::error::Error;
use crate::local::Local;
use crate::model::{
    Health, Metric, MetricRequest, MetricsSummary, NumberItem, NumberRange, SystemInfo, Usage,
    UsageReport,
};
use crate::stream::Stream;

/// A backend that misbehaves in one way, and tells when a call began and when one was given up.
#[derive(Debug)]
pub struct Faulty {
    fault: Fault,
    reference: Arc<Local>,
    started: Arc<Notify>,
    dropped: Arc<Notify>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Panics,
    NeverAnswers,
    NotFinite,
}

/// A call in progress: told to be dropped unless it [ended](Self::end) before.
struct InFlight {
    fault: Fault,
    dropped: Option<Arc<Notify>>,
}

impl InFlight {
    fn end(&mut self) {
        self.dropped = None;
    }

    /// Where the fault is to panic or to be silent, does so; else comes back.
    async fn misbehave(&mut self) {
        match self.fault {
            Fault::Panics => {
                self.end();
                panic!("a faulty backend panics, as it should");
            }
            Fault::NeverAnswers => pending().await,
            Fault::NotFinite => {}
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(dropped) = self.dropped.take() {
            dropped.notify_one();
        }
    }
}

impl Faulty {
    fn new(fault: Fault) -> Arc<Self> {
        Arc::new(Self {
            fault,
            reference: reference(),
            started: Arc::default(),
            dropped: Arc::default(),
        })
    }

    /// Every call panics; a stream after its first item, an upload before its first.
    #[must_use]
    pub fn panicking() -> Arc<Self> {
        Self::new(Fault::Panics)
    }

    /// No call is ever answered; a stream gives one item and no more, an upload is read to its end.
    #[must_use]
    pub fn never_answering() -> Arc<Self> {
        Self::new(Fault::NeverAnswers)
    }

    /// Metrics have values that are not finite: `calculate_metrics` and `record_metrics` tell an
    /// infinite mean, `get_metric` NaN, and so does `stream_metrics` in its only item. Everything
    /// else is as in [`reference()`].
    #[must_use]
    pub fn not_finite() -> Arc<Self> {
        Self::new(Fault::NotFinite)
    }

    /// Waits until a call has begun since the last time that this was waited for.
    pub async fn started(&self) {
        self.started.notified().await;
    }

    /// Waits until a call or a stream was dropped unfinished since the last time.
    pub async fn dropped(&self) {
        self.dropped.notified().await;
    }

    fn begin(&self) -> InFlight {
        self.started.notify_one();
        InFlight {
            fault: self.fault,
            dropped: Some(Arc::clone(&self.dropped)),
        }
    }

    /// A call that misbehaves, or else gives that answer.
    async fn call<T>(&self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let mut in_flight = self.begin();
        in_flight.misbehave().await;
        let answer = answer.await;
        in_flight.end();
        answer
    }

    /// A stream of that item, which then misbehaves, or else ends.
    fn stream<T: Send + 'static>(&self, item: T) -> Stream<T> {
        let state = (Some(item), self.begin());
        stream::unfold(state, |(item, mut in_flight)| async move {
            if let Some(item) = item {
                return Some((Ok(item), (None, in_flight)));
            }
            in_flight.misbehave().await;
            in_flight.end();
            None
        })
        .boxed()
    }

    fn spoilt(&self, value: f64, by: f64) -> f64 {
        if self.fault == Fault::NotFinite {
            by
        } else {
            value
        }
    }
}

#[async_trait]
impl Calculator for Faulty {
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.call(self.reference.add(context, a, b)).await
    }

    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.call(self.reference.multiply(context, a, b)).await
    }

    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error> {
        self.call(self.reference.uppercase(context, text)).await
    }

    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error> {
        self.call(self.reference.cube(context, number)).await
    }
}

#[async_trait]
impl Greeter for Faulty {
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error> {
        self.call(self.reference.say_hello(context, pid)).await
    }

    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error> {
        let greeting = self.reference.say_hello_again(context, pid);
        self.call(greeting).await
    }
}

#[async_trait]
impl Metrics for Faulty {
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error> {
        let report = self.reference.calculate_metrics(context, usage);
        let report = self.call(report).await?;
        let avg_cpu = self.spoilt(report.avg_cpu, f64::INFINITY);
        Ok(UsageReport { avg_cpu, ..report })
    }

    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error> {
        self.call(self.reference.get_system_info(context)).await
    }

    async fn get_metric(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Metric, Error> {
        let metric = self
            .call(self.reference.get_metric(context, request))
            .await?;
        let value = self.spoilt(metric.value, f64::NAN);
        Ok(Metric { value, ..metric })
    }

    async fn stream_metrics(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error> {
        // Of this type one item is enough for every fault.
        let metric = self.reference.get_metric(context, request).await?;
        let value = self.spoilt(metric.value, f64::NAN);
        Ok(self.stream(Metric { value, ..metric }))
    }

    async fn record_metrics(
        &self,
        context: &Context,
        mut metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error> {
        let mut in_flight = self.begin();
        if self.fault == Fault::NeverAnswers {
            while metrics.next().await.is_some() {}
        }
        in_flight.misbehave().await;
        let summary = self.reference.record_metrics(context, metrics).await;
        in_flight.end();
        let summary = summary?;
        let mean = self.spoilt(summary.mean, f64::INFINITY);
        Ok(MetricsSummary { mean, ..summary })
    }

    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error> {
        self.call(self.reference.check_health(context, service))
            .await
    }
}

#[async_trait]
impl Numbers for Faulty {
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error> {
        if self.fault == Fault::NotFinite {
            return self.reference.stream_numbers(context, range).await;
        }
        Ok(self.stream(NumberItem {
            number: range.start,
            message: "the only item".into(),
        }))
    }
}

impl crate::Users for Faulty {}
impl crate::Usuarios for Faulty {}
impl crate::Files for Faulty {}
impl crate::Chat for Faulty {}
