//! Who watches a live stream needs no more memory than the limits say, whatever passes: counted by
//! the allocator itself.

#![allow(
    unsafe_code,
    reason = "an allocator cannot be without: this one counts, and lets the system's do the work"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use wire::Direction::{self, Down, Up};
use wire::{Dissector, Knowledge, Limits};

/// Counts what is allocated, now and at most.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is the system allocator's; counting changes nothing of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(now, Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What the watched streams are allowed.
const LIMITS: Limits = Limits {
    message_bytes: 64 * 1024,
    streams: 16,
    inflated_bytes: 256 * 1024,
};

/// Bytes that are fed of each stream.
const FED: usize = 1024 * 1024;

/// Bytes that all of it may take at most: what waits in each of the streams, and the spans of what has
/// just been understood, a few hundred bytes for each byte in the worst case.
const MOST_BYTES: usize = 24 * 1024 * 1024;

/// Bytes that may be left when all has been looked at: what waits in each of the streams.
const LEFT_BYTES: usize = 2 * 1024 * 1024;

/// Feeds `first` and then `again` and `again`, looking after each; tells how much memory it took at
/// most, and in between.
fn watch(
    first: &[(Direction, Vec<u8>)],
    again: impl Fn(usize) -> (Direction, Vec<u8>),
) -> [usize; 2] {
    let before = NOW.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    let mut dissector = Dissector::new(Knowledge::default(), LIMITS);
    for (direction, bytes) in first {
        dissector.feed(0, *direction, bytes);
        let _ = dissector.take();
    }
    let (mut fed, mut left) = (0, 0);
    let mut times = 0;
    while fed < FED {
        let (direction, bytes) = again(times);
        fed += bytes.len().max(1);
        times += 1;
        dissector.feed(0, direction, &bytes);
        drop(bytes);
        let _ = dissector.take();
        left = left.max(NOW.load(Ordering::Relaxed).saturating_sub(before));
    }
    [MOST.load(Ordering::Relaxed).saturating_sub(before), left]
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let [.., a, b, c] = (payload.len() as u32).to_be_bytes();
    let head = [&[a, b, c, kind, flags][..], &stream.to_be_bytes()].concat();
    [&head, payload].concat()
}

fn preface(frames: &[Vec<u8>]) -> Vec<(Direction, Vec<u8>)> {
    let all = [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        frame(4, 0, 0, &[]),
        frames.concat(),
    ];
    vec![(Up, all.concat())]
}

/// `:method: POST`, `:path: /a.B/Put`, `content-type: application/grpc`.
const CALL: &[u8] = b"\x83\x04\x08/a.B/Put\x0f\x10\x10application/grpc";

fn request(fields: &str) -> Vec<(Direction, Vec<u8>)> {
    vec![(
        Up,
        format!("POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n").into_bytes(),
    )]
}

