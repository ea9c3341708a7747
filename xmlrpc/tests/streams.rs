//! Streams by polling, step by step: cursors and numbers that repeat, are missing or wrong, limits,
//! idle expiry.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod serving;

use std::time::Duration;

use dxr::Value;
use services::ServeOptions;
use services::conformance::{Faulty, reference};
use serving::{Running, call, int, soon, string};

async fn reference_server() -> Running {
    Running::start(reference(), ServeOptions::default()).await
}

/// One step of a stream.
async fn step(server: &Running, method: &str, params: &[&str]) -> Result<Value, i32> {
    let answer = server.connect().await.post(call(method, params)).await;
    answer.reply().map_err(|fault| fault.code())
}

async fn opened(server: &Running, method: &str, params: &[&str]) -> String {
    match step(server, method, params).await {
        Ok(Value::String(id)) => string(&id),
        other => panic!("{other:?}"),
    }
}

/// Items, cursor and done of an answer of `next`.
fn batch(answer: Result<Value, i32>) -> (usize, i32, bool) {
    let Ok(Value::Struct(members)) = answer else {
        panic!("{answer:?}");
    };
    match (&members["items"], &members["cursor"], &members["done"]) {
        (Value::Array(items), Value::Integer(cursor), Value::Boolean(done)) => {
            (items.len(), *cursor, *done)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_same_cursor_gives_the_same_items_and_others_are_out_of_range() {
    let server = reference_server().await;
    let id = opened(&server, "stream_numbers.open", &[&int(1), &int(150)]).await;
    let next = async |cursor: i32| {
        step(
            &server,
            "stream_numbers.next",
            &[&id, &int(cursor), &int(20_000)],
        )
        .await
    };
    let first = next(0).await;
    assert_eq!(next(0).await, first);
    assert_eq!(batch(first), (100, 100, false));
    assert_eq!(next(1).await, Err(-32001));
    assert_eq!(next(101).await, Err(-32001));
    assert_eq!(batch(next(100).await), (50, 150, true));
    assert_eq!(next(0).await, Err(-32001));
    assert_eq!(batch(next(100).await), (50, 150, true));
    assert_eq!(batch(next(150).await), (0, 150, true));
    assert_eq!(
        step(&server, "stream_numbers.close", &[&id]).await,
        Ok(Value::Boolean(true))
    );
    assert_eq!(next(150).await, Err(-32002));
    assert_eq!(
        step(&server, "stream_numbers.close", &[&id]).await,
        Err(-32002)
    );
}

#[tokio::test]
async fn a_stream_belongs_to_its_operation_and_waits_at_most_20_seconds() {
    let server = reference_server().await;
    let id = opened(&server, "stream_numbers.open", &[&int(1), &int(9)]).await;
    let next = async |method: &str, id: &str, cursor: i32, wait_ms: i32| {
        step(&server, method, &[id, &int(cursor), &int(wait_ms)]).await
    };
    assert_eq!(next("stream_metrics.next", &id, 0, 0).await, Err(-32002));
    assert_eq!(
        next("stream_numbers.next", &string("guess"), 0, 0).await,
        Err(-32002)
    );
    assert_eq!(
        next("stream_numbers.next", &id, 0, 20_001).await,
        Err(-32602)
    );
    assert_eq!(next("stream_numbers.next", &id, 0, -1).await, Err(-32602));
    assert_eq!(next("stream_numbers.next", &id, -1, 0).await, Err(-32001));
    let refused = step(&server, "stream_numbers.open", &[&int(9), &int(1)]).await;
    assert_eq!(refused, Err(-32602));
}

#[tokio::test]
async fn a_poll_without_items_ends_after_its_wait() {
    let faulty = Faulty::never_answering();
    let server = Running::start(faulty.clone(), ServeOptions::default()).await;
    let id = opened(&server, "stream_numbers.open", &[&int(1), &int(9)]).await;
    let next = async |cursor: i32, wait_ms: i32| {
        let (cursor, wait_ms) = (int(cursor), int(wait_ms));
        step(&server, "stream_numbers.next", &[&id, &cursor, &wait_ms]).await
    };
    assert_eq!(batch(next(0, 20_000).await), (1, 1, false));
    assert_eq!(batch(next(1, 1).await), (0, 1, false));
    assert_eq!(batch(next(1, 0).await), (0, 1, false));

    // Closing ends a poll that waits, and the stream.
    let (waiting, closed) = tokio::join!(next(1, 20_000), async {
        step(&server, "stream_numbers.close", &[&id]).await
    });
    assert_eq!((waiting, closed), (Err(-32002), Ok(Value::Boolean(true))));
    soon(faulty.dropped()).await;
}

#[tokio::test]
async fn streams_past_the_limit_are_refused_and_finished_ones_make_room() {
    let mut options = ServeOptions::default();
    options.limits.streams = 2;
    let server = Running::start(reference(), options).await;
    let range = [&*int(1), &*int(9)];
    let first = opened(&server, "stream_numbers.open", &range).await;
    opened(&server, "stream_numbers.open", &range).await;
    assert_eq!(
        step(&server, "stream_numbers.open", &range).await,
        Err(-32005)
    );
    assert_eq!(step(&server, "record_metrics.open", &[]).await, Err(-32005));
    // What is wrong with the parameters is told at the limit too.
    for (method, wrong) in [
        ("stream_numbers.open", &[&*string("one"), &*int(9)][..]),
        ("stream_metrics.open", &[&*int(1)]),
        ("record_metrics.open", &[&*int(1)]),
    ] {
        assert_eq!(step(&server, method, wrong).await, Err(-32602), "{method}");
    }
    let all = step(
        &server,
        "stream_numbers.next",
        &[&first, &int(0), &int(20_000)],
    )
    .await;
    assert_eq!(batch(all), (9, 9, true));
    opened(&server, "stream_numbers.open", &range).await;
    assert_eq!(
        step(&server, "stream_numbers.open", &range).await,
        Err(-32005)
    );
}

#[tokio::test]
async fn a_failure_behind_items_keeps_its_place_until_it_is_told() {
    let mut options = ServeOptions::default();
    options.limits.streams = 1;
    let server = Running::start(Faulty::panicking(), options).await;
    let range = [&*int(1), &*int(9)];
    let id = opened(&server, "stream_numbers.open", &range).await;
    let next = async |cursor: i32| {
        let (cursor, wait_ms) = (int(cursor), int(20_000));
        step(&server, "stream_numbers.next", &[&id, &cursor, &wait_ms]).await
    };
    assert_eq!(batch(next(0).await), (1, 1, false));
    assert_eq!(next(7).await, Err(-32001));
    let another = step(&server, "stream_numbers.open", &range).await;
    assert_eq!(another, Err(-32005));
    assert_eq!(next(1).await, Err(-32603));
    opened(&server, "stream_numbers.open", &range).await;
    assert_eq!(next(1).await, Err(-32002));
}

#[tokio::test]
async fn streams_that_nobody_touches_end() {
    let faulty = Faulty::never_answering();
    let options = ServeOptions {
        stream_idle: Duration::from_millis(50),
        ..ServeOptions::default()
    };
    let server = Running::start(faulty.clone(), options).await;
    let id = opened(&server, "stream_numbers.open", &[&int(1), &int(9)]).await;
    soon(faulty.dropped()).await;
    let next = step(&server, "stream_numbers.next", &[&id, &int(0), &int(0)]).await;
    assert_eq!(next, Err(-32002));

    let id = opened(&server, "record_metrics.open", &[]).await;
    soon(faulty.dropped()).await;
    assert_eq!(
        step(&server, "record_metrics.close", &[&id]).await,
        Err(-32002)
    );
}

fn metric(value: f64) -> String {
    let member = |name: &str, value: &str| format!("<member><name>{name}</name>{value}</member>");
    let members = [
        member("hostname", &string("lab")),
        member("metric_type", &string("cpu")),
        member("value", &format!("<value><double>{value}</double></value>")),
        member(
            "timestamp",
            "<value><dateTime.iso8601>19980717T14:08:55</dateTime.iso8601></value>",
        ),
        member("unit", &string("percent")),
    ];
    format!("<value><struct>{}</struct></value>", members.concat())
}

fn batch_of(values: &[f64]) -> String {
    let items: String = values.iter().copied().map(metric).collect();
    format!("<value><array><data>{items}</data></array></value>")
}

#[tokio::test]
async fn a_repeated_batch_is_ignored_and_a_gap_out_of_range() {
    let server = reference_server().await;
    let id = opened(&server, "record_metrics.open", &[]).await;
    let send = async |seq: i32, items: &str| {
        step(&server, "record_metrics.send", &[&id, &int(seq), items]).await
    };
    let taken = Ok(Value::Boolean(true));
    assert_eq!(send(0, &batch_of(&[1.0, 2.0])).await, taken);
    assert_eq!(send(0, &batch_of(&[1.0, 2.0])).await, taken);
    assert_eq!(send(2, &batch_of(&[9.0])).await, Err(-32001));
    assert_eq!(send(-1, &batch_of(&[9.0])).await, Err(-32602));
    assert_eq!(send(1, &batch_of(&[6.0])).await, taken);
    assert_eq!(send(2, &int(1)).await, Err(-32602));
    assert_eq!(
        send(2, "<value><array><data><value/></data></array></value>").await,
        Err(-32602)
    );
    let closed = step(&server, "record_metrics.close", &[&id]).await;
    let Ok(Value::Struct(summary)) = closed else {
        panic!("{closed:?}");
    };
    assert_eq!(summary["count"], Value::Integer(3));
    assert_eq!(summary["mean"], Value::Double(3.0));
    assert_eq!(send(2, &batch_of(&[1.0])).await, Err(-32002));
}

#[tokio::test]
async fn a_cancelled_upload_is_dropped_at_the_server() {
    let faulty = Faulty::never_answering();
    let server = Running::start(faulty.clone(), ServeOptions::default()).await;
    let id = opened(&server, "record_metrics.open", &[]).await;
    soon(faulty.started()).await;
    let cancelled = step(&server, "record_metrics.cancel", &[&id]).await;
    assert_eq!(cancelled, Ok(Value::Boolean(true)));
    soon(faulty.dropped()).await;
}
