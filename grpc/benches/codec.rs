//! What protobuf costs without a socket: encode, convert and decode apart, for the smallest call
//! and for one of 2,000 doubles. The round trip is proved before anything is timed.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use grpc::contract::calculator::OperandsRequest;
use grpc::contract::monitoring::UsageRequest;
use grpc::convert::{usage_from_wire, usage_to_wire};
use prost::Message;
use services::model::Usage;

/// 1,000 samples of each kind with two decimals, which is how people write them.
fn usage() -> Usage {
    let samples = |factor: u32| (0..1_000).map(move |n| f64::from(n * factor % 10_000) / 100.0);
    Usage {
        cpu_usage: samples(7_919).collect(),
        memory_usage: samples(104_729).collect(),
    }
}

/// The arguments of `add` are the message's fields, so there is nothing to convert.
fn add(criterion: &mut Criterion) {
    let message = OperandsRequest { a: 5, b: 3 };
    let bytes = message.encode_to_vec();
    assert_eq!(bytes.len(), 4);
    assert_eq!(OperandsRequest::decode(&bytes[..]), Ok(message));
    let mut group = criterion.benchmark_group("grpc add");
    group.bench_function("encode", |timed| {
        timed.iter(|| black_box(&message).encode_to_vec());
    });
    group.bench_function("decode", |timed| {
        timed.iter(|| OperandsRequest::decode(black_box(&bytes[..])));
    });
    group.finish();
}

fn calculate_metrics(criterion: &mut Criterion) {
    let usage = usage();
    let message = usage_to_wire(&usage);
    let bytes = message.encode_to_vec();
    // 8 bytes a double, and 3 for each list's field number and length.
    assert_eq!(bytes.len(), 16_006);
    let decoded = UsageRequest::decode(&bytes[..]).expect("it was encoded here");
    assert_eq!(usage_from_wire(decoded), usage);
    let mut group = criterion.benchmark_group("grpc calculate_metrics 1000+1000");
    group.bench_function("encode", |timed| {
        timed.iter(|| black_box(&message).encode_to_vec());
    });
    group.bench_function("convert", |timed| {
        timed.iter(|| usage_from_wire(usage_to_wire(black_box(&usage))));
    });
    group.bench_function("decode", |timed| {
        timed.iter(|| UsageRequest::decode(black_box(&bytes[..])));
    });
    group.finish();
}

criterion_group!(codec, add, calculate_metrics);
criterion_main!(codec);
