//! What the client makes of servers that answer badly, or break off.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod serving;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use futures::channel::mpsc;
use futures::{SinkExt, StreamExt};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::Frame;
use http_body_util::StreamBody;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use services::model::NumberRange;
use services::{Calculator, ClientOptions, Code, Context, Error, Numbers};
use serving::{framed, soon};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::sync::Notify;

type Chunks = mpsc::Receiver<Result<Frame<Bytes>, std::io::Error>>;
type Body = StreamBody<Chunks>;

/// A server that answers every call with the same frames, then trailers where there are any, and
/// an end or a reset.
#[derive(Clone)]
struct Script {
    http_status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
    trailers: Vec<(&'static str, &'static str)>,
    end: End,
}

#[derive(Clone)]
enum End {
    Clean,
    /// RST_STREAM with INTERNAL_ERROR, once the test says so.
    Reset(Arc<Notify>),
}

/// `NumberReply{result: 5}` and OK.
impl Default for Script {
    fn default() -> Self {
        Self {
            http_status: 200,
            headers: vec![("content-type", "application/grpc")],
            body: framed(0, &[0x08, 5]),
            trailers: vec![("grpc-status", "0")],
            end: End::Clean,
        }
    }
}

fn map(fields: &[(&'static str, &'static str)]) -> HeaderMap {
    let fields = fields.iter().map(|(name, value)| {
        let name = http::HeaderName::from_static(name);
        (name, HeaderValue::from_bytes(value.as_bytes()).unwrap())
    });
    fields.collect()
}

impl Script {
    fn response(&self) -> Response<Body> {
        let (mut sender, chunks) = mpsc::channel(4);
        let script = self.clone();
        tokio::spawn(async move {
            sender.send(Ok(Frame::data(script.body.into()))).await.ok();
            if !script.trailers.is_empty() {
                sender
                    .send(Ok(Frame::trailers(map(&script.trailers))))
                    .await
                    .ok();
            }
            if let End::Reset(now) = script.end {
                now.notified().await;
                sender.send(Err(std::io::Error::other("reset"))).await.ok();
            }
        });
        let mut response = Response::new(StreamBody::new(chunks));
        *response.status_mut() = self.http_status.try_into().unwrap();
        *response.headers_mut() = map(&self.headers);
        response
    }

    async fn serve(self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let script = self.clone();
                let answer = service_fn(move |_: Request<Incoming>| {
                    let response = script.response();
                    async { Ok::<_, Infallible>(response) }
                });
                let builder = http2::Builder::new(TokioExecutor::new());
                tokio::spawn(builder.serve_connection(TokioIo::new(stream), answer));
            }
        });
        address
    }

    async fn client(self) -> grpc::Client {
        let url = format!("http://{}", self.serve().await);
        soon(grpc::Client::connect(&url, ClientOptions::default()))
            .await
            .unwrap()
    }

    /// What a unary call comes to.
    async fn call(self) -> Result<i32, Error> {
        let client = self.client().await;
        soon(client.add(&Context::new(), 2, 3)).await
    }

    /// The items of a stream, up to its error where it has one, which is the last.
    async fn stream(self) -> Vec<Result<i32, Error>> {
        let client = self.client().await;
        let range = NumberRange { start: 1, end: 9 };
        let numbers = soon(client.stream_numbers(&Context::new(), range))
            .await
            .unwrap();
        let numbers = numbers.map(|item| item.map(|item| item.number));
        soon(numbers.collect::<Vec<_>>()).await
    }
}

fn with_status(trailers: &[(&'static str, &'static str)]) -> Script {
    Script {
        body: vec![],
        trailers: trailers.to_vec(),
        ..Script::default()
    }
}

#[tokio::test]
async fn a_good_reply_is_read() {
    assert_eq!(Script::default().call().await, Ok(5));
    assert_eq!(Script::default().stream().await, [Ok(5)]);
}

#[tokio::test]
async fn a_status_that_the_contract_knows_keeps_code_and_text() {
    for (status, code) in [
        ("1", Code::Cancelled),
        ("5", Code::NotFound),
        ("14", Code::Unavailable),
    ] {
        let script = with_status(&[("grpc-status", status), ("grpc-message", "n%C3%A3o")]);
        assert_eq!(script.call().await, Err(Error::new(code, "não")));
    }
}

#[tokio::test]
async fn a_foreign_status_is_internal_with_its_code_and_text() {
    let script = with_status(&[("grpc-status", "2"), ("grpc-message", "division by zero")]);
    let text = "gRPC status 2 (UNKNOWN): division by zero";
    assert_eq!(script.call().await, Err(Error::new(Code::Internal, text)));
    let script = with_status(&[("grpc-status", "7"), ("grpc-message", "%1B[31mno")]);
    let text = "gRPC status 7 (PERMISSION_DENIED): \\u{1b}[31mno";
    assert_eq!(script.call().await, Err(Error::new(Code::Internal, text)));
}

