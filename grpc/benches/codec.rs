//! What protobuf costs without a socket: encode, convert and decode apart, for the smallest call,
//! for one of 2,000 doubles, for a line of the chat and for a user. The round trip is proved before anything is timed.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use grpc::contract::calculator::OperandsRequest;
use grpc::contract::chat::ChatMessage as ChatMessageMessage;
use grpc::contract::monitoring::UsageRequest;
use grpc::contract::users::User as UserMessage;
use grpc::convert::{
    chat_message_from_wire, chat_message_to_wire, usage_from_wire, usage_to_wire, user_from_wire,
    user_to_wire,
};
use prost::Message;
use services::model::{ChatMessage, Usage, User};

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

fn chat_message(criterion: &mut Criterion) {
    let said = ChatMessage {
        user: "Ana".into(),
        text: "Who has the notes of the last lecture?".into(),
        timestamp: 1_763_703_000,
        sequence: 10_000,
        id: "0d6b1c9e-7c55-4d8e-9b53-0a4f5d1f6a10".into(),
    };
    let message = chat_message_to_wire(&said);
    let bytes = message.encode_to_vec();
    assert_eq!(bytes.len(), 92);
    let decoded = ChatMessageMessage::decode(&bytes[..]).expect("it was encoded here");
    assert_eq!(chat_message_from_wire(decoded), said);
    let mut group = criterion.benchmark_group("grpc chat message");
    group.bench_function("encode", |timed| {
        timed.iter(|| black_box(&message).encode_to_vec());
    });
    group.bench_function("convert", |timed| {
        timed.iter(|| chat_message_from_wire(chat_message_to_wire(black_box(&said))));
    });
    group.bench_function("decode", |timed| {
        timed.iter(|| ChatMessageMessage::decode(black_box(&bytes[..])));
    });
    group.finish();
}

fn user(criterion: &mut Criterion) {
    let ana = User {
        id: 42,
        name: "Ana Sousa".into(),
        email: "ana.sousa@example.org".into(),
        roles: vec!["student".into(), "admin".into()],
        external_id: "0d6b1c9e-7c55-4d8e-9b53-0a4f5d1f6a10".into(),
    };
    let message = user_to_wire(&ana);
    let bytes = message.encode_to_vec();
    assert_eq!(bytes.len(), 90);
    let decoded = UserMessage::decode(&bytes[..]).expect("it was encoded here");
    assert_eq!(user_from_wire(decoded), ana);
    let mut group = criterion.benchmark_group("grpc user");
    group.bench_function("encode", |timed| {
        timed.iter(|| black_box(&message).encode_to_vec());
    });
    group.bench_function("convert", |timed| {
        timed.iter(|| user_from_wire(user_to_wire(black_box(&ana))));
    });
    group.bench_function("decode", |timed| {
        timed.iter(|| UserMessage::decode(black_box(&bytes[..])));
    });
    group.finish();
}

criterion_group!(codec, add, calculate_metrics, chat_message, user);
criterion_main!(codec);