fn upgraded() -> Vec<(Direction, Vec<u8>)> {
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    let request = format!(
        "GET / HTTP/1.1\r\nHost: a\r\n{upgrade}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\n{upgrade}Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
    );
    vec![(Up, request.into_bytes()), (Down, answer.into_bytes())]
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// One test only: tests of one program run at once, and would count each other's memory.
#[test]
fn a_live_stream_is_watched_in_bounded_memory() {
    let kilobytes = vec![b'x'; 8 * 1024];
    let numbers = b"[1,2],".repeat(1024);
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..512 {
        bomb.write_all(&[b' '; 64 * 1024])
            .expect("memory takes it all");
    }
    let bomb = bomb.finish().expect("memory takes it all");
    let zipped = format!(
        "Content-Encoding: gzip\r\nContent-Length: {}\r\n",
        bomb.len()
    );
    let long = [&b"\0\xff\xff\xff\xff"[..], &kilobytes].concat();
    let hour = "Content-Length: 9999999999\r\n";
    let chunked = "Transfer-Encoding: chunked\r\n";
    let entry = [&b"\x40\x04long\x7f\x81\x1e"[..], &vec![b'x'; 3968]].concat();
    let indexed = vec![0xbe; 16 * 1024];

    let streams: Vec<(&str, [usize; 2])> = vec![
        (
            "a head without end",
            watch(&[(Up, b"GET / HTTP/1.1\r\nA: ".to_vec())], |_| {
                (Up, kilobytes.clone())
            }),
        ),
        (
            "fields without end",
            watch(&[(Up, b"GET / HTTP/1.1\r\n".to_vec())], |_| {
                (Up, b"a: b\r\n".repeat(1000))
            }),
        ),
        (
            "a start line without end",
            watch(&[], |_| (Up, b"A".repeat(5000))),
        ),
        (
            "a JSON body of an hour",
            watch(
                &request(&format!("Content-Type: application/json\r\n{hour}")),
                |_| (Up, numbers.clone()),
            ),
        ),
        (
            "a body of an hour",
            watch(&request(hour), |_| (Up, kilobytes.clone())),
        ),
        (
            "a chunked JSON body without end",
            watch(
                &request(&format!("Content-Type: application/json\r\n{chunked}")),
                |_| (Up, chunk(&numbers)),
            ),
        ),
        (
            "one event without end",
            watch(
                &request(&format!("Content-Type: text/event-stream\r\n{chunked}")),
                |_| (Up, chunk(b"data: x\n")),
            ),
        ),
        (
            "one line without end",
            watch(
                &request(&format!("Content-Type: application/x-ndjson\r\n{chunked}")),
                |_| (Up, chunk(&kilobytes)),
            ),
        ),
        (
            "a chunk of an hour",
            watch(&request(&format!("{chunked}\r\nffffffff")), |_| {
                (Up, kilobytes.clone())
            }),
        ),
        (
            "a chunk size without end",
            watch(&request(chunked), |_| (Up, b"0".repeat(5000))),
        ),
        (
            "requests without an answer",
            watch(&[], |_| {
                (Up, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100))
            }),
        ),
        (
            "answers without a request",
            watch(&[], |_| {
                (
                    Down,
                    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".repeat(100),
                )
            }),
        ),
        (
            "bombs",
            watch(&[], |_| (Up, [&*request(&zipped)[0].1, &bomb].concat())),
        ),
        (
            "a protocol that nobody knows",
            watch(&[], |_| (Up, b"\0\x01\x02".repeat(1000))),
        ),
        (
            "a gRPC message of 4 GiB",
            watch(
                &preface(&[frame(1, 4, 1, CALL), frame(0, 0, 1, &long)]),
                |_| (Up, frame(0, 0, 1, &kilobytes)),
            ),
        ),
        (
            "a frame of 16 MiB",
            watch(
                &preface(&[vec![0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1]]),
                |_| (Up, kilobytes.clone()),
            ),
        ),
        (
            "streams without end",
            watch(&preface(&[]), |times| {
                let stream = times as u32 * 2 + 1;
                (
                    Up,
                    [frame(1, 4, stream, CALL), frame(0, 0, stream, &long)].concat(),
                )
            }),
        ),
        (
            "a header block without end",
            watch(&preface(&[frame(1, 0, 1, CALL)]), |_| {
                (Up, frame(9, 0, 1, &entry))
            }),
        ),
        (
            "a large entry of HPACK's table, many times",
            watch(&preface(&[frame(1, 4, 1, &entry)]), |times| {
                (Up, frame(1, 5, times as u32 * 2 + 3, &indexed))
            }),
        ),
        (
            "settings without end",
            watch(&preface(&[]), |_| {
                (
                    Up,
                    frame(4, 0, 0, &[0, 1, 0xff, 0xff, 0xff, 0xff]).repeat(100),
                )
            }),
        ),
        (
            "a WebSocket message without end",
            watch(&upgraded(), |times| {
                let opcode = u8::from(times == 0);
                let head = [opcode, 126, 0x20, 0];
                (Down, [&head[..], &kilobytes].concat())
            }),
        ),
        (
            "a WebSocket frame of an hour",
            watch(
                &[
                    &upgraded()[..],
                    &[(Down, b"\x82\x7f\0\0\0\xff\0\0\0\0".to_vec())],
                ]
                .concat(),
                |_| (Down, kilobytes.clone()),
            ),
        ),
    ];
    for (stream, [most, left]) in &streams {
        println!(
            "{stream}: {} KiB at most, {} KiB between looks",
            most / 1024,
            left / 1024
        );
    }
    for (stream, [most, left]) in streams {
        assert!(most <= MOST_BYTES, "{stream}: {most} bytes at most");
        assert!(left <= LEFT_BYTES, "{stream}: {left} bytes are kept");
    }
}
