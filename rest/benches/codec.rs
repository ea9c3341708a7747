//! What JSON costs without a socket: encode, convert and decode, apart.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rest::codec::json;
use rest::convert::{
    ChatMessage, Operands, Usage, User, chat_message_from_wire, chat_message_to_wire,
    usage_from_wire, usage_to_wire, user_from_wire, user_to_wire,
};
use services::model;

/// 1,000 + 1,000 values with two decimals, as the workloads have them.
fn samples() -> model::Usage {
    let values = |factor: i32| {
        let value = move |n| f64::from(n * factor % 10_000) / 100.0;
        (0..1_000).map(value).collect()
    };
    model::Usage {
        cpu_usage: values(37),
        memory_usage: values(91),
    }
}

fn add(criterion: &mut Criterion) {
    let operands = Operands { a: 5, b: 3 };
    let bytes = json::to_bytes(&operands).expect("integers are JSON");
    let read: Operands = json::request(&bytes).expect("it was written so");
    assert_eq!(read, operands);

    let mut group = criterion.benchmark_group("rest/add");
    group.bench_function("encode", |b| {
        b.iter(|| json::to_bytes(black_box(&operands)))
    });
    group.bench_function("decode", |b| {
        b.iter(|| json::request::<Operands>(black_box(&bytes)));
    });
    group.finish();
}

fn calculate_metrics(criterion: &mut Criterion) {
    let usage = samples();
    let wire = usage_to_wire(&usage);
    let bytes = json::to_bytes(&wire).expect("all values are finite");
    let read: Usage<'_> = json::request(&bytes).expect("it was written so");
    assert_eq!(usage_from_wire(read), usage);

    let mut group = criterion.benchmark_group("rest/calculate_metrics 1000+1000");
    group.bench_function("convert", |b| b.iter(|| usage_to_wire(black_box(&usage))));
    group.bench_function("encode", |b| b.iter(|| json::to_bytes(black_box(&wire))));
    group.bench_function("decode", |b| {
        b.iter(|| json::request::<Usage<'_>>(black_box(&bytes)));
    });
    group.finish();
}

fn user(criterion: &mut Criterion) {
    let user = model::User {
        id: 1_234,
        name: "Ana Clara".into(),
        email: "ana.clara@example.org".into(),
        roles: vec!["admin".into(), "teacher".into()],
        external_id: "0b6f8a52-7c1c-4f0e-9d0f-7f5d3a9f6c11".into(),
    };
    let wire = user_to_wire(user.clone());
    let bytes = json::to_bytes(&wire).expect("texts are JSON");
    let read: User = json::reply(&bytes).expect("it was written so");
    assert_eq!(user_from_wire(read), user);

    let mut group = criterion.benchmark_group("rest/user");
    group.bench_function("convert", |b| {
        b.iter_batched(|| user.clone(), user_to_wire, BatchSize::SmallInput);
    });
    group.bench_function("encode", |b| b.iter(|| json::to_bytes(black_box(&wire))));
    group.bench_function("decode", |b| {
        b.iter(|| json::reply::<User>(black_box(&bytes)));
    });
    group.finish();
}

fn chat_message(criterion: &mut Criterion) {
    let message = model::ChatMessage {
        user: "Ana".into(),
        text: "a line as people type them, with \"quotes\" and an ü".into(),
        timestamp: 1_763_703_000,
        sequence: 12_345,
        id: "7f5d3a9f6c11-42".into(),
    };
    let wire = chat_message_to_wire(message.clone());
    let bytes = json::to_bytes(&wire).expect("texts are JSON");
    let read: ChatMessage = json::reply(&bytes).expect("it was written so");
    assert_eq!(chat_message_from_wire(read), message);

    let mut group = criterion.benchmark_group("rest/chat_message");
    group.bench_function("convert", |b| {
        b.iter_batched(
            || message.clone(),
            chat_message_to_wire,
            BatchSize::SmallInput,
        );
    });
    group.bench_function("encode", |b| b.iter(|| json::to_bytes(black_box(&wire))));
    group.bench_function("decode", |b| {
        b.iter(|| json::reply::<ChatMessage>(black_box(&bytes)));
    });
    group.finish();
}

criterion_group!(codec, add, calculate_metrics, user, chat_message);
criterion_main!(codec);