#[tokio::test]
async fn details_that_are_no_base64_do_not_matter() {
    let details = ("grpc-status-details-bin", "%%%");
    let script = with_status(&[("grpc-status", "5"), details]);
    assert_eq!(script.call().await.unwrap_err().code(), Code::NotFound);
    let headers_only = Script {
        headers: vec![
            ("content-type", "application/grpc"),
            ("grpc-status", "5"),
            details,
        ],
        ..with_status(&[])
    };
    assert_eq!(
        headers_only.call().await.unwrap_err().code(),
        Code::NotFound
    );
}

#[tokio::test]
async fn a_reply_that_is_reset_is_unavailable() {
    let now = Arc::new(Notify::new());
    let script = Script {
        trailers: vec![],
        end: End::Reset(Arc::clone(&now)),
        ..Script::default()
    };
    now.notify_one();
    let error = script.clone().call().await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable, "{error}");

    let client = script.client().await;
    let range = NumberRange { start: 1, end: 9 };
    let mut numbers = soon(client.stream_numbers(&Context::new(), range))
        .await
        .unwrap();
    assert_eq!(soon(numbers.next()).await.unwrap().unwrap().number, 5);
    now.notify_one();
    let error = soon(numbers.next()).await.unwrap().unwrap_err();
    assert_eq!(error.code(), Code::Unavailable, "{error}");
    assert!(
        soon(numbers.next()).await.is_none(),
        "an error is the last item"
    );
}

#[tokio::test]
async fn a_reply_without_a_status_is_internal() {
    let script = Script {
        trailers: vec![],
        ..Script::default()
    };
    assert_eq!(
        script.clone().call().await.unwrap_err().code(),
        Code::Internal
    );
    let items = script.stream().await;
    assert_eq!(items[1].as_ref().unwrap_err().code(), Code::Internal);
}

#[tokio::test]
async fn an_unreadable_reply_is_internal() {
    for (what, body) in [
        ("no message", vec![]),
        ("a truncated head", vec![0, 0]),
        ("a truncated message", vec![0, 0, 0, 0, 9, 0x08]),
        ("a flag of 1 without encoding", framed(1, &[0x08, 5])),
        ("a flag of 7", framed(7, &[0x08, 5])),
        ("no protobuf", framed(0, &[0xff])),
    ] {
        let script = Script {
            body,
            ..Script::default()
        };
        let error = script.call().await.unwrap_err();
        assert_eq!(error.code(), Code::Internal, "{what}: {error}");
    }
    let truncated = Script {
        body: [framed(0, &[0x08, 5]), vec![0, 0, 0, 0, 9, 0x08]].concat(),
        ..Script::default()
    };
    let items = truncated.stream().await;
    assert_eq!(items[1].as_ref().unwrap_err().code(), Code::Internal);
}

#[tokio::test]
async fn a_reply_that_is_not_grpc_is_told_by_its_http_status() {
    for (http_status, code) in [
        (200, Code::Internal),
        (403, Code::Internal),
        (404, Code::Unimplemented),
        (429, Code::Unavailable),
        (502, Code::Unavailable),
        (503, Code::Unavailable),
    ] {
        let script = Script {
            http_status,
            headers: vec![("content-type", "text/html")],
            body: b"<html>".to_vec(),
            ..with_status(&[])
        };
        let error = script.call().await.unwrap_err();
        assert_eq!(error.code(), code, "{http_status}: {error}");
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_http_2_is_a_wrong_address() {
    for (greeting, text) in [
        (
            &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
            "does not speak HTTP/2",
        ),
        (b"-ERR unknown command\r\n", "does not speak HTTP/2"),
        (b"", "before the server had said anything"),
    ] {
        let error = greeted(greeting).await;
        assert_eq!(error.code(), Code::Unavailable, "{error}");
        assert!(error.to_string().contains(text), "{error}");
        assert!(error.to_string().contains("check the address"), "{error}");
    }
}

/// What a call comes to at a server that says this, whatever it is sent, and closes.
async fn greeted(greeting: &'static [u8]) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(greeting).await.ok();
            stream.shutdown().await.ok();
            // Until the client closes: a socket closed with bytes unread would be reset.
            tokio::io::copy(&mut stream, &mut tokio::io::sink())
                .await
                .ok();
        }
    });
    let client = soon(grpc::Client::connect(&url, ClientOptions::default()))
        .await
        .unwrap();
    soon(client.add(&Context::new(), 2, 3)).await.unwrap_err()
}
