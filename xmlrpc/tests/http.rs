//! What HTTP decides before XML-RPC begins: cases 28 to 30 and 64 of the project's bad input, paths,
//! verbs, deadlines.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod serving;

use std::time::Duration;

use dxr::Value;
use services::ServeOptions;
use services::conformance::{Faulty, reference};
use serving::{Answer, Raw, Running, add_2_3, still_answers};

async fn reference_server() -> Running {
    Running::start(reference(), ServeOptions::default()).await
}

async fn answers_on(raw: &mut Raw) {
    assert_eq!(raw.post(add_2_3()).await.reply(), Ok(Value::Integer(5)));
}

#[tokio::test]
async fn case_28_a_body_over_2_mib_is_413() {
    let server = reference_server().await;
    let fits = 2 * 1024 * 1024;
    let padded = |bytes: usize| {
        let document = add_2_3();
        format!("{document}{}", " ".repeat(bytes - document.len()))
    };
    let answer = server.connect().await.post(padded(fits)).await;
    assert_eq!(answer.reply(), Ok(Value::Integer(5)));
    let answer = server.connect().await.post(padded(fits + 1)).await;
    assert_eq!(answer.status, 413, "{}", answer.text());
    still_answers(&server).await;

    let mut raw = server.connect().await;
    raw.write("POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n")
        .await;
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    for _ in 0..33 {
        raw.write(&chunk).await;
    }
    raw.write("0\r\n\r\n").await;
    assert_eq!(raw.answer().await.status, 413);
    still_answers(&server).await;
}

#[tokio::test]
async fn case_29_a_chunked_body_is_accepted() {
    let server = reference_server().await;
    let mut raw = server.connect().await;
    let document = add_2_3();
    let (first, second) = document.split_at(50);
    let head = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/xml\r\n\
                transfer-encoding: chunked\r\n\r\n";
    let chunks = [first, second]
        .map(|chunk| format!("{:x}\r\n{chunk}\r\n", chunk.len()))
        .concat();
    raw.write(format!("{head}{chunks}0\r\n\r\n")).await;
    assert_eq!(raw.answer().await.reply(), Ok(Value::Integer(5)));
    answers_on(&mut raw).await;
}

#[tokio::test]
async fn case_30_a_type_that_is_not_xml_is_415() {
    let server = reference_server().await;
    for content_type in [
        "application/json",
        "text/plain",
        "text/xmlish",
        "x",
        "multipart/form-data",
    ] {
        let header = format!("content-type: {content_type}\r\n");
        let answer = server.connect().await.post_with(&header, add_2_3()).await;
        assert_eq!(answer.status, 415, "{content_type}");
        still_answers(&server).await;
    }
    for header in [
        "",
        "content-type: application/xml\r\n",
        "content-type: TEXT/XML ; a=b\r\n",
    ] {
        let answer = server.connect().await.post_with(header, add_2_3()).await;
        assert_eq!(answer.reply(), Ok(Value::Integer(5)), "{header}");
    }
    let gzip = "content-type: text/xml\r\ncontent-encoding: gzip\r\n";
    assert_eq!(
        server
            .connect()
            .await
            .post_with(gzip, add_2_3())
            .await
            .status,
        415
    );
}

#[tokio::test]
async fn case_64_an_alien_host_or_origin_is_403() {
    let server = reference_server().await;
    let ask = async |head: &str| -> Answer {
        let document = add_2_3();
        let length = document.len();
        let mut raw = server.connect().await;
        let head = format!("POST / HTTP/1.1\r\n{head}content-length: {length}\r\n\r\n{document}");
        raw.write(head).await;
        raw.answer().await
    };
    assert_eq!(ask("host: evil.example\r\n").await.status, 403);
    assert_eq!(
        ask("host: localhost\r\norigin: http://evil.example\r\n")
            .await
            .status,
        403
    );
    assert_eq!(
        ask("host: localhost:1\r\norigin: http://localhost:1\r\n")
            .await
            .status,
        200
    );
    still_answers(&server).await;
}

#[tokio::test]
async fn other_paths_are_404_and_other_verbs_405() {
    let server = reference_server().await;
    for (line, status) in [
        ("POST /rpc2", 404),
        ("POST /RPC2/", 404),
        ("GET /etc", 404),
        ("GET /", 405),
        ("PUT /RPC2", 405),
        ("OPTIONS /", 405),
    ] {
        let mut raw = server.connect().await;
        let head = format!("{line} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n");
        raw.write(head).await;
        let answer = raw.answer().await;
        assert_eq!(answer.status, status, "{line}");
        assert_eq!(answer.header("allow"), (status == 405).then_some("post"));
        answers_on(&mut raw).await;
    }
}

#[tokio::test]
async fn a_deadline_is_kept_and_a_malformed_one_refused() {
    let server = Running::start(Faulty::never_answering(), ServeOptions::default()).await;
    let mut raw = server.connect().await;
    let answer = raw.post_with("grpc-timeout: 20m\r\n", add_2_3()).await;
    assert_eq!(answer.fault_code(), -32006);
    for malformed in ["+5S", "5", "S", "123456789S", "1.5S", "soon"] {
        let header = format!("grpc-timeout: {malformed}\r\n");
        assert_eq!(
            raw.post_with(&header, add_2_3()).await.fault_code(),
            -32602,
            "{malformed}"
        );
    }
}

#[tokio::test]
async fn a_body_that_stops_half_way_is_given_up() {
    let options = ServeOptions {
        request_timeout: Duration::from_millis(100),
        ..ServeOptions::default()
    };
    let server = Running::start(reference(), options).await;
    let mut raw = server.connect().await;
    raw.write("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 500\r\n\r\n<methodCall>")
        .await;
    assert_eq!(raw.answer().await.status, 408);
    still_answers(&server).await;
}
