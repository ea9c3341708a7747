//! Bad uploads, over a socket: lines that are wrong, uploads that are cut or stall. After each the
//! server answers the next correct call.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use std::time::Duration;

use services::ServeOptions;
use services::conformance::reference;
use support::bad::{LINES, METRIC, RECORD, chunked, lives, problem, refused, start};
use support::{Running, soon, typed};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn a_bad_line_of_an_upload_is_400_with_its_number() {
    let server = start().await;
    for (bad, told) in [
        (
            "secret",
            "line 3 of the upload: the body is not a JSON object",
        ),
        (
            "{}",
            "line 3 of the upload: JSON at line 1, column 2: missing member `hostname`",
        ),
        (&METRIC.replace("unit", "secret"), "line 3"),
        (&METRIC.replace("\"value\":1", "\"value\":1e999"), "line 3"),
        (&format!("{METRIC}{METRIC}"), "line 3"),
    ] {
        let body = format!("{METRIC}\n\n{bad}\n{METRIC}\n");
        let request = typed(RECORD, LINES, &body);
        let (status, code, detail) = problem(&server.raw(&request).await);
        assert_eq!((status, code.as_deref()), (400, Some("InvalidArgument")));
        assert!(
            detail.contains(told) && !detail.contains("secret"),
            "{detail}"
        );
        lives(&server).await;
    }
    refused(
        &server,
        &typed(RECORD, LINES, "\n \n"),
        400,
        "InvalidArgument",
    )
    .await;
}

#[tokio::test]
async fn an_upload_that_is_cut_is_never_taken_for_a_whole_one() {
    let whole = chunked(RECORD, LINES, &format!("{METRIC}\n"));
    let cut = whole.strip_suffix("0\r\n\r\n").unwrap();
    let length = typed(RECORD, LINES, METRIC).replace("content-length: ", "content-length: 1");
    let server = start().await;
    for cut in [cut, &length] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(cut.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        soon(stream.read_to_string(&mut answer)).await.unwrap();
        assert!(
            !answer.contains(" 200 ") && !answer.contains("count"),
            "{answer}"
        );
        lives(&server).await;
    }
}

#[tokio::test]
async fn an_upload_that_stalls_ends() {
    let options = ServeOptions {
        stream_idle: Duration::from_millis(20),
        ..ServeOptions::default()
    };
    let server = Running::with(reference(), options).await;
    let whole = chunked(RECORD, LINES, &format!("{METRIC}\n"));
    let answer = server.raw(whole.strip_suffix("0\r\n\r\n").unwrap()).await;
    assert_eq!(problem(&answer).0, 504);
    lives(&server).await;
}
