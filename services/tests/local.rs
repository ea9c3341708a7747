//! What holds for `Local` and not for every backend: pace, real readings, limits of an upload.

use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use services::local::{Clock, LocalConfig, MetricType, Readings, SystemReadings};
use services::model::{Metric, MetricRequest, NumberRange, Usage};
use services::{Calculator, Code, Context, Error, Local, Metrics, Numbers};
use tokio::time::Instant;

fn paced(pace: Duration, interval: Duration) -> Local {
    Local::new(LocalConfig {
        pace,
        interval,
        ..LocalConfig::default()
    })
}

#[tokio::test(start_paused = true)]
async fn numbers_keep_their_pace_and_the_first_comes_at_once() {
    let local = paced(Duration::from_millis(200), Duration::ZERO);
    let range = NumberRange { start: 1, end: 4 };
    let started = Instant::now();
    let mut numbers = local.stream_numbers(&Context::new(), range).await.unwrap();
    let mut waited = Vec::new();
    while numbers.try_next().await.unwrap().is_some() {
        waited.push(started.elapsed().as_millis());
    }
    assert_eq!(waited.len(), 4);
    for (wanted, waited) in [0, 200, 400, 600].into_iter().zip(waited) {
        // Tokio's timers fire on whole milliseconds.
        assert!(
            (wanted..=wanted + 3).contains(&waited),
            "{waited} is not {wanted}"
        );
    }
}

#[tokio::test]
async fn every_type_is_read_from_this_machine() {
    let local = Local::default();
    for (metric_type, unit) in [("cpu", "percent"), ("memory", "GB"), ("disk", "GB")] {
        let request = MetricRequest {
            hostname: "here".into(),
            metric_type: metric_type.into(),
        };
        let metric = local.get_metric(&Context::new(), &request).await.unwrap();
        assert_eq!(
            (metric.hostname.as_str(), metric.unit.as_str()),
            ("here", unit)
        );
        assert!(
            metric.value.is_finite() && metric.value >= 0.0,
            "{metric:?}"
        );
        // 2025-01-01T00:00:00Z.
        assert!(metric.timestamp > 1_735_689_600, "{metric:?}");
    }
}

/// A busy machine's CPU is in use, and the first reading waits for the first sample to say so.
#[tokio::test]
async fn the_first_reading_of_a_busy_cpu_is_not_zero() {
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let busy = Arc::clone(&stop);
    let spinning = std::thread::spawn(move || {
        while !busy.load(std::sync::atomic::Ordering::Relaxed) {
            std::hint::spin_loop();
        }
    });
    let percent = SystemReadings::new().read(MetricType::Cpu).await.unwrap();
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    spinning.join().unwrap();
    assert!(percent > 0.0 && percent <= 100.0, "{percent}");
}

#[test]
fn dropping_the_readings_ends_their_sampler() {
    // Drop joins the thread, so that this returns at all is what is tested.
    drop(SystemReadings::new());
}

#[tokio::test]
async fn the_last_error_of_an_upload_is_passed_on() {
    let broken = Error::new(Code::Cancelled, "the sender gave up");
    let metrics = stream::iter([Ok(Metric::default()), Err(broken.clone())]).boxed();
    let context = Context::new();
    let error = Local::default().record_metrics(&context, metrics).await;
    assert_eq!(error, Err(broken));
}

#[tokio::test(start_paused = true)]
async fn an_upload_is_given_up_at_the_deadline() {
    let context = Context::with_timeout(Duration::from_secs(1));
    let metrics = stream::pending().boxed();
    let error = Local::default().record_metrics(&context, metrics).await;
    assert_eq!(error, Err(Error::deadline_exceeded()));
}

#[tokio::test]
async fn errors_name_the_field_the_value_and_what_to_do() {
    let (context, local) = (Context::new(), Local::default());
    let usage = |cpu_usage: &[f64], memory_usage: &[f64]| Usage {
        cpu_usage: cpu_usage.to_vec(),
        memory_usage: memory_usage.to_vec(),
    };
    for (usage, wanted) in [
        (
            usage(&[], &[1.0]),
            "cpu_usage is empty: send at least one sample",
        ),
        (
            usage(&[1.0], &[1.0, f64::NAN]),
            "memory_usage[1] is \"NaN\": send a finite number",
        ),
        (
            usage(&[f64::MAX; 2], &[1.0]),
            "the mean of cpu_usage overflows: send smaller values",
        ),
    ] {
        let error = local.calculate_metrics(&context, &usage).await.unwrap_err();
        assert_eq!(error.to_string(), wanted);
    }
    let range = NumberRange {
        start: 1,
        end: 1_002,
    };
    let error = local.stream_numbers(&context, range).await.err().unwrap();
    let wanted = "end is \"1002\": end must be at most 1000 past start, which is 1";
    assert_eq!(error.to_string(), wanted);
    let error = local.cube(&context, i32::MIN).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("is -9903520314283042199192993792, which")
    );
}

#[test]
fn a_fixed_clock_stands_still() {
    assert_eq!(Clock::Fixed(-5).now(), -5);
}
