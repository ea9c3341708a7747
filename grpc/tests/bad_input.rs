//! Bad input, case by case, over a socket. Each case has its number, and after each the server
//! answers the next correct call.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../../demo/lifecycle_tests/recording.rs"]
mod recording;
mod serving;

use bytes::Bytes;
use services::conformance::{Faulty, reference};
use services::{Limits, ServeOptions};
use serving::{ADD, ADD_2_3, Answer, Running, call, framed, still_answers};

const OK: i32 = 0;
const INVALID_ARGUMENT: i32 = 3;
const DEADLINE_EXCEEDED: i32 = 4;
const RESOURCE_EXHAUSTED: i32 = 8;
const OUT_OF_RANGE: i32 = 11;
const UNIMPLEMENTED: i32 = 12;
const INTERNAL: i32 = 13;

const UPPERCASE: &str = "/calculator.Calculator/Uppercase";
const RECORD: &str = "/monitoring.MonitoringService/RecordMetrics";
const NUMBERS: &str = "/streaming.StreamService/StreamNumbers";
const CREATE_USER: &str = "/users.UserService/CreateUser";
const UPLOAD: &str = "/files.FileService/UploadFile";
const CHAT: &str = "/chat.ChatService/ChatStream";

async fn start() -> Running {
    Running::start(reference(), ServeOptions::default()).await
}

/// One bad request to a server of its own, which then answers a correct one.
async fn answer(path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
    let server = start().await;
    let answer = call(server.address, path, headers, body).await;
    still_answers(server.address).await;
    answer
}

