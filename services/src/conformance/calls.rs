//! What holds for calls of whatever service: several at once, given up, and out of time.

use std::time::Duration;

use bytes::Bytes;
use futures::future::{join_all, try_join_all};
use futures::{FutureExt, StreamExt, stream};

use super::metrics::{request, upload, uploaded, usage};
use super::{Verdict, collected, fails_with, same};
use crate::backend::Backend;
use crate::context::Context;
use crate::error::Code;
use crate::model::{ChatMessage, Join, NumberRange, UserPage};

pub(super) async fn calls_at_once(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    let sums = join_all((0..32).map(|n| backend.add(&context, n, n * 1_000))).await;
    for (n, sum) in (0..).zip(sums) {
        same("add among 32", sum, Ok(n * 1_001))?;
    }
    let texts: Vec<String> = (0..32).map(|n| format!("text {n}")).collect();
    let shouted = join_all(texts.iter().map(|text| backend.uppercase(&context, text))).await;
    for (n, text) in shouted.into_iter().enumerate() {
        same("uppercase among 32", text, Ok(format!("TEXT {n}")))?;
    }
    Ok(())
}

pub(super) async fn streams_at_once(backend: &dyn Backend) -> Verdict {
    let streams = (0..8).map(|n| async move {
        let (start, end) = (n * 100, n * 100 + 99);
        let range = NumberRange { start, end };
        let items = collected(backend.stream_numbers(&Context::new(), range)).await;
        let numbers = items.map(|items| items.iter().map(|item| item.number).collect());
        same(
            "a stream among 8",
            numbers,
            Ok((start..=end).collect::<Vec<_>>()),
        )
    });
    try_join_all(streams).await.map(drop)
}

pub(super) async fn dropped_stream(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    for _ in 0..3 {
        let (start, end) = (0, 1_000);
        let range = NumberRange { start, end };
        let opened = backend.stream_numbers(&context, range).await;
        let mut numbers = opened.map_err(|error| format!("opening failed: {error}"))?;
        for wanted in 0..3 {
            let item = numbers.next().await.transpose();
            let number = item.map(|item| item.map(|item| item.number));
            same("the first items", number, Ok(Some(wanted)))?;
        }
        drop(numbers);
        same("add afterwards", backend.add(&context, 2, 3).await, Ok(5))?;
    }
    let range = NumberRange { start: 1, end: 4 };
    let again = collected(backend.stream_numbers(&context, range)).await;
    same("a stream afterwards", again.map(|items| items.len()), Ok(4))
}

/// Each is polled once, so that it may have been sent, and then dropped: the answer that nobody
/// waits for must not be taken for that of the next call.
pub(super) async fn dropped_calls(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    for n in 0..16 {
        let mut dropped = backend.add(&context, 1_000, n);
        let _ = (&mut dropped).now_or_never();
        drop(dropped);
        same(
            "add afterwards",
            backend.add(&context, n, n).await,
            Ok(2 * n),
        )?;
    }
    Ok(())
}

pub(super) async fn passed_deadline(backend: &dyn Backend) -> Verdict {
    let passed = &Context::with_timeout(Duration::ZERO);
    let late = Code::DeadlineExceeded;
    let range = NumberRange { start: 1, end: 3 };
    let usage = usage(&[1.0], &[1.0]);
    fails_with("add", backend.add(passed, 1, 2).await, late)?;
    fails_with("say_hello", backend.say_hello(passed, 1).await, late)?;
    let got = backend.calculate_metrics(passed, &usage).await;
    fails_with("calculate_metrics", got, late)?;
    let got = backend.get_metric(passed, &request("a", "cpu")).await;
    fails_with("get_metric", got, late)?;
    let got = collected(backend.stream_numbers(passed, range)).await;
    fails_with("stream_numbers", got, late)?;
    let got = backend.record_metrics(passed, upload(vec![1.0])).await;
    fails_with("record_metrics", got, late)?;
    passed_deadline_of_state(backend, passed).await?;
    let got = backend.add(&Context::new(), 1, 2).await;
    same("add without a deadline", got, Ok(3))
}

async fn passed_deadline_of_state(backend: &dyn Backend, passed: &Context) -> Verdict {
    let late = Code::DeadlineExceeded;
    fails_with("get_user", backend.get_user(passed, 1).await, late)?;
    let got = collected(backend.list_users(passed, UserPage::default())).await;
    fails_with("list_users", got, late)?;
    let got = backend.obter_usuarios(passed).await;
    fails_with("obter_usuarios", got, late)?;
    let chunks = stream::iter([Ok(Bytes::from_static(b"late"))]);
    let got = backend.upload_file(passed, chunks.boxed()).await;
    fails_with("upload_file", got, late)?;
    let message = ChatMessage {
        user: "late".into(),
        ..ChatMessage::default()
    };
    let got = backend.post_message(passed, &message).await;
    fails_with("post_message", got, late)?;
    let silent = stream::pending().boxed();
    let got = collected(backend.chat(passed, &Join::default(), silent)).await;
    fails_with("chat", got, late)
}

pub(super) async fn far_deadline(backend: &dyn Backend) -> Verdict {
    let context = Context::with_timeout(Duration::from_secs(3_600));
    same("add", backend.add(&context, 1, 2).await, Ok(3))?;
    let range = NumberRange { start: 1, end: 3 };
    let items = collected(backend.stream_numbers(&context, range)).await;
    same("stream_numbers", items.map(|items| items.len()), Ok(3))?;
    let summary = backend
        .record_metrics(&context, upload(vec![1.0, 2.0]))
        .await;
    same(
        "record_metrics",
        summary.map(|summary| summary.count),
        Ok(2),
    )
}

pub(super) async fn stalled_upload(backend: &dyn Backend) -> Verdict {
    let context = Context::with_timeout(Duration::from_millis(100));
    let stalled = stream::iter([Ok(uploaded(1.0))]).chain(stream::pending());
    let got = backend.record_metrics(&context, stalled.boxed()).await;
    fails_with("a stalled upload", got, Code::DeadlineExceeded)?;
    let got = backend.add(&Context::new(), 1, 2).await;
    same("add afterwards", got, Ok(3))
}
