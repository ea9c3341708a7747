//! Metrics, their streams included.

use futures::StreamExt;
use futures::stream;

use super::{Verdict, collected, fails_with, reference, same};
use crate::backend::{Backend, Metrics};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::model::{Health, Metric, MetricRequest, MetricsSummary, SystemInfo, Usage, UsageReport};
use crate::stream::Stream;

pub(super) fn usage(cpu_usage: &[f64], memory_usage: &[f64]) -> Usage {
    Usage {
        cpu_usage: cpu_usage.to_vec(),
        memory_usage: memory_usage.to_vec(),
    }
}

pub(super) fn request(hostname: &str, metric_type: &str) -> MetricRequest {
    MetricRequest {
        hostname: hostname.into(),
        metric_type: metric_type.into(),
    }
}

pub(super) fn uploaded(value: f64) -> Metric {
    Metric {
        hostname: "web-1".into(),
        metric_type: "cpu".into(),
        value,
        timestamp: 1_763_703_000,
        unit: "percent".into(),
    }
}

pub(super) fn upload(values: Vec<f64>) -> Stream<Metric> {
    stream::iter(values).map(uploaded).map(Ok).boxed()
}

pub(super) async fn report(backend: &dyn Backend) -> Verdict {
    // Written without fractions where a course would send integers.
    let usage = usage(&[45.0, 67.0, 89.0, 34.0, 56.0], &[2.1, 2.3, 2.5, 2.2, 2.4]);
    let got = backend.calculate_metrics(&Context::new(), &usage).await;
    let avg_memory = (2.1 + 2.3 + 2.5 + 2.2 + 2.4) / 5.0;
    let wanted = UsageReport {
        avg_cpu: 58.2,
        max_cpu: 89.0,
        avg_memory,
        alert: true,
    };
    same("calculate_metrics", got, Ok(wanted))?;
    let calm = self::usage(&[80.0], &[0.0]);
    let got = backend.calculate_metrics(&Context::new(), &calm).await;
    let alert = got.map(|report| report.alert);
    same("the alert at 80 percent", alert, Ok(false))
}

pub(super) async fn last_bit(backend: &dyn Backend) -> Verdict {
    let values = [
        0.1,
        -0.0,
        5e-324,
        f64::MIN_POSITIVE,
        f64::MAX,
        f64::MIN,
        f64::EPSILON,
        1.0 / 3.0,
        1e21,
        123_456_789.123_456_78,
        9_007_199_254_740_993.0,
        -2_147_483_649.0,
        80.000_000_000_000_01,
    ];
    for value in values {
        compare_report(backend, &usage(&[value], &[-value])).await?;
    }
    Ok(())
}

pub(super) async fn thousand(backend: &dyn Backend) -> Verdict {
    // Two decimals, as in the benchmarks.
    let cpu: Vec<f64> = (0..1_000)
        .map(|n| f64::from(n * 37 % 10_000) / 100.0)
        .collect();
    let memory: Vec<f64> = (0..1_000)
        .map(|n| f64::from(n * 91 % 3_200) / 100.0)
        .collect();
    compare_report(backend, &usage(&cpu, &memory)).await
}

pub(super) async fn empty_lists(backend: &dyn Backend) -> Verdict {
    for empty in [usage(&[], &[1.0]), usage(&[1.0], &[]), usage(&[], &[])] {
        compare_report(backend, &empty).await?;
        let got = backend.calculate_metrics(&Context::new(), &empty).await;
        fails_with("an empty list", got, Code::InvalidArgument)?;
    }
    Ok(())
}

/// Not every wire can carry such a value: there the client refuses it, with a text of its own.
pub(super) async fn not_finite(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for usage in [usage(&[1.0, value], &[1.0]), usage(&[1.0], &[value])] {
            let got = backend.calculate_metrics(&context, &usage).await;
            fails_with(&format!("{value} as a sample"), got, Code::InvalidArgument)?;
        }
        let got = backend
            .record_metrics(&context, upload(vec![1.0, value]))
            .await;
        fails_with(&format!("{value} as a metric"), got, Code::InvalidArgument)?;
    }
    Ok(())
}

pub(super) async fn overflowing_mean(backend: &dyn Backend) -> Verdict {
    let huge = usage(&[f64::MAX, f64::MAX], &[1.0]);
    compare_report(backend, &huge).await?;
    let got = backend.calculate_metrics(&Context::new(), &huge).await;
    fails_with("the mean of the largest doubles", got, Code::OutOfRange)?;
    compare_record(backend, vec![f64::MIN, f64::MIN]).await
}

pub(super) async fn system_info(backend: &dyn Backend) -> Verdict {
    let got = backend.get_system_info(&Context::new()).await;
    let wanted = SystemInfo {
        server: "MetricsServer".into(),
        version: "1.0".into(),
        status: "running".into(),
    };
    same("get_system_info", got, Ok(wanted))
}