/// The status of that request, whose text is there and does not repeat the input.
async fn status(path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> i32 {
    let answer = answer(path, headers, body).await;
    assert_eq!(answer.http_status, 200);
    assert!(!answer.message().is_empty(), "{answer:?}");
    assert!(answer.message().len() < 300, "{answer:?}");
    answer.status()
}

#[tokio::test]
async fn case_52_an_unknown_service_or_method_is_unimplemented() {
    for path in [
        "/no.such.Service/Add",
        "/calculator.Calculator/Divide",
        "/users.UserService/CreateUsers",
        "/chat.ChatService/Chat",
        "/grpc.health.v1.Health/Divide",
        "/calculator.Calculator",
        "/",
        "/calculator.Calculator/Add/more",
    ] {
        assert_eq!(
            status(path, &[], framed(0, &[])).await,
            UNIMPLEMENTED,
            "{path}"
        );
    }
    let long = format!("/{}/Add", "x".repeat(10_000));
    assert_eq!(status(&long, &[], framed(0, &[])).await, UNIMPLEMENTED);
}

#[tokio::test]
async fn case_53_a_message_over_4_mib_is_resource_exhausted() {
    let limit = 4 * 1024 * 1024;
    // Field 1, a string, whose length takes four bytes.
    let text = |bytes: usize| {
        let mut message = vec![0x0a];
        let mut length = bytes - 5;
        while length > 127 {
            message.push(0x80 | (length & 127) as u8);
            length >>= 7;
        }
        message.push(length as u8);
        message.resize(bytes, b'x');
        message
    };
    let fits = answer(UPPERCASE, &[], framed(0, &text(limit))).await;
    assert_eq!(fits.status(), OK);
    assert_eq!(fits.body.len(), limit + 5);
    let over = status(UPPERCASE, &[], framed(0, &text(limit + 1))).await;
    assert_eq!(over, RESOURCE_EXHAUSTED);
    // The head alone is enough; the announced 4 GB are never awaited.
    let announced = [0, 0xff, 0xff, 0xff, 0xff];
    assert_eq!(
        status(UPPERCASE, &[], announced.to_vec()).await,
        RESOURCE_EXHAUSTED
    );
    for path in [RECORD, UPLOAD, CHAT] {
        let status = status(path, &[], announced.to_vec()).await;
        assert_eq!(status, RESOURCE_EXHAUSTED, "{path}");
    }
    // The limit is that of a chunk, and not of a file.
    let two = [framed(0, &text(limit)), framed(0, &text(limit))].concat();
    assert_eq!(answer(UPLOAD, &[], two).await.status(), OK);
    let over = status(UPLOAD, &[], framed(0, &text(limit + 1))).await;
    assert_eq!(over, RESOURCE_EXHAUSTED);
}

#[tokio::test]
async fn case_53_the_limit_of_a_message_is_the_options() {
    let options = ServeOptions {
        limits: Limits {
            message_bytes: Some(8),
            ..Limits::default()
        },
        ..ServeOptions::default()
    };
    let server = Running::start(reference(), options).await;
    let fits = call(server.address, ADD, &[], framed(0, ADD_2_3)).await;
    assert_eq!(fits.status(), OK);
    let text = [b"\x0a\x07".as_slice(), b"straight"].concat();
    let over = call(server.address, UPPERCASE, &[], framed(0, &text)).await;
    assert_eq!(over.status(), RESOURCE_EXHAUSTED);
    still_answers(server.address).await;
}

/// Zeros, so well compressed by gzip that 8 MiB become 8 KiB.
const GZIP_BOMB: &[u8] = include_bytes!("bomb.gz");

#[tokio::test]
async fn case_54_a_gzip_bomb_is_resource_exhausted() {
    assert!(GZIP_BOMB.len() < 16 * 1024);
    let gzip = [("grpc-encoding", "gzip")];
    for path in [UPPERCASE, RECORD, UPLOAD, CHAT] {
        let status = status(path, &gzip, framed(1, GZIP_BOMB)).await;
        assert_eq!(status, RESOURCE_EXHAUSTED, "{path}");
    }
}

#[tokio::test]
async fn a_compressed_message_is_read() {
    let gzip = [("grpc-encoding", "gzip")];
    let answer = answer(ADD, &gzip, framed(1, include_bytes!("add_2_3.gz"))).await;
    assert_eq!(
        (answer.status(), &answer.body[..]),
        (OK, &framed(0, &[0x08, 5])[..])
    );
}

#[tokio::test]
async fn case_55_bad_protobuf_is_internal() {
    for (what, path, message) in [
        ("a field number of 0", ADD, &[0x00, 0x01][..]),
        ("a truncated varint", ADD, &[0x08, 0xff]),
        (
            "a varint of eleven bytes",
            ADD,
            &[0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1],
        ),
        ("a length past the end", UPPERCASE, &[0x0a, 9, b'x']),
        ("a string where an int belongs", ADD, &[0x0a, 1, b'2']),
        ("an int where a string belongs", UPPERCASE, &[0x08, 1]),
        ("a wire type of 7", ADD, &[0x0f]),
        ("an end of no group", ADD, &[0x0c]),
        ("text that is not UTF-8", UPPERCASE, &[0x0a, 2, 0xc3, 0x28]),
        ("a bad item of an upload", RECORD, &[0x0a, 9, b'x']),
        ("a bad chunk", UPLOAD, &[0x0a, 9, b'x']),
        ("a role that is an int", CREATE_USER, &[0x18, 1]),
        ("a name that is not UTF-8", CREATE_USER, &[0x0a, 1, 0xff]),
        ("a bad message of the chat", CHAT, &[0x12, 9, b'x']),
    ] {
        assert_eq!(
            status(path, &[], framed(0, message)).await,
            INTERNAL,
            "{what}"
        );
    }
    let gzip = [("grpc-encoding", "gzip")];
    let no_gzip = status(ADD, &gzip, framed(1, b"no gzip")).await;
    assert_eq!(no_gzip, INTERNAL);
}

#[tokio::test]
async fn case_56_a_wrong_flag_or_a_truncated_frame_is_internal() {
    for path in [ADD, RECORD, NUMBERS, CREATE_USER, UPLOAD, CHAT] {
        for (what, body) in [
            ("a flag of 1 without encoding", framed(1, &[])),
            ("a flag of 2", framed(2, &[])),
            ("a flag of 255", framed(255, &[])),
            ("a truncated head", vec![0, 0, 0]),
            ("a head alone", vec![0, 0, 0, 0, 4]),
            ("a truncated message", vec![0, 0, 0, 0, 4, 0x08]),
        ] {
            assert_eq!(status(path, &[], body).await, INTERNAL, "{path}: {what}");
        }
    }
    let identity = [("grpc-encoding", "identity")];
    assert_eq!(status(ADD, &identity, framed(1, &[])).await, INTERNAL);
}

#[tokio::test]
async fn case_57_an_unknown_encoding_is_unimplemented() {
    for encoding in ["br", "deflate", "zstd", "GZIP", ""] {
        let headers = [("grpc-encoding", encoding)];
        let status = status(ADD, &headers, framed(0, ADD_2_3)).await;
        assert_eq!(status, UNIMPLEMENTED, "{encoding}");
    }
}

#[tokio::test]
async fn case_58_no_unary_message_or_two_are_unimplemented() {
    let two = [framed(0, ADD_2_3), framed(0, ADD_2_3)].concat();
    for path in [ADD, NUMBERS, CREATE_USER, "/grpc.health.v1.Health/Check"] {
        assert_eq!(
            status(path, &[], vec![]).await,
            UNIMPLEMENTED,
            "{path}: none"
        );
        assert_eq!(
            status(path, &[], two.clone()).await,
            UNIMPLEMENTED,
            "{path}: two"
        );
    }
    // An upload of none is the service's own matter, and so is who joins and says nothing.
    assert_eq!(status(RECORD, &[], vec![]).await, INVALID_ARGUMENT);
    for path in [UPLOAD, CHAT] {
        assert_eq!(answer(path, &[], vec![]).await.status(), OK, "{path}");
    }
}

#[tokio::test]
async fn case_59_a_deadline_that_expires_on_the_server_is_deadline_exceeded() {
    let server = Running::start(Faulty::never_answering(), ServeOptions::default()).await;
    let soon_over = [("grpc-timeout", "300m")];
    for path in [ADD, RECORD, UPLOAD] {
        let late = call(server.address, path, &soon_over, framed(0, &[])).await;
        assert_eq!(late.status(), DEADLINE_EXCEEDED, "{path}");
    }
    for path in [NUMBERS, CHAT] {
        let stream = call(server.address, path, &soon_over, framed(0, &[])).await;
        assert_eq!(stream.status(), DEADLINE_EXCEEDED, "{path}");
        assert!(
            !stream.body.is_empty(),
            "{path}: the first item came before the deadline"
        );
    }
    let past = [("grpc-timeout", "0n")];
    let late = call(server.address, ADD, &past, framed(0, ADD_2_3)).await;
    assert_eq!(late.status(), DEADLINE_EXCEEDED);
}

#[tokio::test]
async fn case_60_a_malformed_timeout_is_internal() {
    for timeout in [
        "",
        "5",
        "S",
        "+5S",
        "-5S",
        "5s",
        "1.5S",
        "123456789S",
        "5 S",
    ] {
        let headers = [("grpc-timeout", timeout)];
        let status = status(ADD, &headers, framed(0, ADD_2_3)).await;
        assert_eq!(status, INTERNAL, "{timeout}");
    }
    let longest = [("grpc-timeout", "99999999H")];
    let answer = answer(ADD, &longest, framed(0, ADD_2_3)).await;
    assert_eq!(answer.status(), OK);
}

#[tokio::test]
async fn case_61_an_overflow_is_out_of_range() {
    // 2³¹ − 1 and 1.
    let message = [0x08, 0xff, 0xff, 0xff, 0xff, 0x07, 0x10, 1];
    assert_eq!(status(ADD, &[], framed(0, &message)).await, OUT_OF_RANGE);
}

#[tokio::test]
async fn case_62_a_panicking_handler_is_internal() {
    let server = Running::start(Faulty::panicking(), ServeOptions::default()).await;
    for _ in 0..2 {
        for path in [ADD, RECORD, NUMBERS, CREATE_USER, UPLOAD, CHAT] {
            let answer = call(server.address, path, &[], framed(0, &[])).await;
            assert_eq!(answer.status(), INTERNAL, "{path}");
            assert!(!answer.message().contains("faulty"), "{answer:?}");
        }
    }
}

/// Bad users and messages, and a store that is down.
mod people;

/// Uploads and messages that break off or do not come.
mod uploads;

/// What bounds a connection, and what is not gRPC at all.
mod limits;

/// Case 64, and gRPC-Web, which it is about.
mod web;
