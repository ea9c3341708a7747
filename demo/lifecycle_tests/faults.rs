//! Operations that panic, and results that are no numbers.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use services::conformance::Faulty;
use services::model::{
    Join, Metric, MetricRequest, MetricsSummary, NewUser, Usage, UsageReport, UserPage,
};
use services::{Code, Context, Error};

use super::serving::{Running, soon};
use super::{RANGE, ROOM};

fn upload() -> services::Stream<Metric> {
    stream::iter([Ok(Metric::default())]).boxed()
}

#[tokio::test]
async fn a_panic_is_an_internal_error_and_the_server_lives() {
    for scheme in ROOM.schemes {
        let (server, client) = Running::met(scheme, Faulty::panicking()).await;
        let context = Context::new();
        for _ in 0..2 {
            let error = soon(client.add(&context, 2, 3)).await.unwrap_err();
            assert_eq!(error.code(), Code::Internal, "{error}");

            let opening = client.stream_numbers(&context, RANGE);
            let mut numbers = soon(opening).await.unwrap();
            soon(numbers.next()).await.unwrap().unwrap();
            let error = soon(numbers.next()).await.unwrap().unwrap_err();
            assert_eq!(error.code(), Code::Internal, "{error}");
            assert!(soon(numbers.next()).await.is_none());

            let error = soon(client.record_metrics(&context, upload())).await;
            assert_eq!(error.unwrap_err().code(), Code::Internal);
        }
        server.stopped().await;
    }
}

#[tokio::test]
async fn a_panic_in_what_people_do_is_an_internal_error_and_the_server_lives() {
    for scheme in ROOM.schemes {
        let (server, client) = Running::met(scheme, Faulty::panicking()).await;
        let context = Context::new();
        let error = soon(client.get_user(&context, 1)).await.unwrap_err();
        assert_eq!(error.code(), Code::Internal, "{error}");

        let chunks = stream::iter([Ok(Bytes::from_static(b"a file"))]).boxed();
        let error = soon(client.upload_file(&context, chunks)).await;
        assert_eq!(error.unwrap_err().code(), Code::Internal);

        let join = Join::default();
        let opening = client.chat(&context, &join, stream::pending().boxed());
        let mut lines = soon(opening).await.unwrap();
        soon(lines.next()).await.unwrap().unwrap();
        let error = soon(lines.next()).await.unwrap().unwrap_err();
        assert_eq!(error.code(), Code::Internal, "{error}");
        assert!(soon(lines.next()).await.is_none());
        server.stopped().await;
    }
}

#[tokio::test]
async fn a_store_that_is_away_is_unavailable_and_the_rest_is_there() {
    for scheme in ROOM.schemes {
        let (server, client) = Running::met(scheme, Faulty::store_down()).await;
        let context = Context::new();
        let user = NewUser {
            name: "Ana".into(),
            email: "ana@example.org".into(),
            ..NewUser::default()
        };
        away(soon(client.create_user(&context, &user)).await);
        away(soon(client.get_user(&context, 1)).await);
        away(soon(client.obter_usuarios(&context)).await);
        away(soon(client.list_participants(&context)).await);
        let users = async {
            let users = client.list_users(&context, UserPage::default()).await?;
            users.try_collect::<Vec<_>>().await
        };
        away(soon(users).await);
        let join = Join::default();
        let chat = async {
            let silent = stream::pending().boxed();
            let lines = client.chat(&context, &join, silent).await?;
            lines.try_collect::<Vec<_>>().await
        };
        away(soon(chat).await);
        assert_eq!(soon(client.add(&context, 2, 3)).await, Ok(5));
        server.stopped().await;
    }
}

fn away<T: std::fmt::Debug>(result: Result<T, Error>) {
    let error = result.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable, "{error}");
    let text = error.to_string();
    assert!(text.contains("the store cannot be reached"), "{text}");
}

/// Asserts that a result whose value is not finite came as it is, or as `Internal`, as the room
/// says.
fn carried<T: std::fmt::Debug>(result: Result<T, Error>, value: impl FnOnce(&T) -> f64) {
    match result {
        Ok(result) if ROOM.carries_not_finite => {
            assert!(!value(&result).is_finite(), "{result:?}");
        }
        Err(error) if !ROOM.carries_not_finite => {
            assert_eq!(error.code(), Code::Internal, "{error}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_result_that_is_not_finite_is_carried_or_an_internal_error() {
    for scheme in ROOM.schemes {
        let (server, client) = Running::met(scheme, Faulty::not_finite()).await;
        let context = Context::new();
        let request = MetricRequest::default();
        let metric = soon(client.get_metric(&context, &request)).await;
        carried(metric, |metric| metric.value);

        let usage = Usage {
            cpu_usage: vec![1.0],
            memory_usage: vec![1.0],
        };
        let report = soon(client.calculate_metrics(&context, &usage)).await;
        carried(report, |report: &UsageReport| report.avg_cpu);

        let opening = client.stream_metrics(&context, &request);
        let mut metrics = soon(opening).await.unwrap();
        let item = soon(metrics.next()).await.unwrap();
        carried(item, |metric| metric.value);
        assert!(soon(metrics.next()).await.is_none());

        let summary = soon(client.record_metrics(&context, upload())).await;
        carried(summary, |summary: &MetricsSummary| summary.mean);
        assert_eq!(soon(client.add(&context, 2, 3)).await, Ok(5));
        server.stopped().await;
    }
}