pub(super) async fn metric(backend: &dyn Backend) -> Verdict {
    let (context, reference) = (Context::new(), reference());
    for (hostname, metric_type) in [
        ("web-1", "cpu"),
        ("web-1", "memory"),
        ("web-1", "disk"),
        ("web-1", ""),
        ("", "cpu"),
        ("höst/a b?c=d&e#f%41", "disk"),
    ] {
        let request = request(hostname, metric_type);
        let got = backend.get_metric(&context, &request).await;
        let wanted = reference.get_metric(&context, &request).await;
        same(&format!("get_metric({request:?})"), got, wanted)?;
    }
    Ok(())
}

pub(super) async fn unknown_type(backend: &dyn Backend) -> Verdict {
    let (context, reference) = (Context::new(), reference());
    for metric_type in [
        "fan",
        "CPU",
        " cpu",
        "a/b?c",
        "日本",
        "..",
        &"x".repeat(100),
    ] {
        let request = request("web-1", metric_type);
        let got = backend.get_metric(&context, &request).await;
        fails_with(metric_type, got.clone(), Code::InvalidArgument)?;
        let wanted = reference.get_metric(&context, &request).await;
        same(&format!("get_metric({request:?})"), got, wanted)?;
    }
    Ok(())
}

pub(super) async fn metric_stream(backend: &dyn Backend) -> Verdict {
    let (context, reference) = (Context::new(), reference());
    for metric_type in ["cpu", "memory", "disk", ""] {
        let request = request("web-1", metric_type);
        let got = collected(backend.stream_metrics(&context, &request)).await;
        let count = got.as_ref().map(Vec::len).map_err(Clone::clone);
        same("the count of streamed metrics", count, Ok(10))?;
        let wanted = collected(reference.stream_metrics(&context, &request)).await;
        same(&format!("stream_metrics({request:?})"), got, wanted)?;
    }
    Ok(())
}

pub(super) async fn unknown_stream(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    let request = request("web-1", "fan");
    let got = collected(backend.stream_metrics(&context, &request)).await;
    fails_with("stream_metrics of fan", got.clone(), Code::InvalidArgument)?;
    let wanted = collected(reference().stream_metrics(&context, &request)).await;
    same("stream_metrics of fan", got, wanted)
}

pub(super) async fn record(backend: &dyn Backend) -> Verdict {
    let got = backend
        .record_metrics(&Context::new(), upload(vec![1.5, 4.0, 0.5]))
        .await;
    let wanted = MetricsSummary {
        count: 3,
        min: 0.5,
        max: 4.0,
        mean: 2.0,
    };
    same("record_metrics", got, Ok(wanted))?;
    compare_record(backend, vec![-0.0]).await?;
    let many = (0..1_000).map(|n| f64::from(n) * 0.01 - 3.0).collect();
    compare_record(backend, many).await
}

pub(super) async fn record_nothing(backend: &dyn Backend) -> Verdict {
    let got = backend
        .record_metrics(&Context::new(), upload(Vec::new()))
        .await;
    fails_with("an empty upload", got, Code::InvalidArgument)?;
    compare_record(backend, Vec::new()).await
}

pub(super) async fn record_broken_off(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    let broken = Error::new(Code::Cancelled, "the sender gave up");
    let metrics = stream::iter([Ok(uploaded(1.0)), Ok(uploaded(2.0)), Err(broken)]);
    if let Ok(summary) = backend.record_metrics(&context, metrics.boxed()).await {
        return Err(format!(
            "a broken upload was taken for a whole one: {summary:?}"
        ));
    }
    compare_record(backend, vec![1.0, 2.0]).await
}

pub(super) async fn health(backend: &dyn Backend) -> Verdict {
    for service in ["api", "a b/c?d", "ação"] {
        let got = backend.check_health(&Context::new(), service).await;
        let wanted = Health {
            healthy: true,
            message: format!("Service {service} is running"),
        };
        same("check_health", got, Ok(wanted))?;
    }
    Ok(())
}

async fn compare_report(backend: &dyn Backend, usage: &Usage) -> Verdict {
    let context = Context::new();
    let got = backend.calculate_metrics(&context, usage).await;
    let wanted = reference().calculate_metrics(&context, usage).await;
    let first = (usage.cpu_usage.first(), usage.memory_usage.first());
    same(&format!("calculate_metrics({first:?}…)"), got, wanted)
}

async fn compare_record(backend: &dyn Backend, values: Vec<f64>) -> Verdict {
    let context = Context::new();
    let call = format!("record_metrics({} values)", values.len());
    let wanted = reference()
        .record_metrics(&context, upload(values.clone()))
        .await;
    let got = backend.record_metrics(&context, upload(values)).await;
    same(&call, got, wanted)
}
