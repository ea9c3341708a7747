//! Health and reflection, asked as load balancers and grpcurl ask.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod serving;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use services::ServeOptions;
use services::conformance::reference;
use serving::{Running, call, framed, soon};

const CHECK: &str = "/grpc.health.v1.Health/Check";
const WATCH: &str = "/grpc.health.v1.Health/Watch";

/// `HealthCheckRequest{service}`, in its frame.
fn ask(service: &str) -> Vec<u8> {
    let length = u8::try_from(service.len()).unwrap();
    framed(0, &[&[0x0a, length], service.as_bytes()].concat())
}

/// `HealthCheckResponse{status}`, in its frame: 1 is SERVING, 2 is NOT_SERVING.
fn told(status: u8) -> Vec<u8> {
    framed(0, &[0x08, status])
}

async fn start() -> Running {
    Running::start(reference(), ServeOptions::default()).await
}

#[tokio::test]
async fn every_service_is_serving() {
    let server = start().await;
    for service in [
        "",
        "calculator.Calculator",
        "hello.DoStuff",
        "monitoring.MonitoringService",
        "streaming.StreamService",
        "users.UserService",
        "usuarios.Usuarios",
        "files.FileService",
        "chat.ChatService",
    ] {
        let answer = call(server.address, CHECK, &[], ask(service)).await;
        assert_eq!(
            (answer.status(), &answer.body[..]),
            (0, &told(1)[..]),
            "{service}"
        );
    }
    let unknown = call(server.address, CHECK, &[], ask("no.such.Service")).await;
    assert_eq!(unknown.status(), 5);
}

#[tokio::test]
async fn whoever_watches_is_told_that_the_server_closes_and_does_not_hold_it() {
    let mut server = start().await;
    let mut raw = serving::connect(server.address).await;
    let request = serving::request(WATCH, &[], Full::new(Bytes::from(ask(""))));
    let mut body = soon(raw.send_request(request)).await.unwrap().into_body();
    let first = soon(body.frame()).await.unwrap().unwrap();
    assert_eq!(first.into_data().unwrap(), told(1));
    server.shut_down();
    let rest = soon(body.collect()).await.unwrap();
    assert_eq!(rest.trailers().unwrap()["grpc-status"], "14");
    assert_eq!(rest.to_bytes(), told(2));
    server.stopped().await;
}

#[tokio::test]
async fn reflection_lists_the_services_in_both_versions() {
    let server = start().await;
    // ServerReflectionRequest{list_services: ""}
    let list = framed(0, &[0x3a, 0]);
    for version in ["v1", "v1alpha"] {
        let path = format!("/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo");
        let answer = call(server.address, &path, &[], list.clone()).await;
        assert_eq!(answer.status(), 0, "{version}");
        let text = String::from_utf8_lossy(&answer.body);
        for service in [
            "calculator.Calculator",
            "hello.DoStuff",
            "streaming.StreamService",
            "users.UserService",
            "usuarios.Usuarios",
            "files.FileService",
            "chat.ChatService",
        ] {
            assert!(text.contains(service), "{version}: {service}");
        }
    }
}

#[tokio::test]
async fn a_reflection_that_stays_open_does_not_hold_the_server() {
    let mut server = start().await;
    let mut raw = serving::connect(server.address).await;
    let path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    let frame = Ok::<_, std::convert::Infallible>(http_body::Frame::data(Bytes::from(framed(
        0,
        &[0x3a, 0],
    ))));
    let forever =
        futures::StreamExt::chain(futures::stream::iter([frame]), futures::stream::pending());
    let body = http_body_util::StreamBody::new(forever);
    let response = soon(raw.send_request(serving::request(path, &[], body)));
    let mut body = response.await.unwrap().into_body();
    soon(body.frame()).await.unwrap().unwrap();
    server.shut_down();
    let rest = soon(body.collect()).await.unwrap();
    assert_eq!(rest.trailers().unwrap()["grpc-status"], "14");
    server.stopped().await;
}
