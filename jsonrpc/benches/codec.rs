//! What JSON costs without a socket: encoding, conversion to the model and decoding, each by
//! itself, for a small call and for a large one, and for what a chat and the users are made of.
//! Divide the large one's times by 2,000 for one double.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use jsonrpc::codec::arguments::check;
use jsonrpc::codec::request::{Outgoing, Request};
use jsonrpc::contract::parameters;
use jsonrpc::convert::{
    self, StreamItem, chat_message_from_wire, chat_message_to_wire, usage_from_wire, usage_to_wire,
    user_from_wire, user_to_wire,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use services::model::{ChatMessage, Usage, User};

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

fn encoded<P: Serialize>(method: &str, params: P) -> String {
    let request = Outgoing::new(method, params, Some(1));
    serde_json::to_string(&request).expect("the values are finite")
}

/// As a server does: envelope, proof of the parameters, their values.
fn decoded<T: DeserializeOwned>(method: &str, text: &str) -> T {
    let request = Request::parse(text).expect("it was written as a request");
    let fields = parameters(method).expect("the method is in the contract");
    check(method, fields, request.params).expect("the parameters are those of the method");
    let params = request.params.map_or("[]", RawValue::get);
    serde_json::from_str(params).expect("the values are of their types")
}

fn encode_and_decode<P, T>(criterion: &mut Criterion, method: &str, params: P, wanted: &T)
where
    P: Serialize + Copy,
    T: DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let text = encoded(method, params);
    // Only what goes there and back is worth timing.
    assert_eq!(&decoded::<T>(method, &text), wanted);
    let mut group = criterion.benchmark_group("jsonrpc codec");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function(BenchmarkId::new("encode", method), |bencher| {
        bencher.iter(|| encoded(method, black_box(params)));
    });
    group.bench_function(BenchmarkId::new("decode", method), |bencher| {
        bencher.iter(|| decoded::<T>(method, black_box(&text)));
    });
    group.finish();
}

fn calls(criterion: &mut Criterion) {
    encode_and_decode(criterion, "add", (5, 3), &(5, 3));
    let usage = usage();
    let lists = (usage.cpu_usage.clone(), usage.memory_usage.clone());
    let params = usage_to_wire(&usage);
    encode_and_decode(criterion, "calculate_metrics", params, &lists);
}

fn convert(criterion: &mut Criterion) {
    let usage = usage();
    let lists = || (usage.cpu_usage.clone(), usage.memory_usage.clone());
    let (cpu, memory) = lists();
    assert_eq!(usage_from_wire(cpu, memory), usage);
    let mut group = criterion.benchmark_group("jsonrpc codec");
    group.bench_function(
        BenchmarkId::new("convert", "calculate_metrics"),
        |bencher| {
            bencher.iter_batched(
                lists,
                |(cpu, memory)| usage_from_wire(black_box(cpu), black_box(memory)),
                criterion::BatchSize::SmallInput,
            );
        },
    );
    group.finish();
}

/// One result or item: from the model to JSON, and back.
fn there_and_back<T, W>(
    criterion: &mut Criterion,
    name: &str,
    value: &T,
    to_wire: fn(T) -> W,
    from_wire: fn(W) -> T,
) where
    T: Clone + PartialEq + std::fmt::Debug,
    W: Serialize + DeserializeOwned,
{
    let encode = |value| serde_json::to_string(&to_wire(value)).expect("it has no double");
    let decode = |text: &str| from_wire(serde_json::from_str(text).expect("it was just written"));
    let text = encode(value.clone());
    assert_eq!(&decode(&text), value);
    let mut group = criterion.benchmark_group("jsonrpc codec");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function(BenchmarkId::new("encode", name), |bencher| {
        let each = || value.clone();
        bencher.iter_batched(each, encode, criterion::BatchSize::SmallInput);
    });
    group.bench_function(BenchmarkId::new("decode", name), |bencher| {
        bencher.iter(|| decode(black_box(&text)));
    });
    group.finish();
}

fn people(criterion: &mut Criterion) {
    let message = ChatMessage {
        user: "Ana".into(),
        text: "Somebody said that JSON is readable. \"Readable\" is a big word.".into(),
        timestamp: 1_767_323_045,
        sequence: 12_345,
        id: "0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9".into(),
    };
    let to_wire = |message| StreamItem::Item(chat_message_to_wire(message));
    let from_wire = |item: StreamItem<convert::ChatMessage>| match item {
        StreamItem::Item(message) => chat_message_from_wire(message),
        other => panic!("{other:?} is no item"),
    };
    there_and_back(criterion, "chat message", &message, to_wire, from_wire);
    let user = User {
        id: 42,
        name: "Ana Maria".into(),
        email: "ana@example.org".into(),
        roles: vec!["teacher".into(), "admin".into()],
        external_id: "0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9".into(),
    };
    there_and_back(criterion, "user", &user, user_to_wire, user_from_wire);
}

criterion_group!(benches, calls, convert, people);
criterion_main!(benches);
