//! The calls of the demo. Each is made with a context of its own, where the client leaves how many
//! bytes it took.

use std::future::Future;
use std::io::Write;
use std::time::Duration;

use anyhow::{Context as _, bail};
use futures::future::try_join_all;
use futures::{StreamExt, stream};
use services::model::{Metric, MetricRequest, NumberRange, Usage};
use services::{Backend, Code, Context, Error};
use tokio::time::Instant;

use super::page::{Cost, Page};
use crate::print::printable;

/// What the call with a deadline may take.
const DEADLINE: Duration = Duration::from_millis(150);

/// How many calls are made at once.
const AT_ONCE: i32 = 8;

/// Runs one call and tells what it cost.
pub(super) async fn timed<T>(context: &Context, call: impl Future<Output = T>) -> (T, Cost) {
    let started = Instant::now();
    let result = call.await;
    let cost = Cost {
        elapsed: started.elapsed(),
        exchange: context.exchange(),
    };
    (result, cost)
}

/// A call that has to succeed for the demo to go on.
pub(super) async fn answered<T>(
    name: &str,
    context: &Context,
    call: impl Future<Output = Result<T, Error>>,
) -> anyhow::Result<(T, Cost)> {
    let (result, cost) = timed(context, call).await;
    let answer = result.with_context(|| format!("the call {name} failed"))?;
    Ok((answer, cost))
}

pub(super) async fn calculator(
    client: &dyn Backend,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    let context = Context::new();
    let (sum, cost) = answered("add", &context, client.add(&context, 5, 3)).await?;
    page.call(&format!("5 + 3 = {sum}"), &cost)?;

    let context = Context::new();
    let (product, cost) = answered("multiply", &context, client.multiply(&context, 4, 7)).await?;
    page.call(&format!("4 × 7 = {product}"), &cost)?;

    let context = Context::new();
    let call = client.uppercase(&context, "hello");
    let (text, cost) = answered("uppercase", &context, call).await?;
    page.call(&format!("'hello' → '{}'", printable(&text)), &cost)?;

    let context = Context::new();
    let (cube, cost) = answered("cube", &context, client.cube(&context, 5)).await?;
    page.call(&format!("5³ = {cube}"), &cost)?;
    Ok(())
}

pub(super) async fn greeter(
    client: &dyn Backend,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    let context = Context::new();
    let (greeting, cost) = answered("say_hello", &context, client.say_hello(&context, 42)).await?;
    page.call(&printable(&greeting), &cost)?;

    let context = Context::new();
    let call = client.say_hello_again(&context, 42);
    let (greeting, cost) = answered("say_hello_again", &context, call).await?;
    page.call(&printable(&greeting), &cost)?;
    Ok(())
}

pub(super) async fn metrics(
    client: &dyn Backend,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    let usage = Usage {
        cpu_usage: vec![45.0, 67.0, 89.0, 34.0, 56.0],
        memory_usage: vec![2.1, 2.3, 2.5, 2.2, 2.4],
    };
    let context = Context::new();
    let call = client.calculate_metrics(&context, &usage);
    let (report, cost) = answered("calculate_metrics", &context, call).await?;
    let alert = if report.alert { ", alert!" } else { "" };
    let text = format!(
        "cpu 45 67 89 34 56, memory 2.1 2.3 2.5 2.2 2.4 → average {:.1}%, at most {:.1}%, \
         {:.1} GB{alert}",
        report.avg_cpu, report.max_cpu, report.avg_memory
    );
    page.call(&text, &cost)?;

    let context = Context::new();
    let call = client.get_system_info(&context);
    let (info, cost) = answered("get_system_info", &context, call).await?;
    let text = format!("{} {} is {}", info.server, info.version, info.status);
    page.call(&printable(&text), &cost)?;

    let (context, request) = (Context::new(), request("memory"));
    let call = client.get_metric(&context, &request);
    let (metric, cost) = answered("get_metric", &context, call).await?;
    let text = format!("memory of web-1: {:.1} {}", metric.value, metric.unit);
    page.call(&printable(&text), &cost)?;

    let context = Context::new();
    let call = client.check_health(&context, "api");
    let (health, cost) = answered("check_health", &context, call).await?;
    page.call(&printable(&health.message), &cost)?;
    Ok(())
}

