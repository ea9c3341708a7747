//! What XML costs without a socket: encoding, conversion to the model and decoding, each by itself,
//! for small calls, a user, a line of the chat, and a large call. Divide the large one's times by
//! 2,000 for one double.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dxr::{MethodCall, Value};
use services::model::{ChatMessage, NewUser, Usage, User};
use xmlrpc::codec::{read_call, write_call};
use xmlrpc::convert::{
    chat_message_from_wire, chat_message_to_wire, new_user_to_wire, params, post_to_wire,
    usage_from_wire, usage_to_wire, user_from_wire, user_to_wire,
};

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

fn user() -> User {
    User {
        id: 7,
        name: "Ana Sousa".into(),
        email: "ana@example.org".into(),
        roles: vec!["admin".into()],
        external_id: "0b5f8a52-8c5c-4d8e-9d4c-7a3a1f2b6c10".into(),
    }
}

fn create_user() -> MethodCall<'static> {
    let User {
        name,
        email,
        roles,
        external_id,
        ..
    } = user();
    let user = NewUser {
        name,
        email,
        roles,
        external_id: Some(external_id),
    };
    MethodCall {
        name: "create_user".into(),
        params: new_user_to_wire(&user).expect("XML carries the user"),
    }
}

fn message() -> ChatMessage {
    ChatMessage {
        user: "Ana".into(),
        text: "Bom dia! Quem traz o café hoje?".into(),
        timestamp: 1_763_703_000,
        sequence: 4_711,
        id: "ana-17".into(),
    }
}

fn post_message() -> MethodCall<'static> {
    MethodCall {
        name: "post_message".into(),
        params: post_to_wire(&message()).expect("XML carries the line"),
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
    for call in [add(), create_user(), post_message(), calculate_metrics()] {
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

fn convert_people(criterion: &mut Criterion) {
    let (user, message) = (user(), message());
    let told = user_to_wire(&user).expect("a user can be told");
    assert_eq!(user_from_wire(told.clone()), Ok(user.clone()));
    let heard = chat_message_to_wire(&message).expect("a message can be told");
    assert_eq!(chat_message_from_wire(heard.clone()), Ok(message.clone()));
    let mut group = criterion.benchmark_group("xmlrpc convert");
    group.throughput(Throughput::Elements(1));
    group.bench_function("to wire/user", |bencher| {
        bencher.iter(|| user_to_wire(black_box(&user)));
    });
    group.bench_function("from wire/user", |bencher| {
        bencher.iter_batched(
            || told.clone(),
            user_from_wire,
            criterion::BatchSize::SmallInput,
        );
    });
    group.bench_function("to wire/chat message", |bencher| {
        bencher.iter(|| chat_message_to_wire(black_box(&message)));
    });
    group.bench_function("from wire/chat message", |bencher| {
        bencher.iter_batched(
            || heard.clone(),
            chat_message_from_wire,
            criterion::BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, encode_and_decode, convert, convert_people);
criterion_main!(benches);
