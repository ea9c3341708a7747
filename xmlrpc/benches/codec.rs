//! What XML costs without a socket: encoding, conversion to the model and decoding, each by itself,
//! for a small call and for a large one. Divide the large one's times by 2,000 for one double.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dxr::{MethodCall, Value};
use services::model::Usage;
use xmlrpc::codec::{read_call, write_call};
use xmlrpc::convert::{params, usage_from_wire, usage_to_wire};

/// Samples with two decimals, as many of each kind.
const SAMPLES: u32 = 1_000;

fn usage() -> Usage {
    let samples = |first: u32| {
        let cents = (0..SAMPLES).map(move |n| (first + n * 7_919) % 10_000);
        cents.map(|cents| f64::from(cents) / 100.0).collect()
    };
    Usage {
        cpu_usage: samples(17),
        memory_usage: samples(4_211),
    }
}

fn add() -> MethodCall<'static> {
    MethodCall {
        name: "add".into(),
        params: vec![Value::Integer(5), Value::Integer(3)],
    }
}

fn calculate_metrics() -> MethodCall<'static> {
    MethodCall {
        name: "calculate_metrics".into(),
        params: usage_to_wire(&usage()).expect("the samples are finite"),
    }
}

/// Only what goes there and back is worth timing.
fn proved(call: &MethodCall<'_>) -> Vec<u8> {
    let document = write_call(call).expect("the call can be written");
    let read = read_call(&document).expect("what was written can be read");
    assert_eq!((&read.name, &read.params), (&call.name, &call.params));
    document
}

fn encode_and_decode(criterion: &mut Criterion) {
    for call in [add(), calculate_metrics()] {
        let document = proved(&call);
        let bytes = Throughput::Bytes(document.len() as u64);
        let mut group = criterion.benchmark_group("xmlrpc codec");
        group.throughput(bytes);
        group.bench_function(BenchmarkId::new("encode", &call.name), |bencher| {
            bencher.iter(|| write_call(black_box(&call)));
        });
        group.bench_function(BenchmarkId::new("decode", &call.name), |bencher| {
            bencher.iter(|| read_call(black_box(&document)).map(|call| call.params));
        });
        group.finish();
    }
}

fn convert(criterion: &mut Criterion) {
    let usage = usage();
    let values = usage_to_wire(&usage).expect("the samples are finite");
    assert_eq!(usage_from_wire(values.clone()), Ok(usage.clone()));
    let operands = add().params;
    assert_eq!(
        params(operands.clone(), ["a", "b"]).map(Vec::from),
        Ok(operands)
    );
    let mut group = criterion.benchmark_group("xmlrpc convert");
    group.throughput(Throughput::Elements(2 * u64::from(SAMPLES)));
    group.bench_function("to wire/calculate_metrics", |bencher| {
        bencher.iter(|| usage_to_wire(black_box(&usage)));
    });
    group.bench_function("from wire/calculate_metrics", |bencher| {
        bencher.iter_batched(
            || values.clone(),
            usage_from_wire,
            criterion::BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, encode_and_decode, convert);
criterion_main!(benches);
