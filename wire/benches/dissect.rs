//! How fast bytes are explained, against a floor in the same run: one pass of the same bytes through
//! a search for a byte that is not there, and through a copy.
//!
//! HTTP/2 carries an upload in DATA frames of 16 KiB, the largest that a peer takes unasked
//! (RFC 9113, section 4.2): one gRPC message a frame, and one message over many frames. HTTP/1.1
//! carries JSON of about 10 KB and XML-RPC of about 70 KB, where each number is explained by itself.

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use wire::Direction::{Down, Up};
use wire::{Direction, Dissector, Knowledge, Limits};

/// Bytes of one read of a socket, as the tap feeds them.
const READ: usize = 64 * 1024;
/// Bytes of a DATA frame's payload.
const FRAME: usize = 16 * 1024;
/// Frames of one upload.
const FRAMES: usize = 64;
/// Rounds in turns, for the ratios.
const ROUNDS: usize = 15;

/// What is dissected, in the order in which it is fed.
struct Traffic {
    name: &'static str,
    turns: Vec<(Direction, Vec<u8>)>,
}

impl Traffic {
    fn size_bytes(&self) -> usize {
        self.turns.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// As a watcher does: feeds a read, looks, forgets.
    fn dissect(&self) -> usize {
        let mut dissector = Dissector::new(Knowledge::default(), Limits::default());
        let mut explained = 0;
        for (direction, bytes) in &self.turns {
            for read in bytes.chunks(READ) {
                dissector.feed(0, *direction, read);
                let seen = dissector.take();
                explained += seen
                    .recorded
                    .iter()
                    .map(|buffer| buffer.bytes.len())
                    .sum::<usize>();
            }
        }
        explained
    }

    /// Looks at each byte once, and understands nothing.
    fn search(&self) -> usize {
        let places = self.turns.iter().map(|(_, bytes)| {
            bytes
                .iter()
                .filter(|byte| **byte == black_box(0xc1))
                .count()
        });
        places.sum()
    }

    /// What keeping the bytes costs.
    fn copy(&self) -> usize {
        let copies = self
            .turns
            .iter()
            .map(|(_, bytes)| black_box(bytes.clone()).len());
        copies.sum()
    }
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let [.., a, b, c] = (payload.len() as u32).to_be_bytes();
    let head = [&[a, b, c, kind, flags][..], &stream.to_be_bytes()].concat();
    [&head, payload].concat()
}

/// `:method: POST`, `:path: /a.B/Put`, `content-type: application/grpc`.
const CALL: &[u8] = b"\x83\x04\x08/a.B/Put\x0f\x10\x10application/grpc";

/// A gRPC message whose field 1 holds so many bytes, as an upload's chunk does.
fn chunk(size: usize) -> Vec<u8> {
    let field = size as u32;
    let length = [
        field as u8 | 0x80,
        (field >> 7) as u8 | 0x80,
        (field >> 14) as u8,
    ];
    // Neither text nor a message: what an image or an archive looks like.
    let bytes = (0..size).map(|place| (place.wrapping_mul(place) >> 3) as u8 | 0x80);
    let message = [&[0x0a][..], &length, &bytes.collect::<Vec<u8>>()].concat();
    [&[0][..], &(message.len() as u32).to_be_bytes(), &message].concat()
}

fn http2(name: &'static str, messages: &[u8]) -> Traffic {
    let mut up = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    up.extend(frame(4, 0, 0, &[]));
    up.extend(frame(1, 4, 1, CALL));
    for piece in messages.chunks(FRAME) {
        up.extend(frame(0, 0, 1, piece));
    }
    Traffic {
        name,
        turns: vec![(Up, up)],
    }
}

fn http1(name: &'static str, media_type: &str, body: &str) -> Traffic {
    let length = body.len();
    let fields = format!("Content-Type: {media_type}\r\nContent-Length: {length}\r\n\r\n{body}");
    let request = format!("POST / HTTP/1.1\r\nHost: localhost\r\n{fields}");
    let answer = format!("HTTP/1.1 200 OK\r\n{fields}");
    let turns = (0..16).flat_map(|_| {
        [
            (Up, request.clone().into_bytes()),
            (Down, answer.clone().into_bytes()),
        ]
    });
    Traffic {
        name,
        turns: turns.collect(),
    }
}

/// Numbers with two decimals, as readings have them.
fn numbers() -> impl Iterator<Item = String> {
    (0..1000).map(|place| format!("{}.{:02}", place * 7 % 100, place * 13 % 100))
}

fn json() -> String {
    let numbers = numbers().collect::<Vec<_>>().join(",");
    format!(r#"{{"jsonrpc":"2.0","method":"mean","params":[[{numbers}],[{numbers}]],"id":1}}"#)
}

fn xml() -> String {
    let mut list = String::new();
    for number in numbers() {
        let _ = write!(list, "<value><double>{number}</double></value>");
    }
    let list = format!("<param><value><array><data>{list}</data></array></value></param>");
    format!(
        "<?xml version=\"1.0\"?><methodCall><methodName>mean</methodName><params>{list}{list}</params></methodCall>"
    )
}

fn all_traffic() -> [Traffic; 4] {
    // With tag, length and prefix it fills a frame.
    let one_a_frame = chunk(FRAME - 9).repeat(FRAMES);
    [
        http2("http2, one gRPC message a frame", &one_a_frame),
        http2(
            "http2, one gRPC message over many frames",
            &chunk(FRAME * (FRAMES - 1)),
        ),
        http1("http1, JSON", "application/json", &json()),
        http1("http1, XML", "text/xml", &xml()),
    ]
}

fn bench(criterion: &mut Criterion) {
    for traffic in all_traffic() {
        assert_eq!(traffic.dissect(), traffic.size_bytes(), "all is explained");
        let mut group: BenchmarkGroup<'_, WallTime> = criterion.benchmark_group(traffic.name);
        group.throughput(Throughput::Bytes(traffic.size_bytes() as u64));
        group.bench_function("dissect", |bencher| bencher.iter(|| traffic.dissect()));
        group.bench_function("floor: search", |bencher| bencher.iter(|| traffic.search()));
        group.bench_function("floor: copy", |bencher| bencher.iter(|| traffic.copy()));
        group.finish();
        ratios(&traffic);
    }
}

/// Prints how many times as long as the floors it takes, all three in turns: what the machine does
/// besides hits all of them.
fn ratios(traffic: &Traffic) {
    let mut rounds: Vec<[Duration; 3]> = (0..ROUNDS)
        .map(|_| {
            [
                timed(|| traffic.dissect()),
                timed(|| traffic.search()),
                timed(|| traffic.copy()),
            ]
        })
        .collect();
    let size = traffic.size_bytes() as f64;
    let rate = median(&mut rounds, |[dissect, ..]| {
        size / dissect.as_secs_f64() / 1e6
    });
    let search = median(&mut rounds, |[dissect, search, _]| {
        dissect.as_secs_f64() / search.as_secs_f64()
    });
    let copy = median(&mut rounds, |[dissect, _, copy]| {
        dissect.as_secs_f64() / copy.as_secs_f64()
    });
    println!(
        "{}: {rate:.0} MB/s; {search:.1} times a search, {copy:.1} times a copy\n",
        traffic.name
    );
}

fn timed(work: impl FnOnce() -> usize) -> Duration {
    let began = Instant::now();
    black_box(work());
    began.elapsed()
}

fn median(rounds: &mut [[Duration; 3]], figure: impl Fn(&[Duration; 3]) -> f64) -> f64 {
    rounds.sort_by(|one, other| figure(one).total_cmp(&figure(other)));
    figure(&rounds[rounds.len() / 2])
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    targets = bench
}
criterion_main!(benches);