pub(super) async fn numbers(
    client: &dyn Backend,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    let (context, range) = (Context::new(), NumberRange { start: 1, end: 10 });
    let call = async {
        let mut numbers = client.stream_numbers(&context, range).await?;
        page.items("the numbers 1 to 10, as they come:")?;
        while let Some(item) = numbers.next().await.transpose()? {
            // `The square of 3 is 9`: what follows the last space is the square.
            let square = item.message.rsplit(' ').next().unwrap_or_default();
            page.item(&format!("{}²={}", item.number, printable(square)))?;
        }
        page.items_end()?;
        anyhow::Ok(())
    };
    let (streamed, cost) = timed(&context, call).await;
    streamed.context("the stream of numbers failed")?;
    page.call("10 items", &cost)?;
    Ok(())
}

pub(super) async fn readings(
    client: &dyn Backend,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    let (context, request) = (Context::new(), request("cpu"));
    let call = async {
        let mut metrics = client.stream_metrics(&context, &request).await?;
        page.items("the cpu of web-1 in percent, as it comes:")?;
        while let Some(metric) = metrics.next().await.transpose()? {
            page.item(&format!("{:.1}", metric.value))?;
        }
        page.items_end()?;
        anyhow::Ok(())
    };
    let (streamed, cost) = timed(&context, call).await;
    streamed.context("the stream of metrics failed")?;
    page.call("10 items", &cost)?;
    Ok(())
}

pub(super) async fn upload(
    client: &dyn Backend,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    let context = Context::new();
    let metrics = stream::iter([1.5, 2.5, 4.0]).map(metric).map(Ok).boxed();
    let call = client.record_metrics(&context, metrics);
    let (summary, cost) = answered("record_metrics", &context, call).await?;
    let text = format!(
        "1.5 2.5 4 sent one by one → {} values, {} to {}, mean {:.2}",
        summary.count, summary.min, summary.max, summary.mean
    );
    page.call(&text, &cost)?;
    Ok(())
}

pub(super) async fn at_once(
    client: &dyn Backend,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    let context = Context::new();
    let calls = (1..=AT_ONCE).map(|number| client.multiply(&context, number, number));
    let (squares, mut cost) = answered("multiply", &context, try_join_all(calls)).await?;
    // Calls at the same time count each other's bytes, so there is no figure to show.
    cost.exchange = services::Exchange::default();
    let squares: Vec<_> = squares.iter().map(i32::to_string).collect();
    page.call(&format!("{AT_ONCE} calls: {}", squares.join(" ")), &cost)?;
    Ok(())
}

pub(super) async fn overflow(
    client: &dyn Backend,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    let context = Context::new();
    let (result, cost) = timed(&context, client.add(&context, i32::MAX, 1)).await;
    refused(page, "2147483647 + 1", result, Code::OutOfRange, &cost)
}

pub(super) async fn unknown_type(
    client: &dyn Backend,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    let (context, request) = (Context::new(), request("fan"));
    let (result, cost) = timed(&context, client.get_metric(&context, &request)).await;
    refused(
        page,
        "the fan of web-1",
        result,
        Code::InvalidArgument,
        &cost,
    )
}

/// The sender sends one metric and no more: without a deadline the call would never end.
pub(super) async fn deadline(
    client: &dyn Backend,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    let context = Context::with_timeout(DEADLINE);
    let stalled = stream::iter([Ok(metric(1.5))]).chain(stream::pending());
    let call = client.record_metrics(&context, stalled.boxed());
    let (result, cost) = timed(&context, call).await;
    let text = format!("an upload that stalls, given {} ms", DEADLINE.as_millis());
    refused(page, &text, result, Code::DeadlineExceeded, &cost)
}

/// A call that has to fail, and with that code.
pub(super) fn refused<T>(
    page: &mut Page<'_, impl Write>,
    text: &str,
    result: Result<T, Error>,
    wanted: Code,
    cost: &Cost,
) -> anyhow::Result<()> {
    match result {
        Err(error) if error.code() == wanted => Ok(page.failed(text, &error, cost)?),
        Err(error) => Err(error).with_context(|| format!("{text}: {wanted} was expected")),
        Ok(_) => bail!("{text}: {wanted} was expected, and the call succeeded"),
    }
}

fn request(metric_type: &str) -> MetricRequest {
    MetricRequest {
        hostname: "web-1".into(),
        metric_type: metric_type.into(),
    }
}

fn metric(value: f64) -> Metric {
    Metric {
        hostname: "web-1".into(),
        metric_type: "memory".into(),
        value,
        timestamp: services::local::Clock::System.now(),
        unit: "GB".into(),
    }
}
