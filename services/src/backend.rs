//! One trait a service, and [`Backend`], their sum: what a server serves, and what a client is.
//!
//! Dropping a future or a stream cancels its work. Every operation takes the [`Context`] first;
//! its deadline covers a unary call and a client stream whole, and a server stream's opening.
//! A backend keeps background work inside the stream that it returns instead of spawning it.
//!
//! Every operation can fail with [`Error::Unavailable`] where a wire lies between.

use async_trait::async_trait;

use crate::context::Context;
use crate::error::Error;
use crate::model::{
    Health, Metric, MetricRequest, MetricsSummary, NumberItem, NumberRange, SystemInfo, Usage,
    UsageReport,
};
use crate::stream::Stream;

/// Arithmetic and text.
#[async_trait]
pub trait Calculator: Send + Sync {
    /// The sum.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where it does not fit in 32 bits.
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error>;

    /// The product.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where it does not fit in 32 bits.
    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error>;

    /// The text in upper case by Unicode's full mapping: `straße` becomes `STRASSE`.
    ///
    /// # Errors
    /// None of its own.
    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error>;

    /// The third power.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where it does not fit in 32 bits.
    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error>;
}

/// Greetings.
#[async_trait]
pub trait Greeter: Send + Sync {
    /// `Hello, 42!` to process 42.
    ///
    /// # Errors
    /// None of its own.
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error>;

    /// `Hello again, 42!` to process 42.
    ///
    /// # Errors
    /// None of its own.
    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error>;
}

/// Metrics of machines.
#[async_trait]
pub trait Metrics: Send + Sync {
    /// Means and maximum of the caller's samples.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for an empty list or a value that is not finite,
    /// [`Error::OutOfRange`] where a mean overflows.
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error>;

    /// The server's name, version and status.
    ///
    /// # Errors
    /// None of its own.
    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error>;

    /// One reading, now.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for an unknown type.
    async fn get_metric(&self, context: &Context, request: &MetricRequest)
    -> Result<Metric, Error>;

    /// Ten readings, one an interval.
    ///
    /// # Errors
    /// As [`get_metric`](Self::get_metric), before the stream opens.
    async fn stream_metrics(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error>;

    /// Takes readings until their stream ends; gives their summary.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for an empty stream or a value that is not finite,
    /// [`Error::OutOfRange`] where the mean overflows, and the stream's own last error.
    async fn record_metrics(
        &self,
        context: &Context,
        metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error>;

    /// Whether a service runs.
    ///
    /// # Errors
    /// None of its own.
    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error>;
}

/// Streams of numbers.
#[async_trait]
pub trait Numbers: Send + Sync {
    /// Every number of the range, in order.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where start > end or end − start > 1000, before the stream opens.
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error>;
}

/// All services: what a server serves, and what a client is.
pub trait Backend: Calculator + Greeter + Metrics + Numbers + 'static {}

impl<T: Calculator + Greeter + Metrics + Numbers + 'static> Backend for T {}
